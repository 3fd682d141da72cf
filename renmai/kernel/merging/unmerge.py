"""Taking a merge apart: both records and every link as they were, with what was done since kept where it was done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Forbidden, Invalid, Refused
from renmai.kernel.facts.say import say
from renmai.kernel.history.acting import acting
from renmai.kernel.history.model import ExternalId
from renmai.kernel.merging.cells import TakingBack
from renmai.kernel.merging.merge import tell_moved
from renmai.kernel.merging.model import Merge
from renmai.kernel.merging.noting import one_change_set
from renmai.kernel.merging.places import Mover
from renmai.kernel.records.duplicates import ID_TAKEN
from renmai.kernel.records.guards import require_free
from renmai.kernel.records.store import conflict, locked, require_valid, save, touch
from renmai.kernel.records.types import RecordType

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record


@dataclass
class Apart:
    """A merge that was taken apart.

    Attributes:
        kept: names of the survivor's fields that somebody has changed since, so that they stay as they are.
    """

    survivor: Record
    other: Record
    kept: list[str] = field(default_factory=list)


def take_apart(kind: RecordType, key: Any, which: Any, by: User | None, *, version: int | None = None, reason: str = "") -> Apart:
    """Take one merge apart, however long ago it was.

    Args:
        key: the survivor.
        which: id of the absorbed record, or of the merge.
        version: the version of the survivor that the person saw.

    Raises:
        Missing, Forbidden: the survivor is not open to the person for changes, nor the other one for deleting.
        Invalid: no such merge stands.
        Refused: something holds the survivor, or the other one cannot be as it was: another record has its number by now.
        Conflict: the survivor was changed since ``version``.
    """
    with transaction.atomic(), acting(by, reason):
        survivor = locked(kind, key, by, "edit")
        if version is not None and version != survivor.version:
            raise conflict(kind, survivor, {}, version, by)
        require_free(kind, survivor, "edit", by)
        made = find(kind, survivor, which)
        other = absorbed(kind, made, by)
        name = _("Taken apart: “%(other)s” from “%(title)s”") % {"other": other.title, "title": survivor.title}
        with one_change_set(kind, "unmerge", name, [survivor, other], by):
            return _split(kind, made, Apart(survivor, other), by)


def find(kind: RecordType, survivor: Record, which: Any) -> Merge:
    """The merge into a survivor, by its id or by that of the absorbed record.

    Raises:
        Invalid: no such merge stands.
    """
    rows = Merge.objects.standing().select_for_update().filter(type=kind.slug, survivor_id=survivor.pk)
    try:
        found = rows.filter(Q(pk=UUID(str(which))) | Q(absorbed_id=UUID(str(which)))).first()
    except ValueError:
        found = None
    if found is None:
        raise Invalid({"id": [_("No such record is merged into this one.")]})
    return found


def absorbed(kind: RecordType, made: Merge, by: User | None) -> Record:
    """The absorbed record, locked.

    Raises:
        Forbidden: the person may not bring it back.
    """
    rows = kind.model.objects.select_for_update(of=("self",)).filter(pk=made.absorbed_id)
    found = rows.first() if by is None else rows.opened_to(by, "delete").first()
    if found is None:
        raise Forbidden(_("You may not take this apart: the record that was merged is not yours to bring back."))
    return found  # type: ignore[no-any-return]


def _split(kind: RecordType, made: Merge, apart: Apart, by: User | None) -> Apart:
    survivor, other = apart.survivor, apart.other
    made.undone_at, made.undone_by = timezone.now(), by
    made.save(update_fields=["undone_at", "undone_by"])
    standing = Merge.objects.standing().select_for_update().filter(survivor_id=survivor.pk).exclude(pk=made.pk).order_by("id")
    still, later = list(standing), [one for one in standing if one.pk > made.pk]
    back = TakingBack(kind, survivor, made, later, list(kind.model.objects.filter(pk__in=[one.absorbed_id for one in still])))
    back.do()
    Merge.objects.bulk_update(later, ["cells"])
    save(kind, survivor, by, {name for name in back.changed if name in kind.twins and kind.fields[name].many})
    _give_ids_back(kind, survivor, other)
    mover = Mover(kind, made, by)
    mover.back()
    other.deleted_at = other.deleted_by = None
    require_valid(other)
    touch(other, by)
    tell_moved(mover, by)
    apart.kept = back.kept
    _tell(kind, apart, by)
    return apart


def _tell(kind: RecordType, apart: Apart, by: User | None) -> None:
    data = {"title": apart.survivor.title, "other": apart.other.title, "kept": apart.kept}
    say(f"{kind.noun}.unmerged", about=[apart.survivor, apart.other], by=by, data=data)
    say(f"{kind.noun}.restored", about=[apart.other], by=by, data={"title": apart.other.title})


def _give_ids_back(kind: RecordType, survivor: Record, other: Record) -> None:
    """Each of the two is found by its own ids elsewhere again."""
    aliases = ExternalId.objects.filter(record_id=survivor.pk)
    own = Q(pk__in=[])
    for source, value in other.external_ids.items():
        if survivor.external_ids.get(source) != value:
            own |= Q(source=source, value=value)
    aliases.filter(own).delete()
    rows = [ExternalId(type=kind.slug, source=source, value=value, record_id=other.pk) for source, value in other.external_ids.items()]
    try:
        with transaction.atomic():
            ExternalId.objects.bulk_create(rows)
    except IntegrityError:
        raise Refused(ID_TAKEN) from None
