"""A role is set up by hand in the browser, and then attacked by a program through every door."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import APIRequestContext, APIResponse, Page, expect

from tests.e2e.conftest import Opens
from tests.e2e.house import House
from tests.whole.program import until

pytestmark = pytest.mark.browser
HIDDEN, UNSEEN = "quokka", "Wombat"
SECRETS = (HIDDEN, UNSEEN)
GUESS = {"field": "email", "op": "contains", "value": HIDDEN}
ELSEWHERE = {"field": "country", "op": "eq", "value": "DE"}


@dataclass
class Thief:
    """Somebody with the role, who looks for what it keeps from them, at the API and in a browser."""

    house: House
    browser: APIRequestContext
    token: str

    def api(self, method: str, path: str, values: Any = None, **query: Any) -> APIResponse:
        """Ask the API as a program does."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        asked = urlencode({name: json.dumps(value) if isinstance(value, dict) else value for name, value in query.items()})
        body = None if values is None else json.dumps(values)
        return self.browser.fetch(f"{self.house.base}/api/v1/{path}?{asked}", method=method, headers=headers, data=body)

    def page(self, path: str, **query: Any) -> APIResponse:
        """Ask for a page as a browser does."""
        asked = urlencode({name: json.dumps(value) if isinstance(value, dict) else value for name, value in query.items()})
        return self.browser.get(f"{self.house.base}/{path}?{asked}")

    def work(self, path: str, values: Any) -> dict[str, Any]:
        """What comes of a job that is started at the API."""
        key, told = self.api("POST", path, values).json()["job"], {"state": "queued"}
        until(lambda: told.update(self.api("GET", f"jobs/{key}/").json()) or told["state"] not in {"queued", "working"})
        return told


@pytest.fixture
def leads(house: House) -> dict[str, str]:
    """A lead of Thailand, one of Germany, and the campaign that brought both: id by name."""
    campaign = house.make("campaigns", name="Fair of lamps")
    brought = {"campaign": campaign["id"], "source": "web"}
    seen = house.make("leads", name="Lamp of Bangkok", country="TH", email=f"{HIDDEN}@example.com", **brought)
    unseen = house.make("leads", name=f"{UNSEEN} of Berlin", country="DE", email="berlin@example.com", **brought)
    house.change(seen, email=f"{HIDDEN}.two@example.com")
    return {"seen": seen["id"], "unseen": unseen["id"], "campaign": campaign["id"]}


def agree(page: Page, *sentences: str) -> None:
    """Read what a change comes to, and save it."""
    page.get_by_role("button", name="See what this changes").click()
    for sentence in sentences:
        expect(page.get_by_role("listitem").filter(has_text=sentence)).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("Saved.")


def set_up(page: Page) -> None:
    """Make a role that sees leads of Thailand only, never an e-mail, and reads the source without changing it."""
    page.get_by_role("link", name="New role").click()
    page.get_by_label("Name").fill("Keeper of Thailand")
    page.get_by_role("button", name="Save").click()
    for verb in ("See", "Create", "Change", "Delete", "Export"):
        page.get_by_label(f"{verb}: Every type").select_option("all")
    agree(page, "Campaigns – Export: Everything, before: Nothing.")
    page.get_by_placeholder("Find a type or a field").fill("leads")
    page.get_by_role("link", name="Actions, rules and fields of leads").click()
    page.get_by_label("See", exact=True).select_option("criteria")
    rule = page.locator("#criteria-rule-view")
    rule.get_by_label("Field", exact=True).select_option("country")
    rule.locator(".ts-control input").fill("Thai")
    page.keyboard.press("Enter")
    expect(rule.locator(".criteria-words")).to_have_text("Country is one of: Thailand")
    page.get_by_label("E-mail", exact=True).select_option("hidden")
    page.get_by_label("Source", exact=True).select_option("read")
    agree(
        page, "Leads – See: By a rule (Country is one of: Thailand)", "field “E-mail”: Hidden, before: Open.", "field “Source”: Read only"
    )


def engage(page: Page, house: House) -> None:
    """Give the role to somebody new."""
    ivy = house.call("GET", "users/?q=ivy")["items"][0]["id"]
    page.goto(f"{house.base}/users/{ivy}/edit/")
    roles = page.locator("[data-field=roles]")
    roles.locator(".item .remove, .item").first.click()
    page.keyboard.press("Backspace")
    roles.locator(".ts-control input").press_sequentially("Keeper")
    page.get_by_role("option", name="Keeper of Thailand").click()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".fact", has_text="Roles")).to_contain_text("Keeper of Thailand")
    expect(page.locator(".fact", has_text="Roles")).not_to_contain_text("Sales representative")


def looks(thief: Thief, leads: dict[str, str]) -> Iterator[tuple[str, APIResponse]]:
    """What every door shows that opens at all."""
    seen, campaign, now = leads["seen"], leads["campaign"], dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    yield "list", thief.api("GET", "leads/", total="1")
    yield "list of a filter", thief.api("GET", "leads/", filter=ELSEWHERE)
    yield "fields", thief.api("GET", "leads/", fields="name,email")
    yield "list as of", thief.api("GET", "leads/", as_of=now)
    yield "groups", thief.api("GET", "leads/groups/", by="country")
    yield "related", thief.api("GET", "campaigns/", filter={"field": "leads", "op": "any", "value": ELSEWHERE})
    for part in ("", "timeline/", "history/", "access/"):
        yield f"record {part}", thief.api("GET", f"leads/{seen}/{part}")
    yield "timeline of another", thief.api("GET", f"campaigns/{campaign}/timeline/")
    for words in (HIDDEN, UNSEEN):
        yield f"search {words}", thief.api("GET", "search/", q=words)
        yield f"list {words}", thief.api("GET", "leads/", q=words)
    for path in (
        f"leads/{seen}/",
        f"leads/{seen}/edit/",
        f"leads/{seen}/history/",
        f"campaigns/{campaign}/",
        "leads/export.csv",
        "",
        "recycle-bin/",
    ):
        yield f"page {path}", thief.page(path)
    for query in ({}, {"view": "board"}, {"group": "country"}, {"as_of": now}, {"columns": "email,country"}):
        yield f"page {query}", thief.page("leads/", **query)
    yield "chart", thief.page("leads/chart/", by="country")
    yield "totals", thief.page("leads/totals/", columns="country")


def refusals(thief: Thief, leads: dict[str, str]) -> Iterator[tuple[str, APIResponse]]:
    """What nobody answers who has the role."""
    seen, unseen = leads["seen"], leads["unseen"]
    for part in ("", "timeline/", "history/", "access/", "comments/", "files/"):
        yield f"unseen {part}", thief.api("GET", f"leads/{unseen}/{part}")
    for part in ("", "edit/", "history/", "access/", "sharing/", "field/name/", "aids/"):
        yield f"unseen page {part}", thief.page(f"leads/{unseen}/{part}")
    yield "change of what is not seen", thief.api("PATCH", f"leads/{unseen}/", {"name": "Mine"})
    yield "deletion of what is not seen", thief.api("DELETE", f"leads/{unseen}/")
    yield "action on what is not seen", thief.api("POST", f"leads/{unseen}/qualify/", {})
    yield "change of a hidden field", thief.api("PATCH", f"leads/{seen}/", {"email": "mine@example.com"})
    yield "change of a field that is read", thief.api("PATCH", f"leads/{seen}/", {"source": "event"})
    yield "filter", thief.api("GET", "leads/", filter=GUESS)
    yield "filter through a link", thief.api("GET", "campaigns/", filter={"field": "leads", "op": "any", "value": GUESS})
    yield "sort", thief.api("GET", "leads/", sort="email")
    yield "groups", thief.api("GET", "leads/groups/", by="email")
    yield "export", thief.api("POST", "exports/", {"type": "leads", "filter": GUESS})
    yield "bulk", thief.api("POST", "leads/bulk/", {"action": "update", "filter": GUESS, "arguments": {"name": "Mine"}})
    yield "page of a field", thief.page(f"leads/{seen}/field/email/")


def test_a_role_made_by_hand_keeps_every_door_shut(opens: Opens, house: House, leads: dict[str, str]) -> None:
    page = opens("/roles/")
    set_up(page)
    engage(page, house)
    thief = Thief(house, opens("/leads/", "ivy").request, house.tokens["ivy"])

    listed = thief.api("GET", "leads/", total="1").json()
    assert ([item["title"] for item in listed["items"]], listed["total"]) == (["Lamp of Bangkok"], 1)
    assert "email" not in listed["items"][0]
    told = {name: (answer.status, answer.text()) for name, answer in looks(thief, leads)}
    assert {name: said[0] for name, said in told.items() if said[0] >= 400} == {}
    assert {name for name, said in told.items() if any(secret in said[1] for secret in SECRETS)} == set()
    opened = {name: (answer.status, answer.text()[:200]) for name, answer in refusals(thief, leads)}
    assert {name: said for name, said in opened.items() if said[0] not in {400, 403, 404, 409, 422}} == {}

    many = thief.work("leads/bulk/", {"action": "update", "ids": [leads["unseen"], leads["seen"]], "arguments": {"city": "Here"}})
    assert many["result"]["done"] == 1, many
    assert house.call("GET", f"leads/{leads['unseen']}/")["city"] == ""
    exported = thief.work("exports/", {"type": "leads"})
    file = thief.browser.get(house.base + exported["result"]["file"], headers={"Authorization": f"Bearer {thief.token}"}).text()
    assert "Lamp of Bangkok" in file and not any(secret in file for secret in SECRETS)
