"""A program that may do nearly everything tries to learn what fields hold that its role hides."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from renmai.kernel.access.user import Team, User
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.actions.run import run
from renmai.kernel.jobs.model import Job
from renmai.kernel.jobs.work import perform
from renmai.kernel.overlay import version as overlay
from renmai.kernel.records.indexed import index
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api, again

LEADS, ACCOUNTS, DEALS = registry["leads"], registry["accounts"], registry["opportunities"]
HIDDEN = {
    "leads": ["company", "email", "expected_amount", "source", "campaign", "disqualified_reason", "custom.code", "custom.size"],
    "accounts": ["annual_revenue", "industry", "city"],
    "opportunities": ["stage", "amount", "lost_reason"],
}
SECRETS = ["Zyzzyva", "zyzzyva", "987654", "987,654", "876543", "876,543", "765432", "765,432", "Krungzz", "Quokka", "5551234"]
CHANGING = [
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    r"\d{4}-\d\d-\d\dT[\d:.+Z]+",
    r'name="csrfmiddlewaretoken" value="\w+"',
    r'"X-CSRFToken": ?"\w+"',
    r"csrf[\w-]*&?[\w#;:\"= {}-]+",
    r"'RateLimit[\w-]*': '[^']*'",
]


@dataclass
class Scene:
    """What is there, and who attacks: a clerk who may see, change and export everything but some fields."""

    clerk: User
    dao: User
    lead: Any
    account: Any
    deal: Any
    person: Any

    @cached_property
    def api(self) -> Api:
        return Api(again(self.clerk))

    @cached_property
    def browser(self) -> Client:
        return again_as(self.clerk)


@pytest.fixture
def scene(dao: User, north: Team) -> Scene:
    fields = {slug: dict.fromkeys(names, "hidden") for slug, names in HIDDEN.items()}
    everything = dict.fromkeys(["view", "create", "edit", "delete", "export", "*"], "all")
    for label, kind in [("Code", "text"), ("Size", "number")]:
        create(registry["custom-fields"], {"type": "leads", "label": label, "kind": kind, "filterable": True}, dao)
    overlay.refresh()
    rights = {"*": everything, "roles": {"edit": "none"}}
    role = create(registry["roles"], {"name": "Clerk", "rights": rights, "fields": fields}, dao)
    clerk: Any = create(registry["users"], {"name": "Clerk", "email": "clerk@example.com", "roles": [str(role.pk)], "team": north}, dao)
    campaign = create(registry["campaigns"], {"name": "Wombling"}, dao)
    account: Any = create(ACCOUNTS, {"name": "Acme", "annual_revenue": "987654", "industry": "Quokka", "city": "Krungzz"}, dao)
    person: Any = create(registry["people"], {"name": "Pim", "account": account}, dao)
    pipeline = create(registry["pipelines"], {"name": "Sales"}, dao)
    stages = [
        create(registry["stages"], {"name": name, "pipeline": pipeline, "kind": kind, "position": at}, dao)
        for at, (name, kind) in enumerate([("Start", "open"), ("Gone", "lost")])
    ]
    deal: Any = create(DEALS, {"name": "Deal", "account": account, "pipeline": pipeline, "stage": stages[0], "amount": "876543"}, dao)
    run(DEALS, "lose", deal.pk, by=dao, arguments={"reason": "Zyzzyva won it"})
    given = {"company": "Zyzzyva", "email": "zyzzyva@example.com", "expected_amount": "765432", "source": "Quokka", "campaign": campaign}
    lead: Any = create(LEADS, {"name": "Ann", **given, "custom": {"code": "Zyzzyva", "size": 5551234}}, dao)
    update(LEADS, lead.pk, {"company": "Zyzzyva Two", "custom": {"code": "Zyzzyva Two"}}, dao)
    run(LEADS, "disqualify", lead.pk, by=dao, arguments={"reason": "Zyzzyva again"})
    return Scene(again(clerk), dao, lead, account, deal, person)


def text_of(response: Any) -> str:
    """What was answered: body and headers."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return str(response.headers) + body.decode("utf-8", "replace")


def looks(scene: Scene) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Everything that shows records, by name."""
    for kind, record in [(LEADS, scene.lead), (ACCOUNTS, scene.account), (DEALS, scene.deal), (registry["people"], scene.person)]:
        names = ",".join(HIDDEN.get(kind.slug, []))
        path = f"{kind.slug}/{record.pk}/"
        told = [kind.slug + "/", f"{kind.slug}/?fields={names}", f"{kind.slug}/?as_of=2999-01-01T00:00:00Z", path]
        told += [f"{path}{part}/" for part in ("timeline", "history", "access")] + [
            f"{path}history/?field={name}" for name in names.split(",")
        ]
        for address in told:
            yield f"api {address}", lambda address=address: scene.api.get(address)
        stale = {"version": 1, **dict.fromkeys(HIDDEN.get(kind.slug, []), "1"), "name": "x"}
        yield f"conflict {kind.slug}", lambda path=path, stale=stale: scene.api.patch(path, stale)
        yield f"conflict of a name {kind.slug}", lambda path=path: scene.api.patch(path, {"version": 1, "name": "x"})
        pages = [
            "",
            f"?columns={names}",
            "?view=board",
            f"?group={names.split(',')[0]}",
            "totals/",
            f"totals/?columns={names}",
            "pick/",
            "columns/",
        ]
        pages += ["filter/", "chart/", "export.csv", "criteria/", f"{record.pk}/", f"{record.pk}/edit/", f"{record.pk}/history/"]
        pages += [f"{record.pk}/access/", f"{record.pk}/sharing/", f"{record.pk}/history/?field={names.split(',')[0]}", "bulk/"]
        pages += [f"?view=board&by={name}" for name in names.split(",")] + [f"{record.pk}/field/{name}/" for name in names.split(",")]
        for address in pages:
            yield f"page {kind.slug}/{address}", lambda kind=kind, address=address: scene.browser.get(f"/{kind.slug}/{address}")
    for address in ("/", "/search/?q=ann", "/recycle-bin/"):
        yield f"page {address}", lambda address=address: scene.browser.get(address)
    for address in ("types/", "openapi.json", "me/", "search/?q=Ann", "custom-fields/", "approvals/", "tasks/", "views/"):
        yield f"api {address}", lambda address=address: scene.api.get(address)
    yield "export", lambda: exported(scene, {"type": "leads"})
    yield "export named", lambda: exported(scene, {"type": "leads", "fields": ["name", "company"]})


def exported(scene: Scene, asked: dict[str, Any]) -> Any:
    """The file of an export, or the refusal."""
    answer = scene.api.post("exports/", asked)
    if answer.status_code != 202:
        return answer
    job = Job.objects.get(pk=answer.json()["job"])
    perform(job)
    return scene.api.client.get(job.result["file"]) if job.result.get("file") else scene.api.get(f"jobs/{job.pk}/")


def test_nothing_that_is_answered_holds_what_is_hidden(scene: Scene) -> None:
    told = {}
    for name, ask in looks(scene):
        body = text_of(ask())
        found = [secret for secret in SECRETS if secret in body]
        if found:
            told[name] = [re.findall(f".{{0,60}}{secret}.{{0,30}}", body)[:2] for secret in found]
    assert not told, json.dumps(told, indent=1)


def test_who_may_not_see_a_link_does_not_see_it_from_its_other_end_either(scene: Scene) -> None:
    lead, campaign = scene.lead, scene.lead.campaign
    assert "Wombling" not in text_of(scene.api.get(f"leads/{lead.pk}/timeline/"))
    assert "Wombling" not in text_of(scene.browser.get(f"/leads/{lead.pk}/"))
    told = [scene.api.get(f"campaigns/{campaign.pk}/timeline/"), scene.browser.get(f"/campaigns/{campaign.pk}/")]
    assert not any(str(lead.pk) in text_of(answer) for answer in told)
    assert f"campaigns/{campaign.pk}" in text_of(again_as(scene.dao).get(f"/leads/{lead.pk}/"))


def test_facts_do_not_tell_of_a_hidden_stage(scene: Scene) -> None:
    kinds = [item["kind"] for item in scene.api.get(f"opportunities/{scene.deal.pk}/timeline/").json()["items"]]
    assert kinds == ["opportunity.created"]


def test_what_names_a_record_cannot_be_hidden(dao: User) -> None:
    for slug, name in [("leads", "name"), ("people", "family_name"), ("tickets", "subject"), ("notes", "body"), ("quotes", "title")]:
        with pytest.raises(Invalid):
            create(registry["roles"], {"name": "Clerk", "rights": {}, "fields": {slug: {name: "hidden"}}}, dao)


def again_as(user: User) -> Client:
    """A browser in which somebody is signed in."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    return client


# Two worlds that differ only in what is hidden: whoever cannot see it cannot tell them apart ------------------------------------------


WORLDS: list[dict[str, Any]] = [
    {"company": "Zyzzyva", "expected_amount": Decimal(765432), "source": "web", "custom": {"code": "Zyzzyva", "size": 5551234}},
    {"company": "Other", "expected_amount": Decimal(3), "source": "event", "custom": {"code": "Other", "size": 4}},
]


def become(scene: Scene, world: dict[str, Any]) -> None:
    """Let the lead hold other values, as if it had always held them."""
    for name, value in world.items():
        setattr(scene.lead, name, value)
    scene.lead.status, scene.lead.disqualified_reason = "new", ""
    index(LEADS, scene.lead)
    scene.lead.save()
    LEADS.model.objects.filter(pk=scene.lead.pk).update(updated_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    values = {"annual_revenue": Decimal(len(world["company"]) * 1000), "industry": world["source"], "city": world["company"]}
    ACCOUNTS.model.objects.filter(pk=scene.account.pk).update(**values)


def trees() -> Iterator[tuple[str, Any]]:
    """Criteria that would tell the worlds apart, by the type that they are about."""
    ops: list[tuple[str, Any]] = [
        ("company", "Zyzzyva"),
        ("source", "web"),
        ("custom.code", "Zyzzyva"),
        ("expected_amount", 765432),
        ("custom.size", 5),
    ]
    for name, value in ops:
        for op in ("eq", "gt", "contains", "is_set"):
            yield "leads", {"field": name, "op": op, "value": value}
    revenue = {"field": "annual_revenue", "op": "gt", "value": 6000}
    yield "accounts", revenue
    yield "people", {"field": "account.annual_revenue", "op": "gt", "value": 6000}
    yield "people", {"not": {"field": "account.annual_revenue", "op": "gt", "value": 6000}}
    yield "opportunities", {"field": "account.city", "op": "eq", "value": "Zyzzyva"}
    yield "campaigns", {"field": "leads", "op": "any", "value": {"field": "company", "op": "eq", "value": "Zyzzyva"}}
    yield "campaigns", {"field": "leads", "sum": "expected_amount", "op": "gt", "value": 100}
    yield "users", {"field": "owner.email", "op": "contains", "value": "dao"}


def probes(scene: Scene) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Questions whose answers might depend on what is hidden."""
    api, browser = scene.api, scene.browser
    for slug, tree in trees():
        text = json.dumps(tree)
        for address in (f"{slug}/", f"{slug}/groups/"):
            query = {"filter": text, "total": "1", "by": "owner"}
            yield f"{address} {text}", lambda address=address, query=query: api.get(address, **query)
        for part in ("", "totals/"):
            yield f"page {slug}/{part} {text}", lambda slug=slug, part=part, text=text: browser.get(f"/{slug}/{part}", {"filter": text})
        yield f"export {text}", lambda slug=slug, tree=tree: exported(scene, {"type": slug, "filter": tree})
        yield f"bulk {text}", lambda slug=slug, tree=tree: bulk(scene, slug, tree)
    for name, way in itertools.product(HIDDEN["leads"], ("", "-")):
        yield f"sort {way}{name}", lambda name=name, way=way: api.get("leads/", sort=f"{way}{name}")
        yield f"page sort {way}{name}", lambda name=name, way=way: browser.get("/leads/", {"sort": f"{way}{name}"})
        yield f"export sort {way}{name}", lambda name=name, way=way: exported(scene, {"type": "leads", "sort": f"{way}{name}"})
    for name in HIDDEN["leads"]:
        yield f"group {name}", lambda name=name: api.get("leads/groups/", by=name)
        yield f"sum {name}", lambda name=name: api.get("leads/groups/", by="status", sum=name)
        yield f"page group {name}", lambda name=name: browser.get("/leads/", {"group": name, "sum": name})
        yield f"page group rows {name}", lambda name=name: browser.get("/leads/group/", {"group": name, "key": "web"})
        yield f"page board {name}", lambda name=name: browser.get("/leads/", {"view": "board", "by": name})
        yield f"page totals {name}", lambda name=name: browser.get("/leads/totals/", {"columns": name})
        yield f"upsert {name}", lambda name=name: imported(scene, name)
    for words in ("zyzzyva", "zyzz", "zyzzyav", "other", "Ann zyzzyva"):
        yield f"q {words}", lambda words=words: api.get("leads/", q=words, total="1")
        yield f"search {words}", lambda words=words: api.get("search/", q=words)
        yield f"pick {words}", lambda words=words: browser.get("/leads/pick/", {"q": words})
        yield f"palette {words}", lambda words=words: browser.get("/search/", {"q": words, "part": "palette"})
    for view in registry["views"].model.objects.all():
        yield f"view {view.title}", lambda view=view: api.get("leads/", view=str(view.pk), total="1")
        yield f"page view {view.title}", lambda view=view: browser.get("/leads/", {"view": str(view.pk)})
    for chart in registry["charts"].model.objects.all():
        yield f"chart {chart.title}", lambda chart=chart: browser.get(f"/charts/{chart.pk}/shown/")


def bulk(scene: Scene, slug: str, tree: Any) -> Any:
    """How many records something is done to."""
    answer = scene.api.post(f"{slug}/bulk/", {"action": "update", "filter": tree, "arguments": {"tags": []}})
    if answer.status_code != 202:
        return answer
    job = Job.objects.get(pk=answer.json()["job"])
    perform(job)
    return scene.api.get(f"jobs/{job.pk}/")


def imported(scene: Scene, name: str) -> Any:
    """What a dry run of an import says that finds records by a hidden field."""
    value = {"expected_amount": "765432", "source": "web", "custom.size": "5551234"}.get(name, "Zyzzyva")
    file = SimpleUploadedFile("leads.csv", f"Name,Key\nBen,{value}\n".encode())
    plan = json.dumps({"columns": {"Name": "name", "Key": name}})
    sent = {"type": "leads", "file": file, "map": plan, "key": name, "mode": "upsert", "dry_run": "1"}
    answer = scene.api.client.post("/api/v1/imports/", sent)
    if answer.status_code != 202:
        return answer
    job = Job.objects.get(pk=answer.json()["job"])
    perform(job)
    return scene.api.get(f"jobs/{job.pk}/")


def same_for_both(answer: Any) -> str:
    """An answer without what differs between any two requests."""
    body = text_of(answer)
    for pattern in CHANGING:
        body = re.sub(pattern, "…", body)
    return f"{answer.status_code} {body}"


def test_two_worlds_that_differ_in_what_is_hidden_cannot_be_told_apart(scene: Scene) -> None:
    tree = {"field": "company", "op": "eq", "value": "Zyzzyva"}
    shown = {"name": "Secret", "target": "leads", "scope": "public"}
    create(registry["views"], {**shown, "filter": tree}, scene.dao)
    told: list[dict[str, str]] = []
    for world in WORLDS:
        become(scene, world)
        told.append({name: same_for_both(ask()) for name, ask in probes(scene)})
    differing = [name for name in told[0] if told[0][name] != told[1][name]]
    assert differing == [], [first_difference(told[0][name], told[1][name]) for name in differing][:3]


def first_difference(one: str, other: str) -> tuple[str, str]:
    """Where two answers part."""
    at = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[max(0, at - 60) : at + 60], other[max(0, at - 60) : at + 60]


def test_what_is_worked_out_of_a_hidden_field_is_hidden_with_it(scene: Scene) -> None:
    made = [
        {"type": "leads", "label": "Twice", "kind": "formula", "result": "number", "formula": "employees * 2"},
        {"type": "leads", "label": "Guess", "kind": "formula", "result": "money", "formula": "expected_amount * 2"},
    ]
    for values in made:
        create(registry["custom-fields"], values, scene.dao)
    overlay.refresh()
    assert again(scene.clerk).access.hidden(LEADS) >= {"custom.guess"}
    assert "custom.twice" not in again(scene.clerk).access.hidden(LEADS)
    assert "guess" not in scene.api.get(f"leads/{scene.lead.pk}/").json()["custom"]
    assert scene.api.get("leads/groups/", by="status", sum="custom.guess").status_code == 422
    assert "guess" in Api(scene.dao).get(f"leads/{scene.lead.pk}/").json()["custom"]
