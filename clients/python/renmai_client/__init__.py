"""A client of the API of Renmai. Needs nothing but Python."""

from renmai_client.client import Page, Records, Renmai
from renmai_client.errors import Conflict, FieldError, Forbidden, Invalid, JobFailed, Missing, Refused, RenmaiError, TooMany, Unreachable
from renmai_client.transport import Reply, Transport
from renmai_client.webhooks import BadSignature, verify_webhook

__all__ = [
    "BadSignature",
    "Conflict",
    "FieldError",
    "Forbidden",
    "Invalid",
    "JobFailed",
    "Missing",
    "Page",
    "Records",
    "Refused",
    "Renmai",
    "RenmaiError",
    "Reply",
    "TooMany",
    "Transport",
    "Unreachable",
    "verify_webhook",
]
