"""Real files of other systems go in as a user would bring them, and the numbers that are known of them come out."""

from __future__ import annotations

import json
import lzma
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from renmai.config.cli import main
from renmai.kernel.access.user import User
from renmai.kernel.facts import Fact
from renmai.kernel.files.store import keep_copy
from renmai.kernel.records.about import About
from renmai.kernel.records.record import Record
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api
from renmai.kernel.transfer.forms import plan_of_values
from renmai.kernel.transfer.model import ChangeSet
from renmai.kernel.transfer.plan import Plan
from renmai.kernel.transfer.propose import propose
from renmai.kernel.transfer.read import look
from renmai.kernel.transfer.run import prepare, run
from renmai.kernel.transfer.wizard import Wizard

SHARED = Path(__file__).parents[1].parent / "shared" / "data"
MAVEN, ZOHO = SHARED / "01_pipeline" / "maven_crm_sales", SHARED / "01_pipeline" / "zoho_crm_demo"
STAGES = {"Engaging": "Contact", "Prospecting": "Prospect"}

pytestmark = [pytest.mark.django_db, pytest.mark.whole, pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not here")]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stored files go with the test."""
    from renmai.kernel.files import model

    monkeypatch.setattr(model, "FOLDER", tmp_path / "files")


def plain(path: Path, folder: Path) -> Path:
    """The file, unpacked."""
    to = folder / path.name.removesuffix(".xz")
    if path.suffix == ".xz":
        with lzma.open(path) as packed, to.open("wb") as file:
            shutil.copyfileobj(packed, file)
    else:
        shutil.copyfile(path, to)
    return to


def bring(path: Path, slug: str, **told: Any) -> ChangeSet:
    """Import a file with what is proposed, and what a person would add."""
    found = look(path)
    proposal = propose(registry[slug], found)
    mapping = {**proposal.mapping, **told.pop("columns", {})}
    base = {"columns": mapping, "name_template": proposal.name_template, "reading": proposal.reading.as_json()}
    change_set = prepare(registry[slug], keep_copy(path, by=None), Plan.of({**base, **told}), found.layout, by=None)
    run(change_set, by=None)
    return change_set


def through_the_wizard(path: Path, slug: str, by: User, answers: Callable[[list[Any]], dict[str, str]]) -> ChangeSet:
    """Upload, look at the unknown values, decide, preview, start."""
    wizard = Wizard.begin(registry[slug], SimpleUploadedFile(path.name, path.read_bytes()), by)
    wizard.decide(plan_of_values(answers(wizard.unknowns()), wizard.plan))
    wizard = Wizard(ChangeSet.objects.get(pk=wizard.change_set.pk), by)
    assert wizard.preview().problems == []
    run(wizard.change_set, by=by)
    return wizard.change_set


def take_what_is_near(unknowns: list[Any]) -> dict[str, str]:
    """Make people and teams; take the rest for what is nearly the same, and stages for ours."""
    given: dict[str, str] = {}
    for unknown in unknowns:
        name = unknown.target.name
        given |= {f"all-{name}": "make" if unknown.links_to in {"users", "teams"} else "back", f"type-{name}": unknown.links_to}
        for value in unknown.values:
            to = _stage(value.text) if unknown.links_to == "stages" else COUNTRIES.get(value.text) or value.near[0]
            number = str(len(given))
            given |= {f"of-{number}": name, f"text-{number}": value.text, f"do-{number}": "map" if to else "", f"to-{number}": to}
    return given


COUNTRIES = {"Korea": "KR", "Philipines": "PH"}


def _stage(text: str) -> str:
    return str(registry["stages"].model.objects.get(name=STAGES[text]).pk)


def test_the_maven_pipeline_through_the_wizard(tmp_path: Path, dao: User) -> None:
    for name, slug in [("sales_teams.csv", "users"), ("accounts.csv", "accounts"), ("products.csv", "products")]:
        assert through_the_wizard(MAVEN / name, slug, dao, take_what_is_near).failed == 0
    change_set = through_the_wizard(plain(MAVEN / "sales_pipeline.csv.xz", tmp_path), "opportunities", dao, take_what_is_near)
    assert (change_set.created, change_set.failed) == (8_800, 0)
    kept = change_set.map["values"]
    assert set(kept) == {"product", "stage"}
    assert list(kept["product"]) == ["GTXPro"]
    require_totals(dao)


def test_the_maven_pipeline_by_the_command(tmp_path: Path, dao: User, capsys: pytest.CaptureFixture[str]) -> None:
    maps = {
        "accounts": {
            "columns": {
                "account": "name",
                "sector": "industry",
                "revenue": "annual_revenue",
                "office_location": "country",
                "subsidiary_of": "parent",
            },
            "values": {"country": COUNTRIES, "industry": {"technolgy": "technology"}},
        },
        "opportunities": {
            "columns": {
                "opportunity_id": "external_ids.maven",
                "sales_agent": "owner",
                "product": "product",
                "account": "account",
                "deal_stage": "stage",
                "engage_date": "opened_on",
                "close_date": "close_on",
                "close_value": "amount",
            },
            "values": {"product": {"GTXPro": "GTX Pro"}, "stage": STAGES},
            "name_template": "{account} – {product}",
            "make_missing": ["users"],
        },
    }
    for slug, told in maps.items():
        (tmp_path / f"{slug}.json").write_text(json.dumps(told), "utf-8")
    pipeline = plain(MAVEN / "sales_pipeline.csv.xz", tmp_path)
    command(str(MAVEN / "products.csv"), "--type", "products")
    command(str(MAVEN / "accounts.csv"), "--type", "accounts", "--map", str(tmp_path / "accounts.json"))
    capsys.readouterr()
    command(str(pipeline), "--type", "opportunities", "--map", str(tmp_path / "opportunities.json"))
    told = json.loads(capsys.readouterr().out)
    assert {name: told[name] for name in ("created", "updated", "skipped", "failed")} == {
        "created": 8_800,
        "updated": 0,
        "skipped": 0,
        "failed": 0,
    }
    assert told["also_made"] == {"users": 30}
    require_totals(dao)


def command(*arguments: str) -> None:
    """``renmai import``, which leaves with 0 only when every row is in."""
    with pytest.raises(SystemExit) as left:
        main(["import", *arguments])
    assert left.value.code == 0


def require_totals(dao: User) -> None:
    """The published and computed numbers of the set, in the list, on the board and from the API."""
    api = Api(dao)
    groups = {group["label"]: group for group in api.get("opportunities/groups/", by="stage", sum="amount").json()["items"]}
    assert {label: groups[label]["count"] for label in ("Won", "Lost", "Contact", "Prospect")} == {
        "Won": 4238,
        "Lost": 2473,
        "Contact": 1589,
        "Prospect": 500,
    }
    assert Decimal(groups["Won"]["sums"][0]["sum"]) == 10_005_534
    won = {"field": "stage.kind", "op": "eq", "value": "won"}
    listed = api.get("opportunities/", filter=json.dumps(won), limit=1, total=1).json()
    assert (listed["total"], listed["total_is_estimate"]) == (4238, False)
    nameless = api.get("opportunities/", filter=json.dumps({"field": "account", "op": "is_empty"}), limit=1, total=1).json()
    assert nameless["total"] == 1_425
    facts = Fact.objects.filter(kind="opportunity.won")
    assert (facts.count(), facts.order_by("at")[0].at.date().isoformat()) == (4238, "2017-03-01")  # type: ignore[union-attr]


def test_zoho_people_and_activities_keep_their_ids_and_whom_they_are_about(tmp_path: Path) -> None:
    zoho = {"make_missing": ["users"]}
    accounts = bring(
        plain(ZOHO / "Accounts.csv.xz", tmp_path), "accounts", columns={"ACCOUNTID": "external_ids.zoho"}, name_template="{Website}", **zoho
    )
    assert (accounts.created, accounts.failed) == (2_229, 0)
    people = bring(
        ZOHO / "Contacts.csv",
        "people",
        columns={"CONTACTID": "external_ids.zoho", "Account Id": "account.external_id"},
        leave_missing=["account.external_id"],
        **zoho,
    )
    assert (people.created, people.failed) == (1_265, 0)
    leads = bring(
        plain(ZOHO / "Leads.csv.xz", tmp_path), "leads", columns={"LEADID": "external_ids.zoho"}, leave_missing=["status"], **zoho
    )
    assert (leads.created, leads.failed) == (3_900, 0)
    denson = registry["leads"].model.objects.get(external_ids__zoho="4563")
    assert (denson.family_name, denson.company, denson.created_at.isoformat()) == (
        "Denson",
        "Maurice The Pants Man",
        "2021-04-15T00:03:00+00:00",
    )
    about = {"CONTACTID": "about.people", "ACCOUNTID": "about.accounts", "LEADID": "about.leads"}
    calls = bring(
        plain(ZOHO / "Calls.csv.xz", tmp_path),
        "follow-ups",
        columns={"TASKID": "external_ids.zoho", "POTENTIALID": "", **about},
        leave_missing=list(about.values()),
        **zoho,
    )
    assert calls.created + calls.failed == 4_100
    first = registry["follow-ups"].model.objects.get(external_ids__zoho="5000309")
    assert [title_of(link) for link in About.objects.filter(source_id=first.pk)] == [
        str(registry["people"].model.objects.get(external_ids__zoho="2440").title),
        str(registry["accounts"].model.objects.get(external_ids__zoho="1458").title),
    ]
    assert first.happened_at.isoformat() == "2021-04-15T23:03:00+00:00"


def title_of(link: About) -> str:
    """Title of the record that an activity is about."""
    found: Record = registry[link.target_type].model.objects.get(pk=link.target_id)
    return found.title


def test_zoho_campaigns_with_shortened_money(tmp_path: Path) -> None:
    change_set = bring(ZOHO / "Campaigns.csv", "campaigns", leave_missing=["status"])
    assert (change_set.created, change_set.failed) == (110, 0)
    first = registry["campaigns"].model.objects.get(external_ids__import="24000011")
    assert (first.budget, first.cost, first.starts_on.isoformat()) == (Decimal("115000"), Decimal("141560"), "2021-04-25")


def test_the_leads_of_x_education(tmp_path: Path) -> None:
    path = plain(SHARED / "02_leads" / "x_education" / "Leads.csv.xz", tmp_path)
    change_set = bring(
        path,
        "leads",
        columns={"Prospect ID": "external_ids.x_education"},
        name_template="{Lead Number}",
        leave_missing=["country"],
    )
    assert (change_set.created, change_set.failed) == (9_240, 0)
    leads = registry["leads"].model.objects
    assert leads.filter(city="Mumbai").count() == 3_222
    assert not leads.filter(city="Select").exists()
    assert leads.get(external_ids__x_education="2a272436-5132-4136-86fa-dcc88c88f482").country == "IN"
