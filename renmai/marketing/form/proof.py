"""A small puzzle instead of somebody else's captcha: who sends has spent a moment of their machine's time, or has waited.

The puzzle is that of hashcash (Back, 2002): find a number with which the SHA-256 of the challenge begins with so many zero bits.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Invalid

if TYPE_CHECKING:
    from renmai.marketing.form.model import Form

SALT = "renmai.form"
LASTS = 3 * 3600  # seconds that a page may lie open
WAITS = 15  # seconds for whose browser cannot solve it
EASY, HARD = 13, 19  # bits
BUSY = dt.timedelta(minutes=10)
LONGEST_SOLUTION = 20


@dataclass(frozen=True)
class Challenge:
    """A puzzle: what is signed, and how many bits."""

    text: str
    bits: int


def pose(form: Form) -> Challenge:
    """A puzzle for one submission; the harder, the more were sent in the last minutes."""
    lately = form.submissions.filter(at__gt=timezone.now() - BUSY).count()
    bits = min(HARD, EASY + int(math.log2(1 + lately / 5)))
    told = {"f": str(form.pk), "n": secrets.token_urlsafe(12), "b": bits, "t": timezone.now().timestamp()}
    return Challenge(signing.dumps(told, salt=SALT), bits)


def zero_bits(digest: bytes) -> int:
    """With how many zero bits it begins."""
    number = int.from_bytes(digest, "big")
    return len(digest) * 8 - number.bit_length()


def is_solved(text: str, bits: int, solution: str) -> bool:
    """Whether the solution fits."""
    if not solution.isascii() or not solution.isdecimal() or len(solution) > LONGEST_SOLUTION:
        return False
    return zero_bits(hashlib.sha256(f"{text}:{solution}".encode()).digest()) >= bits


def checked(form: Form, text: str, solution: str) -> str:
    """The nonce of a challenge that was solved, or that has waited long enough unsolved.

    Raises:
        Invalid: it is another form's, too old, too young or not solved.
    """
    try:
        told = signing.loads(text, salt=SALT)
        age = timezone.now().timestamp() - told["t"]
    except (signing.BadSignature, ValueError, KeyError, TypeError):
        raise Invalid({"challenge": [_("This page is not fresh any more. Send it once more, please.")]}) from None
    if told["f"] != str(form.pk) or age > LASTS or age < -WAITS:
        raise Invalid({"challenge": [_("This page is not fresh any more. Send it once more, please.")]})
    if solution and not is_solved(text, told["b"], solution):
        raise Invalid({"challenge": [_("This page is not fresh any more. Send it once more, please.")]})
    if not solution and age < WAITS:
        raise Invalid({"challenge": [_("Without JavaScript this takes %(seconds)s seconds. Send it again, please.") % {"seconds": WAITS}]})
    return str(told["n"])
