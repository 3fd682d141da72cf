"""An approval from its flow to its last answer: at the desk, on a phone, and by the link in a letter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.axe import PHONE, violations
from tests.e2e.conftest import Opens
from tests.e2e.house import House
from tests.e2e.test_people import answered
from tests.whole.program import until

pytestmark = pytest.mark.browser
FLOW = "Big discounts"


@pytest.fixture
def deal(house: House) -> Iterator[dict[str, Any]]:
    """A sale of Alice's; the flow that the test makes goes away afterwards."""
    alice = house.call("GET", "users/?q=alice")["items"][0]["id"]
    yield house.make("opportunities", name="Approved deal", amount="5000", currency="USD", owner=alice)
    for flow in house.call("GET", "approval-flows/")["items"]:
        house.call("DELETE", f"approval-flows/{flow['id']}/")


def level(page: Page, number: int, step: int, person: str) -> None:
    """Say who is asked at a step."""
    card = page.locator(".card", has=page.get_by_role("heading", name=f"Who is asked: {number}"))
    card.get_by_label("Step").fill(str(step))
    choose(card.locator("[data-field=users]"), person)


def choose(field: Locator, person: str) -> None:
    """Find somebody while typing."""
    field.locator(".ts-control input").press_sequentially(person)
    field.get_by_role("option", name=person).click()


def draw(page: Page) -> None:
    """Make a flow on its page: Bob and Charlie side by side, then Dao, before a sale is won."""
    page.get_by_placeholder("Find a setting").fill("agree")
    page.get_by_role("link", name="Approval flows").click()
    page.get_by_role("link", name="New approval flow").click()
    page.get_by_role("main").get_by_role("link", name="Opportunities").click()
    page.get_by_label("Name").fill(FLOW)
    page.get_by_label("Needed before").select_option(label="Win")
    for number, (step, person) in enumerate(((1, "Bob"), (1, "Charlie"), (2, "Dao")), 1):
        if number > 1:
            page.get_by_role("button", name="Ask somebody more").click()
        level(page, number, step, person)
    page.evaluate("scrollTo(0, 0)")  # else the bar at the top may hide half an input
    assert violations(page) == []
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#toasts")).to_contain_text("Saved.")


def follow(page: Page, name: str) -> None:
    """Go where a link leads."""
    with page.expect_navigation():
        page.get_by_role("link", name=name).first.click()


def press(page: Page, name: str) -> None:
    """Press a button of a record's page, or of its menu."""
    button = page.locator("#record-top > .spread").get_by_role("button", name=name, exact=True)
    if not button.is_visible():
        page.get_by_role("button", name="More", exact=True).click()
    button.click()


def do(page: Page, name: str, label: str = "", text: str = "") -> None:
    """Press a button whose dialog asks something, and fill that in."""
    press(page, name)
    dialog = page.get_by_role("dialog")
    if label in {"To whom", "Whom"}:
        dialog.get_by_role("combobox").press_sequentially(text)
        dialog.get_by_role("option", name=text).click()
    elif label:
        dialog.get_by_label(label).fill(text)
    dialog.get_by_role("button", name=name).click()
    expect(dialog).to_have_count(0)


def ask(page: Page, house: House, deal: dict[str, Any]) -> None:
    """Ask for approval from the page of the sale, which is locked from then on."""
    page.goto(f"{house.base}/opportunities/{deal['id']}/")
    do(page, "Ask for approval", "Note", "They sign this week.")
    expect(page.locator("#record-top")).to_contain_text("Waiting")
    page.goto(f"{house.base}/opportunities/{deal['id']}/")
    expect(page.get_by_text("This waits for approval and stays as it is until then.")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^(Win|Move|Ask for approval)$"))).to_have_count(0)
    expect(page.get_by_role("link", name="Edit", exact=True)).to_have_count(0)


def letter(house: House, person: str, seen: set[str]) -> str:
    """The newest link that was written to somebody."""

    def links() -> list[str]:
        return re.findall(rf"To: {person}@example\.com.*?(http://\S+/approve/\S+)", house.program.said, re.DOTALL)

    until(lambda: [link for link in links() if link not in seen])
    seen.update(links())
    return links()[-1]


def test_an_approval_goes_its_way(opens: Opens, house: House, deal: dict[str, Any]) -> None:
    draw(opens("/settings/"))
    read: set[str] = set()
    page = opens("/opportunities/")
    ask(page, house, deal)
    with pytest.raises(HTTPError, match="409"):
        house.change(deal, amount="1")
    guest = opens(letter(house, "charlie", read).removeprefix(house.base), "", viewport=PHONE)
    assert violations(guest) == []
    guest.get_by_role("button", name="Send back").click()
    expect(guest.get_by_role("alert")).to_be_visible()
    guest.get_by_label("Comment").fill("Which discount?")
    guest.get_by_role("button", name="Send back").click()
    expect(guest.get_by_role("heading", level=1)).to_be_visible()
    page.reload()
    expect(page.get_by_text("This waits for approval")).to_have_count(0)

    ask(page, house, deal)
    follow(page, "Open the approval")
    press(page, "Recall")
    expect(page.locator("#record-top")).to_contain_text("Recalled")

    ask(page, house, deal)
    bob = answered(opens("/", "bob"))
    follow(bob, "Approved deal")
    do(bob, "Ask one more person", "Whom", "Judy")
    expect(bob.locator("#rows-seats")).to_contain_text("Judy")
    do(bob, "Approve", "Comment", "Fine with me.")
    expect(bob.locator("#rows-seats")).to_contain_text("Fine with me.")
    assert violations(bob) == []
    charlie = opens("/approvals/", "charlie", viewport=PHONE)
    follow(charlie, "Approved deal")
    do(charlie, "Pass on", "To whom", "Dao")
    guest = opens(letter(house, "judy", read).removeprefix(house.base), "")
    guest.get_by_role("button", name="Approve").click()
    expect(guest.get_by_role("heading", level=1)).to_be_visible()
    dao = opens("/approvals/", "dao", viewport=PHONE)
    follow(dao, "Approved deal")
    for _step in ("in Charlie's place", "as the last"):
        do(dao, "Approve")
    expect(dao.locator("#record-top")).to_contain_text("Approved")

    page.goto(f"{house.base}/opportunities/{deal['id']}/")
    press(page, "Win")
    expect(page.locator("#record-top").get_by_role("button", name="Reopen")).to_be_visible()
    expect(page.locator("#record-top").get_by_role("button", name="Win")).to_have_count(0)
