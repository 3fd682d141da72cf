"""Where a record that was merged is found now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Merged, Missing
from renmai.kernel.merging.model import Merge
from renmai.kernel.records.types import RecordType

if TYPE_CHECKING:
    from renmai.kernel.access.user import User


def absent(kind: RecordType, key: Any, by: User | None) -> Missing:
    """Why there is no such record for a person: it was merged into one that they see, or there is none."""
    survivor = Merge.survivor_of(key)
    if survivor is not None:
        rows = kind.model.objects.visible_to(by) if by is not None else kind.model.objects.live()
        found = rows.filter(pk=survivor).values_list("title", flat=True).first()
        if found is not None:
            return Merged(_("This was merged into “%(title)s”.") % {"title": found}, kind.slug, survivor, found)
    return Missing(_("There is no such record."))
