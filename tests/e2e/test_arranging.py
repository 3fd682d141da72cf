"""What people arrange for themselves and for others: filters, views, charts, layouts, calendars."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import violations
from tests.e2e.conftest import Opens
from tests.e2e.house import House

pytestmark = pytest.mark.browser


@pytest.fixture
def layout(house: House) -> Iterator[str]:
    """Everybody's layout of campaigns, in which the cost is asked for only of those that have ended; taken back afterwards."""
    rules = {"cost": {"shown_when": {"field": "status", "op": "eq", "value": "ended"}}}
    made = house.make("layouts", type="campaigns", rules=rules)
    yield f"/settings/layouts/campaigns/{made['id']}/"
    house.call("DELETE", f"layouts/{made['id']}/")


def test_a_nested_filter_is_built_and_says_what_it_finds(opens: Opens, house: House) -> None:
    for name, status in (("Nested New", "new"), ("Nested Working", "working"), ("Nested Won", "sql")):
        house.make("leads", name=name, company="Nested Ltd", status=status)
    page = opens("/leads/")
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("button", name="More conditions…").click()
    builder = page.locator("criteria-builder")
    builder.get_by_label("Field", exact=True).select_option("company")
    builder.locator(".criteria-value input").fill("Nested Ltd")
    builder.get_by_role("button", name="Add a group").click()
    inner = builder.locator("fieldset fieldset")
    for place, status in enumerate(("New", "Working")):
        if place:
            inner.get_by_role("button", name="Add a condition").click()
        line = inner.locator(".criteria-line").nth(place)
        line.get_by_label("Field", exact=True).select_option("status")
        line.get_by_label(status, exact=True).check()
    inner.get_by_label("How many of the conditions must hold").select_option("any")
    expect(builder.locator(".criteria-size")).to_have_text("2 records")
    expect(builder.locator(".criteria-words")).to_contain_text("Nested Ltd")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("#list tbody tr")).to_have_count(2)


def test_a_view_is_kept_and_given_to_everybody(opens: Opens, house: House) -> None:
    house.make("leads", name="View Lead", company="View Ltd")
    page = opens('/leads/?filter={"field":"company","op":"eq","value":"View Ltd"}')
    page.get_by_role("button", name="View", exact=True).click()
    page.get_by_role("button", name="Save as a view…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Of View Ltd")
    dialog.get_by_label("Whose").select_option("public")
    dialog.get_by_role("button", name="Save").click()
    page.wait_for_url("**view=*")
    other = opens("/leads/", "charlie")
    other.get_by_role("link", name="Of View Ltd").click()
    expect(other.get_by_role("link", name="Of View Ltd")).to_have_attribute("aria-current", "page")


def test_a_chart_is_pinned_to_the_home_page(opens: Opens, house: House) -> None:
    house.make("leads", name="Chart Lead", source="web")
    page = opens("/leads/chart/?by=status", "charlie")
    page.get_by_label("Name").fill("Leads by where they stand")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(f"{house.base}/")
    expect(page.get_by_text("Leads by where they stand").first).to_be_visible()


def test_a_layout_is_put_in_order_by_keys_and_follows_what_is_typed(opens: Opens, house: House, layout: str) -> None:
    page = opens(layout)
    page.get_by_role("link", name="Name", exact=True).press("Alt+ArrowDown")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".layout-field a").nth(1)).to_have_text("Name")
    page.goto(f"{house.base}/campaigns/new/")
    expect(page.get_by_label("Cost")).to_be_hidden()
    page.get_by_label("Status").select_option("ended")
    expect(page.get_by_label("Cost")).to_be_visible()


def test_a_record_is_dragged_to_another_day(opens: Opens, house: House) -> None:
    today = dt.date.today()
    middle = today.replace(day=15)
    campaign = house.make("campaigns", name="Drag fair", starts_on=str(middle), ends_on=str(middle))
    page = opens("/campaigns/?view=calendar")
    event = page.get_by_role("link", name=re.compile("Drag fair"))
    expect(event).to_be_visible()
    event.hover()
    page.mouse.down()
    with page.expect_response(lambda answer: "/day/" in answer.url):
        box = page.locator(f'td[data-date="{middle.replace(day=17)}"]').bounding_box() or {}
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=12)
        page.mouse.up()
    assert house.call("GET", f"campaigns/{campaign['id']}/")["starts_on"] == str(middle.replace(day=17))
    assert violations(page) == []


def test_a_graph_is_walked_and_opened_by_keyboard(opens: Opens, house: House) -> None:
    account = house.make("accounts", name="Graph Ltd")
    person = house.make("people", name="Graph Person", account=account["id"])
    page = opens("/accounts/?view=graph&q=Graph+Ltd", color_scheme="dark")
    page.get_by_role("link", name="Graph Ltd, Account").focus()
    page.keyboard.press("Space")
    page.get_by_role("link", name="Graph Person, Person").focus()
    assert violations(page) == []
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/people/{person['id']}/")


def test_tab_keeps_a_cell_and_goes_on_to_the_next(opens: Opens, house: House) -> None:
    lead = house.make("leads", name="Tab Lead", company="Before Ltd")
    page = opens("/leads/?q=Tab+Lead&columns=company,source")
    row = page.locator(f"#row-{lead['id']}")
    row.locator("td[data-field=company]").dblclick()
    row.locator("td[data-field=company] form input[type=text]").fill("Tabbed Ltd")
    page.keyboard.press("Tab")
    expect(row.locator("td[data-field=source] form")).to_be_visible()
    expect(row.locator("td[data-field=company]")).to_contain_text("Tabbed Ltd")
    page.keyboard.press("Escape")
    expect(row.locator("form")).to_have_count(0)
