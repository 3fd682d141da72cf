"""Fields that hold files: which files a person may put into one, and what follows for the files when a value changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Invalid, Missing
from renmai.kernel.files.attached import own
from renmai.kernel.files.attachment import Attachment
from renmai.kernel.files.model import StoredFile
from renmai.kernel.files.store import receive
from renmai.kernel.files.values import MOST, as_value
from renmai.kernel.overlay import version as overlay
from renmai.kernel.records.clean import Errors, identity
from renmai.kernel.records.custom import stored_in
from renmai.kernel.records.kinds import EMPTY
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from renmai.kernel.access.user import User
    from renmai.kernel.facts import Fact
    from renmai.kernel.records.spec import FieldSpec

Place = tuple[Any, str, UUID]


def named(_spec: FieldSpec, given: Any, by: User | None) -> list[dict[str, Any]]:
    """The files that ids name, or the objects as they are read; a single one may stand alone.

    Raises:
        ValueError: with a sentence; a file that the person may not read is none.
    """
    if given in EMPTY:
        return []
    items = given if isinstance(given, list) else [given]
    if len(items) > MOST:
        raise ValueError(_("More than %(limit)s files are not possible.") % {"limit": MOST})
    keys = dict.fromkeys(key for item in items if (key := identity(item)) is not None)
    return [as_value(_file(key, by)) for key in keys]


def _file(key: UUID, by: User | None) -> StoredFile:
    try:
        found = own(key, by) if by is not None else StoredFile.objects.filter(pk=key).first()
    except Missing:
        found = None
    if found is None:
        raise ValueError(_("There is no such file."))
    return found


def shown(keys: Iterable[str], by: User) -> list[StoredFile]:
    """The files of a form, without those that the person may not read."""
    found = []
    for key in keys:
        try:
            found.append(_file(UUID(key), by))
        except ValueError:
            continue
    return found


def taken_in(request: HttpRequest, specs: Iterable[FieldSpec], by: User) -> tuple[QueryDict, Errors]:
    """A form that was sent, with the files that came along stored and named by their ids: what else is wrong costs nobody a file.

    Returns:
        The form, and by field the sentences about files that are not taken.
    """
    form, errors = request.POST.copy(), Errors()
    for spec in specs:
        for sent in request.FILES.getlist(spec.name) if spec.kind == "file" else ():
            try:
                form.appendlist(spec.name, str(receive(sent, by=by).pk))
            except Invalid as problem:
                errors.setdefault(spec.name, []).extend(_sentences(sent, problem))
    return form, errors


def _sentences(sent: UploadedFile[Any], problem: Invalid) -> Iterator[str]:
    for sentence in problem.errors["file"]:
        yield _("%(file)s: %(problem)s") % {"file": sent.name, "problem": sentence}


def holds_files(fact_kind: str) -> bool:
    """Whether a fact is about a type that has fields with files."""
    return fact_kind.partition(".")[0] in _nouns(overlay.followed())


@lru_cache(maxsize=1)
def _nouns(_version: int) -> frozenset[str]:
    return frozenset(kind.noun for kind in registry.all() if kind.of_kind("file"))


def keep(facts: list[Fact]) -> None:
    """Hang the files that fields hold on their records, and take off those that they hold no more."""
    changed: dict[str, dict[Any, User | None]] = defaultdict(dict)
    for fact in facts:
        for subject in fact.subjects:  # type: ignore[attr-defined]
            slug = getattr(subject, "type", "") if not hasattr(subject, "_meta") else registry.of(subject).slug
            changed[slug][subject.pk] = fact.by
    for slug, records in changed.items():
        kind = registry.get(slug)
        if kind is not None and kind.of_kind("file"):
            _keep(kind, records)


def _keep(kind: RecordType, records: dict[Any, User | None]) -> None:
    specs = kind.of_kind("file")
    rows = kind.model._base_manager.filter(pk__in=records).only("pk", *{stored_in(spec.column) for spec in specs})
    held = {(row.pk, spec.name, UUID(file["id"])) for row in rows for spec in specs for file in getattr(row, spec.column)}
    hung = Attachment.objects.filter(record_id__in=records, place__in=[spec.name for spec in specs])
    known: dict[Place, Attachment] = {(one.record_id, one.place, one.file_id): one for one in hung}
    now = timezone.now()
    gone = [one for place, one in known.items() if place not in held and one.removed_at is None]
    for one in gone:
        one.removed_at, one.removed_by = now, records[one.record_id]
    back = [one for place, one in known.items() if place in held and one.removed_at is not None]
    for one in back:
        one.removed_at = one.removed_by = None
    added = held - known.keys()
    there = (
        set(StoredFile.objects.filter(pk__in={file for _record, _place, file in added}).values_list("pk", flat=True)) if added else set()
    )
    new = [
        Attachment(file_id=file, type=kind.slug, record_id=record, place=place, by=records[record], at=now)
        for record, place, file in added
        if file in there
    ]
    Attachment.objects.bulk_update([*gone, *back], ["removed_at", "removed_by"])
    Attachment.objects.bulk_create(new)
