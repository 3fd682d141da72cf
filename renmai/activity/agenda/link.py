"""Private addresses under which a person's calendar can be read by other programs."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from renmai.activity.agenda.entries import SLUGS
from renmai.kernel.access.token import Token
from renmai.kernel.actions.errors import Forbidden, Invalid

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

USE_NOTED = dt.timedelta(hours=1)
LONGEST_NAME = 200
MOST = 20


class CalendarLink(models.Model):
    """One such address. Only the digest of its secret is kept.

    Attributes:
        types: slugs of the types that it shows; every type if it names none.
        busy_only: when one is busy, and not with what.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_links")
    name = models.TextField(default="")
    digest = models.TextField(unique=True)
    types = ArrayField(models.TextField(), default=list)
    busy_only = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True)

    @classmethod
    def issue(cls, user: User, name: str = "", *, types: Collection[str] = (), busy_only: bool = False) -> tuple[CalendarLink, str]:
        """Make a link, and give it with its secret, which is told only now.

        Raises:
            Invalid: an unknown type, too long a name, or too many links.
            Forbidden: the token that is used opens only other types.
        """
        strange = set(types) - set(SLUGS)
        if strange:
            raise Invalid({"types": [_("One of these is expected: %(choices)s.") % {"choices": ", ".join(SLUGS)}]})
        if len(name) > LONGEST_NAME or "\0" in name:
            raise Invalid({"name": [_("A short text is expected here.")]})
        if cls.objects.filter(user=user).count() >= MOST:
            raise Invalid({"": [_("A person has at most %(count)s links. Revoke one that is no longer used.") % {"count": MOST}]})
        reach = user.access.reach
        if reach is not None and reach.types and not (types and set(types) <= reach.types):
            raise Forbidden(_("This token does not reach this type."))
        secret = secrets.token_urlsafe(32)
        kept = {"name": name, "types": [slug for slug in SLUGS if slug in types], "busy_only": busy_only}
        return cls.objects.create(user=user, digest=Token.digest_of(secret), **kept), secret

    @classmethod
    def found(cls, secret: str) -> CalendarLink | None:
        """The link of an active person with that secret."""
        link = cls.objects.filter(digest=Token.digest_of(secret)).select_related("user").first()
        return link if link is not None and link.user.is_active else None

    def note_use(self) -> None:
        """Keep when it was read, to the hour."""
        now = timezone.now()
        if self.last_used_at is None or now - self.last_used_at > USE_NOTED:
            type(self).objects.filter(pk=self.pk).update(last_used_at=now)
