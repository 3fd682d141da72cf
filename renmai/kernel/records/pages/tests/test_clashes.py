"""Two people change the same record."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Conflict
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry

ACCOUNTS, QUOTES = registry["accounts"], registry["quotes"]


@pytest.fixture
def quote(alice: User) -> Any:
    return create(QUOTES, {"currency": "THB", "lines": [{"description": "Steel", "quantity": "2", "unit_price": "10"}]}, alice)


@pytest.fixture
def page(client: Client, alice: User) -> Client:
    """Alice's browser."""
    client.force_login(alice)
    return client


def sent(row: Any, quantity: str, **more: str) -> dict[str, str]:
    """The edit form with one row."""
    same = {"discount_percent": str(row.discount_percent), "tax_rate": str(row.tax_rate)}
    fields = {"description": "Steel", "quantity": quantity, "unit_price": "10", **same}
    row_fields = {f"lines.{row.pk}.{name}": value for name, value in fields.items()}
    return {"version": "1", "currency": "THB", "lines.shown": "1", f"lines.{row.pk}.key": str(row.pk), **row_fields, **more}


def test_the_original_of_rows_is_known_too(quote: Any, alice: User, dao: User) -> None:
    row = quote.rows("lines")[0]
    update(QUOTES, quote.pk, {"lines": [{"id": str(row.pk), "quantity": "5"}]}, dao)
    with pytest.raises(Conflict) as refusal:
        update(QUOTES, quote.pk, {"lines": []}, alice, version=1)
    sides = [refusal.value.details[side]["lines"] for side in ("original", "theirs", "mine")]
    assert [[line["quantity"] for line in lines] for lines in sides] == [["2"], ["5"], []]


def test_rows_that_both_changed_are_shown_side_by_side_and_nothing_is_lost(page: Client, quote: Any, dao: User) -> None:
    row = quote.rows("lines")[0]
    update(QUOTES, quote.pk, {"lines": [{"id": str(row.pk), "quantity": "5"}]}, dao)
    answer = page.post(f"/quotes/{quote.pk}/edit/", sent(row, "7"))
    text = answer.content.decode()
    assert answer.status_code == 412
    assert 'name="use_theirs" value="lines"' in text and 'value="7"' in text
    assert str(quote.lines.get().quantity) == "5.0000"


@pytest.mark.parametrize(("choice", "quantity"), [({}, "7.0000"), ({"use_theirs": "lines"}, "5.0000")])
def test_the_second_decides_whose_rows_stand(page: Client, quote: Any, dao: User, choice: dict[str, str], quantity: str) -> None:
    row = quote.rows("lines")[0]
    now = update(QUOTES, quote.pk, {"lines": [{"id": str(row.pk), "quantity": "5"}]}, dao)
    form = sent(row, "7", **choice) | ({"version": str(now.version)} if not choice else {})
    assert page.post(f"/quotes/{quote.pk}/edit/", form).status_code == 303
    assert str(quote.lines.get().quantity) == quantity


def test_rows_that_only_the_other_changed_are_kept(page: Client, quote: Any, dao: User) -> None:
    row = quote.rows("lines")[0]
    update(QUOTES, quote.pk, {"lines": [{"id": str(row.pk), "quantity": "5"}]}, dao)
    assert page.post(f"/quotes/{quote.pk}/edit/", sent(row, "2", valid_until="2030-01-01")).status_code == 303
    quote.refresh_from_db()
    assert (str(quote.lines.get().quantity), str(quote.valid_until)) == ("5.0000", "2030-01-01")


def test_a_field_in_its_place_shows_theirs_and_what_was_before(page: Client, alice: User, dao: User) -> None:
    account = create(ACCOUNTS, {"name": "Siam Steel", "city": "Bangkok"}, alice)
    update(ACCOUNTS, account.pk, {"city": "Phuket"}, dao)
    answer = page.post(f"/accounts/{account.pk}/field/city/", {"city": "Chiang Mai", "version": "1"})
    text = answer.content.decode()
    assert answer.status_code == 412
    assert "Phuket" in text and "Bangkok" in text and 'value="Chiang Mai"' in text and 'data-use="Phuket"' in text
    assert page.post(f"/accounts/{account.pk}/field/city/", {"city": "Chiang Mai", "version": "2"}).status_code == 200
