"""``/api/v1/recycling/`` and ``/api/v1/<types>/<id>/recycling/``: who goes back and when, and having it done."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from renmai.directory.pool.pooled import pooled
from renmai.directory.recycling.dry import SHOWN, dry_run
from renmai.directory.recycling.listeners import CHECK
from renmai.directory.recycling.simulator.asked import as_json, tried
from renmai.directory.recycling.simulator.compare import simulate
from renmai.directory.recycling.told import standing
from renmai.kernel.actions.errors import Invalid, Missing
from renmai.kernel.api.contributed import describe_paths, who_may
from renmai.kernel.api.http import answer, api, body, typed
from renmai.kernel.api.operations import ID, LINK, TEXT, Schema, operation, query
from renmai.kernel.api.records import visible
from renmai.kernel.jobs import later
from renmai.kernel.records.kinds import clean_moment
from renmai.kernel.settings.cards import is_admin
from renmai.kernel.settings.company import require_admin

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.types import RecordType

MOST = 1_000
NUMBER: Schema = {"type": ["number", "null"]}
MOMENT: Schema = {"type": ["string", "null"], "format": "date-time"}
RULE: Schema = {"type": "object", "properties": {"id": TEXT, "title": TEXT, "type": TEXT, "count": {"type": "integer"}}}
ROW: Schema = {
    "type": "object",
    "properties": {"id": TEXT, "type": TEXT, "title": TEXT, "owner": LINK, "rule": LINK, "due_at": MOMENT, "since": MOMENT},
}
FOUND: Schema = {
    "type": "object",
    "properties": {
        "at": MOMENT,
        "total": {"type": "integer"},
        "rules": {"type": "array", "items": RULE},
        "items": {"type": "array", "items": ROW},
    },
    "required": ["at", "total", "rules", "items"],
}
STANDS: Schema = {
    "type": "object",
    "properties": {
        **dict.fromkeys(("goes_back_at", "since", "more_time_until", "last_touch_at"), MOMENT),
        **dict.fromkeys(("pool", "rule"), LINK),
        "basis": {"type": ["string", "null"]},
        **{name: {"type": ["object", "null"]} for name in ("lock", "asked")},
    },
}
SIDE: Schema = {
    "type": "object",
    "properties": {"gone": {"type": "integer"}, "claims": {"type": "integer"}, "gini": NUMBER, "max_to_median": NUMBER},
}
SIMULATED: Schema = {
    "type": "object",
    "properties": {
        **dict.fromkeys(("from", "to", "rules_from"), TEXT),
        **dict.fromkeys(("happened", "would"), SIDE),
        **{name: {"type": "array", "items": {"type": "object"}} for name in ("lost", "kept", "denied", "people")},
    },
    "required": ["from", "to", "happened", "would", "lost", "kept", "denied", "people"],
}
TRIED: Schema = {
    "type": "object",
    "properties": {
        **dict.fromkeys(("from", "to"), TEXT),
        "rules": {"type": "object", "description": "id of a rule: days, active"},
        "pools": {"type": "object", "description": "id of a pool: daily_limit, holding_limit, cooldown_days"},
    },
}
QUEUED: Schema = {"type": "object", "properties": {"job": {"type": "string", "format": "uuid"}}, "required": ["job"]}
describe_paths(
    {
        "/api/v1/recycling/": {
            "get": operation(
                "What would go back",
                FOUND,
                parameters=[
                    query("at", {"type": "string"}, "at which moment, if nothing is done until then; now if not given", "2026-12-01"),
                    query("type", TEXT, "only this type", "leads"),
                    query("limit", {"type": "integer", "minimum": 0, "maximum": MOST}, "how many records are told one by one", 100),
                ],
                told="For administrators. Nothing is changed.",
            )
        },
        "/api/v1/recycling/run/": {
            "post": operation(
                "Take back what is due",
                QUEUED,
                given={"type": "object"},
                status="202",
                told="For administrators. The result of the job tells by rule how many went back and of how many somebody was warned.",
            )
        },
        "/api/v1/recycling/simulate/": {
            "post": operation(
                "Play a period again under other rules",
                SIMULATED,
                given=TRIED,
                told="For administrators. What people did stays as it was; what goes back, and which claims are possible, is worked"
                " out anew. Conditions, calendars and leave are those of today. Without rules and pools it is played under the rules"
                " that were in force, and is what happened.",
            )
        },
    },
    to=is_admin,
)
WHEN = operation("When it goes back", STANDS, parameters=[ID], told="To which pool, by which rule, and what stands against it.")
for slug in ("leads", "accounts"):
    describe_paths({f"/api/v1/{slug}/{{id}}/recycling/": {"get": WHEN}}, to=who_may("view", slug))


@api("GET")
def would_go(request: HttpRequest, by: User) -> HttpResponse:
    """Who would go back, by rule and one by one."""
    require_admin(by)
    found = dry_run(kinds_asked(request.GET.get("type", "")), moment_asked(request.GET.get("at", "")), _limit(request))
    rules = [{"id": str(rule.pk), "title": rule.title, "type": rule.record_type, "count": count} for rule, count in found.counts]
    items = [
        {
            "id": str(record.pk),
            "type": kind.slug,
            "title": record.title,
            "owner": _link("users", record.owner),
            "rule": _link("recycling-rules", due.rule),
            "due_at": due.at.isoformat(),
            "since": due.started.isoformat(),
        }
        for kind, record, due in found.rows
    ]
    return answer({"at": found.at.isoformat(), "total": found.total, "rules": rules, "items": items})


@api("POST")
def run_now(request: HttpRequest, by: User) -> HttpResponse:
    """Take back what is due, in the background."""
    require_admin(by)
    return answer({"job": str(later(CHECK, by=by).pk)}, 202)


@api("POST")
def simulation(request: HttpRequest, by: User) -> HttpResponse:
    """What would have been."""
    require_admin(by)
    return answer(as_json(simulate(tried(body(request)))))


@api("GET")
def of_record(request: HttpRequest, by: User, slug: str, key: Any) -> HttpResponse:
    """When one record goes back."""
    kind = typed(slug)
    if kind not in pooled():
        raise Missing(_("There is nothing at this address."))
    return answer(standing(kind, visible(kind, key, by)).as_json())


def kinds_asked(slug: str) -> list[RecordType]:
    """The types that are asked about.

    Raises:
        Invalid: such records wait in no pool.
    """
    found = [kind for kind in pooled() if slug in ("", kind.slug)]
    if not found:
        raise Invalid({"type": [_("Choose one of these: %(valid)s.") % {"valid": ", ".join(kind.slug for kind in pooled())}]})
    return found


def moment_asked(text: str) -> dt.datetime:
    """The moment that is asked about; a day means its end in the caller's zone, nothing means now.

    Raises:
        Invalid: it is none.
    """
    if not text:
        return timezone.now()
    try:
        at = clean_moment(None, text)  # type: ignore[arg-type]
        return at + dt.timedelta(days=1) if len(text) == len("2026-12-01") else at
    except (ValueError, OverflowError) as problem:
        raise Invalid({"at": [str(problem)]}) from None


def _limit(request: HttpRequest) -> int:
    text = request.GET.get("limit", str(SHOWN))
    if not text.isdigit() or not 0 <= int(text) <= MOST:
        raise Invalid({"limit": [_("This is a number from 0 to %(most)s.") % {"most": MOST}]})
    return int(text)


def _link(slug: str, record: Any) -> dict[str, Any]:
    return {"id": str(record.pk), "type": slug, "title": record.title}
