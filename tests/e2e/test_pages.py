"""Every page: reachable by keyboard and thumb, readable by everybody, light and dark."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, Opens
from tests.e2e.house import House

pytestmark = pytest.mark.browser
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
LISTS = [
    "/",
    "/leads/",
    "/opportunities/?view=board",
    "/leads/new/",
    "/quotes/new/",
    "/search/?q=axe",
    "/accounts/?deleted=1",
    "/settings/",
]


def violations(page: Page) -> list[str]:
    """What axe finds wrong, with the elements."""
    found: list[dict[str, Any]] = Axe().run(page, options=RULES).response["violations"]
    return [f"{problem['id']}: {node['html'][:160]} {node['failureSummary'][:200]}" for problem in found for node in problem["nodes"][:3]]


@pytest.fixture(scope="module")
def furnished(house: House) -> dict[str, str]:
    """One record of several types, with links between them: address by type."""
    account = house.make("accounts", name="Axe Ltd", email="info@axe.example", country="TH")
    person = house.make("people", name="สมชาย ใจดี", account=account["id"], phone="+66812345678")
    deal = house.make("opportunities", name="Axe deal", account=account["id"], person=person["id"], amount="1200.50", currency="THB")
    quote = house.make(
        "quotes", opportunity=deal["id"], currency="THB", lines=[{"description": "Chair", "quantity": "2", "unit_price": "10"}]
    )
    house.make("notes", body="A note", about=[{"type": "accounts", "id": account["id"]}])
    house.make("tasks", subject="Call", about=[{"type": "accounts", "id": account["id"]}])
    house.make("leads", name="王伟", company="华为", status="working")
    ticket = house.make("tickets", subject="Broken", account=account["id"])
    made = [account, person, deal, quote, ticket]
    return {record["type"]: f"/{record['type']}/{record['id']}/" for record in made}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", LISTS)
def test_axe_finds_nothing_wrong(opens: Opens, furnished: dict[str, str], path: str, scheme: str) -> None:
    assert violations(opens(path, color_scheme=scheme)) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("slug", ["accounts", "people", "opportunities", "quotes", "tickets"])
def test_axe_finds_nothing_wrong_with_a_record(opens: Opens, furnished: dict[str, str], slug: str, scheme: str) -> None:
    assert violations(opens(furnished[slug], color_scheme=scheme)) == []


@pytest.mark.parametrize("opener", ["[data-palette]", "[popovertarget=make]", "[popovertarget=person]", "[popovertarget=columns]"])
def test_axe_finds_nothing_wrong_with_what_opens(opens: Opens, furnished: dict[str, str], opener: str) -> None:
    page = opens("/leads/")
    page.locator(opener).first.click()
    expect(page.locator("dialog[open], :popover-open").first).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("path", [*LISTS, "accounts", "quotes"])
def test_a_phone_never_scrolls_sideways(opens: Opens, furnished: dict[str, str], path: str) -> None:
    page = opens(furnished.get(path, path), viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_parts_of_a_record_are_tabs_on_a_phone(opens: Opens, furnished: dict[str, str]) -> None:
    page = opens(furnished["accounts"], viewport=PHONE)
    expect(page.locator("#timeline")).to_be_hidden()
    page.get_by_role("tab", name="Timeline").click()
    expect(page.locator("#timeline")).to_be_visible()
    expect(page.locator("#facts")).to_be_hidden()


def test_the_palette_finds_a_record_and_opens_it_by_keyboard(opens: Opens, furnished: dict[str, str]) -> None:
    page = opens("/leads/")
    page.keyboard.press("Control+k")
    page.keyboard.type("สมชาย")
    expect(page.get_by_role("option", name="สมชาย ใจดี")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{furnished['people']}")


def test_the_palette_goes_to_pages_and_creates(opens: Opens) -> None:
    page = opens("/leads/")
    page.keyboard.press("Control+k")
    page.keyboard.type("quote")
    page.get_by_role("option", name="New quote").click()
    page.wait_for_url("**/quotes/new/")


def test_a_filter_is_made_of_plain_words_and_taken_away_again(opens: Opens, house: House) -> None:
    house.make("leads", name="Filtered in", status="working")
    house.make("leads", name="Filtered out", status="new")
    page = opens("/leads/?q=Filtered")
    page.get_by_role("button", name="Filter", exact=True).click()
    page.locator("#filter-add").get_by_role("button", name="Status").click()
    page.get_by_role("dialog").get_by_label("Working").check()
    page.get_by_role("dialog").get_by_role("button", name="Apply").click()
    expect(page.locator(".chip")).to_contain_text("Status is one of: Working")
    expect(page.get_by_role("link", name="Filtered in")).to_be_visible()
    expect(page.get_by_role("link", name="Filtered out")).to_have_count(0)
    page.get_by_role("link", name="Take away the filter").click()
    expect(page.get_by_role("link", name="Filtered out")).to_be_visible()


def test_columns_are_kept_for_the_person(opens: Opens, house: House) -> None:
    house.make("campaigns", name="Columns")
    page = opens("/campaigns/", "bob")
    page.get_by_role("button", name="Columns").click()
    page.locator("#columns").get_by_label("Tags").check()
    page.get_by_role("button", name="Show these columns").click()
    expect(page.get_by_role("columnheader", name="Tags")).to_be_visible()
    page.goto(f"{house.base}/campaigns/")
    expect(page.get_by_role("columnheader", name="Tags")).to_be_visible()


def test_the_theme_and_the_language_are_the_persons_own(opens: Opens, house: House) -> None:
    page = opens("/leads/", "charlie")
    page.locator("[popovertarget=person]").click()
    with page.expect_navigation():
        page.get_by_label("Look").select_option("dark")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.locator("[popovertarget=person]").click()
    with page.expect_navigation():
        page.get_by_label("Language").select_option("zh-hant")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hant")
    charlie = house.call("GET", "users/?q=charlie")["items"][0]
    house.change(charlie, language="", theme="auto")  # who comes after reads English again


def test_a_cold_page_stays_within_its_budget(opens: Opens, furnished: dict[str, str]) -> None:
    page = opens("/sign-in/")
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.goto(page.url.replace("/sign-in/", "").rstrip("/") + "/opportunities/?view=board", wait_until="load")
    page.wait_for_timeout(300)
    assert len(sizes) <= 12
    assert sum(sizes) <= 350_000
