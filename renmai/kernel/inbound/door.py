"""``/in/<secret>/``: where messages come in. Whoever knows the address may leave one, or whoever signs it where that is asked for."""

from __future__ import annotations

import hmac

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from renmai.kernel.access.seal import unseal
from renmai.kernel.access.token import Token
from renmai.kernel.actions.errors import Refusal
from renmai.kernel.api.contributed import describe_paths
from renmai.kernel.api.http import answer, problem, refusal
from renmai.kernel.api.operations import UUID, YES_NO, for_anybody, named, operation, several, whole
from renmai.kernel.api.rates import show, standing
from renmai.kernel.inbound.doing import read, take
from renmai.kernel.inbound.model import InboundKey, ReceivedState
from renmai.kernel.overlay import version as overlay
from renmai.kernel.webhooks.signing import signature

MOST_BYTES = 256_000
PATIENCE = 300  # seconds that a signature may be old, as Standard Webhooks proposes

TAKEN = whole(
    id=UUID,
    state={"type": "string", "enum": list(ReceivedState.values)},
    records=several({"type": "object"}),
    joined=YES_NO,
    repeated=YES_NO,
)
BROUGHT = operation(
    "Leave a message",
    TAKEN,
    parameters=[named("secret")],
    given={"examples": [{"contact": {"name": "Somchai"}}]},
    told="Where the webhook asks for it, signed as Standard Webhooks has it. 202 where it is kept until somebody maps its fields.",
)
BROUGHT["responses"]["202"] = BROUGHT["responses"]["200"]
BROUGHT["responses"]["413"] = {"$ref": "#/components/responses/problem-413"}
describe_paths({"/in/{secret}/": {"post": for_anybody(BROUGHT, "401", "404", "409", "422", "429")}})


@csrf_exempt
@login_not_required
@require_POST
def come_in(request: HttpRequest, secret: str) -> HttpResponse:
    """Take one message."""
    key = InboundKey.objects.select_related("webhook__actor", "webhook__created_by").filter(digest=Token.digest_of(secret)).first()
    if key is None or key.webhook.deleted_at is not None or not key.webhook.active:
        return problem(404, _("There is no such page."))
    found = standing(key.digest)
    if found is not None and found.is_over:
        return show(problem(429, _("Too many requests this minute. The next ones are answered after it.")), found)  # type: ignore[return-value]
    try:
        body = request.body if int(request.headers.get("Content-Length") or 0) <= MOST_BYTES else None
    except (RequestDataTooBig, ValueError):
        body = None
    if body is None or len(body) > MOST_BYTES:
        return problem(413, _("A message may have 256 kB at most."))
    if key.webhook.signed and not is_signed(request, key, body):
        return problem(401, _("This message is not signed, or not with the secret of this webhook, or too old."))
    try:
        return taken(key, body, request.headers.get("webhook-id", "")[:200])
    except Refusal as error:
        return refusal(error)


def taken(key: InboundKey, body: bytes, message: str) -> HttpResponse:
    """What is answered to a message that may come in."""
    overlay.refresh()
    found, came_before = take(key.webhook, read(body), message)
    told = {"id": str(found.pk), "state": found.state, "records": found.made, "joined": any(one["joined"] for one in found.made)}
    if found.state == ReceivedState.FAILED:
        return problem(422, found.problem, id=str(found.pk))
    return answer({**told, "repeated": came_before}, 202 if found.state == ReceivedState.KEPT else 200)


def is_signed(request: HttpRequest, key: InboundKey, body: bytes) -> bool:
    """Whether a message is signed as Standard Webhooks has it, a short while ago."""
    message, second = request.headers.get("webhook-id", ""), request.headers.get("webhook-timestamp", "")
    if not message or not second.isascii() or not second.isdecimal() or len(second) > 12:
        return False
    if abs(timezone.now().timestamp() - int(second)) > PATIENCE:
        return False
    wanted = signature(unseal(key.sealed), message, int(second), body)
    given = request.headers.get("webhook-signature", "").split()
    return any(hmac.compare_digest(wanted.encode(), one.encode()) for one in given)
