"""Who signed in or tried to: when, from where and how. One sees one's own, the admin everybody's."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

KEPT = dt.timedelta(days=365)


class How(models.TextChoices):
    """By what somebody is known to be who they say."""

    PASSWORD = "password", _("Password")
    PASSKEY = "passkey", _("Passkey")
    TOTP = "totp", _("Code of an app")
    RECOVERY = "recovery", _("Recovery code")
    COMPANY = "company", _("Company sign-in")
    INVITATION = "invitation", _("Invitation")


class Attempt(models.Model):
    """One sign-in, or one that was refused."""

    at = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey("kernel.User", on_delete=models.CASCADE, null=True, related_name="attempts", db_index=False)
    email = models.TextField(default="")
    how = models.TextField(default="")
    succeeded = models.BooleanField()
    address = models.TextField(default="")
    agent = models.TextField(default="")

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="attempt_user"), models.Index(fields=["-at"], name="attempt_at")]

    @property
    def ways(self) -> list[Any]:
        """What was shown or typed, in words and in order."""
        words = dict(How.choices)
        return [words.get(part, part) for part in self.how.split(" ") if part]


def forget_attempts() -> int:
    """Drop what is older than a year.

    Returns:
        How many there were.
    """
    return Attempt.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]
