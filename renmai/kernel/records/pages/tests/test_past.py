"""Pages as of a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from renmai.kernel.access.user import User
from renmai.kernel.history.model import KnownField
from renmai.kernel.records.store import create, remove, update
from renmai.kernel.records.types import registry

ACCOUNTS, LEADS = registry["accounts"], registry["leads"]


@pytest.fixture
def page(client: Client, alice: User) -> Client:
    """Alice's browser."""
    client.force_login(alice)
    return client


def moment() -> str:
    """Now by the clock that the history goes by."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return str(cursor.fetchone()[0].isoformat())


def test_a_list_shows_what_was_and_nothing_that_changes_it(page: Client, alice: User) -> None:
    gone = create(ACCOUNTS, {"name": "Siam Steel", "city": "Bangkok"}, alice)
    then = moment()
    update(ACCOUNTS, gone.pk, {"name": "World Steel"}, alice)
    remove(ACCOUNTS, gone.pk, alice)
    text = page.get("/accounts/", {"as_of": then}).content.decode()
    assert "Siam Steel" in text and "World Steel" not in text and "past-strip" in text
    assert "data-tick" not in text and "/accounts/new/" not in text.split("<main")[1] and 'data-field="' not in text
    assert f"/accounts/{gone.pk}/?as_of=" in text


def test_a_board_has_its_cards_where_they_were(page: Client, alice: User) -> None:
    lead = create(LEADS, {"name": "Somchai", "company": "Siam", "expected_amount": "5", "currency": "THB"}, alice)
    then = moment()
    update(LEADS, lead.pk, {"status": "working"}, alice)
    text = page.get("/leads/", {"view": "board", "as_of": then}).content.decode()
    new = text.split('id="column-new"')[1].split("</section>")[0]
    assert "Somchai" in new and "data-move" not in text.split("move-tray")[0]


def test_a_record_page_is_that_of_then(page: Client, alice: User) -> None:
    account = create(ACCOUNTS, {"name": "Siam Steel", "city": "Bangkok"}, alice)
    then = moment()
    update(ACCOUNTS, account.pk, {"city": "Taipei"}, alice)
    text = page.get(f"/accounts/{account.pk}/", {"as_of": then}).content.decode()
    assert "Bangkok" in text and "Taipei" not in text
    assert "cell-edit" not in text and "composer" not in text and "/edit/" not in text


def test_what_was_not_there_yet_is_not_found(page: Client, alice: User) -> None:
    then = moment()
    account = create(ACCOUNTS, {"name": "Siam Steel"}, alice)
    assert page.get(f"/accounts/{account.pk}/", {"as_of": then}).status_code == 404


def test_a_field_that_came_later_says_so(page: Client, alice: User) -> None:
    create(ACCOUNTS, {"name": "Siam Steel", "industry": "Steel"}, alice)
    then = moment()
    KnownField.objects.filter(type="accounts", name="industry").update(since=timezone.now())
    assert "not yet there" in page.get("/accounts/", {"as_of": then}).content.decode()


def test_the_past_asks_no_more_queries_for_more_rows(page: Client, alice: User) -> None:
    def asked() -> int:
        then = moment()
        page.get("/accounts/", {"as_of": then})
        with CaptureQueriesContext(connection) as queries:
            page.get("/accounts/", {"as_of": then})
        return len(queries)

    create(ACCOUNTS, {"name": "One"}, alice)
    few = asked()
    for number in range(10):
        update(ACCOUNTS, create(ACCOUNTS, {"name": f"More {number}"}, alice).pk, {"city": "X"}, alice)
    assert asked() == few <= 14


def test_the_day_is_asked_in_the_readers_own_calendar(page: Client, alice: User) -> None:
    update(registry["users"], alice.pk, {"language": "th", "era": "be"}, None)
    answer = page.post(
        "/accounts/as-of/", {"back": "/accounts/?sort=name&q=x", "day": "22/11/2568", "time": ""}, headers={"HX-Request": "1"}
    )
    assert answer["HX-Redirect"] == "/accounts/?sort=name&as_of=2025-11-22"


@pytest.mark.parametrize(("day", "time"), [("", ""), ("soon", ""), ("2025-11-22", "25:00"), ("2999-01-01", "")])
def test_a_day_that_does_not_do_is_told_beside_the_field(page: Client, day: str, time: str) -> None:
    answer = page.post("/accounts/as-of/", {"back": "/accounts/", "day": day, "time": time})
    assert answer.status_code == 422
    assert b"as-of-day-problem" in answer.content


def test_the_form_leads_back_to_no_other_house(page: Client) -> None:
    day = (dt.date.today() - dt.timedelta(days=3)).isoformat()
    answer: Any = page.post("/accounts/as-of/", {"back": "https://example.com/", "day": day})
    assert answer["Location"] == f"/accounts/?as_of={day}"
