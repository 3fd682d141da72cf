"""Criteria in plain words."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override

from renmai.kernel.access.user import User
from renmai.kernel.criteria import parse
from renmai.kernel.criteria.words import chips, in_words
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.ui.reader import Reader

ENGLISH = Reader()


def said(tree: Any, slug: str = "leads", reader: Reader = ENGLISH, by: User | None = None) -> str:
    with override(reader.language):
        return in_words(parse(tree, registry[slug]), reader, by)


def leaf(field: str, op: str, value: Any = None) -> dict[str, Any]:
    """One condition."""
    return {"field": field, "op": op, "value": value}


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        ({}, "Everything"),
        ({"or": []}, "Nothing"),
        (leaf("company", "contains", "acme"), "Company contains acme"),
        (leaf("status", "in", ["new", "working"]), "Status is one of: New, Working"),
        (leaf("employees", "between", [10, 5000]), "Employees is between 10 and 5,000"),
        (leaf("country", "ne", "TH"), "Country is not Thailand"),
        (leaf("owner", "eq", {"var": "me"}), "Owner is me"),
        (leaf("created_at", "within", {"last": "1 day"}), "Created in the last 1 day"),
        (leaf("created_at", "within", {"next": "2 weeks"}), "Created in the next 2 weeks"),
        (leaf("created_at", "within", {"this": "quarter"}), "Created in this quarter"),
        (leaf("created_at", "before", {"var": "today"}), "Created is before today"),
        (leaf("campaign.name", "is_empty"), "Campaign: Name is empty"),
        ({"not": leaf("company", "is_set")}, "Not (Company is filled in)"),
        (
            {"not": {"or": [leaf("company", "is_set"), {"and": [leaf("grade", "eq", "A"), leaf("score", "gt", 50)]}]}},
            "None of these: (Company is filled in; (Grade is A and Score is more than 50))",
        ),
        (
            {"and": [leaf("score", "gt", 5), {"not": {"and": [leaf("company", "is_set"), leaf("grade", "eq", "A")]}}]},
            "Score is more than 5 and not all of these: (Company is filled in; Grade is A)",
        ),
        (
            {"and": [leaf("company", "is_set"), {"or": [leaf("grade", "eq", "A"), leaf("score", "gt", 50)]}]},
            "Company is filled in and (Grade is A or Score is more than 50)",
        ),
    ],
)
def test_a_condition_is_said_as_a_sentence(tree: Any, words: str) -> None:
    assert said(tree) == words


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        ({"field": "people", "op": "none"}, "Has no people"),
        ({"field": "people", "op": "any", "value": leaf("job_title", "eq", "CEO")}, "Has people for which Job title is CEO"),
        (
            {
                "or": [
                    {"field": "people", "op": "any", "value": {"and": [leaf("job_title", "eq", "CEO"), leaf("email", "is_set")]}},
                    leaf("name", "is_set"),
                ]
            },
            "Has people for which (Job title is CEO and E-mail is filled in) or Name is filled in",
        ),
        ({"field": "people", "op": "gte", "count": True, "value": 3}, "Number of people is at least 3"),
        (
            {"field": "opportunities", "op": "lt", "sum": "amount", "where": leaf("name", "is_set"), "value": 1000},
            "Sum of Amount over opportunities for which Name is filled in is less than 1,000",
        ),
    ],
)
def test_related_rows_are_said_as_a_sentence(tree: Any, words: str) -> None:
    assert said(tree, "accounts") == words


def test_dates_are_said_in_the_era_of_the_reader() -> None:
    assert "2569" in said(leaf("starts_on", "eq", "2026-11-22"), "campaigns", Reader("th", "Asia/Bangkok", "be"))


def test_a_linked_record_is_named_only_to_those_who_may_see_it(alice: User, charlie: User) -> None:
    account = create(registry["accounts"], {"name": "Acme", "owner": alice}, alice)
    tree = leaf("account", "eq", str(account.pk))
    assert said(tree, "people", by=alice) == "Account is Acme"
    assert "Acme" not in said(tree, "people", by=charlie)


def test_each_condition_that_must_hold_is_a_chip_of_its_own() -> None:
    tree = {"and": [leaf("company", "is_set"), leaf("status", "eq", "new")]}
    with override("en"):
        assert chips(parse(tree, registry["leads"]), ENGLISH) == ["Company is filled in", "Status is New"]
