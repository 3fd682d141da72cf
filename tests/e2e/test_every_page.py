"""Every kind of page, light and dark, at a desk and on a phone: readable by everybody, and never wider than the screen."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.e2e.axe import LOOKS, everywhere
from tests.e2e.conftest import is_problem, sign_in
from tests.e2e.house import House
from tests.e2e.test_people import answered

pytestmark = pytest.mark.browser
AT_A_DESK = 2  # the look with which dialogs begin: at a desk, at night
NOW = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")

# A name, and where it stands: {…} is the address of a record that the tests made, or its id.
PAGES = {
    "home": "/",
    "first questions": "/welcome/",
    "list": "/leads/",
    "list of a filter": f"/leads/?filter={quote(json.dumps({'field': 'status', 'op': 'in', 'value': ['new', 'working']}))}",
    "list in groups": "/opportunities/?group=stage",
    "list with nothing in it": "/campaigns/?q=nothing-like-this",
    "list of the past": f"/leads/?as_of={quote(NOW)}",
    "graph": "/accounts/?view=graph",
    "board": "/opportunities/?view=board",
    "calendar": "/campaigns/?view=calendar",
    "my calendar": "/calendar/?who=all",
    "calendar of the team": "/calendar/team/",
    "my day": "/my-day/",
    "team activity": "/team-activity/",
    "chart": "/leads/chart/?by=status",
    "search": "/search/?q=axe",
    "recycle bin": "/recycle-bin/",
    "duplicates": "/duplicates/?type=people",
    "duplicate-rule": "/duplicate-rules/new/?type=leads",
    "form": "/leads/new/",
    "form of a document": "/quotes/new/",
    "form of a record": "{accounts}edit/",
    "import": "/leads/import/",
    "account": "{accounts}",
    "person": "{people}",
    "opportunity": "{opportunities}",
    "quote": "{quotes}",
    "ticket": "{tickets}",
    "history": "{accounts}history/",
    "data quality": "/quality/",
    "quality of a type": "/people/quality/",
    "tidying": "/people/tidy/?field=name",
    "records side by side": "/accounts/merge/?ids={pair}",
    "notifications": "/notifications/",
    "approvals": "/approvals/",
    "settings": "/settings/",
    "calendar in other programs": "/settings/calendar/",
    "my profile": "/settings/me/",
    "my password": "/settings/me/password/",
    "my notifications": "/settings/me/notifications/",
    "my second step": "/settings/me/steps/",
    "a second step to add": "/settings/me/steps/app/",
    "a passkey to add": "/settings/me/steps/passkeys/add/",
    "my sign-ins": "/settings/me/sign-ins/",
    "company": "/settings/company/",
    "invitation": "/settings/invite/",
    "how people sign in": "/settings/sign-in/",
    "provider": "/settings/sign-in/providers/new/",
    "sign-ins": "/settings/sign-ins/",
    "tokens": "/settings/tokens/",
    "about": "/settings/about/",
    "users": "/users/",
    "role": "/roles/{role}/",
    "role of a type": "/roles/{role}/types/leads/",
    "fields": "/settings/fields/leads/",
    "kinds of field": "/settings/fields/leads/new/",
    "formula": "/settings/fields/leads/new/formula/",
    "roll-up": "/settings/fields/accounts/new/roll_up/?relation=opportunities",
    "layouts": "/settings/layouts/",
    "layout": "/settings/layouts/campaigns/{layout}/",
    "rules of a field": "/settings/layouts/campaigns/{layout}/fields/cost/",
    "labels": "/settings/labels/leads/",
    "record types": "/settings/types/",
    "approval flow": "/approval-flows/new/?type=opportunities",
    "no such page": "/leads/00000000-0000-7000-8000-000000000000/",
}
OPENED = {
    "palette": ("/leads/", "[data-palette]"),
    "new": ("/leads/", "[popovertarget=make]"),
    "favourites": ("/leads/", "[popovertarget=favourites]"),
    "bell": ("/leads/", "[popovertarget=bell]"),
    "me": ("/leads/", "[popovertarget=person]"),
    "columns": ("/leads/", "[popovertarget=columns]"),
    "filter": ("/leads/", "[popovertarget=filter-add]"),
}
ASKED = {
    "keys": "/keys/",
    "look back": "/leads/as-of/",
    "filter": "/leads/filter/?field=status",
    "conditions": "/leads/criteria/",
    "planning": "/calendar/new/",
    "view": "/leads/views/new/",
    "bulk": "/leads/bulk/?do=edit&all=1",
    "who sees this": "{accounts}access/",
    "sharing": "{accounts}sharing/",
    "deletion": "{accounts}delete/",
}


@pytest.fixture(scope="module")
def made(house: House, furnished: dict[str, str]) -> dict[str, str]:
    """What the addresses of the pages need."""
    account = furnished["accounts"].split("/")[2]
    house.call("POST", f"accounts/{account}/comments/", {"body": "Who calls them?"})
    house.make("people", name="SMITH, JOHN")
    house.make("campaigns", name="Axe fair", starts_on=str(dt.date.today()), ends_on=str(dt.date.today()))
    rules = {"cost": {"shown_when": {"field": "status", "op": "eq", "value": "ended"}}}
    layout = house.make("layouts", type="campaigns", rules=rules)["id"]
    role = house.call("GET", "roles/?q=rep")["items"][0]["id"]
    pair = f"{account},{house.make('accounts', name='Axe again', city='Tak')['id']}"
    return {**furnished, "role": role, "layout": layout, "pair": pair}


@pytest.fixture(scope="module")
def page(house: House, browser: Browser, made: dict[str, str]) -> Iterator[Page]:
    """Dao's browser, for all the pages."""
    context = browser.new_context(locale="en-GB", reduced_motion="reduce", storage_state=house.signed_in.get("dao"))
    sign_in(context, house, "dao")
    page = context.new_page()
    page.goto(house.base)
    yield answered(page)
    context.close()
    house.call("DELETE", f"layouts/{made['layout']}/")


@pytest.fixture
def problems(page: Page) -> Iterator[list[str]]:
    """What the browser complains of meanwhile."""
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        said.extend([message.text] if is_problem(message) else [])

    page.on("console", listen)
    yield said
    page.remove_listener("console", listen)


def begin(page: Page, address: str, turn: int) -> None:
    """Open a page on the screen on which it is looked at first."""
    page.set_viewport_size(LOOKS[turn % len(LOOKS)][0])  # type: ignore[arg-type]
    page.goto(address)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_for_everybody(page: Page, house: House, made: dict[str, str], problems: list[str], name: str) -> None:
    turn = list(PAGES).index(name)
    begin(page, house.base + PAGES[name].format(**made), turn)
    if name == "calendar":  # it measures its days before it shows what lies in them
        expect(page.locator(".fc-event").first).to_be_visible()
    assert everywhere(page, turn) == []
    assert problems == []


@pytest.mark.parametrize("name", OPENED)
def test_what_opens_on_a_page_is_for_everybody(page: Page, house: House, problems: list[str], name: str) -> None:
    path, opener = OPENED[name]
    begin(page, house.base + path, AT_A_DESK)
    page.locator(opener).first.click()
    opened = page.locator("dialog[open], :popover-open").first
    expect(opened).to_be_visible()
    expect(page.locator("[data-on-open]:visible .skeleton")).to_have_count(0)
    assert everywhere(page, AT_A_DESK) == []
    expect(opened).to_be_visible()
    assert problems == []


@pytest.mark.parametrize("name", ASKED)
def test_what_a_page_asks_is_for_everybody(page: Page, house: House, made: dict[str, str], problems: list[str], name: str) -> None:
    begin(page, f"{house.base}/leads/", AT_A_DESK)
    page.evaluate("address => htmx.ajax('GET', address, {target: '#dialogs', swap: 'innerHTML'})", ASKED[name].format(**made))
    expect(page.locator("dialog[open]")).to_be_visible()
    assert everywhere(page, AT_A_DESK) == []
    assert problems == []
