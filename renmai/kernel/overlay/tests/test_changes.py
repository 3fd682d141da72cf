"""What a company calls the code's fields and choices, kept as the difference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from renmai.kernel.access.user import User
from renmai.kernel.overlay.change import FieldChange
from renmai.kernel.overlay.version import refresh
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api

Calls = Callable[[User], Api]


@pytest.fixture
def change(api: Calls, dao: User) -> Callable[..., dict[str, Any]]:
    """Changes a field of leads as the admin does."""

    def make(field: str, **values: Any) -> dict[str, Any]:
        answer = api(dao).post("field-changes/", {"type": "leads", "field": field, **values})
        assert answer.status_code == 201, answer.json()
        refresh()
        return answer.json()  # type: ignore[no-any-return]

    return make


def test_a_field_is_called_otherwise_in_each_language(change: Any) -> None:
    change("company", label="Firm", labels={"th": "กิจการ"})
    spec = registry["leads"].fields["company"]
    assert str(spec.label) == "Firm"
    with translation.override("th"):
        assert str(spec.label) == "กิจการ"


def test_a_label_in_one_language_leaves_the_others(change: Any) -> None:
    change("company", labels={"th": "กิจการ"})
    with translation.override("zh-hans"):
        assert str(registry["leads"].fields["company"].label) == str(registry["leads"].fields["company"].field.verbose_name)


def test_a_pick_list_is_renamed_extended_closed_and_put_in_order(change: Any) -> None:
    change("source", choices=[{"value": "fair", "label": "Trade fair"}, {"value": "web", "closed": True}])
    spec = registry["leads"].fields["source"]
    assert str(spec.choices[0][1]) == "Trade fair"
    assert "web" in dict(spec.choices)
    assert "web" not in dict(spec.offered)


def test_choices_that_programs_rely_on_are_renamed_but_not_added_to(change: Any) -> None:
    change("status", choices=[{"value": "mql", "label": "Warm"}, {"value": "frozen", "label": "Frozen"}])
    spec = registry["leads"].fields["status"]
    assert spec.choices[0][0] == "mql" and str(spec.choices[0][1]) == "Warm"
    assert {value for value, _label in spec.choices} == {"new", "working", "mql", "sql", "converted", "disqualified"}


def test_a_field_can_be_needed(change: Any, api: Calls, alice: User) -> None:
    change("company", required=True)
    answer = api(alice).post("leads/", {"name": "Ann"})
    assert [problem["field"] for problem in answer.json()["errors"]] == ["company"]


def test_taking_it_back_says_again_what_the_code_says(change: Any, api: Calls, dao: User) -> None:
    made = change("company", label="Firm")
    api(dao).delete(f"field-changes/{made['id']}/")
    refresh()
    assert str(registry["leads"].fields["company"].label) == "Company"


def test_a_change_of_what_is_gone_breaks_nothing(change: Any) -> None:
    made = change("company", label="Firm")
    FieldChange.objects.filter(pk=made["id"]).update(field="compny")
    refresh()
    assert str(registry["leads"].fields["company"].label) == "Company"
    assert FieldChange.objects.get().is_broken


def test_no_change_of_a_field_that_does_not_exist(api: Calls, dao: User) -> None:
    assert api(dao).post("field-changes/", {"type": "leads", "field": "nonsense", "label": "X"}).status_code == 422


def test_labels_and_choices_are_changed_in_the_browser(dao: User) -> None:
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(dao)
    assert "source" in browser.get("/settings/labels/leads/").content.decode()
    form = browser.get("/settings/labels/leads/source/").content.decode()
    assert 'name="choice.1.value"' in form
    typed = {"label": "Provenance", "choice.1.value": "web", "choice.1.order": "2", "choice.1.offered": "true", "more_choices": "Fair"}
    assert browser.post("/settings/labels/leads/source/", typed).status_code == 302
    shown = browser.get("/leads/new/").content.decode()
    assert "Provenance" in shown and "Fair" in shown
    assert (
        "Provenance" in browser.get("/settings/labels/").content.decode()
        or "1 field changed" in browser.get("/settings/labels/").content.decode()
    )
    browser.post("/settings/labels/leads/source/reset/")
    assert "Provenance" not in browser.get("/leads/new/").content.decode()


def test_choices_of_an_own_field_are_changed_in_the_browser(dao: User, api: Calls) -> None:
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(dao)
    made = api(dao).post("custom-fields/", {"type": "leads", "label": "Tier", "kind": "choice", "choices": ["gold", "tin"]}).json()
    typed = {"label": "Tier", "position": "0", "choice.1.value": "gold", "choice.1.order": "2", "choice.1.offered": "true"}
    typed |= {"choice.2.value": "tin", "choice.2.order": "1", "choice.2.label": "Tin can", "more_choices": "wood\n"}
    assert browser.post(f"/settings/fields/leads/{made['id']}/", typed).status_code == 302
    refresh()
    spec = registry["leads"].fields["custom.tier"]
    assert [str(label) for _value, label in spec.choices] == ["Tin can", "gold", "wood"]
    assert [value for value, _label in spec.offered] == ["gold", "wood"]
