"""What can go wrong, one class for each thing that a program does something else about."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from renmai_client.transport import Reply


@dataclass(frozen=True)
class FieldError:
    """A sentence about one field; about the whole where ``field`` is empty."""

    field: str
    message: str


class RenmaiError(Exception):
    """Renmai refused.

    Attributes:
        status: of HTTP.
        detail: a sentence for people.
        errors: what is wrong with which field.
        body: the whole answer (``application/problem+json``).
    """

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        self.status, self.body = status, body
        self.detail = str(body.get("detail") or body.get("title") or status)
        self.errors = [FieldError(one.get("field", ""), one.get("message", "")) for one in body.get("errors", [])]
        super().__init__("; ".join([self.detail, *(f"{one.field}: {one.message}" for one in self.errors)]))


class Unreachable(RenmaiError):
    """There was no answer, or none of Renmai's."""


class Invalid(RenmaiError):
    """What was given does not do (400, 422): see ``errors``."""


class Forbidden(RenmaiError):
    """No or a bad token (401), or the person may not do this (403)."""


class Missing(RenmaiError):
    """There is no such thing for this person (404)."""


class Refused(RenmaiError):
    """Not possible now (409). ``candidates`` are the records that a new one would double."""

    @property
    def candidates(self) -> list[dict[str, Any]]:
        return list(self.body.get("candidates", []))


class Conflict(RenmaiError):
    """Somebody else has saved in between (412): each side by field."""

    @property
    def mine(self) -> dict[str, Any]:
        return dict(self.body.get("mine", {}))

    @property
    def theirs(self) -> dict[str, Any]:
        return dict(self.body.get("theirs", {}))

    @property
    def original(self) -> dict[str, Any]:
        return dict(self.body.get("original", {}))


class TooMany(RenmaiError):
    """Too many requests (429), also after waiting."""


class JobFailed(RenmaiError):
    """A job ended without success; ``body`` is the job."""


BY_STATUS: dict[int, type[RenmaiError]] = {
    400: Invalid,
    401: Forbidden,
    403: Forbidden,
    404: Missing,
    409: Refused,
    412: Conflict,
    422: Invalid,
    429: TooMany,
}


def error_of(reply: Reply) -> RenmaiError:
    """The error that an answer tells of."""
    try:
        body = json.loads(reply.body)
    except ValueError:
        body = None
    known = body if isinstance(body, dict) else {}
    return BY_STATUS.get(reply.status, Unreachable if not known else RenmaiError)(reply.status, known)
