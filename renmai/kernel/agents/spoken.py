"""One message of the protocol as the SDK answers it: it speaks ASGI, so one request is handed to it as such."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from renmai.kernel.access.token import Token
from renmai.kernel.agents.server import server_for


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
