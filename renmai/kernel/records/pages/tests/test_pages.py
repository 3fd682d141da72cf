"""The generic pages, as a browser asks for them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from renmai.kernel.access.user import User
from renmai.kernel.records.pages.filters import MINE
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api

KINDS = [kind.slug for kind in registry.all()]
PART = {"HX-Request": "true"}


@pytest.fixture
def page(client: Client, dao: User) -> Client:
    """Dao's browser."""
    client.force_login(dao)
    return client


def account(by: User | None = None, **values: Any) -> Any:
    return create(registry["accounts"], {"name": "Siam Steel", **values}, by)


@pytest.mark.parametrize("slug", KINDS)
def test_every_type_has_a_list_and_a_recycle_bin(page: Client, slug: str) -> None:
    leads_elsewhere = bool(registry[slug].place())
    assert [page.get(f"/{slug}/{query}").status_code for query in ("", "?deleted=1")] == [303 if leads_elsewhere else 200, 200]


@pytest.mark.parametrize("slug", [kind.slug for kind in registry.all() if kind.board])
def test_every_board_opens(page: Client, slug: str) -> None:
    assert b"record-board" in page.get(f"/{slug}/?view=board").content


@pytest.mark.parametrize("slug", [kind.slug for kind in registry.all() if kind.rail and not kind.acted])
def test_every_type_of_the_rail_has_a_form(page: Client, slug: str) -> None:
    assert page.get(f"/{slug}/new/").status_code == 200


def queries(page: Client, path: str) -> int:
    page.get(path)
    with CaptureQueriesContext(connection) as asked:
        page.get(path)
    return len(asked)


def test_more_rows_ask_no_more_queries(page: Client, dao: User) -> None:
    for number in range(3):
        account(dao, name=f"One {number}")
    few = queries(page, "/accounts/")
    for number in range(20):
        account(dao, name=f"More {number}")
    assert queries(page, "/accounts/") == few


def test_the_page_of_a_customer_asks_at_most_fifteen(page: Client, dao: User) -> None:
    assert queries(page, f"/accounts/{account(dao).pk}/") <= 15


def test_charlie_gets_404_everywhere(client: Client, alice: User, charlie: User) -> None:
    theirs = account(alice)
    client.force_login(charlie)
    paths = ["", "edit/", "delete/", "history/", "field/name/", "do/share/"]
    assert {client.get(f"/accounts/{theirs.pk}/{path}").status_code for path in paths} == {404}
    assert client.get("/accounts/pick/?q=siam").json() == {"items": []}


def test_bob_sees_but_does_not_change(client: Client, alice: User, bob: User) -> None:
    theirs = account(alice)
    client.force_login(bob)
    assert client.get(f"/accounts/{theirs.pk}/").status_code == 200
    assert client.get(f"/accounts/{theirs.pk}/edit/").status_code == 403
    assert client.post(f"/accounts/{theirs.pk}/field/city/", {"city": "X", "version": 1}).status_code == 403


def test_a_bad_form_comes_back_with_what_was_typed(page: Client) -> None:
    answer = page.post("/people/new/", {"name": "", "email": "nonsense", "job_title": "Buyer"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="nonsense"' in text
    assert 'value="Buyer"' in text
    assert 'aria-invalid="true"' in text


def test_typed_numbers_are_read_as_people_write_them(page: Client, dao: User) -> None:
    ours = account(dao)
    page.post(f"/accounts/{ours.pk}/field/annual_revenue/", {"annual_revenue": "๑,๒๐๐.๕๐", "version": 1})
    ours.refresh_from_db()
    assert str(ours.annual_revenue) == "1200.5000"


@pytest.mark.parametrize("path", ["edit/", "field/city/", "day/?by=created_at", "rewind/"])
def test_a_version_that_is_no_number_is_told_so(page: Client, dao: User, path: str) -> None:
    record = account(dao)
    assert 400 <= page.post(f"/accounts/{record.pk}/{path}", {"version": "²x", "name": "Other", "city": "X"}).status_code < 500
    record.refresh_from_db()
    assert (record.name, record.city) == ("Siam Steel", "")


def edit(page: Client, record: Any, version: int, **changes: str) -> Any:
    """Send the whole edit form as it stood at the start, with some changes."""
    values = {"name": "Siam Steel", "city": "", "industry": "", "currency": "USD", "version": str(version), **changes}
    return page.post(f"/accounts/{record.pk}/edit/", values)


def test_what_only_one_of_two_people_changed_is_merged(page: Client, dao: User) -> None:
    ours = account(dao, currency="USD")
    update(registry["accounts"], ours.pk, {"industry": "Steel"}, dao)
    assert edit(page, ours, 1, city="Bangkok").status_code == 303
    ours.refresh_from_db()
    assert (ours.city, ours.industry) == ("Bangkok", "Steel")


def test_what_both_changed_is_asked(page: Client, dao: User) -> None:
    ours = account(dao, currency="USD", city="")
    update(registry["accounts"], ours.pk, {"city": "Phuket"}, dao)
    answer = edit(page, ours, 1, city="Bangkok")
    assert answer.status_code == 412
    text = answer.content.decode()
    assert "<dt>Theirs</dt><dd>Phuket</dd>" in text
    assert 'value="Bangkok"' in text
    ours.refresh_from_db()
    assert ours.city == "Phuket"


def test_a_filter_is_shown_in_words_and_narrows_the_list(page: Client, alice: User, dao: User) -> None:
    account(dao, name="Mine Ltd")
    account(alice, name="Hers Ltd")
    text = page.get("/accounts/", {"filter": MINE}).content.decode()
    assert "Owner is me" in text
    assert "Mine Ltd" in text
    assert "Hers Ltd" not in text


def test_a_filter_form_leads_to_the_list_with_its_condition(page: Client) -> None:
    sent = {"field": "created_at", "op": "last", "value": "30", "unit": "day"}
    address = page.post(f"/leads/filter/?filter={MINE}", sent, headers=PART)["HX-Redirect"]
    assert page.get(address).status_code == 200
    assert "30+days" in address
    assert "var" in address


def test_a_nonsense_filter_is_a_sentence_not_an_error(page: Client) -> None:
    assert page.get("/leads/?filter=%7Bnot").status_code in {400, 422}


def test_a_refusal_of_a_part_is_a_toast(page: Client, dao: User) -> None:
    lead = create(registry["leads"], {"name": "王伟"}, dao)
    answer = page.post(f"/leads/{lead.pk}/do/no-such-action/", headers=PART)
    assert answer.status_code == 404
    assert json.loads(answer["HX-Trigger"])["toast"]["bad"] is True


def test_a_note_written_down_stands_on_the_timeline(page: Client, dao: User) -> None:
    ours = account(dao)
    page.post(f"/accounts/{ours.pk}/write/notes/", {"body": "They want a pilot."}, headers=PART)
    assert "They want a pilot." in page.get(f"/accounts/{ours.pk}/").content.decode()


def test_many_are_given_to_another_person(page: Client, dao: User, alice: User) -> None:
    made = [account(dao, name=f"Many {number}") for number in range(3)]
    ids = ",".join(str(record.pk) for record in made)
    page.post("/accounts/bulk/", {"do": "owner", "ids": ids, "owner": str(alice.pk)}, headers=PART)
    assert {type(record).objects.get(pk=record.pk).owner_id for record in made} == {alice.pk}


def test_what_is_in_the_recycle_bin_can_be_restored_on_its_page(page: Client, dao: User) -> None:
    ours = account(dao)
    page.post(f"/accounts/{ours.pk}/delete/", headers=PART)
    assert f'hx-post="/accounts/{ours.pk}/do/restore/"' in page.get(f"/accounts/{ours.pk}/").content.decode()
    page.post(f"/accounts/{ours.pk}/do/restore/", headers=PART)
    ours.refresh_from_db()
    assert ours.deleted_at is None


def test_columns_are_kept(page: Client, dao: User) -> None:
    page.post("/accounts/columns/", {"column": ["city", "tags", "no_such"]})
    assert User.objects.get(pk=dao.pk).preferences["columns"] == {"accounts": ["city", "tags"]}


def test_the_rows_of_a_document_are_computed_without_storing(page: Client) -> None:
    row = {"lines.1.key": "1", "lines.1.quantity": "3", "lines.1.unit_price": "0.335", "lines.1.tax_rate": "7"}
    sent = {"currency": "USD", "lines.shown": "1", **row}
    text = page.post("/quotes/rows/", sent, headers=PART).content.decode()
    assert "$1.01" in text
    assert "$1.08" in text
    assert registry["quotes"].model.objects.count() == 0


def test_the_rows_of_a_document_are_read_as_amounts(page: Client, dao: User) -> None:
    made = create(
        registry["quotes"], {"currency": "USD", "lines": [{"description": "Crane", "quantity": "1000", "unit_price": "1250"}]}, dao
    )
    text = page.get(f"/quotes/{made.pk}/").content.decode()
    assert '<td class="numeric">$1,250.00</td>' in text and '<td class="numeric">1,000</td>' in text


def test_what_rules_how_renmai_works_is_not_imported_and_belongs_to_nobody(page: Client, dao: User) -> None:
    empty = page.get("/webhooks/").content.decode()
    assert "/webhooks/new/" in empty and "/webhooks/import/" not in empty and "import a file" not in empty
    assert page.get("/webhooks/import/").status_code == page.get("/roles/import/").status_code == 403
    sent = {"type": "custom-fields", "file": SimpleUploadedFile("fields.csv", b"label\nBudget\n")}
    assert Api(dao).client.post("/api/v1/imports/", sent).status_code == 403
    assert 'data-field="owner"' not in page.get("/roles/new/").content.decode()


def test_a_product_chosen_anew_brings_its_own_price(page: Client, dao: User) -> None:
    product = create(registry["products"], {"name": "Bolt", "price": "9.90", "currency": "USD", "tax_rate": "7"}, dao)
    row = {"lines.1.key": "1", "lines.1.product": str(product.pk), "lines.1.unit_price": "1", "lines.1.description": "Old"}
    sent = {"currency": "USD", "lines.shown": "1", "changed": "lines.1.product", **row}
    text = page.post("/quotes/rows/", sent, headers=PART).content.decode()
    assert 'value="9.9"' in text
    assert "Old" not in text


def test_the_palette_offers_records_and_commands(page: Client, dao: User) -> None:
    account(dao, name="華為")
    assert "華為" in page.get("/palette/?q=华为").content.decode()
    assert "New quote" in page.get("/palette/?q=quote").content.decode()
