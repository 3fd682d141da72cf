"""The board: cards moved by pointer, keyboard and menu."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.axe import PHONE
from tests.e2e.conftest import Opens
from tests.e2e.house import House

pytestmark = pytest.mark.browser


def board(stage: str = "") -> str:
    return "/opportunities/?view=board"


def deal(house: House, name: str, place: int = 0) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """An opportunity in one of the first stages, and the stages."""
    stages = house.stages()
    return house.make("opportunities", name=name, stage=stages[place]["id"], amount="1000", currency="USD"), stages


def card(page: Page, record: dict[str, Any]) -> Locator:
    return page.locator(f"#card-{record['id']}")


def column(page: Page, stage: dict[str, Any]) -> Locator:
    return page.locator(f"#column-{stage['id']}")


def stage_of(house: House, record: dict[str, Any]) -> str:
    return str(house.call("GET", f"opportunities/{record['id']}/")["stage"]["id"])


def test_a_card_is_dragged_to_another_column(opens: Opens, house: House) -> None:
    record, stages = deal(house, "Dragged deal")
    page = opens(board())
    target = column(page, stages[1]).locator("[data-cards]")
    card(page, record).hover()
    page.mouse.down()
    box = target.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 60, steps=12)
    page.mouse.move(box["x"] + 70, box["y"] + 50, steps=4)
    with page.expect_response("**/place/**"):
        page.mouse.up()
    expect(column(page, stages[1]).locator(f"#card-{record['id']}")).to_be_visible()
    assert stage_of(house, record) == stages[1]["id"]


def test_a_card_is_moved_by_keyboard(opens: Opens, house: House) -> None:
    record, stages = deal(house, "Keyboard deal")
    page = opens(board())
    card(page, record).focus()
    with page.expect_response("**/place/**"):
        page.keyboard.press("Control+ArrowRight")
    expect(column(page, stages[1]).locator(f"#card-{record['id']}")).to_be_focused()
    assert stage_of(house, record) == stages[1]["id"]


def test_a_card_is_moved_by_its_menu_on_a_phone(opens: Opens, house: House) -> None:
    record, stages = deal(house, "Phone deal")
    page = opens(board(), viewport=PHONE)
    card(page, record).get_by_role("button", name="Move Phone deal").click()
    with page.expect_response("**/place/**"):
        page.locator("#move-tray").get_by_role("button", name=stages[2]["name"]).click()
    expect(column(page, stages[2]).locator(f"#card-{record['id']}")).to_be_visible()
    assert stage_of(house, record) == stages[2]["id"]


def test_a_refused_move_goes_back_with_its_sentence(opens: Opens, house: House) -> None:
    record, stages = deal(house, "Refused deal")
    page = opens(board())
    expect(card(page, record)).to_be_visible()
    page.evaluate("document.querySelector('record-board').removeAttribute('data-live')")
    house.call("DELETE", f"opportunities/{record['id']}/")
    card(page, record).focus()
    page.keyboard.press("Control+ArrowRight")
    expect(page.locator("#toasts")).to_contain_text("There is no such record.")
    expect(column(page, stages[0]).locator(f"#card-{record['id']}")).to_be_visible()


def test_a_column_tells_count_and_sum(opens: Opens, house: House) -> None:
    record, stages = deal(house, "Counted deal", place=3)
    page = opens(board())
    head = column(page, stages[3]).locator(".column-head")
    expect(head.locator(".column-count")).to_have_text("1")
    expect(head.locator(".column-sum")).to_contain_text("$1K")
    assert record["amount"] == "1000.00"
