"""Keys to the API. A program that sends one acts in a person's name, as far as the key reaches."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from renmai.kernel.access.user import User, users
from renmai.kernel.overlay import version as overlay
from renmai.kernel.records.prepared import ByKey

USE_NOTED = dt.timedelta(hours=1)
UNNAMED = "API"
READING = frozenset({"view", "export"})


@dataclass(frozen=True)
class Reach:
    """How far a key reaches within the rights of its person.

    Attributes:
        read_only: nothing can be changed with it.
        types: slugs of the types it opens; every type if it names none.
    """

    read_only: bool = False
    types: frozenset[str] = frozenset()

    @classmethod
    def of(cls, told: dict[str, Any]) -> Reach:
        """The reach that ``as_json`` told."""
        return cls(bool(told.get("read_only")), frozenset(told.get("types", ())))

    def as_json(self) -> dict[str, Any]:
        """As a job keeps it; nothing where it holds nothing back."""
        return {"read_only": self.read_only, "types": sorted(self.types)} if self != Reach() else {}

    def covers(self, slug: str, verb: str, *, is_open: bool = False) -> bool:
        """Whether the key opens a verb of a type.

        Args:
            is_open: everybody may do it, so that the names of owners and stages can be read with every key.
        """
        if self.read_only and verb not in READING:
            return False
        return is_open or not self.types or slug in self.types


class Token(models.Model):
    """A key to the API. Only its digest is kept.

    Attributes:
        at_once: what an assistant would change with it is done without asking its person.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.TextField(default="")
    digest = models.TextField(unique=True)
    read_only = models.BooleanField(default=False)
    types = ArrayField(models.TextField(), default=list)
    at_once = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    @property
    def reach(self) -> Reach:
        """How far it reaches."""
        return Reach(self.read_only, frozenset(self.types))

    @staticmethod
    def digest_of(key: str) -> str:
        """SHA-256 in hex: the keys are random, so nothing slower is needed."""
        return hashlib.sha256(key.encode()).hexdigest()

    @classmethod
    def issue(
        cls, user: User, name: str = "", *, expires_at: dt.datetime | None = None, reach: Reach | None = None, at_once: bool = False
    ) -> str:
        """Make a token and return the key, which is shown only now."""
        key, wide = f"rm_{secrets.token_urlsafe(32)}", reach or Reach()
        kept = {"read_only": wide.read_only, "types": sorted(wide.types), "at_once": at_once and not wide.read_only}
        cls.objects.create(user=user, name=name, digest=cls.digest_of(key), expires_at=expires_at, **kept)
        return key

    @classmethod
    def bearer(cls, key: str) -> User | None:
        """The active person whose live token this is, with no more rights than the token has."""
        token = cls.found(key)
        return token.user if token is not None else None

    @classmethod
    def found(cls, key: str) -> Token | None:
        """The live token of an active person, whose rights it narrows."""
        token: Any = next(iter(_tokens.of([cls.digest_of(key)])), None)
        if token is None or (token.expires_at and token.expires_at < timezone.now()):
            return None
        token.user = next(iter(users.of([token.user_id])))
        if not token.user.is_active:
            return None
        token.note_use()
        overlay.follow(token.overlay)
        token.user.access.reach, token.user.access.through = token.reach, token.name or UNNAMED
        return token  # type: ignore[no-any-return]

    def note_use(self) -> None:
        """Keep when it was used, to the hour: a busy program shall not write at each request."""
        now = timezone.now()
        if self.last_used_at is None or now - self.last_used_at > USE_NOTED:
            type(self).objects.filter(pk=self.pk).update(last_used_at=now)


_tokens = ByKey(lambda: Token.objects.annotate(overlay=overlay.current()), "digest")
