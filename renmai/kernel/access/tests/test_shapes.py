"""A role that cannot be understood is refused when it is written."""

from __future__ import annotations

from typing import Any

import pytest

from renmai.kernel.access.shapes import field_rights, rights
from renmai.kernel.access.user import User
from renmai.kernel.testing.people import Api

COUNTRY = {"field": "country", "op": "eq", "value": "TH"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rights", []),
        ("rights", {"leads": "all"}),
        ("rights", {"leads": {"view": "mine"}}),
        ("rights", {"leads": {"view": ["all"]}}),
        ("rights", {"leads": {"view": {"criteria": COUNTRY, "level": "all"}}}),
        ("rights", {"leads": {"view": {"criteria": {"field": "nothing", "op": "eq"}}}}),
        ("rights", {"*": {"view": {"criteria": COUNTRY}}}),
        ("rights", {"leeds": {"view": "all"}}),
        ("rights", {"leads": {"veiw": "all"}}),
        ("fields", {"leeds": {"score": "hidden"}}),
        ("fields", {"leads": {"score": "secret"}}),
        ("fields", {"leads": ["score"]}),
    ],
)
def test_what_is_no_right_is_refused_with_a_sentence(dao: User, name: str, value: Any) -> None:
    response = Api(dao).post("roles/", {"name": "Odd", "rights": {}, name: value})
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [name]


def test_a_right_by_criteria_opens_what_it_says(dao: User, charlie: User) -> None:
    admin = Api(dao)
    rights = {
        "leads": {"view": {"criteria": COUNTRY}},
        "accounts": {"view": {"criteria": {"field": "parent.owner", "op": "eq", "value": {"var": "me"}}}},
    }
    role = admin.post("roles/", {"name": "Thailand", "rights": rights}).json()
    assert admin.patch(f"users/{charlie.pk}/", {"roles": [role["id"]]}).status_code == 200
    for country in ("TH", "CN"):
        admin.post("leads/", {"name": f"Lead in {country}", "country": country})
    mother = admin.post("accounts/", {"name": "Mother", "owner": str(charlie.pk)}).json()
    admin.post("accounts/", {"name": "Daughter", "parent": mother["id"]})
    outside = Api(User.objects.get(pk=charlie.pk))
    assert [item["title"] for item in outside.get("leads/").json()["items"]] == ["Lead in TH"]
    assert [item["title"] for item in outside.get("accounts/").json()["items"]] == ["Daughter"]


@pytest.mark.django_db
def test_a_misspelt_field_hides_nothing_and_is_refused() -> None:
    with pytest.raises(ValueError, match="anual_revenue"):
        field_rights({"accounts": {"anual_revenue": "hidden"}})
    assert field_rights({"accounts": {"annual_revenue": "hidden"}}) == {"accounts": {"annual_revenue": "hidden"}}


def test_the_valid_names_are_told_and_every_verb_of_a_type_is_one() -> None:
    with pytest.raises(ValueError, match=r"veiw.*view, create, edit"):
        rights({"leads": {"veiw": "all"}})
    with pytest.raises(ValueError, match=r"leeds.*leads"):
        rights({"leeds": {"view": "all"}})
    every = {
        "view": "own",
        "create": "all",
        "edit": "own",
        "delete": "none",
        "export": "none",
        "claim": "all",
        "convert": "own",
        "share": "own",
    }
    assert rights({"leads": every, "*": {"*": "none", "win": "all"}})["leads"] == every


def test_a_role_that_names_what_has_gone_is_saved_and_keeps_it(dao: User) -> None:
    admin = Api(dao)
    field = admin.post("custom-fields/", {"type": "leads", "label": "Salary", "kind": "number", "filterable": True}).json()
    criteria = {"field": "custom.salary", "op": "gt", "value": 1}
    given = {"rights": {"leads": {"view": {"criteria": criteria}}}, "fields": {"leads": {"custom.salary": "hidden"}}}
    role = admin.post("roles/", {"name": "Odd", **given}).json()
    assert admin.delete(f"custom-fields/{field['id']}/").status_code in {200, 204}
    more = {"rights": {**given["rights"], "accounts": {"view": "all"}}, "fields": {"leads": {"custom.salary": "hidden", "score": "read"}}}
    saved = admin.patch(f"roles/{role['id']}/", more)
    assert saved.status_code == 200 and saved.json()["fields"] == more["fields"]
    slip = {"leads": {"custom.salry": "hidden"}}
    assert admin.patch(f"roles/{role['id']}/", {"fields": slip}).status_code == 422
