"""What is measured: the names are those of the published tables."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from bench.client import Request
from bench.scoped import REACHES, SCOPES, address
from renmai.directory.account.model import Account
from renmai.kernel.access.user import User
from renmai.sales.lead.model import Lead

NEWEST = "SELECT {columns} FROM sales_lead WHERE deleted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 50"
FILTERED = NEWEST.replace("WHERE", "WHERE status = 'working' AND country = 'TH' AND owner_id = '{owner}' AND")
ONE = "SELECT {columns} FROM sales_lead WHERE id = '{lead}'"
STAGES = "SELECT stage_id, currency, count(*), sum(amount) FROM sales_opportunity WHERE deleted_at IS NULL GROUP BY 1, 2"
SEARCHED = {"latin": "garc", "zh": "王伟", "th": "สมชาย"}


@dataclass(frozen=True)
class Scenario:
    """One thing that users do.

    Attributes:
        next_request: makes the next request.
        who: e-mail address of the one who asks.
        html: a page, asked with a session; else the API, asked with a token.
        bare: the same work for the database alone.
    """

    name: str
    next_request: Callable[[], Request]
    who: str = "dao@example.com"
    html: bool = False
    bare: str = ""


def scenarios() -> Iterator[Scenario]:
    """All scenarios, for the database at hand."""
    rep = User.objects.get(email="alice@example.com")
    lead = Lead.objects.live().filter(owner=rep).first()
    columns = ", ".join(str(field.column) for field in Lead._meta.concrete_fields if field.name not in {"search", "sort_key"})
    words = {"columns": columns, "owner": rep.pk, "lead": lead.pk}
    yield from _lists(rep, words)
    for script, text in SEARCHED.items():
        yield Scenario(f"search_{script}", _same(f"/api/v1/search/?q={quote(text)}"))
    account = Account.objects.live().order_by("-last_touch_at").first()
    yield Scenario("record_full_html", _same(f"/accounts/{account.pk}/"), html=True)
    yield Scenario("create_lead", _new_leads(), bare="")
    yield Scenario("update_field", _changes(lead.pk), who=rep.email, bare=ONE.format(**words))
    yield Scenario("pipeline_agg", _same("/api/v1/opportunities/groups/?by=stage&sum=amount"), bare=STAGES)
    yield Scenario("pipeline_board_html", _same("/opportunities/?view=board"), html=True)


def _lists(rep: User, words: dict[str, object]) -> Iterator[Scenario]:
    criteria = {"and": [{"field": field, "op": "eq", "value": value} for field, value in _filter(rep)]}
    narrowed = f"filter={quote(json.dumps(criteria))}"
    lists = {
        "newest": ("", NEWEST, "dao@example.com"),
        "filtered": (narrowed, FILTERED, "dao@example.com"),
        "scoped": ("", NEWEST, rep.email),
    }
    for scope in SCOPES:
        for reach in REACHES:
            lists[f"scoped_{scope}_{reach}"] = ("", NEWEST, address(scope, reach))
    for name, (query, bare, who) in lists.items():
        yield Scenario(f"list_{name}_html", _same(f"/leads/?{query}"), who, html=True, bare=bare.format(**words))
        yield Scenario(f"list_{name}", _same(f"/api/v1/leads/?limit=50&total=1&{query}"), who, bare=bare.format(**words))


def _filter(rep: User) -> list[tuple[str, str]]:
    return [("status", "working"), ("country", "TH"), ("owner", str(rep.pk))]


def _same(path: str) -> Callable[[], Request]:
    request = Request(path)
    return lambda: request


def _new_leads() -> Callable[[], Request]:
    numbers = itertools.count()

    def make() -> Request:
        number = next(numbers)
        values = {"name": f"Bench {number}", "company": f"Bench {number} Ltd", "email": f"bench{number}@example.com", "source": "web"}
        return Request("/api/v1/leads/?allow_duplicate=1", "POST", json.dumps(values))

    return make


def _changes(key: object) -> Callable[[], Request]:
    numbers = itertools.count()
    return lambda: Request(f"/api/v1/leads/{key}/", "PATCH", json.dumps({"job_title": f"Job {next(numbers)}"}))
