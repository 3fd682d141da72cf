"""What every page has: the palette, filters, columns, tabs on a phone, and a weight that it keeps."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import PHONE
from tests.e2e.conftest import Opens
from tests.e2e.house import House

pytestmark = pytest.mark.browser


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
