"""What happens to records by recycling, in words: types whose records wait in pools take them among their own."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

PHRASES: dict[str, Any] = {
    "recycled": _("%(title)s went back from %(owner)s to %(pool)s by the rule “%(rule)s”"),
    "warned": _("%(title)s goes back to %(pool)s in %(days)s days by the rule “%(rule)s”"),
    "extension_asked": _("%(by)s asked for %(days)s more days for %(title)s: %(reason)s"),
    "extension_granted": _("%(by)s gave %(days)s more days for %(title)s"),
    "extension_refused": _("%(by)s gave no more time for %(title)s: %(answer)s"),
    "locked": _("%(by)s locked %(title)s, so that it does not go back: %(reason)s"),
    "unlocked": _("%(by)s unlocked %(title)s"),
}
HAPPENINGS: dict[str, Any] = {"recycled": _("gone back to a pool by a rule"), "warned": _("going back to a pool soon")}
