"""The company that runs this: its name, language, country, currency and trade."""

from __future__ import annotations

import time
from typing import Any

from django.db import models


class Company(models.Model):
    """The only row of its table."""

    name = models.TextField(default="")
    language = models.TextField(default="en")
    country = models.TextField(default="")
    currency = models.TextField(default="USD")
    industry = models.TextField(default="")
    time_zone = models.TextField(default="UTC")
    bin_days = models.IntegerField(default=30, db_default=30)
    api_per_minute = models.IntegerField(default=30_000, db_default=30_000)
    set_up_at = models.DateTimeField(null=True)
    sample_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="company_only_one")]


KEPT_FOR = 5.0
_kept: dict[str, Any] = {"at": 0.0}


def company() -> Company:
    """The company's settings, read at most every few seconds by a process."""
    if time.monotonic() - _kept["at"] > KEPT_FOR:
        _kept["company"] = Company.objects.filter(pk=1).first() or Company(pk=1)
        _kept["at"] = time.monotonic()
    return _kept["company"]  # type: ignore[no-any-return]


def is_set_up() -> bool:
    """Whether somebody has answered, or skipped, the first questions; a no is asked again, for another process may have heard a yes."""
    return company().set_up_at is not None or Company.objects.filter(pk=1, set_up_at__isnull=False).exists()


def change_company(**values: Any) -> Company:
    """Store new settings and forget the old ones."""
    Company.objects.update_or_create(pk=1, defaults=values)
    forget()
    return company()


def hold() -> None:
    """Read the settings no more: they hold as they are for the rest of a process that has no database to ask."""
    _kept["at"] = float("inf")


def forget() -> None:
    """Read the settings anew when they are next asked for."""
    _kept["at"] = 0.0
