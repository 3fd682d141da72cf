"""What of the person's goes back soon, on their first page; and the line about it on a record's page."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from renmai.directory.pool.pooled import Pooled, pooled
from renmai.directory.recycling import api as api
from renmai.kernel.records.pages.news import add_news
from renmai.kernel.ui.home.panels import panel

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

SOON = dt.timedelta(days=14)
SHOWN = 6


@panel(
    _("Going back soon"),
    icon="recycle",
    order=12,
    follows=("leads", "accounts"),
    template="directory/recycling/panel.jinja",
    aside=True,
    pages=("home", "my-day"),
)
def going_back_soon(by: User) -> dict[str, Any] | None:
    """The person's own records, the next to go first; nothing where none goes within two weeks."""
    found = []
    for kind in pooled():
        if by.may("view", kind) and "goes_back_at" not in by.access.hidden(kind):
            mine = kind.model.objects.visible_to(by).filter(owner=by, goes_back_at__lt=timezone.now() + SOON)
            found += [(kind, record) for record in mine.order_by("goes_back_at")[: SHOWN + 1]]
    found.sort(key=lambda pair: pair[1].goes_back_at)
    return {"rows": found[:SHOWN], "has_more": len(found) > SHOWN} if found else None


add_news("recycling", lambda record: isinstance(record, Pooled) and record.owner_id is not None and record.pool_id is not None)
