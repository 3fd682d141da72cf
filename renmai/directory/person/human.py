"""What we know of a human being by name, whether as a contact or as somebody who only may become a customer."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from renmai.kernel.access.territory.model import Territorial
from renmai.kernel.locale.names import compose, split
from renmai.kernel.matching.model import Matched
from renmai.kernel.records.fields import Country, Email, Phone, Text

PARTS = ("family_name", "given_name", "other_name")


def align_name(record: Any, changed: set[str]) -> None:
    """Make the displayed name of its parts, or take it apart where script and title leave no doubt; what is given rules."""
    if "name" in changed and record.name:
        if not changed & set(PARTS):
            parts = split(record.name)
            record.family_name, record.given_name = (parts.family, parts.given) if parts else ("", "")
    elif changed & set(PARTS) or not record.name:
        record.name = compose(record.family_name, record.given_name, getattr(record, "other_name", ""))


class Human(Territorial, Matched):
    """A name with its parts, and where they can be reached."""

    name = Text(pgettext_lazy("person", "Name"), sortable=True)
    family_name = Text(_("Family name"), blank=True)
    given_name = Text(_("Given name"), blank=True)
    job_title = Text(_("Job title"), blank=True)
    email = Email(_("E-mail"), blank=True)
    phone = Phone(_("Phone"), blank=True)
    mobile = Phone(_("Mobile"), blank=True)
    country = Country(_("Country"), blank=True)
    region = Text(_("Region"), blank=True)
    city = Text(_("City"), blank=True)

    derived_from: ClassVar[dict[str, tuple[str, ...]]] = {"name": PARTS}

    class Meta:
        abstract = True

    def derive(self, changed: set[str]) -> None:
        """The name from its parts, or the parts from the name."""
        super().derive(changed)
        align_name(self, changed)
