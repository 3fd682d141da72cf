"""Money of several currencies in groups and totals: each added up by itself, never together, and said so."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from renmai.kernel.access.user import User
from renmai.kernel.testing.people import Api

Calls = Callable[[User], Api]
SAID = "Each currency is added up by itself"
LEADS = [
    ("Anan", "new", "1000", "THB"),
    ("Malee", "new", "234.50", "THB"),
    ("Erika", "new", "99.99", "EUR"),
    ("Wang", "working", "70000", "JPY"),
    ("Somchai", "working", None, "EUR"),
]


@pytest.fixture
def leads(api: Calls, dao: User) -> None:
    """Leads worth baht, euro and yen, and one of which nobody knows the worth."""
    for name, status, worth, currency in LEADS:
        sent = {"name": name, "status": status, "expected_amount": worth, "currency": currency}
        assert api(dao).post("leads/", sent).status_code == 201


def page(user: User, path: str) -> str:
    made = Client(SERVER_NAME="127.0.0.1")
    made.force_login(user)
    return made.get(path).content.decode().replace("\xa0", " ").replace("\u202f", " ")


def test_each_currency_of_a_group_is_a_sum_of_its_own(leads: None, api: Calls, dao: User) -> None:
    found = {group["key"]: group for group in api(dao).get("leads/groups/?by=status&sum=expected_amount").json()["items"]}
    assert found["new"]["sums"] == [{"currency": "EUR", "sum": "99.99"}, {"currency": "THB", "sum": "1234.50"}]
    assert found["new"]["base_sum"] is None


def test_a_currency_without_an_amount_is_none_of_the_sums(leads: None, api: Calls, dao: User) -> None:
    found = {group["key"]: group for group in api(dao).get("leads/groups/?by=status&sum=expected_amount").json()["items"]}
    assert found["working"]["sums"] == [{"currency": "JPY", "sum": "70000"}]


def test_the_head_of_a_group_names_each_sum(leads: None, dao: User) -> None:
    shown = page(dao, "/leads/?group=status&sum=expected_amount")
    (new, working) = re.findall(r"<summary>(.*?)</summary>", shown, re.DOTALL)
    assert "99.99" in new and "1,234.50" in new and " · " in new
    assert "70,000" in working and " · " not in working
    assert SAID in shown


def test_the_column_of_a_board_names_each_sum(leads: None, dao: User) -> None:
    shown = page(dao, "/leads/?view=board&by=status&sum=expected_amount")
    assert "99.99" in shown and "1,234.5" in shown and "1,334" not in shown


def test_the_totals_below_a_list_stand_in_a_line_for_each_currency(leads: None, dao: User) -> None:
    shown = page(dao, "/leads/totals/?columns=expected_amount")
    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", shown)
    figures = [re.findall(r"numeric\">([^<]*)<", row) for row in rows]
    assert len(rows) == 3 and SAID in shown
    baht = next(row for row in figures if "1,234.50" in row[0])
    assert ["617.25" in baht[1], "234.50" in baht[2], "1,000.00" in baht[3]] == [True] * 3


def test_amounts_of_one_currency_are_said_without_more_words(api: Calls, dao: User) -> None:
    api(dao).post("leads/", {"name": "Anan", "expected_amount": "10", "currency": "THB"})
    assert SAID not in page(dao, "/leads/totals/?columns=expected_amount")
    assert SAID not in page(dao, "/leads/?group=status&sum=expected_amount")


def test_an_amount_without_a_currency_is_in_the_companys(api: Calls, dao: User) -> None:
    from renmai.kernel.overlay.company import company
    from renmai.sales.lead.model import Lead

    base = company().currency
    for name, currency in (("Anan", base), ("Malee", base)):
        api(dao).post("leads/", {"name": name, "expected_amount": "10", "currency": currency})
    Lead.objects.filter(name="Malee").update(currency="")
    (group,) = api(dao).get("leads/groups/?by=status&sum=expected_amount").json()["items"]
    assert [sum["currency"] for sum in group["sums"]] == [base] and group["base_sum"] == group["sums"][0]["sum"]
    assert page(dao, "/leads/totals/?columns=expected_amount").count('<th scope="row">') == 1
