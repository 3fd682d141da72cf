"""Webhooks: where the company wants to hear of what; and what was sent there."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.facts.kinds import kinds_of, kinds_shape, type_of
from renmai.kernel.records.fields import Boolean, Json, Link, Moment, Text, Url
from renmai.kernel.records.record import Record
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from renmai.kernel.access.user import User

EVERY = "*"


class Webhook(Record):
    """An address that is told of facts."""

    name = Text(gettext_lazy("Name"), sortable=True)
    address = Url(gettext_lazy("Address"), help_text=gettext_lazy("Where Renmai sends what happens, by HTTPS."))
    kinds = Json(gettext_lazy("What it hears of"), shape=kinds_shape, default=list, blank=True)
    criteria = Json(gettext_lazy("Which records"), default=dict, blank=True)
    reader = Link(
        "kernel.User",
        gettext_lazy("Reads with the rights of"),
        blank=True,
        help_text=gettext_lazy("Only what this person may see is sent; without one, what the administrator who made it may see."),
    )
    active = Boolean(gettext_lazy("In use"), default=True)
    switched_off_at = Moment(gettext_lazy("Switched off after failures"), blank=True, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = gettext_lazy("webhook"), gettext_lazy("webhooks")

    def derive(self, changed: set[str]) -> None:
        """Back in use, it is not switched off any more."""
        if self.active:
            self.switched_off_at = None

    @property
    def eyes(self) -> User | None:
        """With whose rights it reads, while that person may sign in."""
        found = self.reader or self.created_by
        return found if found is not None and found.is_active else None

    @property
    def kind(self) -> RecordType | None:
        """The one type of record that it hears of, if it is one."""
        found = {type_of(one) for one in self.kinds}
        return found.pop() if len(found) == 1 else None

    def hears(self, kind: str) -> bool:
        """Whether it is to be told of facts of a kind."""
        noun = kind.partition(".")[0]
        return not self.kinds or kind in self.kinds or f"{noun}.{EVERY}" in self.kinds

    def problems(self) -> Iterator[tuple[str, Any]]:
        """It hears of what there is, and its conditions fit that."""
        from renmai.kernel.criteria import BadCriteria, parse

        unknown = [one for one in self.kinds if one not in kinds_of(registry.all())]
        if unknown:
            yield "kinds", _("There is no such kind of fact: %(names)s.") % {"names": ", ".join(unknown[:5])}
        elif self.criteria and self.kind is None:
            yield "criteria", _("Conditions are for one type of record: choose facts of one type only.")
        elif self.criteria and self.kind is not None:
            try:
                parse(self.criteria, self.kind)
            except BadCriteria as problem:
                yield "criteria", problem.message


class Sending(models.Model):
    """How it goes with sending to a webhook: what no person writes, and no history keeps.

    Attributes:
        sealed: the secret with which it is signed, encrypted.
        sealed_before: the one before, which signs too until ``rotated_at`` is a day past, so that the other side can change over.
        rests_until: nothing is sent before: the other side was not well.
        failing_since: when the first sending failed since one that arrived.
    """

    webhook = models.OneToOneField(Webhook, on_delete=models.CASCADE, related_name="sending", primary_key=True)
    sealed = models.TextField(default="")
    sealed_before = models.TextField(default="")
    rotated_at = models.DateTimeField(null=True)
    rests_until = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)


class DeliveryState(models.TextChoices):
    """What became of it."""

    WAITING = "waiting", gettext_lazy("Waiting")
    DELIVERED = "delivered", gettext_lazy("Delivered")
    FAILED = "failed", gettext_lazy("Failed")
    LEFT_OUT = "left_out", gettext_lazy("Not to be read")


class Delivery(models.Model):
    """That a webhook is to be told of a fact, and every attempt to do so. What it says is read when it is sent.

    Attributes:
        id: its number among all, in the order in which they are sent.
        key: by which the other side knows it again, however often it comes.
        fact: number of the fact; None for a test.
        kind: of the fact.
        due_at: when it is tried next, while it waits.
        attempts: each ``{"at", "status", "ms", "answer", "trouble"}``; the first bytes of the answer only.
        tries: attempts since it was asked for, which a replay counts anew.
    """

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    key = models.UUIDField(default=uuid4, unique=True)
    fact = models.ForeignKey("kernel.Fact", on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    kind = models.TextField()
    state = models.TextField(choices=DeliveryState.choices, default=DeliveryState.WAITING)
    made_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    attempts: Any = models.JSONField(default=list)
    tries = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fact", "webhook"], name="delivery_once")]
        indexes = [
            models.Index(fields=["webhook", "-id"], name="delivery_log"),
            models.Index(fields=["webhook", "id"], name="delivery_waiting", condition=models.Q(state="waiting")),
            models.Index(fields=["made_at"], name="delivery_old"),
        ]

    @property
    def last(self) -> dict[str, Any] | None:
        """The newest attempt."""
        return self.attempts[-1] if self.attempts else None

    @property
    def tried(self) -> list[dict[str, Any]]:
        """Every attempt, the newest first, with its time as one."""
        return [{**one, "at": dt.datetime.fromisoformat(one["at"])} for one in reversed(self.attempts)]

    @property
    def is_over(self) -> bool:
        """Nothing more will happen by itself."""
        return self.state != DeliveryState.WAITING
