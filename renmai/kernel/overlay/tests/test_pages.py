"""The settings of fields, and own fields on the pages of records."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from renmai.kernel.access.user import User
from renmai.kernel.jobs.model import Job
from renmai.kernel.jobs.work import perform
from renmai.kernel.overlay.field import CustomField
from renmai.kernel.records.types import registry


@pytest.fixture
def browser(dao: User) -> Client:
    """The admin's browser."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(dao)
    return client


def make(browser: Client, what: str, **typed: Any) -> CustomField:
    answer = browser.post(f"/settings/fields/leads/new/{what}/", {"position": "0", "filterable": "true", **typed})
    assert answer.status_code == 302, answer.content.decode()
    return CustomField.objects.latest("created_at")  # type: ignore[no-any-return]


def test_a_field_is_made_in_the_browser_and_stands_in_form_list_and_board(browser: Client) -> None:
    made = make(browser, "choice", label="Customer tier", choices="Gold\nTin\n", label_th="ระดับ")
    assert (made.key, made.labels, [choice["value"] for choice in made.choices]) == ("customer_tier", {"th": "ระดับ"}, ["Gold", "Tin"])
    assert "Customer tier" in browser.get("/settings/fields/leads/").content.decode()
    form = browser.get("/leads/new/").content.decode()
    assert "custom.customer_tier" in form
    answer = browser.post("/leads/new/", {"name": "Ann", "custom.customer_tier": "Tin", "owner": ""})
    lead = registry["leads"].model.objects.get(name="Ann")
    assert answer.status_code == 303 and lead.custom == {"customer_tier": "Tin"}
    board = browser.get("/leads/?view=board&by=custom.customer_tier").content.decode()
    assert board.index("column-Tin") < board.index(f"card-{lead.pk}")
    browser.post(f"/leads/{lead.pk}/place/?by=custom.customer_tier", {"to": "Gold"})
    lead.refresh_from_db()
    assert lead.custom == {"customer_tier": "Gold"}
    browser.post("/leads/columns/", {"column": ["custom.customer_tier"]})
    assert "Gold" in browser.get("/leads/?sort=custom.customer_tier").content.decode()


def test_a_field_is_changed_in_its_place(browser: Client) -> None:
    make(browser, "number", label="Size")
    browser.post("/leads/new/", {"name": "Ann", "custom.size": "7"})
    lead = registry["leads"].model.objects.get(name="Ann")
    assert "custom.size" in browser.get(f"/leads/{lead.pk}/field/custom.size/?edit=1").content.decode()
    assert browser.post(f"/leads/{lead.pk}/field/custom.size/", {"custom.size": "eight", "version": "1"}).status_code == 422
    assert browser.post(f"/leads/{lead.pk}/field/custom.size/", {"custom.size": "8", "version": "1"}).status_code == 200
    lead.refresh_from_db()
    assert lead.custom == {"size": "8"}
    assert "Size" in browser.get(f"/leads/{lead.pk}/history/").content.decode()


def test_what_is_wrong_stands_beside_the_field_with_what_was_typed(browser: Client) -> None:
    answer = browser.post("/settings/fields/leads/new/choice/", {"label": "Tier", "choices": " ", "position": "0"})
    assert answer.status_code == 422
    assert 'value="Tier"' in answer.content.decode()


def test_a_removed_field_can_be_brought_back(browser: Client) -> None:
    made = make(browser, "text", label="Nickname")
    browser.post(f"/settings/fields/leads/{made.pk}/remove/")
    assert "custom.nickname" not in browser.get("/leads/new/").content.decode()
    browser.post(f"/settings/fields/leads/{made.pk}/remove/")
    assert "custom.nickname" in browser.get("/leads/new/").content.decode()


def test_a_label_is_read_in_the_language_of_the_reader(browser: Client) -> None:
    make(browser, "text", label="Nickname", label_th="ชื่อเล่น")
    browser.cookies["language"] = "th"
    User.objects.update(language="th")
    assert "ชื่อเล่น" in browser.get("/leads/new/").content.decode()


def test_a_filter_is_made_in_the_browser(browser: Client) -> None:
    make(browser, "choice", label="Tier", choices="Gold\nTin")
    form = browser.get("/leads/filter/?field=custom.tier").content.decode()
    assert "Gold" in form
    answer = browser.post("/leads/filter/", {"field": "custom.tier", "op": "in", "value": ["Gold"]})
    assert "custom.tier" in answer["Location"]
    assert "Gold" in browser.get(answer["Location"]).content.decode()


def test_others_have_no_such_page(alice: User) -> None:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(alice)
    assert client.get("/settings/fields/").status_code == 403


def test_an_address_and_a_time_are_filled_in_and_read(browser: Client) -> None:
    make(browser, "address", label="Site")
    make(browser, "time", label="Opens")
    typed = {"name": "Ann", "custom.site.city": "Bangkok", "custom.site.country": "TH", "custom.opens": "08:30"}
    wrong = browser.post("/leads/new/", {**typed, "name": ""})
    assert wrong.status_code == 422 and 'value="Bangkok"' in wrong.content.decode()
    browser.post("/leads/new/", typed)
    lead = registry["leads"].model.objects.get(name="Ann")
    assert lead.custom == {"site": {"city": "Bangkok", "country": "TH"}, "opens": "08:30"}
    page = browser.get(f"/leads/{lead.pk}/").content.decode()
    assert "Bangkok, Thailand" in page and "08:30" in page
    assert 'value="08:30"' in browser.get(f"/leads/{lead.pk}/edit/").content.decode()
    assert 'value="08:00"' in browser.get("/leads/filter/?field=custom.opens&op=after&place=0&filter=" + OPENS_AFTER_EIGHT).content.decode()


OPENS_AFTER_EIGHT = '{"field":"custom.opens","op":"after","value":"08:00"}'


def test_a_formula_is_tried_while_it_is_typed_and_then_made(browser: Client) -> None:
    browser.post("/leads/new/", {"name": "Ann", "employees": "21"})
    assert "is_empty()" in browser.get("/settings/fields/leads/new/formula/").content.decode()
    tried = browser.post("/settings/fields/leads/check/", {"formula": "employees * 2"}).content.decode()
    assert "Ann" in tried and "42" in tried
    wrong = browser.post("/settings/fields/leads/check/", {"formula": "1 + employes"}).content.decode()
    assert "Did you mean “employees”?" in wrong and "<span>1 + </span><mark>employes</mark>" in wrong
    assert "—" in browser.post("/settings/fields/leads/check/", {"formula": "date(2026, employees, 1)"}).content.decode()
    refused = browser.post("/settings/fields/leads/new/formula/", {"label": "Twice", "formula": "employes * 2", "position": "0"})
    assert refused.status_code == 422 and "employes * 2" in refused.content.decode()
    make(browser, "formula", label="Twice", formula="employees * 2")
    assert registry["leads"].model.objects.get(name="Ann").custom == {"twice": "42"}


def test_a_roll_up_is_chosen_step_by_step(browser: Client) -> None:
    assert "?relation=opportunities" in browser.get("/settings/fields/accounts/new/roll_up/").content.decode()
    asked = "/settings/fields/accounts/new/roll_up/?relation=opportunities"
    assert "Amount" in browser.get(asked).content.decode()
    condition = {"filter": "group", "filter.match": "all"}
    typed = {"label": "Deals", "aggregate": "sum", "related_field": "amount", "position": "0", **condition}
    answer = browser.post(asked, typed)
    assert answer.status_code == 302, answer.content.decode()
    made = CustomField.objects.get(key="deals")
    assert (made.relation, made.aggregate, made.related_field, made.result) == ("opportunities", "sum", "amount", "money")
    page = browser.post(f"/settings/fields/accounts/{made.pk}/", {**typed, "aggregate": "count"})
    assert page.status_code == 422 and "it gives Number" in page.content.decode()


def test_a_removed_field_is_erased_for_good_with_its_values(browser: Client) -> None:
    made = make(browser, "text", label="Nickname")
    browser.post("/leads/new/", {"name": "Ann", "custom.nickname": "Annie"})
    lead = registry["leads"].model.objects.get(name="Ann")
    browser.post(f"/settings/fields/leads/{made.pk}/remove/")
    assert "1 record" in browser.get(f"/settings/fields/leads/{made.pk}/erase/").content.decode()
    browser.post(f"/settings/fields/leads/{made.pk}/erase/")
    again = browser.post("/settings/fields/leads/new/text/", {"label": "Nickname", "position": "0"})
    assert again.status_code == 422 and "still being erased" in again.content.decode()
    perform(Job.objects.get(kind="custom-erase"))
    lead.refresh_from_db()
    assert lead.custom == {} and "Annie" not in browser.get(f"/leads/{lead.pk}/history/").content.decode()
    make(browser, "text", label="Nickname")


def test_a_field_that_a_formula_looks_at_cannot_be_removed(browser: Client) -> None:
    made = make(browser, "number", label="Size")
    make(browser, "formula", label="Twice", formula="custom.size * 2")
    answer = browser.post(f"/settings/fields/leads/{made.pk}/remove/", follow=True)
    assert "These fields look at it: Twice." in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/custom-fields/", "/settings/fields/"),
        ("/custom-fields/new/", "/settings/fields/"),
        ("/custom-types/new/", "/settings/types/new/"),
        ("/layouts/", "/settings/layouts/"),
        ("/layouts/new/", "/settings/layouts/"),
        ("/field-changes/", "/settings/labels/"),
    ],
)
def test_what_is_set_up_among_the_settings_leads_there(dao: User, path: str, place: str) -> None:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(dao)
    assert client.get(path)["Location"] == place
    assert client.get(place).status_code == 200


def test_a_field_leads_to_its_page_among_the_settings_until_it_is_deleted(api: Any, dao: User) -> None:
    made = api(dao).post("custom-fields/", {"type": "leads", "key": "size", "label": "Size", "kind": "text"}).json()
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(dao)
    place = f"/settings/fields/leads/{made['id']}/"
    assert client.get(f"/custom-fields/{made['id']}/")["Location"] == place
    assert client.get(place).status_code == 200
    api(dao).delete(f"custom-fields/{made['id']}/")
    assert client.get(f"/custom-fields/{made['id']}/").status_code == 200
