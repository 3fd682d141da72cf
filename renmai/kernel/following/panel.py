"""What a person has starred, on their first page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from renmai.kernel.access.user import User
from renmai.kernel.following import marks
from renmai.kernel.following.pages import named
from renmai.kernel.ui.home.panels import panel

SHOWN = 8


@panel(_("Favourites"), icon="star", order=40, template="kernel/following/panel.jinja", aside=True)
def starred(by: User) -> dict[str, Any] | None:
    """The newest; nothing where there are none."""
    found = named(marks.favourites(by, SHOWN))
    return {"links": found} if found else None
