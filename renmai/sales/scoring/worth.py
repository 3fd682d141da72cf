"""What a thing that happened is worth after some days, and how points are rounded: plain arithmetic, done once and for all here.

The database only looks up and adds: it is given, per line, what a fact of each age is worth, in thousandths of a point.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from django.db import models
from django.utils.translation import gettext_lazy as _

THOUSAND = 1000


class Decay(models.TextChoices):
    """How a thing that happened fades."""

    NONE = "none", _("Counts in full until the period is over")
    LINEAR = "linear", _("Fades evenly until the period is over")
    HALF_LIFE = "half_life", _("Halves again and again")


@lru_cache(maxsize=256)
def worths(points: int, days: int, decay: str, half_life: int | None = None) -> list[int]:
    """What one fact is worth, by its age.

    Args:
        points: of a fact of today.
        days: how many days a fact counts, that of today being the first.
        half_life: in days.

    Returns:
        Thousandths of a point for a fact of today, of yesterday and so on.
    """
    return [_rounded(points * THOUSAND * _left(age, days, decay, half_life)) for age in range(days)]


def _left(age: int, days: int, decay: str, half_life: int | None) -> Decimal:
    """The share that is left after some days."""
    if decay == Decay.LINEAR:
        return Decimal(days - age) / days
    if decay == Decay.HALF_LIFE and half_life:
        return Decimal("0.5") ** (Decimal(age) / half_life)
    return Decimal(1)


def _rounded(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))
