"""``/api/v1/inbound-webhooks/<id>/…``: the address, the log, and doing again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from renmai.config.env import env
from renmai.kernel.actions.errors import Forbidden, Missing
from renmai.kernel.api.http import answer, api
from renmai.kernel.api.records import limit, visible
from renmai.kernel.inbound.doing import again, give_key
from renmai.kernel.inbound.model import InboundWebhook, Received
from renmai.kernel.notify.api import cursor
from renmai.kernel.records.kinds import moment
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User


def ruled(key: Any, by: User) -> InboundWebhook:
    """A webhook that the person may change: who only looks sees neither its address nor what came.

    Raises:
        Missing, Forbidden: it is not theirs to see, or to change.
    """
    found = visible(registry.of(InboundWebhook), key, by)
    if not by.may("edit", found):
        raise Forbidden(_("Only administrators change this."))
    return found  # type: ignore[return-value]


def address(part: str) -> str:
    """Where messages go."""
    return f"{env.base_url}/in/{part}/"


@api("POST")
def key(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Make a new address and a new secret; the answer shows them once. Those before are worthless at once."""
    part, secret = give_key(ruled(key, by))
    return answer({"address": address(part), "secret": secret}, 201)


@api("GET")
def messages(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """What came, newest first."""
    size = limit(request, 50)
    found, following = log(ruled(key, by), size, before=cursor(request.GET.get("after", "")))
    return answer({"items": [message_json(one) for one in found], "next": str(following) if following else None})


@api("POST")
def replay(request: HttpRequest, by: User, key: Any, number: int) -> HttpResponse:
    """Do what a message says once more, by the map of now."""
    webhook = ruled(key, by)
    found = one_of(webhook, number)
    again(webhook, found)
    return answer(message_json(found))


def one_of(webhook: InboundWebhook, number: int) -> Received:
    """A message of a webhook.

    Raises:
        Missing: there is none.
    """
    found = Received.objects.filter(webhook=webhook, pk=number).first()
    if found is None:
        raise Missing(_("There is no such record."))
    return found


def log(webhook: InboundWebhook, size: int, *, before: int | None = None) -> tuple[list[Received], int | None]:
    """One page of the log, newest first, and the number before which the next one begins."""
    found = Received.objects.filter(webhook=webhook).order_by("-pk")
    listed = list((found if before is None else found.filter(pk__lt=before))[: size + 1])
    return listed[:size], listed[size - 1].pk if len(listed) > size else None


def message_json(one: Received) -> dict[str, Any]:
    """A message as the API tells it."""
    return {"id": one.pk, "at": moment(one.at), "state": one.state, "body": one.body, "records": one.made, "problem": one.problem}
