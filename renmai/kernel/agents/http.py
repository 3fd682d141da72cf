"""``/mcp/``: the protocol by HTTP, stateless, each request with its token. The SDK speaks ASGI, so one request is handed to it as such."""

from __future__ import annotations

from typing import Any

from asgiref.sync import async_to_sync
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from renmai.kernel.access.sign_in.required import lacks_second_step
from renmai.kernel.access.token import Token
from renmai.kernel.agents.server import server_for
from renmai.kernel.api.http import bearer, problem
from renmai.kernel.api.rates import show, standing


@csrf_exempt
@login_not_required
def mcp(request: HttpRequest) -> HttpResponseBase:
    """One message of the protocol."""
    token = Token.found(bearer(request))
    if token is None:
        response = problem(401, _("Send a token: Authorization: Bearer TOKEN."))
        response["WWW-Authenticate"] = "Bearer"
        return response
    if lacks_second_step(token.user):
        return problem(403, _("Your role asks for a second step to sign in. Set it up on your settings page first."))
    if request.method != "POST":
        response = problem(405, _("Methods here: %(methods)s.") % {"methods": "POST"})
        response["Allow"] = "POST"
        return response
    found = standing(token.digest)
    if found is not None and found.is_over:
        return show(problem(429, _("Too many requests this minute. The next ones are answered after it.")), found)
    return show(async_to_sync(spoken)(request, token), found)


async def spoken(request: HttpRequest, token: Token) -> HttpResponse:
    """What the SDK answers to one message."""
    manager = StreamableHTTPSessionManager(server_for(lambda: token), json_response=True, stateless=True)
    said: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": request.body, "more_body": False}

    async def send(message: Any) -> None:
        said.append(message)

    async with manager.run():
        await manager.handle_request(scope(request), receive, send)
    response = HttpResponse(b"".join(part.get("body", b"") for part in said), status=said[0]["status"])
    for name, value in said[0]["headers"]:
        response[name.decode("latin-1")] = value.decode("latin-1")
    return response


def scope(request: HttpRequest) -> dict[str, Any]:
    """A request as ASGI tells it."""
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.scheme,
        "path": request.path,
        "raw_path": request.path.encode(),
        "root_path": "",
        "query_string": request.META.get("QUERY_STRING", "").encode(),
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in request.headers.items()],
    }
