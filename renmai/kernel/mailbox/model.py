"""Mailboxes that are read, and what became of each letter in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.records.fields import Boolean, Choice, Integer, Link, Pick, Text
from renmai.kernel.records.record import Record
from renmai.kernel.records.type_names import TypeNames
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.records.types import RecordType

HIGHEST_PORT = 65_535


class Security(models.TextChoices):
    """How the way to the server is closed to others."""

    TLS = "tls", "TLS"
    STARTTLS = "starttls", "STARTTLS"
    NONE = "none", gettext_lazy("None")


class Mailbox(Record):
    """A mailbox that is read by IMAP; without a host, letters are only brought to it.

    Attributes:
        target: slug of the type that a letter of somebody unknown becomes.
        pool: name of the pool in which those wait.
        receiver: whose they are, unless they wait in a pool.
    """

    name = Text(gettext_lazy("Name"), sortable=True)
    host = Text(gettext_lazy("Server"), blank=True, help_text=gettext_lazy("Empty: letters are only brought to it by a program."))
    port = Integer(gettext_lazy("Port"), default=993)
    security = Choice(Security, gettext_lazy("Security"), default=Security.TLS)
    account = Text(gettext_lazy("User name"), blank=True)
    folder = Text(gettext_lazy("Folder"), default="INBOX", blank=True)
    target = Pick(gettext_lazy("Becomes"), options=TypeNames(), blank=True)
    pool = Text(gettext_lazy("Pool"), blank=True, help_text=gettext_lazy("What is new waits there and is nobody’s."))
    receiver = Link("kernel.User", gettext_lazy("New ones belong to"), blank=True, db_index=False)
    active = Boolean(gettext_lazy("In use"), default=True)

    class Meta:
        verbose_name, verbose_name_plural = gettext_lazy("mailbox"), gettext_lazy("mailboxes")

    def derive(self, changed: set[str]) -> None:
        """Without another word a letter becomes what comes in from outside."""
        if not self.target:
            self.target = next((kind.slug for kind in registry.all() if kind.arrives), "")

    @property
    def kind(self) -> RecordType | None:
        """What a letter becomes."""
        return registry.get(self.target)

    @property
    def is_read(self) -> bool:
        """We fetch its letters ourselves."""
        return bool(self.active and self.host and self.deleted_at is None)

    def problems(self) -> Iterator[tuple[str, Any]]:
        """Its type is there, and its port is one."""
        if self.kind is None:
            yield "target", _("There is no such type of record.")
        if not 0 < self.port <= HIGHEST_PORT:
            yield "port", _("A number from 1 to %(most)s is expected here.") % {"most": HIGHEST_PORT}


class Reading(models.Model):
    """How far a mailbox was read: what no person writes, and no history keeps.

    Attributes:
        sealed: the password, encrypted.
        validity, last: the UIDVALIDITY of the folder, and the UID of the last letter that was dealt with (RFC 3501).
        seen: letters that were looked at.
        problem: why the last attempt failed.
    """

    mailbox = models.OneToOneField(Mailbox, on_delete=models.CASCADE, related_name="reading", primary_key=True)
    sealed = models.TextField(default="")
    validity = models.BigIntegerField(default=0)
    last = models.BigIntegerField(default=0)
    checked_at = models.DateTimeField(null=True)
    problem = models.TextField(default="")


class LetterState(models.TextChoices):
    """What became of a letter."""

    TAKEN = "taken", gettext_lazy("Taken in")
    SKIPPED = "skipped", gettext_lazy("Left out")
    FAILED = "failed", gettext_lazy("Failed")


class Reason(models.TextChoices):
    """Why a letter was left out."""

    AUTOMATIC = "automatic", gettext_lazy("An automatic answer")
    REPORT = "report", gettext_lazy("A delivery report")
    LIST = "list", gettext_lazy("From a mailing list or a newsletter")
    COLLEAGUE = "colleague", gettext_lazy("From a colleague or from ourselves")
    NOBODY = "nobody", gettext_lazy("It names no sender")
    LARGE = "large", gettext_lazy("Too large")


class Letter(models.Model):
    """One letter that was looked at; its text stands on the timeline of the record that it came to.

    Attributes:
        key: its Message-ID, or a digest of it where it has none: by that it is known again wherever it comes from.
        reason: why it was left out, one of ``Reason``; else the sentence why it failed.
    """

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="letters", db_index=False)
    key = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    sender = models.TextField(default="")
    subject = models.TextField(default="")
    state = models.TextField(choices=LetterState.choices)
    reason = models.TextField(default="")
    type = models.TextField(default="")
    record_id = models.UUIDField(null=True)
    joined = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "key"], name="letter_once")]
        indexes = [models.Index(fields=["mailbox", "-id"], name="letter_log"), models.Index(fields=["at"], name="letter_old")]

    @property
    def why(self) -> Any:
        """The reason in words."""
        return dict(Reason.choices).get(self.reason, self.reason)
