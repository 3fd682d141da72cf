"""Sending: to the place that was looked at, within a time, and no further than the first answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult

from django.db import models
from django.utils.translation import gettext_lazy as _
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.exceptions import HTTPError, LocationParseError, SSLError, TimeoutError

from renmai.kernel.outgoing.guard import places, split

CONNECTS = 5
ANSWERS = 15
READ = 1_000


class Trouble(models.TextChoices):
    """Why there was no answer."""

    CLOSED = "closed", _("The address leads into a network that is closed to Renmai, or nowhere.")
    TIME = "time", _("There was no answer in time.")
    TLS = "tls", _("The encryption of the other side is not in order.")
    CONNECTION = "connection", _("The connection failed.")


class NoAnswer(Exception):
    """The other side did not answer."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


@dataclass(frozen=True)
class Answer:
    """What came back.

    Attributes:
        status: of HTTP; a redirection is not followed.
        began: the first bytes of the body, as text.
        wait: what ``Retry-After`` said.
    """

    status: int
    began: str
    wait: str = ""


def post(address: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send to an address that somebody typed.

    Raises:
        NoAnswer: it may not be asked, or does not answer in time.
    """
    parts, found = split(address), places(address)
    if parts is None or not found:
        raise NoAnswer(Trouble.CLOSED)
    try:
        with _pool(parts, found[0]) as pool:
            answer = pool.urlopen(
                "POST",
                f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}",
                body=body,
                headers={**headers, "Host": parts.netloc},
                redirect=False,
                retries=False,
                preload_content=False,
                assert_same_host=False,
            )
            with answer:
                began = answer.read1(READ) or b""
                return Answer(answer.status, began.decode(errors="replace").replace("\0", "�"), answer.headers.get("Retry-After", ""))
    except SSLError:
        raise NoAnswer(Trouble.TLS) from None
    except (TimeoutError, OSError) as problem:
        raise NoAnswer(Trouble.TIME if isinstance(problem, TimeoutError) else Trouble.CONNECTION) from None
    except (HTTPError, LocationParseError, ValueError):
        raise NoAnswer(Trouble.CONNECTION) from None


def _pool(parts: SplitResult, place: str) -> HTTPConnectionPool:
    """A connection to this very place, which has to prove that it is called as the address says."""
    ways = {"port": parts.port, "timeout": Timeout(connect=CONNECTS, read=ANSWERS), "maxsize": 1}
    if parts.scheme == "http":
        return HTTPConnectionPool(place, **ways)  # type: ignore[arg-type]
    return HTTPSConnectionPool(place, **ways, server_hostname=parts.hostname, assert_hostname=parts.hostname)  # type: ignore[arg-type]
