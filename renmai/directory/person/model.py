"""A human being: a contact at companies, or a customer in their own right."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from renmai.directory.contact import PRIMARIES, WHERE, addresses_field, align_contact, emails_field, phones_field
from renmai.directory.person.human import Human
from renmai.directory.sources import SOURCES
from renmai.kernel.access.user import Language
from renmai.kernel.records.blank import fresh
from renmai.kernel.records.fields import Boolean, Date, Link, Moment, Parent, Pick, Text
from renmai.kernel.records.record import Row

GENDERS = {"female": _("Female"), "male": _("Male"), "other": _("Other")}


class Person(Human):
    """Someone we know by name."""

    other_name = Text(_("Other name"), blank=True)
    honorific = Text(pgettext_lazy("person", "Title"), blank=True)
    nickname = Text(_("Nickname"), blank=True)
    account = Link("directory.Account", _("Account"), blank=True)
    gender = Pick(_("Gender"), options=GENDERS, blank=True)
    birthday = Date(_("Birthday"), blank=True, sortable=True)
    language = Pick(_("Language"), options=dict(Language.choices), blank=True)
    source = Pick(_("Source"), options=SOURCES, blank=True)
    address = Text(_("Address"), blank=True)
    emails = emails_field()
    phones = phones_field()
    addresses = addresses_field()
    last_touch_at = Moment(_("Last contact"), blank=True, editable=False, sortable=True)

    primaries: ClassVar[dict[str, str]] = {**PRIMARIES, "account": "affiliations"}
    together: ClassVar[tuple[tuple[str, ...], ...]] = (WHERE,)

    class Meta:
        verbose_name, verbose_name_plural = _("person"), _("people")

    def derive(self, changed: set[str]) -> None:
        """Names from their parts, the primary e-mail, phone and address, and the primary account."""
        super().derive(changed)
        align_contact(self, changed)
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
            first = fresh(Affiliation, {"person": self, "primary": True, "position": len(rows)})
            first.account_id = self.account_id
            rows = [first, *rows]
        self.keep_rows("affiliations", rows)


class Affiliation(Row):
    """A person's place at a company, and when."""

    person = Parent(Person, "affiliations")
    account = Link("directory.Account", _("Account"))
    role = Text(_("Role"), blank=True)
    starts_on = Date(_("From"), blank=True, known_as="from")
    ends_on = Date(_("To"), blank=True, known_as="to")
    primary = Boolean(_("Primary"), alone=True, blank=True)

    class Meta(Row.Meta):
        verbose_name, verbose_name_plural = _("affiliation"), _("affiliations")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(starts_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="affiliation_ends_after_it_starts",
                violation_error_message=_("It ends before it starts."),
            )
        ]
