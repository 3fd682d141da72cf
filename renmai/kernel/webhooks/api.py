"""``/api/v1/webhooks/<id>/…``: the secret, the log, and sending again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Forbidden, Invalid, Missing, Refused
from renmai.kernel.api.http import answer, api
from renmai.kernel.api.records import limit, visible
from renmai.kernel.notify.api import cursor
from renmai.kernel.records.kinds import moment
from renmai.kernel.records.types import registry
from renmai.kernel.webhooks.model import Delivery, DeliveryState, Webhook
from renmai.kernel.webhooks.sending import replay
from renmai.kernel.webhooks.signing import rotate

if TYPE_CHECKING:
    from renmai.kernel.access.user import User


def ruled(key: Any, by: User) -> Webhook:
    """A webhook that the person may change: who only looks sees neither its secret nor what was sent.

    Raises:
        Missing, Forbidden: it is not theirs to see, or to change.
    """
    found = visible(registry.of(Webhook), key, by)
    if not by.may("edit", found):
        raise Forbidden(_("Only administrators change this."))
    return found  # type: ignore[return-value]


@api("POST")
def secret(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Make a new secret; the answer shows it once. The one before signs for one more day beside it."""
    return answer({"secret": rotate(ruled(key, by))}, 201)


@api("GET")
def deliveries(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """The log, newest first; ``?state=failed``."""
    state = request.GET.get("state", "")
    if state not in {*DeliveryState.values, ""}:
        raise Invalid({"state": [_("One of these is expected: %(choices)s.") % {"choices": ", ".join(DeliveryState.values)}]})
    size = limit(request, 50)
    found, following = log(ruled(key, by), size, before=cursor(request.GET.get("after", "")), state=state)
    return answer({"items": [delivery_json(one) for one in found], "next": str(following) if following else None})


@api("GET")
def delivery(request: HttpRequest, by: User, key: Any, delivery: Any) -> HttpResponse:
    """One delivery with all its attempts."""
    return answer(delivery_json(one_of(ruled(key, by), delivery)))


@api("POST")
def again(request: HttpRequest, by: User, key: Any, delivery: Any) -> HttpResponse:
    """Send one delivery again, whether or not it had arrived."""
    webhook = ruled(key, by)
    found = one_of(webhook, delivery)
    resend(webhook, found)
    found.refresh_from_db()
    return answer(delivery_json(found), 202)


def resend(webhook: Webhook, delivery: Delivery) -> None:
    """Send one delivery again.

    Raises:
        Refused: the webhook is not in use.
    """
    if not webhook.active:
        raise Refused(_("This webhook is not in use. Switch it on first."))
    replay(webhook, [delivery])


def one_of(webhook: Webhook, key: Any) -> Delivery:
    """A delivery of a webhook.

    Raises:
        Missing: there is none.
    """
    found = Delivery.objects.filter(webhook=webhook, key=key).first()
    if found is None:
        raise Missing(_("There is no such record."))
    return found


def log(webhook: Webhook, size: int, *, before: int | None = None, state: str = "") -> tuple[list[Delivery], int | None]:
    """One page of the log, newest first, and the number before which the next one begins."""
    found = Delivery.objects.filter(webhook=webhook).order_by("-pk")
    if state:
        found = found.filter(state=state)
    if before is not None:
        found = found.filter(pk__lt=before)
    listed = list(found[: size + 1])
    return listed[:size], listed[size - 1].pk if len(listed) > size else None


def delivery_json(one: Delivery) -> dict[str, Any]:
    """A delivery as the API tells it."""
    told = {"id": str(one.key), "kind": one.kind, "state": one.state, "at": moment(one.made_at)}
    next_at = moment(one.due_at) if not one.is_over else None
    return told | {"ended_at": moment(one.ended_at) if one.ended_at else None, "next_at": next_at, "attempts": one.attempts}
