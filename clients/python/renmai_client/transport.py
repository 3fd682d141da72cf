"""How requests travel: by default with Python's own HTTP, and through anything else that is called the same way."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class Reply:
    """What came back; names of headers are in small letters."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Transport(Protocol):
    """Sends one request.

    Raises:
        OSError: there was no answer.
    """

    def __call__(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, timeout: float) -> Reply: ...


class _Stay(urllib.request.HTTPRedirectHandler):
    """The token goes to the address that was given, and to no other."""

    def redirect_request(self, *_given: Any, **_more: Any) -> None:
        return None


_opener = urllib.request.build_opener(_Stay)


def send(method: str, url: str, headers: Mapping[str, str], body: bytes | None, timeout: float) -> Reply:
    """Send with ``urllib``."""
    request = urllib.request.Request(url, data=body, headers=dict(headers), method=method)  # noqa: S310 - the client checks the scheme
    try:
        with _opener.open(request, timeout=timeout) as answer:
            return _reply(answer.status, answer.read(), answer.headers)
    except urllib.error.HTTPError as answer:
        with answer:
            return _reply(answer.code, answer.read(), answer.headers)


def _reply(status: int, body: bytes, headers: Any) -> Reply:
    return Reply(status, body, {name.lower(): value for name, value in headers.items()})
