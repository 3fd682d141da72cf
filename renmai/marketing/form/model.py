"""Web forms: what they ask, where they stand, what was sent, and the links that lead to them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.directory.sources import SOURCES
from renmai.kernel.records.fields import Boolean, Choices, Json, Link, Pick, Text, Url
from renmai.kernel.records.record import Record
from renmai.kernel.records.type_names import TypeNames
from renmai.kernel.records.types import registry
from renmai.marketing.form import shapes
from renmai.marketing.form.shapes import ASKED, LANGUAGES, MESSAGE

if TYPE_CHECKING:
    from renmai.kernel.records.spec import FieldSpec
    from renmai.kernel.records.types import RecordType

CODE = 9  # bytes of the code in an address


def new_token() -> str:
    """The part of a public address that nobody guesses."""
    return secrets.token_urlsafe(CODE)


class Form(Record):
    """A form that people outside fill in.

    Attributes:
        target: slug of the type that what is sent becomes.
        token: its place in public addresses.
        fields: see ``shapes.fields``; ``message`` is no field of the type, and kept with the fact.
        receiver: whose new records are, unless they wait in a pool; without either, those who assign decide.
        hosts: whose pages may show it.
        double_opt_in: what is sent counts only once a link in a letter was opened.
    """

    name = Text(gettext_lazy("Name"), sortable=True)
    target = Pick(gettext_lazy("Becomes"), options=TypeNames(), blank=True)
    campaign = Link("marketing.Campaign", gettext_lazy("Campaign"), rare=True)
    source = Pick(gettext_lazy("Source"), options=SOURCES, blank=True)
    receiver = Link("kernel.User", gettext_lazy("New ones belong to"), blank=True, db_index=False)
    pool = Link("directory.Pool", gettext_lazy("Pool"), rare=True, help_text=gettext_lazy("What is new waits there and is nobody’s."))
    languages = Choices(gettext_lazy("Languages"), options=LANGUAGES)
    fields = Json(gettext_lazy("Fields"), shape=shapes.fields, default=list, blank=True)
    consents = Json(gettext_lazy("Consents"), shape=shapes.consents, default=list, blank=True)
    words = Json(gettext_lazy("Words"), shape=shapes.words, default=dict, blank=True)
    redirect = Url(gettext_lazy("Then leads to"), blank=True, help_text=gettext_lazy("Empty: the thanks are shown."))
    hosts = Json(gettext_lazy("May stand on"), shape=shapes.hosts, default=list, blank=True)
    double_opt_in = Boolean(
        gettext_lazy("Confirmed by e-mail"), help_text=gettext_lazy("It counts only once the link in a letter to the sender was opened.")
    )
    active = Boolean(gettext_lazy("In use"), default=True)
    token = Text(gettext_lazy("Public key"), default=new_token, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = gettext_lazy("form"), gettext_lazy("forms")
        constraints = [models.UniqueConstraint(fields=["token"], name="form_token_once")]

    def derive(self, changed: set[str]) -> None:
        """Without another word it makes what comes in from outside."""
        if not self.target:
            self.target = next((kind.slug for kind in registry.all() if kind.arrives), "")

    @property
    def kind(self) -> RecordType | None:
        """What is sent becomes one of these."""
        return registry.get(self.target)

    @property
    def address(self) -> str:
        """Path of the public page."""
        return f"/f/{self.token}/"

    def spec_of(self, name: str) -> FieldSpec | None:
        """The field of the target of that name, if a form may ask for it or set it."""
        found = self.kind.writable.get(name) if self.kind is not None else None
        return found if found is not None and (found.kind in ASKED or found.kind in {"link", "tags"}) else None

    @property
    def shown(self) -> list[dict[str, Any]]:
        """The fields that people see; those that the type does not have any more are left out."""
        return [one for one in self.fields if not one["hidden"] and (one["field"] == MESSAGE or self.spec_of(one["field"]) is not None)]

    @property
    def spoken(self) -> list[str]:
        """The languages that it is shown in, all of ours where nothing is said."""
        return [code for code in LANGUAGES if code in self.languages] or list(LANGUAGES)

    def problems(self) -> Iterator[tuple[str, Any]]:
        """It becomes something, asks for what that has, and for an address where it is to be confirmed."""
        if self.kind is None:
            yield "target", _("There is no such type of record.")
            return
        for one in self.fields:
            spec = self.spec_of(one["field"])
            if one["field"] != MESSAGE and spec is None:
                yield "fields", _("A form cannot ask for “%(name)s”.") % {"name": one["field"]}
            elif spec is not None and spec.kind not in ASKED and not one["hidden"]:
                yield "fields", _("“%(name)s” can only be set by a hidden field.") % {"name": spec.label}
        if self.double_opt_in and not any(one["field"] == "email" and one["required"] for one in self.shown):
            yield "double_opt_in", _("To confirm by e-mail, the form has to ask for the e-mail address, as a required field.")


class LandingLink(models.Model):
    """A short address that leads to a form, or to a page that holds it, and says from where people come.

    Attributes:
        code: its place in public addresses.
        address: the page that it leads to; empty for the form's own.
        referrer_type, referrer_id: the colleague or the customer who passes it on.
        visits: how often it was followed.
    """

    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="links")
    code = models.TextField(default=new_token, unique=True)
    name = models.TextField()
    address = models.TextField(default="")
    origin: Any = models.JSONField(default=dict)
    referrer_type = models.TextField(default="")
    referrer_id = models.UUIDField(null=True)
    visits = models.IntegerField(default=0)
    made_at = models.DateTimeField(default=timezone.now)


class State(models.TextChoices):
    """What became of a submission."""

    PENDING = "pending", gettext_lazy("To be confirmed")
    TAKEN = "taken", gettext_lazy("Taken in")
    SPAM = "spam", gettext_lazy("Spam")
    FAILED = "failed", gettext_lazy("Failed")
    EXPIRED = "expired", gettext_lazy("Never confirmed")
    TEST = "test", gettext_lazy("Test")


class Submission(models.Model):
    """What somebody sent.

    Attributes:
        sent: field → value, as it was cleaned.
        origin: from where they came.
        consents: to what they agreed, with the words and their version.
        sender: digest of the address of the sender's machine, to see what comes from one place.
        nonce: of the puzzle that was solved for it: each is good for one.
        digest: of the secret in the letter that asks to confirm it.
    """

    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="submissions", db_index=False)
    link = models.ForeignKey(LandingLink, on_delete=models.SET_NULL, null=True, related_name="submissions")
    state = models.TextField(choices=State.choices, default=State.TAKEN)
    at = models.DateTimeField(default=timezone.now)
    sent: Any = models.JSONField(default=dict)
    origin: Any = models.JSONField(default=dict)
    consents: Any = models.JSONField(default=list)
    language = models.TextField(default="")
    sender = models.TextField(default="")
    nonce = models.TextField(null=True, unique=True)
    digest = models.TextField(default="", db_index=True)
    confirmed_at = models.DateTimeField(null=True)
    type = models.TextField(default="")
    record_id = models.UUIDField(null=True)
    joined = models.BooleanField(default=False)
    problem = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["form", "-id"], name="submission_log"),
            models.Index(fields=["form", "at"], name="submission_rate"),
            models.Index(fields=["at"], name="submission_pending", condition=models.Q(state="pending")),
        ]
