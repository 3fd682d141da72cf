"""How people look."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from renmai.directory.person.model import Person
from renmai.kernel.matching.rule import Strength, TraitKind, rule
from renmai.kernel.records.types import RecordType, register


@register
class PersonType(RecordType):
    model = Person
    icon, rank = "users", 21
    columns = ["name", "job_title", "account", "email", "mobile", "owner", "last_touch_at"]
    layout = {
        pgettext_lazy("person", "Name"): ["name", "family_name", "given_name", "other_name", "honorific", "nickname"],
        _("Work"): ["account", "job_title"],
        _("Contact"): ["email", "mobile", "phone"],
        _("About"): ["gender", "birthday", "language"],
        _("Address"): ["country", "region", "city", "address"],
        _("Relation"): ["source", "owner", "team", "tags"],
    }
    search = ["name", "family_name", "given_name", "other_name", "nickname", "emails", "phones", "mobile", "city"]
    lies_with = "account"
    subtitle = "job_title"
    tells = ["account"]
    duplicates = rule(
        (TraitKind.EMAIL, "emails email", Strength.DECISIVE),
        (TraitKind.PHONE, "mobile phones phone", Strength.STRONG),
        (TraitKind.NAME, "name", Strength.FAIR),
        weighing=(
            (TraitKind.TEXT, "account", Strength.FAIR),
            (TraitKind.DATE, "birthday", Strength.FAIR),
            (TraitKind.TEXT, "city", Strength.SLIGHT),
        ),
    )
