"""How leads look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from renmai.directory.pool.actions import assign, claim, give_back, transfer
from renmai.directory.pool.door import PooledType
from renmai.directory.pool.moving import MOVES, MOVINGS
from renmai.directory.recycling.phrases import HAPPENINGS, PHRASES
from renmai.kernel.matching.rule import Also, Strength, TraitKind, rule
from renmai.kernel.records.types import Board, register
from renmai.sales.conversion.actions import convert, unconvert
from renmai.sales.lead.actions import disqualify, invalid, qualify, qualify_anyway, reopen, step_back
from renmai.sales.lead.guarding import require_forward
from renmai.sales.lead.model import Lead
from renmai.sales.qualification.entry import require_entry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

SCORES = {**dict.fromkeys(["graded", "grade", "grade_before"], "grade"), **dict.fromkeys(["reached_threshold", "score"], "score")}


@register
class LeadType(PooledType):
    model = Lead
    icon, rank = "user-plus", 10
    beside = ["score"]
    columns = ["name", "company", "status", "score", "grade", "source", "country", "owner", "last_touch_at", "created_at"]
    layout = {
        _("Person"): ["name", "family_name", "given_name", "job_title", "email", "mobile", "phone"],
        _("Company"): ["company", "industry", "employees", "country", "region", "city"],
        _("Interest"): ["status", "source", "campaign", "expected_amount", "currency", "score", "grade"],
        _("Origin"): ["first_page", "referrer", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"],
        _("First answer"): ["answer_due_at", "answered_at", "answer_missed_at", "to_reassign"],
        _("Qualification"): ["working_at", "mql_at", "sql_at", "disqualified_at", "disqualified_cause", "disqualified_reason"],
        _("Conversion"): ["converted_at", "converted_account", "converted_person", "converted_opportunity"],
        _("Relation"): ["owner", "team", "pool", "tags"],
    }
    board = Board(by="status", sum="expected_amount", card=("company", "score", "owner"))
    search = ["name", "family_name", "given_name", "company", "email", "phone", "mobile", "city"]
    subtitle = "company"
    actions = [claim, qualify, convert, reopen, qualify_anyway, step_back, give_back, assign, transfer, disqualify, invalid, unconvert]
    follows = ["pool"]
    duplicates = rule(
        (TraitKind.EMAIL, "email", Strength.DECISIVE),
        (TraitKind.PHONE, "mobile phone", Strength.STRONG),
        (TraitKind.NAME, "name", Strength.FAIR),
        weighing=((TraitKind.COMPANY, "company", Strength.FAIR), (TraitKind.TEXT, "city", Strength.SLIGHT)),
        also={"people": Also.STOP, "accounts": Also.TELL},
    )
    reveals = {
        **dict.fromkeys(
            ["begun", "qualified", "overridden", "stepped_back", "disqualified", "reopened", "converted", "unconverted", "from", "to"],
            "status",
        ),
        "reason": "disqualified_reason",
        "cause": "disqualified_cause",
        **SCORES,
    }
    arrives = True
    tells = ["campaign", "converted_account", "converted_person", "converted_opportunity"]
    happenings = (
        HAPPENINGS
        | MOVINGS
        | {
            "begun": _("work began"),
            "qualified": _("qualified"),
            "overridden": _("qualified although conditions were not met"),
            "stepped_back": _("taken a step back"),
            "disqualified": _("disqualified"),
            "reopened": _("reopened"),
            "converted": _("converted"),
            "graded": _("got another grade"),
            "reached_threshold": _("became good enough"),
            "unconverted": _("conversion undone"),
            "unassigned": _("given to nobody by rule"),
            "answered": _("answered for the first time"),
            "answer_due": _("first answer due soon"),
            "answer_missed": _("first answer missed"),
        }
    )
    phrases = (
        PHRASES
        | MOVES
        | {
            "begun": _("%(by)s began to work on %(title)s"),
            "qualified": _("%(by)s qualified %(title)s"),
            "overridden": _("%(by)s qualified %(title)s although conditions were not met: %(reason)s"),
            "stepped_back": _("%(by)s took %(title)s a step back: %(reason)s"),
            "disqualified": _("%(by)s disqualified %(title)s: %(reason)s"),
            "reopened": _("%(by)s reopened %(title)s"),
            "converted": _("%(by)s converted %(title)s"),
            "graded": _("%(title)s is graded %(grade)s now, %(grade_before)s before"),
            "reached_threshold": _("%(title)s is good enough now, with a score of %(score)s"),
            "unconverted": _("%(by)s undid the conversion of %(title)s"),
            "unassigned": _("Nobody could be given %(title)s"),
            "answered": _("%(by)s answered %(title)s for the first time"),
            "answer_due": _("The first answer to %(title)s is due soon"),
            "answer_missed": _("The first answer to %(title)s is overdue"),
        }
    )

    def require_editable(self, record: Any, changed: dict[str, Any]) -> None:
        """A status moves forward where the conditions of the step are met; all else is for the actions."""
        require_forward(record, changed)

    def require_returnable(self, record: Any, changed: dict[str, Any]) -> None:
        """What moved a status may be taken back as a whole."""

    def require_fit(self, record: Any, by: User | None) -> None:
        """A lead that begins further than new meets the conditions."""
        require_entry(record, record.status, by)
