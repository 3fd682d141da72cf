"""What each operator means, told by leads and accounts that people could know; database and memory must both say so."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from renmai.kernel.access.user import Team, User
from renmai.kernel.criteria import Reader, matches, parse, to_q
from renmai.kernel.records.store import create, remove
from renmai.kernel.records.types import registry

NOW = dt.datetime(2026, 11, 22, 20, 0, tzinfo=dt.UTC)  # in Bangkok it is the 23rd, three o'clock in the morning
BANGKOK = ZoneInfo("Asia/Bangkok")
RULE = Reader(None, NOW, BANGKOK)


def make(slug: str, **values: Any) -> Any:
    """A record of the company."""
    return create(registry[slug], values, None)


def names(slug: str, tree: Any, reader: Reader = RULE) -> set[str]:
    """Titles of the records that both the database and memory find."""
    kind = registry[slug]
    node, rows = parse(tree, kind), kind.model.objects.live()
    found = {row.title for row in rows.filter(to_q(node, reader))}
    assert found == {row.title for row in rows if matches(node, row, reader)}
    return found


def leaf(field: str, op: str, value: Any = None) -> dict[str, Any]:
    """One condition."""
    return {"field": field, "op": op} | ({} if value is None else {"value": value})


@pytest.fixture
def leads(db: None) -> None:
    """Three leads: a large one, a small one, and one of which only the name is known."""
    make("leads", name="Large", company="ＡＣＭＥ Straße", employees=500, country="TH", status="working", tags=["vip", "ใหม่"])
    make("leads", name="Small", company="acme straße", employees=5, country="CN", tags=["vip"])
    make("leads", name="Unknown")


@pytest.mark.parametrize(
    ("field", "op", "value", "expected"),
    [
        ("company", "eq", "Acme STRAßE", {"Large", "Small"}),
        ("company", "ne", "Acme STRAßE", {"Unknown"}),
        ("company", "in", ["other", "acme straße"], {"Large", "Small"}),
        ("company", "not_in", ["acme straße"], {"Unknown"}),
        ("company", "in", [], set()),
        ("company", "not_in", [], {"Large", "Small", "Unknown"}),
        ("company", "contains", "Me sT", {"Large", "Small"}),
        ("company", "contains", "%", set()),
        ("company", "starts_with", "ａ", {"Large", "Small"}),
        ("company", "starts_with", "straße", set()),
        ("company", "is_set", None, {"Large", "Small"}),
        ("company", "is_empty", None, {"Unknown"}),
        ("employees", "eq", 5, {"Small"}),
        ("employees", "ne", 5, {"Large", "Unknown"}),
        ("employees", "lt", 500, {"Small"}),
        ("employees", "lte", "500", {"Large", "Small"}),
        ("employees", "gt", 5, {"Large"}),
        ("employees", "gte", 5, {"Large", "Small"}),
        ("employees", "between", [5, 499], {"Small"}),
        ("employees", "between", [500, 5], set()),
        ("employees", "is_empty", None, {"Unknown"}),
        ("country", "eq", "th", {"Large"}),
        ("country", "ne", "TH", {"Small", "Unknown"}),
        ("status", "eq", "working", {"Large"}),
        ("status", "not_in", ["working"], {"Small", "Unknown"}),
        ("tags", "contains", "vip", {"Large", "Small"}),
        ("tags", "in", ["ใหม่", "冷"], {"Large"}),
        ("tags", "not_in", ["ใหม่", "冷"], {"Small", "Unknown"}),
        ("tags", "is_empty", None, {"Unknown"}),
    ],
)
def test_an_operator_means(leads: None, field: str, op: str, value: Any, expected: set[str]) -> None:
    assert names("leads", leaf(field, op, value)) == expected


@pytest.mark.parametrize(("op", "expected"), [("eq", {"Unknown"}), ("ne", {"Large", "Small"})])
def test_equal_to_null_means_empty(leads: None, op: str, expected: set[str]) -> None:
    assert names("leads", {"field": "company", "op": op, "value": None}) == expected


def test_not_takes_the_empty_along(leads: None) -> None:
    assert names("leads", {"not": leaf("employees", "gt", 5)}) == {"Small", "Unknown"}


def test_any_of_nothing_is_nobody_and_all_of_nothing_is_everybody(leads: None) -> None:
    assert names("leads", {"or": []}) == set()
    assert names("leads", {"and": []}) == {"Large", "Small", "Unknown"}


@pytest.fixture
def campaigns(db: None) -> None:
    """Campaigns that begin on days around today, which in Bangkok is the 23rd."""
    for name, day in (
        ("Past", "2026-10-24"),
        ("Older", "2026-10-23"),
        ("Today", "2026-11-23"),
        ("Next", "2026-12-07"),
        ("Later", "2026-12-08"),
    ):
        make("campaigns", name=name, starts_on=day)
    make("campaigns", name="Undated")


@pytest.mark.parametrize(
    ("op", "value", "expected"),
    [
        ("eq", {"var": "today"}, {"Today"}),
        ("before", {"var": "today"}, {"Past", "Older"}),
        ("after", {"var": "today"}, {"Next", "Later"}),
        ("lte", "2026-11-23", {"Past", "Older", "Today"}),
        ("between", ["2026-10-24", {"var": "today"}], {"Past", "Today"}),
        ("within", {"last": "30 days"}, {"Past", "Today"}),
        ("within", {"next": "2 weeks"}, {"Today", "Next"}),
        ("within", {"this": "month"}, {"Today"}),
        ("within", {"this": "year"}, {"Past", "Older", "Today", "Next", "Later"}),
    ],
)
def test_a_day_is_compared_in_the_zone_of_the_reader(campaigns: None, op: str, value: Any, expected: set[str]) -> None:
    assert names("campaigns", leaf("starts_on", op, value)) == expected


@pytest.fixture
def tasks(db: None) -> None:
    """Tasks due around midnight in Bangkok, 17:00 UTC."""
    for subject, due in (("Evening", "2026-11-22T16:59:59Z"), ("Midnight", "2026-11-22T17:00:00Z"), ("Night", "2026-11-23T16:59:59Z")):
        make("tasks", subject=subject, due_at=due)
    make("tasks", subject="Tomorrow", due_at="2026-11-24T00:00:00+07:00")
    make("tasks", subject="Sometime")


@pytest.mark.parametrize(
    ("op", "value", "expected"),
    [
        ("eq", "2026-11-23", {"Midnight", "Night"}),
        ("ne", "2026-11-23", {"Evening", "Tomorrow", "Sometime"}),
        ("lt", {"var": "today"}, {"Evening"}),
        ("lte", {"var": "today"}, {"Evening", "Midnight", "Night"}),
        ("gt", {"var": "today"}, {"Tomorrow"}),
        ("gte", {"var": "today"}, {"Midnight", "Night", "Tomorrow"}),
        ("before", {"var": "now"}, {"Evening", "Midnight"}),
        ("after", "2026-11-23T23:59:59", {"Tomorrow"}),
        ("between", ["2026-11-22", "2026-11-23"], {"Evening", "Midnight", "Night"}),
        ("within", {"last": "1 day"}, {"Evening", "Midnight"}),
        ("within", {"next": "1 day"}, {"Night", "Tomorrow"}),
        ("within", {"this": "day"}, {"Midnight", "Night"}),
    ],
)
def test_a_day_of_a_moment_lasts_from_midnight_to_midnight(tasks: None, op: str, value: Any, expected: set[str]) -> None:
    assert names("tasks", leaf("due_at", op, value)) == expected


@pytest.fixture
def accounts(db: None) -> dict[str, Any]:
    """A mother in Thailand, her daughter in China with two people, and a stranger without any."""
    mother = make("accounts", name="Mother", country="TH")
    daughter = make("accounts", name="Daughter", country="CN", parent=mother)
    stranger = make("accounts", name="Stranger")
    for name, title in (("Wei", "CEO"), ("Min", "CTO")):
        make("people", name=name, job_title=title, account=daughter)
    make("people", name="Nobody's")
    return {"Mother": mother, "Daughter": daughter, "Stranger": stranger}


def test_a_dotted_name_follows_links(accounts: Any) -> None:
    assert names("people", leaf("account.country", "eq", "CN")) == {"Wei", "Min"}
    assert names("people", leaf("account.parent.country", "eq", "TH")) == {"Wei", "Min"}
    assert names("people", leaf("account.country", "ne", "CN")) == {"Nobody's"}


def test_a_link_to_a_deleted_record_leads_nowhere(accounts: Any) -> None:
    remove(registry["accounts"], accounts["Daughter"].pk, None)
    assert names("people", leaf("account.country", "eq", "CN")) == set()
    assert names("people", leaf("account.country", "is_empty")) == {"Wei", "Min", "Nobody's"}


def test_a_link_is_compared_by_id_alone_or_as_it_is_read(accounts: Any) -> None:
    daughter = {"id": str(accounts["Daughter"].pk), "type": "accounts", "title": "Daughter"}
    assert names("people", leaf("account", "eq", daughter)) == {"Wei", "Min"}
    assert names("people", leaf("account", "not_in", [daughter["id"]])) == {"Nobody's"}


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ({"op": "any"}, {"Daughter"}),
        ({"op": "none"}, {"Mother", "Stranger"}),
        ({"op": "any", "value": leaf("job_title", "eq", "ceo")}, {"Daughter"}),
        ({"op": "none", "value": leaf("job_title", "eq", "CFO")}, {"Mother", "Daughter", "Stranger"}),
        ({"op": "gt", "count": True, "value": 1}, {"Daughter"}),
        ({"op": "eq", "count": True, "value": 0}, {"Mother", "Stranger"}),
        ({"op": "eq", "count": True, "where": leaf("job_title", "eq", "CEO"), "value": 1}, {"Daughter"}),
    ],
)
def test_related_rows_are_asked_for_some_none_or_how_many(accounts: Any, rest: dict[str, Any], expected: set[str]) -> None:
    assert names("accounts", {"field": "people", **rest}) == expected


def test_the_amounts_of_related_rows_are_summed(accounts: Any) -> None:
    pipeline = make("pipelines", name="Sales")
    stage = make("stages", name="New", pipeline=pipeline, kind="open", probability=10)
    for number, amount in enumerate(("1000.00", "2000.50")):
        values = {"pipeline": pipeline, "stage": stage, "currency": "THB", "amount": amount}
        make("opportunities", name=f"Deal {number}", account=accounts["Mother"], **values)
    summed = {"field": "opportunities", "op": "gte", "sum": "amount"}
    assert names("accounts", {**summed, "value": "3000.50"}) == {"Mother"}
    assert names("accounts", {**summed, "value": "3000.51"}) == set()
    assert names("accounts", {**summed, "value": "0", "op": "eq"}) == {"Daughter", "Stranger"}
    assert names("accounts", {**summed, "where": leaf("name", "eq", "deal 1"), "value": 2001, "op": "lt"}) == {
        "Mother",
        "Daughter",
        "Stranger",
    }


def test_activities_are_related_to_what_they_are_about(accounts: Any) -> None:
    about = [{"type": "accounts", "id": str(accounts["Mother"].pk)}]
    make("notes", subject="Seen", body="At the fair", about=about)
    assert names("accounts", {"field": "notes", "op": "none"}) == {"Daughter", "Stranger"}
    assert names("notes", leaf("about", "contains", about[0])) == {"Seen"}
    assert names("notes", leaf("about", "is_empty")) == set()


def test_variables_stand_for_the_reader(alice: User, bob: User, charlie: User, north: Team) -> None:
    below = make("teams", name="Below", parent=north)
    eve = make("users", name="Eve", team=below)
    for owner in (alice, bob, charlie, eve):
        make("leads", name=f"Lead of {owner.name}", owner=owner)
    reader = Reader(alice, NOW, BANGKOK)
    assert names("leads", leaf("owner", "eq", {"var": "me"}), reader) == {"Lead of Alice"}
    assert names("leads", leaf("owner", "in", {"var": "my_team"}), reader) == {"Lead of Alice", "Lead of Bob"}
    assert names("leads", leaf("team", "eq", {"var": "my_branch"}), reader) == {"Lead of Alice", "Lead of Bob", "Lead of Eve"}
    assert names("leads", leaf("owner", "not_in", [{"var": "me"}, str(bob.pk)]), reader) == {"Lead of Charlie", "Lead of Eve"}
    assert names("leads", leaf("owner", "eq", {"var": "me"}), RULE) == set()


def test_what_the_reader_may_not_see_counts_as_absent(alice: User, charlie: User) -> None:
    account = make("accounts", name="Charlie's", country="TH", owner=charlie)
    make("people", name="Known", account=account, owner=alice)
    make("people", name="Unknown", account=account, owner=charlie)
    ask = leaf("account.country", "eq", "TH")
    assert names("people", ask, Reader(alice, NOW, BANGKOK, scoped=True)) == set()
    assert names("people", ask, Reader(charlie, NOW, BANGKOK, scoped=True)) == {"Known", "Unknown"}
    count = {"field": "people", "op": "gt", "count": True, "value": 1}
    assert names("accounts", count, Reader(charlie, NOW, BANGKOK, scoped=True)) == set()
    assert names("accounts", count, RULE) == {"Charlie's"}
