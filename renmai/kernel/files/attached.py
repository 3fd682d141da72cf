"""Files on records: hanging one on, reading it, taking it off and bringing it back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from renmai.kernel.access.masks import hidden_of
from renmai.kernel.actions.errors import Missing
from renmai.kernel.facts import say
from renmai.kernel.files.attachment import Attachment
from renmai.kernel.files.model import StoredFile
from renmai.kernel.files.store import destroy
from renmai.kernel.records.guards import require_free
from renmai.kernel.records.store import locked, refs
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

PORTION = 500


def files_of(record: Record, *, removed: bool = False) -> list[Attachment]:
    """The files of a record as a whole, newest first; with ``removed`` those that were taken off."""
    found = Attachment.objects.filter(record_id=record.pk, place="", removed_at__isnull=not removed)
    return list(found.select_related("file", "by", "removed_by").order_by("-at"))


def own(key: Any, by: User) -> StoredFile:
    """A file that the person has brought and that may be hung on a record, or that hangs on one they may see.

    Raises:
        Missing: otherwise.
    """
    found = StoredFile.objects.visible_to(by).filter(pk=key).first()
    return found if found is not None else readable(key, by)


def readable(key: Any, by: User) -> StoredFile:
    """A file that the person may read: on a record, in a field, that they may see; or their own that hangs nowhere.

    Raises:
        Missing: otherwise.
    """
    found = StoredFile.objects.filter(pk=key).first()
    hung = list(Attachment.objects.filter(file=found)) if found is not None else []
    is_open = any(_opens(one, by) for one in hung) if hung else StoredFile.objects.visible_to(by).filter(pk=key).exists()
    if found is None or not is_open:
        raise Missing(_("There is no such file."))
    return found


def _opens(one: Attachment, by: User) -> bool:
    """Whether the record that a file hangs on is open to the person; what was taken off, to those who may change it."""
    kind = registry.get(one.type)
    if kind is None or (one.place and one.place in hidden_of(kind, one.record_id, by)) or (one.place and one.place not in kind.fields):
        return False
    verb = "edit" if one.removed_at else "view"
    return bool(kind.model.objects.visible_to(by, verb).filter(pk=one.record_id).exists())


def hang(kind: RecordType, record: Record, stored: StoredFile, by: User | None, *, place: str = "") -> Attachment:
    """Make a file one of a record's, without asking and without a fact: for who has done both.

    Args:
        record: locked.
        place: the field whose value it is.
    """
    now = {"type": kind.slug, "by": by, "at": timezone.now(), "removed_at": None, "removed_by": None}
    return Attachment.objects.update_or_create(file=stored, record_id=record.pk, place=place, defaults=now)[0]


def attach(kind: RecordType, key: Any, stored: StoredFile, by: User) -> Attachment:
    """Hang a file on a record.

    Raises:
        Missing, Forbidden, Refused: the record may not be seen, may not be changed, or waits for somebody's word.
    """
    with transaction.atomic():
        record = _changeable(kind, key, by)
        made = hang(kind, record, stored, by)
        _say(kind, record, "attached", stored, by)
    return made


def remove(kind: RecordType, key: Any, file: Any, by: User) -> None:
    """Take a file off a record. It stays in the record's bin of files as long as records do in theirs.

    Raises:
        Missing, Forbidden, Refused: see ``attach``.
    """
    with transaction.atomic():
        record = _changeable(kind, key, by)
        one = _one(record, file, removed=False)
        one.removed_at, one.removed_by = timezone.now(), by
        one.save(update_fields=["removed_at", "removed_by"])
        _say(kind, record, "detached", one.file, by)


def bring_back(kind: RecordType, key: Any, file: Any, by: User) -> None:
    """Hang a file on its record again that was taken off; see ``attach`` for what is raised."""
    with transaction.atomic():
        record = _changeable(kind, key, by)
        one = _one(record, file, removed=True)
        one.removed_at = one.removed_by = None
        one.save(update_fields=["removed_at", "removed_by"])
        _say(kind, record, "attached", one.file, by)


def lying_about(by: User, words: str, most: int) -> list[Attachment]:
    """The newest files that were taken off records that a person may change.

    Args:
        words: part of their names.
    """
    lying = Attachment.objects.filter(place="", removed_at__isnull=False, file__name__icontains=words)
    open_to = Q(pk__in=[])
    for kind in registry.all():
        if by.may("edit", kind):
            open_to |= Q(type=kind.slug, record_id__in=kind.model.objects.visible_to(by, "edit").values("pk"))
    return list(lying.filter(open_to).select_related("file", "removed_by").order_by("-removed_at")[:most])


def forget(attachments: Any) -> int:
    """Delete attachments for good, with the files that hang nowhere else.

    Args:
        attachments: a query.

    Returns:
        How many files are gone.
    """
    keys = set(attachments.values_list("file_id", flat=True))
    attachments.delete()
    held = Attachment.objects.filter(file__in=keys).values("file")
    alone = list(StoredFile.objects.filter(pk__in=keys).exclude(pk__in=held))
    for stored in alone:
        destroy(stored)
    return len(alone)


def forget_place(slug: str, place: str) -> None:
    """Delete for good the files of a field that is gone, some at a time."""
    of_field = Attachment.objects.filter(type=slug, place=place)
    while some := list(of_field.values_list("pk", flat=True)[:PORTION]):
        with transaction.atomic():
            forget(Attachment.objects.filter(pk__in=some))


def forget_removed(days: int) -> int:
    """Delete for good what was taken off longer ago; see ``forget``."""
    before = timezone.now() - dt.timedelta(days=days)
    return forget(Attachment.objects.filter(removed_at__lt=before))


def _changeable(kind: RecordType, key: Any, by: User) -> Record:
    record = locked(kind, key, by, "edit")
    require_free(kind, record, "edit", by)
    return record


def _one(record: Record, file: Any, *, removed: bool) -> Attachment:
    found = Attachment.objects.filter(record_id=record.pk, place="", file=file, removed_at__isnull=not removed)
    one = found.select_related("file").first()
    if one is None:
        raise Missing(_("There is no such file."))
    return one


def _say(kind: RecordType, record: Record, verb: str, stored: StoredFile, by: User) -> None:
    say(f"{kind.noun}.{verb}", about=refs(kind, record), by=by, data={"file": stored.name, "file_id": str(stored.pk)})
