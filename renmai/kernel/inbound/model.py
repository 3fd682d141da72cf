"""Inbound webhooks: addresses at which other programs tell us something, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.actions.errors import Invalid
from renmai.kernel.records.fields import Boolean, Json, Link, Pick, Text
from renmai.kernel.records.record import Record
from renmai.kernel.records.type_names import TypeNames
from renmai.kernel.records.types import registry
from renmai.kernel.transfer.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from renmai.kernel.access.user import User


class InboundWebhook(Record):
    """An address that takes messages and makes records of them.

    Attributes:
        target: slug of the type that messages become.
        items: path of the list inside a message of which each entry becomes a record; empty where the message is one.
        map: as the map file of an import, with paths of the message in place of headers; without columns messages are only kept.
        signed: only messages that are signed by Standard Webhooks are taken.
        actor: in whose name, and with whose rights, records are made.
    """

    name = Text(gettext_lazy("Name"), sortable=True)
    target = Pick(gettext_lazy("Becomes"), options=TypeNames())
    items = Text(
        gettext_lazy("List inside the message"), blank=True, help_text=gettext_lazy("Such as data.contacts; empty: a message is one.")
    )
    map = Json(gettext_lazy("Fields"), default=dict, blank=True)
    pool = Text(gettext_lazy("Pool"), blank=True, help_text=gettext_lazy("What is new waits there and is nobody’s."))
    actor = Link(
        "kernel.User",
        gettext_lazy("Works with the rights of"),
        blank=True,
        help_text=gettext_lazy("New records are theirs; without anyone, those of the administrator who made it."),
    )
    signed = Boolean(gettext_lazy("Only signed messages"))
    active = Boolean(gettext_lazy("In use"), default=True)

    class Meta:
        verbose_name, verbose_name_plural = gettext_lazy("inbound webhook"), gettext_lazy("inbound webhooks")

    @property
    def by(self) -> User | None:
        """In whose name records are made, while that person may sign in."""
        found = self.actor or self.created_by
        return found if found is not None and found.is_active else None

    @property
    def plan(self) -> Plan:
        """How a message becomes a record."""
        return Plan.of(self.map or {"columns": {}})

    @property
    def is_mapped(self) -> bool:
        """It is said which part of a message goes into which field."""
        return bool((self.map or {}).get("columns"))

    def problems(self) -> Iterator[tuple[str, Any]]:
        """Its type is there, and its map fits that."""
        kind = registry.get(self.target)
        if kind is None:
            yield "target", _("There is no such type of record.")
        elif self.map:
            try:
                if self.is_mapped:
                    self.plan.targets(kind)
            except Invalid as problem:
                yield from (("map", sentence) for sentences in problem.errors.values() for sentence in sentences)


class InboundKey(models.Model):
    """By what messages are known to be meant for it.

    Attributes:
        digest: of the secret in its address.
        sealed: the secret with which messages are signed, encrypted.
    """

    webhook = models.OneToOneField(InboundWebhook, on_delete=models.CASCADE, related_name="key", primary_key=True)
    digest = models.TextField(unique=True)
    sealed = models.TextField(default="")


class ReceivedState(models.TextChoices):
    """What became of a message."""

    KEPT = "kept", gettext_lazy("Kept as a sample")
    DONE = "done", gettext_lazy("Done")
    FAILED = "failed", gettext_lazy("Failed")


class Received(models.Model):
    """One message.

    Attributes:
        message: the sender's id of it, so that one that comes twice has one effect; its own where the sender gives none.
        body: what was sent, as JSON.
        made: what it came to: ``[{"type", "id", "title", "joined"}]``.
        problem: why it could not be done.
    """

    webhook = models.ForeignKey(InboundWebhook, on_delete=models.CASCADE, related_name="+", db_index=False)
    message = models.TextField()
    state = models.TextField(choices=ReceivedState.choices, default=ReceivedState.KEPT)
    body: Any = models.JSONField()
    made: Any = models.JSONField(default=list)
    problem = models.TextField(default="")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["webhook", "message"], name="received_once")]
        indexes = [
            models.Index(fields=["webhook", "-id"], name="received_log"),
            models.Index(fields=["at"], name="received_old"),
        ]
