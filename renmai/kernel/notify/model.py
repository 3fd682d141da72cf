"""What a person is told of: one row per person and fact, and the browsers that take a push."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from renmai.kernel.access.user import User


class Reason(models.TextChoices):
    """Why a person is told, the strongest first."""

    MENTIONED = "mentioned", _("Somebody mentions you")
    ASSIGNED = "assigned", _("Something is given to you or shared with you")
    OWNED = "owned", _("Others change what is yours")
    FOLLOWED = "followed", _("Something happens with what you follow")


class Mail(models.TextChoices):
    """When a letter goes out."""

    NOW = "now", _("At once")
    DIGEST = "digest", _("Once a day, all together")
    NEVER = "never", _("Never")


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Notifications as a person asks for them."""

    def inbox_of(self, user: User) -> NotificationQuerySet:
        """Those that stand in a person's inbox, the newest first."""
        return self.filter(user=user, in_app=True).order_by("-pk")

    def unread(self) -> NotificationQuerySet:
        """Those that were not read."""
        return self.filter(read_at=None)


class Notification(models.Model):
    """That somebody is to hear of a fact. What it says is read when it is shown, with the rights of that moment.

    Attributes:
        fact: number of the fact.
        reason: why the person hears of it.
        in_app: it stands in the inbox.
        mail: ``digest`` while it waits for the letter of the day; else empty.
    """

    user = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="+", db_index=False)
    fact = models.ForeignKey("kernel.Fact", on_delete=models.CASCADE, related_name="+", db_index=False)
    reason = models.TextField(choices=Reason.choices)
    in_app = models.BooleanField(default=True)
    mail = models.TextField(default="")
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fact", "user"], name="notification_once")]
        indexes = [
            models.Index(fields=["user", "-id"], name="notification_inbox", condition=models.Q(in_app=True)),
            models.Index(fields=["user"], name="notification_unread", condition=models.Q(in_app=True, read_at=None)),
            models.Index(fields=["user"], name="notification_digest", condition=models.Q(mail="digest")),
        ]


class PushSubscription(models.Model):
    """A browser that shows notifications of a person while no page of ours is open.

    Attributes:
        endpoint: address of the browser's push service.
        keys: what the browser gave to encrypt for it: ``p256dh`` and ``auth``.
    """

    user = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="+")
    endpoint = models.TextField(unique=True)
    keys: Any = models.JSONField()
    at = models.DateTimeField(default=timezone.now)
