"""Charts: what they show is what their reader may see; who finds them; where they stand on the home page."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from renmai.kernel.access.user import Role, User
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.charts import pins
from renmai.kernel.charts.asks import Asks
from renmai.kernel.charts.drawing import Drawing, draw
from renmai.kernel.charts.model import Chart
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api, again

pytestmark = pytest.mark.django_db
LEADS = "leads"
BY_STATUS = {"type": LEADS, "by": "status"}


def lead(by: User, **values: Any) -> Any:
    return create(registry[LEADS], {"name": "Somchai", **values}, by)


def chart(by: User, **values: Any) -> Chart:
    return create(registry["charts"], {"name": "Leads", "asks": BY_STATUS, **values}, by)  # type: ignore[return-value]


def drawn(by: User, **asks: Any) -> Drawing:
    return draw(Asks.of({**BY_STATUS, **asks}), by)


def values(drawing: Drawing) -> dict[str, int]:
    return {slice.label: int(slice.value) for slice in drawing.slices}


def browse(user: User, **headers: str) -> Client:
    client = Client(headers=headers)
    client.force_login(user)
    return client


def test_a_chart_counts_what_its_reader_may_see(alice: User, bob: User, charlie: User) -> None:
    lead(alice, status="working")
    lead(alice)
    assert values(drawn(bob)) == {"New": 1, "Working": 1}
    assert values(drawn(charlie)) == {}


def test_choices_stand_in_their_own_order(alice: User) -> None:
    for status in ("sql", "working", "working", "new"):
        lead(alice, status=status)
    assert [slice.label for slice in drawn(alice).slices] == ["New", "Working", "Sales qualified"]


def test_a_click_leads_to_the_records_behind_a_value(alice: User, api: Callable[[User], Api]) -> None:
    lead(alice, company="Acme", status="working")
    lead(alice, company="Acme")
    found = drawn(alice, filter={"field": "company", "op": "eq", "value": "acme"})
    href = next(slice.href for slice in found.slices if slice.label == "Working")
    answer = browse(alice).get(href)
    assert answer.status_code == 200 and answer.content.decode().count("<tr id=") == 1


def test_months_without_records_are_drawn_too(alice: User) -> None:
    deals = [("2026-01-31", "10"), ("2026-04-01", "5.50"), (None, "1")]
    for day, amount in deals:
        create(registry["campaigns"], {"name": "Fair", "starts_on": day, "budget": amount, "currency": "USD"}, alice)
    found = draw(Asks("campaigns", "starts_on:month", sum="budget"), alice)
    assert [(slice.label, slice.text) for slice in found.slices] == [
        ("Jan 2026", "$10.00"),
        ("Feb 2026", "$0.00"),
        ("Mar 2026", "$0.00"),
        ("Apr 2026", "$5.50"),
        ("None", "$1.00"),
    ]
    assert found.total == "$16.50"


def test_amounts_of_other_currencies_are_named_beside_the_chart(alice: User) -> None:
    for currency in ("USD", "THB"):
        create(registry["campaigns"], {"name": "Fair", "budget": "10", "currency": currency}, alice)
    found = draw(Asks("campaigns", "status", sum="budget"), alice)
    assert found.total == "$10.00" and "฿10.00" in found.notes[0].replace("THB", "฿").replace("\xa0", "")


@pytest.mark.parametrize(
    ("asks", "word"),
    [
        ({"filter": {"field": "budget", "op": "is_set"}}, "no longer exists"),
        ({"by": "gone"}, "grouped"),
        ({"sum": "gone"}, "summed"),
        ({"type": "gone"}, "no longer exist"),
    ],
)
def test_a_chart_of_what_is_gone_says_so(alice: User, asks: dict[str, Any], word: str) -> None:
    lead(alice)
    found = draw(Asks.of({**BY_STATUS, **asks}), alice)
    assert word in found.trouble and not found.slices


def test_a_hidden_field_is_not_drawn(alice: User) -> None:
    lead(alice)
    Role.objects.filter(name="rep").update(fields={LEADS: {"status": "hidden"}})
    assert "you may not see it" in drawn(again(alice)).trouble


def test_a_chart_that_names_what_is_not_there_is_not_kept(alice: User) -> None:
    for asks in ({**BY_STATUS, "by": "gone"}, {**BY_STATUS, "filter": {"field": "gone", "op": "is_set"}}, {"type": "gone"}, [], {"x": 1}):
        with pytest.raises(Invalid):
            chart(alice, asks=asks)


@pytest.mark.parametrize(("audience", "finds"), [("personal", ""), ("team", "bob"), ("public", "bob charlie dao")])
def test_a_chart_is_found_by_its_audience(alice: User, bob: User, charlie: User, dao: User, audience: str, finds: str) -> None:
    made = chart(alice, audience=audience)
    found = [user.name.lower() for user in (bob, charlie, dao) if Chart.objects.visible_to(user).filter(pk=made.pk).exists()]
    assert found == finds.split()
    assert alice.may("edit", made) and not bob.may("edit", made) and not dao.may("edit", made)


def test_pinned_charts_stand_in_the_order_that_their_owner_gave_them(alice: User, bob: User) -> None:
    first, second, lost = chart(alice, name="A"), chart(alice, name="B"), chart(bob, name="C")
    for one in (first, second, lost):
        pins.pin(alice, one)
    assert pins.pinned(alice) == [first, second]
    pins.move(alice, second, -1)
    pins.move(alice, second, -1)
    assert pins.pinned(alice) == [second, first]
    pins.unpin(alice, second)
    assert pins.pinned(alice) == [first]


def test_a_chart_is_kept_from_the_page_and_pinned(alice: User) -> None:
    lead(alice)
    client = browse(alice)
    answer = client.post(
        "/leads/chart/", {"by": "created_at:month", "sum": "", "look": "line", "name": "New leads", "audience": "team", "pin": "1"}
    )
    kept = Chart.objects.get()
    assert answer.status_code == 303 and str(kept.pk) in answer["Location"]
    assert (kept.look, kept.audience, kept.asks["by"]) == ("line", "team", "created_at:month")
    home = client.get("/").content.decode()
    assert "New leads" in home and f"/charts/{kept.pk}/shown/" in home
    part = browse(alice, HX_Request="true").get(f"/charts/{kept.pk}/shown/").content.decode()
    assert 'data-value="1"' in part


def test_a_chart_without_a_name_is_asked_for_one(alice: User) -> None:
    answer = browse(alice).post("/leads/chart/", {"by": "status", "name": ""})
    assert answer.status_code == 422 and not Chart.objects.exists()


def test_who_does_not_find_a_chart_gets_404(alice: User, charlie: User) -> None:
    made = chart(alice)
    client = browse(charlie)
    answers = [
        client.get(f"/charts/{made.pk}/shown/"),
        client.get(f"/leads/chart/?chart={made.pk}"),
        client.post(f"/charts/{made.pk}/arrange/", {"do": "pin"}),
        client.get("/leads/chart/?chart=nonsense"),
        client.get("/nonsense/chart/"),
    ]
    assert {answer.status_code for answer in answers} == {404}


def test_what_an_address_asks_wrongly_is_told_on_the_page(alice: User) -> None:
    client = browse(alice)
    lead(alice)
    assert client.get("/leads/chart/?by=gone").status_code == 200
    assert client.get("/leads/chart/", {"filter": json.dumps({"field": "gone", "op": "is_set"})}).status_code == 200
    assert client.get("/leads/chart/?filter={").status_code == 422


def test_the_home_page_asks_once_for_all_pinned_charts(alice: User, django_assert_num_queries: Any) -> None:
    for name in "ABCD":
        pins.pin(alice, chart(alice, name=name))
    again(alice)
    with django_assert_num_queries(1):
        assert len(pins.pinned(alice)) == 4


def test_days_are_grouped_by_stretches_of_the_calendar_at_the_api(alice: User, api: Callable[[User], Api]) -> None:
    for day in ("2026-01-31", "2026-02-01", "2026-12-31", None):
        create(registry["campaigns"], {"name": "Fair", "starts_on": day}, alice)
    program = api(alice)

    def keys(by: str) -> list[Any]:
        return [item["key"] for item in program.get("campaigns/groups/", by=by).json()["items"]]

    assert keys("starts_on:month") == ["2026-01", "2026-02", "2026-12", None]
    assert keys("starts_on:quarter") == ["2026-Q1", "2026-Q4", None]
    assert keys("starts_on:year") == ["2026", None]
    assert keys("starts_on:week") == ["2026-W05", "2026-W53", None]
    assert program.get("campaigns/groups/", by="starts_on:century").status_code == 422
    assert program.get("campaigns/groups/", by="created_at").status_code == 422
    assert program.get("campaigns/groups/", by="status:month").status_code == 422


def test_moments_are_grouped_in_the_zone_of_their_reader(alice: User, api: Callable[[User], Api]) -> None:
    made = lead(alice)
    type(made).objects.filter(pk=made.pk).update(created_at="2026-01-31T23:30:00Z")
    User.objects.filter(pk=alice.pk).update(time_zone="Asia/Bangkok")
    found = api(alice).get("leads/groups/", by="created_at:month").json()["items"]
    assert [item["key"] for item in found] == ["2026-02"]
