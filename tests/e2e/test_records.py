"""Making and changing records in the browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Opens
from tests.e2e.house import House

pytestmark = pytest.mark.browser


def test_alice_makes_an_account(opens: Opens) -> None:
    page = opens("/accounts/new/")
    page.get_by_label("Name", exact=False).first.fill("華為技術 Browser")
    page.get_by_label("Country").select_option("TH")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("華為技術 Browser")
    expect(page.locator(".fact", has_text="Country")).to_contain_text("Thailand")


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(opens: Opens) -> None:
    page = opens("/people/new/")
    page.get_by_label("E-mail", exact=True).fill("no address")
    page.get_by_label("Job title").fill("Buyer")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".field-email .problem")).to_contain_text("e-mail")
    expect(page.get_by_label("E-mail", exact=True)).to_have_value("no address")
    expect(page.get_by_label("Job title")).to_have_value("Buyer")


def test_a_record_is_found_while_a_link_is_typed(opens: Opens, house: House) -> None:
    house.make("accounts", name="Lumière Fabrique")
    page = opens("/people/new/")
    page.get_by_label("Name", exact=False).first.fill("Marie Picker")
    page.get_by_label("Account").first.press_sequentially("lumiere")
    page.get_by_role("option", name="Lumière Fabrique").click()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".fact", has_text="Account")).to_contain_text("Lumière Fabrique")


def test_one_field_is_changed_where_it_stands(opens: Opens, house: House) -> None:
    account = house.make("accounts", name="Inline Ltd")
    page = opens(f"/accounts/{account['id']}/")
    page.locator(".fact", has_text="City").hover()
    page.get_by_role("button", name="Change City").click()
    page.get_by_role("textbox", name="City").fill("台北")
    page.keyboard.press("Enter")
    expect(page.locator(".fact", has_text="City")).to_contain_text("台北")
    assert house.call("GET", f"accounts/{account['id']}/")["city"] == "台北"


def test_a_cell_of_a_list_is_changed_where_it_stands(opens: Opens, house: House) -> None:
    lead = house.make("leads", name="Cell Lead", company="Before Ltd")
    page = opens("/leads/?q=Cell+Lead")
    row = page.locator(f"#row-{lead['id']}")
    row.get_by_text("Before Ltd").dblclick()
    row.locator("form input[type=text]").fill("After Ltd")
    page.keyboard.press("Enter")
    expect(row).to_contain_text("After Ltd")
    expect(row.locator("form")).to_have_count(0)


def test_two_people_change_different_fields_and_both_are_kept(opens: Opens, house: House) -> None:
    account = house.make("accounts", name="Merge Ltd", city="Bangkok")
    page = opens(f"/accounts/{account['id']}/edit/")
    house.change(account, industry="Steel")
    page.get_by_label("City").fill("Chiang Mai")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**/accounts/{account['id']}/")
    now = house.call("GET", f"accounts/{account['id']}/")
    assert (now["city"], now["industry"]) == ("Chiang Mai", "Steel")


def test_two_people_change_the_same_field_and_the_second_decides(opens: Opens, house: House) -> None:
    account = house.make("accounts", name="Clash Ltd", city="Bangkok")
    page = opens(f"/accounts/{account['id']}/edit/")
    house.change(account, city="Phuket")
    page.get_by_label("City").fill("Chiang Mai")
    page.get_by_role("button", name="Save").click()
    clash = page.locator(".clash")
    expect(clash).to_contain_text("Phuket")
    expect(clash).to_contain_text("Bangkok")
    expect(page.get_by_label("City")).to_have_value("Chiang Mai")
    clash.get_by_role("button", name="Use theirs").click()
    expect(page.get_by_label("City")).to_have_value("Phuket")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**/accounts/{account['id']}/")
    assert house.call("GET", f"accounts/{account['id']}/")["city"] == "Phuket"


def test_a_note_stands_on_the_timeline(opens: Opens, house: House) -> None:
    account = house.make("accounts", name="Noted Ltd")
    page = opens(f"/accounts/{account['id']}/")
    page.get_by_role("tab", name="Note").click()
    page.locator("#compose-notes textarea").fill("They want a pilot in January.")
    page.locator("#compose-notes").get_by_role("button", name="Write down").click()
    expect(page.locator("#timeline")).to_contain_text("They want a pilot in January.")
    expect(page.locator("#compose-notes textarea")).to_have_value("")


def test_a_deleted_record_comes_back_from_the_recycle_bin(opens: Opens, house: House) -> None:
    account = house.make("accounts", name="Gone Ltd")
    page = opens(f"/accounts/{account['id']}/")
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.wait_for_url("**/accounts/")
    page.goto(f"{house.base}/accounts/?deleted=1")
    page.get_by_role("link", name="Gone Ltd").click()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("in the recycle bin since")).to_have_count(0)
    assert house.call("GET", f"accounts/{account['id']}/")["title"] == "Gone Ltd"


def test_many_rows_get_another_owner_at_once(opens: Opens, house: House) -> None:
    made = [house.make("leads", name=f"Bulk Lead {number}") for number in range(3)]
    page = opens("/leads/?q=Bulk+Lead")
    page.get_by_role("checkbox", name="Choose all").check()
    page.get_by_role("region", name="Chosen rows").get_by_role("button", name="Give to…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox").fill("Bob")
    dialog.get_by_role("option", name="Bob").click()
    dialog.get_by_role("button", name="Give").click()
    expect(page.get_by_text("Done for 3.")).to_be_visible()
    assert {house.call("GET", f"leads/{lead['id']}/")["owner"]["title"] for lead in made} == {"Bob"}


def test_the_cents_of_a_quote_are_computed_by_the_server(opens: Opens, house: House) -> None:
    house.make("products", name="Bolt M8", code="BOLT-M8", price="9.90", currency="USD", tax_rate="7")
    page = opens("/quotes/new/")
    page.get_by_label("Currency").select_option("USD")
    page.get_by_role("button", name="Add a row").click()
    row = page.locator("[data-row]")
    row.get_by_role("combobox", name="Product").press_sequentially("Bolt")
    page.get_by_role("option", name="Bolt M8").click()
    expect(row.get_by_label("Unit price")).to_have_value("9.9")
    row.get_by_label("Unit price").fill("0.335")
    row.get_by_label("Quantity").fill("3")
    row.get_by_label("Quantity").press("Tab")
    expect(row.locator("output")).to_have_text("$1.01")
    page.get_by_role("button", name="Add a row").click()
    expect(page.locator("[data-row]")).to_have_count(2)
    page.locator("[data-row]").nth(1).get_by_role("button", name="Remove row 2").click()
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator(".sums")).to_contain_text("$1.08")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Q-")
    expect(page.locator(".sums")).to_contain_text("$1.08")


def test_two_browsers_change_one_field_in_its_place_and_the_second_decides(opens: Opens, house: House) -> None:
    account = house.make("accounts", name="Two Ltd", city="Bangkok")
    alice, bob = (opens(f"/accounts/{account['id']}/", name) for name in ("alice", "bob"))
    for page, city in ((alice, "Phuket"), (bob, "Chiang Mai")):
        page.locator(".fact", has_text="City").hover()
        page.get_by_role("button", name="Change City").click()
        page.get_by_role("textbox", name="City").fill(city)
    alice.locator(".inline-edit").get_by_role("button", name="Save").click()
    expect(alice.locator(".inline-edit")).to_have_count(0)
    bob.locator(".inline-edit").get_by_role("button", name="Save").click()
    clash = bob.locator(".clash")
    expect(clash).to_contain_text("Phuket")
    expect(clash).to_contain_text("Bangkok")
    expect(bob.get_by_role("textbox", name="City")).to_have_value("Chiang Mai")
    bob.locator(".inline-edit").get_by_role("button", name="Save").click()
    expect(bob.locator(".inline-edit")).to_have_count(0)
    assert house.call("GET", f"accounts/{account['id']}/")["city"] == "Chiang Mai"
