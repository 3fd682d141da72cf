"""``/api/v1/notifications/``: one's own inbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Invalid
from renmai.kernel.api.http import answer, api, body
from renmai.kernel.api.records import limit
from renmai.kernel.notify import inbox
from renmai.kernel.notify.model import Reason
from renmai.kernel.records.kinds import moment

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.notify.inbox import Item


@api("GET")
def notifications(request: HttpRequest, by: User) -> HttpResponse:
    """The newest first; ``?unread=1``, ``?reason=mentioned``."""
    reason = request.GET.get("reason", "")
    if reason not in {*Reason.values, ""}:
        raise Invalid({"reason": [_("One of these is expected: %(choices)s.") % {"choices": ", ".join(Reason.values)}]})
    before = cursor(request.GET.get("after", ""))
    found, following = inbox.inbox(by, limit=limit(request, 30), before=before, unread=request.GET.get("unread") == "1", reason=reason)
    return answer({"items": [item_json(one) for one in found], "next": str(following) if following else None, "unread": inbox.count(by)})


def cursor(text: str) -> int | None:
    """The cursor that the page before gave.

    Raises:
        Invalid: it is none.
    """
    if not text:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise Invalid({"after": [_("This cursor belongs to another list.")]})
    return int(text)


def item_json(one: Item) -> dict[str, Any]:
    """A notification as the API tells it."""
    found, card = one.notification, one.card
    read_at = moment(found.read_at) if found.read_at else None
    told = {"id": found.pk, "at": moment(found.at), "reason": found.reason, "read_at": read_at}
    return told | {"kind": card.fact.kind, "by": card.by, "about": card.about, "text": card.text}


@api("POST")
def read(request: HttpRequest, by: User) -> HttpResponse:
    """Mark as read: ``{"ids": [1, 2]}``, or all where none are named."""
    ids = body(request).get("ids")
    if ids is not None and not (isinstance(ids, list) and all(type(one) is int and 0 <= one < 2**63 for one in ids)):
        raise Invalid({"ids": [_("A list of ids is expected here.")]})
    return answer({"read": inbox.read(by, ids)})
