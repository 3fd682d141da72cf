"""How leads look."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renmai.kernel.matching.rule import Also, Strength, TraitKind, rule
from renmai.kernel.records.types import Board, RecordType, register
from renmai.sales.lead.actions import convert, disqualify, qualify
from renmai.sales.lead.model import Lead


@register
class LeadType(RecordType):
    model = Lead
    icon, rank = "user-plus", 10
    columns = ["name", "company", "status", "score", "source", "country", "owner", "last_touch_at", "created_at"]
    layout = {
        _("Person"): ["name", "family_name", "given_name", "job_title", "email", "mobile", "phone"],
        _("Company"): ["company", "industry", "employees", "country", "region", "city"],
        _("Interest"): ["status", "source", "campaign", "expected_amount", "currency", "score", "grade", "disqualified_reason"],
        _("Origin"): ["first_page", "referrer", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"],
        _("Conversion"): ["converted_at", "converted_account", "converted_person", "converted_opportunity"],
        _("Relation"): ["owner", "team", "pool", "tags"],
    }
    board = Board(by="status", sum="expected_amount", card=("company", "score", "owner"))
    search = ["name", "family_name", "given_name", "company", "email", "phone", "mobile", "city"]
    subtitle = "company"
    actions = [qualify, convert, disqualify]
    duplicates = rule(
        (TraitKind.EMAIL, "email", Strength.DECISIVE),
        (TraitKind.PHONE, "mobile phone", Strength.STRONG),
        (TraitKind.NAME, "name", Strength.FAIR),
        weighing=((TraitKind.COMPANY, "company", Strength.FAIR), (TraitKind.TEXT, "city", Strength.SLIGHT)),
        also={"people": Also.STOP, "accounts": Also.TELL},
    )
    rights = {"claim": _("Claim"), "give-back": _("Give back"), "transfer": _("Pass on to another")}
    reveals = {**dict.fromkeys(["qualified", "disqualified", "converted"], "status"), "reason": "disqualified_reason"}
    arrives = True
    tells = ["campaign", "converted_account", "converted_person", "converted_opportunity"]
    happenings = {"qualified": _("qualified"), "disqualified": _("disqualified"), "converted": _("converted")}
    phrases = {
        "qualified": _("%(by)s qualified %(title)s"),
        "disqualified": _("%(by)s disqualified %(title)s: %(reason)s"),
        "converted": _("%(by)s converted %(title)s"),
    }
