"""How accounts look."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renmai.directory.account.model import Account
from renmai.directory.pool.actions import assign, claim, give_back
from renmai.directory.pool.door import PooledType
from renmai.directory.pool.moving import MOVES, MOVINGS
from renmai.directory.recycling.phrases import HAPPENINGS, PHRASES
from renmai.kernel.matching.rule import Strength, TraitKind, rule
from renmai.kernel.records.types import register


@register
class AccountType(PooledType):
    model = Account
    icon, rank = "building", 20
    columns = ["name", "industry", "country", "city", "lifecycle", "annual_revenue", "owner", "last_touch_at"]
    layout = {
        _("Company"): ["name", "legal_name", "industry", "employees", "annual_revenue", "currency", "registration_number", "parent"],
        _("Contact"): ["phone", "email", "domain"],
        _("Address"): ["country", "region", "city", "address", "latitude", "longitude"],
        _("Relation"): ["lifecycle", "level", "owner", "team", "pool", "tags"],
    }
    search = ["name", "legal_name", "domain", "emails", "phones", "city", "registration_number"]
    lies_with = "parent"
    subtitle = "industry"
    duplicates = rule(
        (TraitKind.NUMBER, "registration_number", Strength.DECISIVE),
        (TraitKind.COMPANY, "name legal_name", Strength.STRONG),
        (TraitKind.DOMAIN, "domain emails", Strength.STRONG),
        (TraitKind.PHONE, "phones phone", Strength.STRONG),
        weighing=((TraitKind.EMAIL, "emails email", Strength.FAIR), (TraitKind.TEXT, "city", Strength.SLIGHT)),
    )
    actions = [claim, give_back, assign]
    follows = ["pool"]
    phrases, happenings = PHRASES | MOVES, HAPPENINGS | MOVINGS
