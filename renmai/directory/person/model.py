"""A human being: a contact at companies, or a customer in their own right."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from renmai.directory.contact import addresses_field, align, emails_field, phones_field
from renmai.kernel.access.user import Language
from renmai.kernel.locale.names import compose, split
from renmai.kernel.records.fields import Boolean, Country, Date, Email, Link, Moment, Parent, Phone, Pick, Text
from renmai.kernel.records.record import Record, Row

GENDERS = {"female": _("Female"), "male": _("Male"), "other": _("Other")}
PARTS = ("family_name", "given_name", "other_name")


def align_name(record: Any, changed: set[str]) -> None:
    """Make the displayed name of its parts, or take it apart where script and title leave no doubt; what is given rules."""
    if "name" in changed and record.name:
        if not changed & set(PARTS):
            parts = split(record.name)
            record.family_name, record.given_name = (parts.family, parts.given) if parts else ("", "")
    elif changed & set(PARTS) or not record.name:
        record.name = compose(record.family_name, record.given_name, getattr(record, "other_name", ""))


class Person(Record):
    """Someone we know by name."""

    name = Text(pgettext_lazy("person", "Name"), sortable=True)
    family_name = Text(_("Family name"), blank=True)
    given_name = Text(_("Given name"), blank=True)
    other_name = Text(_("Other name"), blank=True)
    honorific = Text(pgettext_lazy("person", "Title"), blank=True)
    nickname = Text(_("Nickname"), blank=True)
    job_title = Text(_("Job title"), blank=True)
    account = Link("directory.Account", _("Account"), blank=True)
    email = Email(_("E-mail"), blank=True)
    phone = Phone(_("Phone"), blank=True)
    mobile = Phone(_("Mobile"), blank=True)
    gender = Pick(_("Gender"), options=GENDERS, blank=True)
    birthday = Date(_("Birthday"), blank=True, sortable=True)
    language = Pick(_("Language"), options=dict(Language.choices), blank=True)
    country = Country(_("Country"), blank=True)
    city = Text(_("City"), blank=True)
    source = Pick(_("Source"), options={}, blank=True)
    emails = emails_field()
    phones = phones_field()
    addresses = addresses_field()
    last_touch_at = Moment(_("Last contact"), blank=True, editable=False, sortable=True)

    derived_from: ClassVar[dict[str, tuple[str, ...]]] = {"name": PARTS}

    class Meta:
        verbose_name, verbose_name_plural = _("person"), _("people")

    def derive(self, changed: set[str]) -> None:
        """Names from their parts, the primary e-mail and phone, and the primary account."""
        align_name(self, changed)
        align(self, changed, "email", "emails")
        align(self, changed, "phone", "phones")
        self._align_account(changed)

    def _align_account(self, changed: set[str]) -> None:
        if "affiliations" in changed:
            rows = self.rows("affiliations")
            chosen = next((row for row in rows if row.primary), rows[0] if rows else None)
            for row in rows:
                row.primary = row is chosen
            self.account = chosen.account if chosen else None
        elif "account" in changed or (self._state.adding and self.account_id):
            self._make_primary()

    def _make_primary(self) -> None:
        rows = self.rows("affiliations")
        for row in rows:
            row.primary = row.account_id == self.account_id
        if self.account_id and not any(row.primary for row in rows):
            rows = [Affiliation(person=self, account_id=self.account_id, primary=True, position=len(rows)), *rows]
        self.keep_rows("affiliations", rows)


class Affiliation(Row):
    """A person's place at a company, and when."""

    person = Parent(Person, "affiliations")
    account = Link("directory.Account", _("Account"))
    role = Text(_("Role"), blank=True)
    starts_on = Date(_("From"), blank=True, known_as="from")
    ends_on = Date(_("To"), blank=True, known_as="to")
    primary = Boolean(_("Primary"), blank=True)

    class Meta(Row.Meta):
        verbose_name, verbose_name_plural = _("affiliation"), _("affiliations")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(starts_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="affiliation_ends_after_it_starts",
                violation_error_message=_("It ends before it starts."),
            )
        ]
