"""What one person does is seen by another at once, and what the other types is not lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Opens
from tests.e2e.house import House

pytestmark = pytest.mark.browser


def test_a_card_moved_in_one_browser_moves_in_the_other(live: Opens, house: House) -> None:
    stages = house.stages()
    record = house.make("opportunities", name="Live deal", stage=stages[0]["id"])
    alice, bob = live("/opportunities/?view=board", "alice"), live("/opportunities/?view=board", "bob")
    alice.locator(f"#card-{record['id']}").focus()
    alice.keyboard.press("Control+ArrowRight")
    expect(bob.locator(f"#column-{stages[1]['id']} #card-{record['id']}")).to_be_visible()


def test_a_new_record_appears_in_the_list(live: Opens, house: House) -> None:
    page = live("/leads/")
    house.make("leads", name="Fresh from the stream")
    expect(page.get_by_role("link", name="Fresh from the stream")).to_be_visible()


def test_ticked_rows_stay_ticked_when_the_list_changes(live: Opens, house: House) -> None:
    lead = house.make("leads", name="Ticked lead")
    page = live("/leads/")
    page.locator(f"#row-{lead['id']} [data-tick]").check()
    house.make("leads", name="Another one arrives")
    expect(page.get_by_role("link", name="Another one arrives")).to_be_visible()
    expect(page.locator(f"#row-{lead['id']} [data-tick]")).to_be_checked()


def test_a_saved_field_shows_on_the_page_of_another_person(live: Opens, house: House) -> None:
    account = house.make("accounts", name="Watched Ltd")
    page = live(f"/accounts/{account['id']}/", "bob")
    house.change(account, city="Khon Kaen")
    expect(page.locator(".fact", has_text="City")).to_contain_text("Khon Kaen")


def test_what_is_being_typed_survives_and_the_person_is_told(live: Opens, house: House) -> None:
    account = house.make("accounts", name="Typed Ltd", city="Bangkok")
    page = live(f"/accounts/{account['id']}/")
    page.locator(".fact", has_text="City").hover()
    page.get_by_role("button", name="Change City").click()
    page.get_by_role("textbox", name="City").fill("Chiang")
    house.change(account, industry="Steel")
    expect(page.locator(".fact", has_text="Industry")).to_contain_text("Steel")
    expect(page.get_by_role("textbox", name="City")).to_have_value("Chiang")
    expect(page.locator(".inline-edit .changed-note")).to_contain_text("Dao changed this just now")


def test_a_note_that_is_being_written_survives(live: Opens, house: House) -> None:
    account = house.make("accounts", name="Writing Ltd")
    page = live(f"/accounts/{account['id']}/")
    page.locator("#compose-notes textarea").fill("Half a sentence")
    house.change(account, city="Hat Yai")
    expect(page.locator(".fact", has_text="City")).to_contain_text("Hat Yai")
    expect(page.locator("#compose-notes textarea")).to_have_value("Half a sentence")


def test_charlie_hears_nothing_of_what_he_may_not_see(live: Opens, house: House) -> None:
    charlie = live("/accounts/", "charlie")
    charlie.evaluate("() => { window.heard = []; new BroadcastChannel('live').onmessage = (said) => window.heard.push(said.data) }")
    hidden = house.make("accounts", name="Secret Ltd")
    mine = house.call("GET", "users/?q=charlie")["items"][0]["id"]
    shown = house.make("accounts", name="Charlie's own Ltd", owner=mine)
    expect(charlie.get_by_role("link", name="Charlie's own Ltd")).to_be_visible()
    heard = [said.get("id") for said in charlie.evaluate("window.heard") if isinstance(said, dict)]
    assert hidden["id"] not in heard
    assert shown["id"] != hidden["id"]
