"""How many requests a caller may make in a minute, counted for all web processes together.

A process counts for itself and tells the database every so often. So a caller who asks seldom costs no query at all, one who asks without
pause costs one in a hundred requests, and each process lets through at most a hundredth too many.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from django.db import connection, models
from django.http import HttpResponseBase

from renmai.kernel.overlay.company import company

WINDOW = 60
TELLINGS = 100
TELL = """
    INSERT INTO kernel_requestcount AS kept (caller, minute, taken) VALUES (%(caller)s, %(minute)s, %(taken)s)
    ON CONFLICT (caller) DO UPDATE SET
        taken = EXCLUDED.taken + CASE WHEN kept.minute >= EXCLUDED.minute THEN kept.taken ELSE 0 END,
        minute = greatest(kept.minute, EXCLUDED.minute)
    RETURNING taken
"""


class RequestCount(models.Model):
    """What all processes told of a caller's requests in the last minute that they made any. The table is unlogged: a crash may lose it."""

    caller = models.TextField(primary_key=True)
    minute = models.BigIntegerField()
    taken = models.BigIntegerField()


@dataclass
class Counted:
    """A caller's requests in this minute, as one process knows them."""

    told: int = 0
    untold: int = 0

    @property
    def total(self) -> int:
        """All that are known of."""
        return self.told + self.untold


@dataclass(frozen=True)
class Standing:
    """Where a caller stands after a request.

    Attributes:
        limit: requests a minute.
        left: how many more there may be.
        resets_in: seconds until the next minute.
    """

    limit: int
    left: int
    resets_in: int
    is_over: bool = False


@dataclass
class Rates:
    """The counts of one process."""

    minute: int = 0
    counts: dict[str, Counted] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, caller: str, limit: int, now: float) -> Standing:
        """Count one request.

        Args:
            caller: whose requests are counted together.
            limit: requests a minute, at least 1.
            now: seconds since 1970.
        """
        minute = int(now) // WINDOW
        resets_in = WINDOW - int(now) % WINDOW
        with self.lock:
            if self.minute != minute:
                self.minute, self.counts = minute, {}
            counted = self.counts.setdefault(caller, Counted())
            if counted.total >= limit:
                return Standing(limit, 0, resets_in, is_over=True)
            counted.untold += 1
            due = counted.untold if counted.untold >= max(1, limit // TELLINGS) else 0
            counted.told, counted.untold = counted.told + due, counted.untold - due
        if due:
            counted.told = max(counted.told, tell(caller, minute, due))
        return Standing(limit, max(0, limit - counted.total), resets_in, is_over=counted.total > limit)


def tell(caller: str, minute: int, taken: int) -> int:
    """Add to what the processes have told; returns the sum of them all in this minute."""
    with connection.cursor() as cursor:
        cursor.execute(TELL, {"caller": caller, "minute": minute, "taken": taken})
        return int(cursor.fetchone()[0])


_here = Rates()


def standing(caller: str, limit: int | None = None) -> Standing | None:
    """Count one request of a caller; None where the company sets no limit.

    Args:
        limit: requests a minute, where another than the company's holds.
    """
    limit = company().api_per_minute if limit is None else limit
    return _here.take(caller, limit, time.time()) if limit else None


def show(response: HttpResponseBase, found: Standing | None) -> HttpResponseBase:
    """Tell a caller where they stand, in the fields of draft-ietf-httpapi-ratelimit-headers: those of today and those that most read."""
    if found is None:
        return response
    response["RateLimit-Policy"] = f'"minute";q={found.limit};w={WINDOW}'
    response["RateLimit"] = f'"minute";r={found.left};t={found.resets_in}'
    response["RateLimit-Limit"], response["RateLimit-Remaining"] = str(found.limit), str(found.left)
    response["RateLimit-Reset"] = str(found.resets_in)
    if found.is_over:
        response["Retry-After"] = str(found.resets_in)
    return response
