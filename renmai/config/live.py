"""The live stream, for its ASGI server: ``/live/stream`` with the session of the pages, and ``/healthz``.

A plain ASGI application of its own, because a hundred open streams would hold all threads of the web server.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renmai.config.settings")
django.setup()

from renmai.config.env import env  # noqa: E402 - Django must be set up first
from renmai.kernel.live.audience import cookie_of, person_of  # noqa: E402
from renmai.kernel.live.hub import Hub, Listener  # noqa: E402

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

STREAM = ("/live/stream", "/stream")
HEARTBEAT = 20.0
STREAM_HEADERS: Headers = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
GREETING = b"retry: 2000\n\n"

hub = Hub(env.direct_database_url)


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Serve the stream to people who have signed in."""
    if scope["path"] == "/healthz":
        return await _answer(send, 200, b"ok\n")
    if scope["path"] not in STREAM:
        return await _answer(send, 404)
    sent = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    allowed = cors(sent.get("origin", ""), sent.get("host", ""))
    if allowed is None:
        return await _answer(send, 403)
    cookie = cookie_of(sent.get("cookie", ""))
    person = await hub.ask(person_of, cookie)
    if person is None:
        return await _answer(send, 403, more=allowed)
    listener = hub.join(person.pk)
    try:
        await hub.hears.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [*STREAM_HEADERS, *allowed]})
        await _serve(listener, cookie, receive, send)
    finally:
        hub.leave(listener)
    return None


def cors(origin: str, host: str) -> Headers | None:
    """The headers that let a page of ours read the stream from another port, or None for pages of others.

    Args:
        origin: of the page; empty when it is the stream's own.
        host: by which the stream was asked for.
    """
    if not origin:
        return []
    page, asked = urlsplit(origin), urlsplit(f"//{host}")
    ours = origin == env.base_url or (page.hostname == asked.hostname and page.port in (env.port, asked.port))
    if not ours:
        return None
    return [(b"access-control-allow-origin", origin.encode()), (b"access-control-allow-credentials", b"true"), (b"vary", b"origin")]


async def _serve(listener: Listener, cookie: str, receive: Receive, send: Send) -> None:
    """Send what comes until the page closes or the session ends."""
    gone = asyncio.create_task(_gone(receive))
    try:
        await _write(send, GREETING)
        while not gone.done():
            letter = asyncio.create_task(listener.letters.get())
            await asyncio.wait({gone, letter}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
            if letter.done():
                await _write(send, letter.result())
                continue
            letter.cancel()
            if gone.done() or await hub.ask(person_of, cookie) is None:
                break
            await _write(send, b":\n\n")
    finally:
        gone.cancel()
        with contextlib.suppress(Exception):
            await send({"type": "http.response.body", "body": b""})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _answer(send: Send, status: int, body: bytes = b"", *, more: Iterable[tuple[bytes, bytes]] = ()) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain"), *more]})
    await send({"type": "http.response.body", "body": body})
