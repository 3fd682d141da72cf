"""The page of a record that much belongs to."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from renmai.kernel.access.user import User
from renmai.kernel.overlay.company import company
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry

AT_MOST = 15
FOR_RIGHTS = 4  # of somebody whose roles do not open everything: branch, territories, shares, and what may be done to this record


@pytest.fixture
def customer(alice: User) -> dict[str, Any]:
    """A customer of Alice's with something of every kind, and three of most."""
    made: dict[str, Any] = {"accounts": create(registry["accounts"], {"name": "Siam Steel"}, alice)}
    account = {"account": made["accounts"]}
    products = [create(registry["products"], {"name": f"Gate {number}", "price": "10.00"}, None) for number in range(3)]
    lines = [{"product": product, "quantity": "2"} for product in products]
    for number in range(3):
        made["people"] = create(registry["people"], {"name": f"Ann {number}", **account}, alice)
        sale = {"name": f"Gates {number}", "person": made["people"], "lines": lines, **account}
        made["opportunities"] = create(registry["opportunities"], sale, alice)
        offer = {"opportunity": made["opportunities"], "person": made["people"], "lines": lines, **account}
        made["quotes"] = create(registry["quotes"], offer, alice)
        made["tickets"] = create(registry["tickets"], {"subject": f"Broken {number}", "person": made["people"], **account}, alice)
        about = [{"type": slug, "id": str(made[slug].pk)} for slug in ("accounts", "people", "opportunities", "quotes", "tickets")]
        for slug in ("notes", "tasks"):
            create(registry[slug], {"subject": "S", "body": f"Text {number}", "about": about}, alice)
        create(registry["follow-ups"], {"body": "Called", "happened_at": timezone.now(), "about": about}, alice)
    return made


def queries(browser: Client, path: str) -> int:
    company()  # read again every few seconds, by whoever comes first
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(path).status_code == 200
    return len(asked)


@pytest.mark.parametrize("slug", ["accounts", "people", "opportunities", "quotes", "tickets"])
def test_the_page_of_a_record_asks_little(client: Client, customer: dict[str, Any], alice: User, dao: User, slug: str) -> None:
    path = f"/{slug}/{customer[slug].pk}/"
    client.force_login(dao)
    assert queries(client, path) <= AT_MOST
    client.force_login(alice)
    assert queries(client, path) <= AT_MOST + FOR_RIGHTS


def test_more_lines_ask_no_more(client: Client, dao: User) -> None:
    products = [create(registry["products"], {"name": f"Gate {number}", "price": "10.00"}, None) for number in range(9)]
    one, nine = (
        create(registry["opportunities"], {"name": "Gates", "lines": [{"product": product} for product in some]}, dao)
        for some in (products[:1], products)
    )
    client.force_login(dao)
    assert queries(client, f"/opportunities/{nine.pk}/") == queries(client, f"/opportunities/{one.pk}/")


def test_a_panel_shows_the_newest_and_that_there_are_more(client: Client, dao: User) -> None:
    account = create(registry["accounts"], {"name": "Siam Steel"}, dao)
    for number in range(6):
        create(registry["people"], {"name": f"Ann {number}", "account": account}, dao)
    client.force_login(dao)
    text = client.get(f"/accounts/{account.pk}/").content.decode()
    shown = text[text.index('id="panels"') :]
    assert [f"Ann {number}" in shown for number in range(6)] == [False, True, True, True, True, True]
    assert "Show all" in shown


def test_a_panel_hides_what_one_may_not_see(client: Client, alice: User, charlie: User, dao: User) -> None:
    account = create(registry["accounts"], {"name": "Siam Steel", "owner": alice}, dao)
    create(registry["people"], {"name": "Ann", "account": account, "owner": alice}, dao)
    create(registry["people"], {"name": "Zoe", "account": account, "owner": charlie}, dao)
    client.force_login(alice)
    text = client.get(f"/accounts/{account.pk}/").content.decode()
    assert "Ann" in text
    assert "Zoe" not in text
