"""A field that is made in the browser is used at once from the API, in a filter, in an import and on a board."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Opens
from tests.e2e.house import House

pytestmark = pytest.mark.browser


def test_a_field_made_in_the_browser_is_used_everywhere_at_once(opens: Opens, house: House, tmp_path: Path) -> None:
    page = opens("/settings/fields/leads/new/choice/")
    page.get_by_label("What is it called?").fill("Tier")
    page.get_by_label("Choices, one on each line").fill("Gold\nTin")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("custom.tier")).to_be_visible()

    made = house.make("leads", name="From the API", custom={"tier": "Gold"})
    assert made["custom"] == {"tier": "Gold"}

    file = tmp_path / "leads.csv"
    file.write_text("Name,Tier\nFrom the file,Tin\n")
    page.goto(f"{house.base}/leads/import/")
    page.set_input_files("input[type=file]", file)
    for _step in ("the file", "how it is read", "its columns"):
        with page.expect_navigation():
            page.get_by_role("button", name="Continue").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Start the import").click()
    page.goto(f"{house.base}/leads/?filter=%7B%22field%22%3A%22custom.tier%22%2C%22op%22%3A%22in%22%2C%22value%22%3A%5B%22Tin%22%5D%7D")
    expect(page.get_by_role("link", name="From the file")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("link", name="From the API")).to_have_count(0)

    page.goto(f"{house.base}/leads/?view=board&by=custom.tier")
    expect(page.locator("#column-Gold")).to_contain_text("From the API")
    expect(page.locator("#column-Tin")).to_contain_text("From the file")
