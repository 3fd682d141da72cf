"""Records that are there already: named to whoever may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.actions.errors import Refused

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record
    from renmai.kernel.records.types import RecordType

ID_TAKEN = gettext_lazy("Another record has this id of that source already.")


def id_taken(kind: RecordType, record: Record, by: User | None) -> Refused:
    """The refusal of a record whose id in another system belongs to another record of its type."""
    from renmai.kernel.history.model import ExternalId

    rows = ExternalId.objects.filter(type=kind.slug).exclude(record_id=record.pk)
    keys = [
        rows.filter(source=source, value=value).values_list("record_id", flat=True).first() for source, value in record.external_ids.items()
    ]
    return Refused(_("This record is there already."), candidates=candidates(kind, keys, by), errors={"external_ids": [ID_TAKEN]})


def candidates(kind: RecordType, keys: list[Any], by: User | None) -> list[dict[str, Any]]:
    """Records by type, id and title; one that the person may not see is masked."""
    rows = kind.model.objects.visible_to(by) if by is not None else kind.model.objects.live()
    titles: dict[Any, str] = dict(rows.filter(pk__in=keys).values_list("pk", "title"))
    known = dict.fromkeys(key for key in keys if key is not None)
    return [{"type": kind.slug, "id": str(key), "title": titles[key]} if key in titles else {"masked": True} for key in known]
