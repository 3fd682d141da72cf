"""Taking a conversion back, however long ago it was."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from renmai.kernel.actions.back import Back
from renmai.kernel.actions.errors import Refused
from renmai.kernel.actions.run import concerns
from renmai.kernel.actions.unmake import Unmaking
from renmai.kernel.records.store import change
from renmai.kernel.records.types import registry
from renmai.kernel.transfer.model import ChangeSet, RowAction
from renmai.sales.conversion.carrying import carry_back
from renmai.sales.conversion.model import Conversion

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.actions.many import Done
    from renmai.kernel.records.types import RecordType
    from renmai.sales.lead.model import Lead

NOTHING: dict[str, Any] = {
    "converted_at": None,
    "converted_account": None,
    "converted_person": None,
    "converted_opportunity": None,
}


@dataclass
class TakenBack:
    """What taking a conversion back came to.

    Attributes:
        gone: what went into the recycle bin, as ``{"type", "id", "title"}``.
        kept: what stays, or stays in part, each with ``why``.
    """

    gone: list[dict[str, Any]] = field(default_factory=list)
    kept: list[dict[str, Any]] = field(default_factory=list)


def take_back(lead: Lead, by: User) -> TakenBack:
    """Take the standing conversion of a locked lead back.

    Raises:
        Refused: it was converted before conversions were kept.
    """
    conversion = Conversion.standing(lead)
    if conversion is None:
        raise Refused(_("It is not known any more what this conversion made."))
    undone = ChangeSet.objects.get(pk=conversion.change_set)
    carry_back(conversion, by)
    conversion.undone_at, conversion.undone_by = timezone.now(), by
    conversion.save(update_fields=["undone_at", "undone_by"])
    change(lead, by=by, status=conversion.status, **NOTHING)
    made = undone.rows_of_file.filter(action=RowAction.CREATED)
    back = Back(undone, by, Unmaking(undone, made, by))
    keys: dict[str, list[Any]] = defaultdict(list)
    for slug, key in undone.rows_of_file.order_by("number").values_list("type", "record_id"):
        keys[slug].append(key)
    found = TakenBack()
    for slug, some in keys.items():
        for one in back.put_of(registry[slug], some):
            _take(found, registry[slug], one)
    return found


def _take(found: TakenBack, kind: RecordType, one: Done) -> None:
    record = kind.model._base_manager.get(pk=one.key)
    told = {"type": kind.slug, "id": str(one.key), "title": record.title}
    concerns(record)
    if one.reason:
        found.kept.append({**told, "why": one.reason})
    elif record.deleted_at is not None:
        found.gone.append(told)
