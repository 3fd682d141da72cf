"""Layouts: sections, order, and what is asked of a field, by role; kept as the difference from the code."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from renmai.kernel.access.user import Role, User
from renmai.kernel.overlay.layout import Layout
from renmai.kernel.overlay.version import refresh
from renmai.kernel.records.arrangement import Part, difference, merged
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api, again
from renmai.kernel.transfer.model import RowAction

Calls = Callable[[User], Api]
HOT = {"field": "status", "op": "in", "value": ["mql", "sql"]}


@pytest.fixture
def arrange(api: Calls, dao: User) -> Callable[..., dict[str, Any]]:
    """Makes a layout of leads as the admin does."""

    def make(role: str | None = None, **values: Any) -> dict[str, Any]:
        key = str(Role.objects.get(name=role).pk) if role else None
        answer = api(dao).post("layouts/", {"type": "leads", "role": key, **values})
        assert answer.status_code == 201, answer.json()
        refresh()
        return answer.json()  # type: ignore[no-any-return]

    return make


def browser(user: User) -> Client:
    """A browser in which somebody is signed in."""
    made = Client(SERVER_NAME="127.0.0.1")
    made.force_login(user)
    return made


def problems(answer: Any) -> dict[str, str]:
    return {problem["field"]: problem["message"] for problem in answer.json()["errors"]}


# --- differences

CODED = [Part("person", "Person", ["name", "email", "phone"]), Part("company", "Company", ["company", "size"])]
FIELDS = [name for part in CODED for name in part.names]


def keys(parts: list[Part]) -> list[tuple[str, list[str]]]:
    return [(part.key, part.names) for part in parts]


@st.composite
def arrangements(draw: Any) -> list[Part]:
    """Sections in any order, the code's and two more, with the fields dealt out among them."""
    titled = [Part(key, key.title(), [], key.title()) for key in ("one", "two")]
    parts = draw(st.permutations([Part("person", "Person", []), Part("company", "Company", []), *titled]))
    for name in draw(st.permutations(FIELDS)):
        draw(st.sampled_from(parts)).names.append(name)
    return parts


@given(arrangements())
def test_a_difference_gives_back_what_was_wanted(wanted: list[Part]) -> None:
    assert keys(merged(CODED, difference(CODED, wanted))) == keys(wanted)


def test_nothing_is_kept_of_what_is_as_the_code_has_it() -> None:
    assert difference(CODED, CODED) == []


def test_a_field_that_the_code_gains_appears_at_its_place() -> None:
    said = difference(CODED, [Part("company", "Company", ["size", "company"]), Part("person", "Person", ["phone", "name", "email"])])
    grown = [Part("person", "Person", ["name", "title", "email", "phone"]), Part("company", "Company", ["company", "size"])]
    assert keys(merged(grown, said)) == [("company", ["size", "company"]), ("person", ["phone", "name", "title", "email"])]


def test_a_section_that_the_code_gains_appears_at_its_place() -> None:
    said = difference(CODED, [CODED[1], CODED[0]])
    assert [part.key for part in merged([CODED[0], Part("deal", "Deal", ["amount"]), CODED[1]], said)] == ["company", "person", "deal"]


# --- whose layout


def test_the_first_layout_of_a_persons_roles_counts_and_everybodys_for_the_others(arrange: Any, alice: User, dao: User) -> None:
    arrange(rules={"company": {"help": "Everybody's"}})
    arrange("manager", position=2, rules={"company": {"help": "Managers'"}})
    arrange("rep", position=1, rules={"company": {"help": "Sellers'"}})
    User.objects.filter(pk=alice.pk).update(roles=[Role.objects.get(name=name).pk for name in ("manager", "rep")])
    leads = registry["leads"]
    assert str(leads.arranged(again(alice)).specs["company"].help) == "Sellers'"
    assert str(leads.arranged(dao).specs["company"].help) == "Everybody's"
    assert str(leads.arranged(None).specs["company"].help) == ""


def test_layouts_cost_no_query(arrange: Any, alice: User, django_assert_num_queries: Any) -> None:
    arrange(rules={"company": {"required": True}, "phone": {"shown_when": HOT}})
    assert alice.access.roles
    with django_assert_num_queries(0):
        assert registry["leads"].arranged(alice).needed == ["name", "company"]


# --- what is asked of fields, at every door


def test_a_needed_field_is_needed_at_the_api_only_of_those_with_the_layout(arrange: Any, api: Calls, alice: User, dao: User) -> None:
    arrange("rep", rules={"company": {"required": True}})
    assert problems(api(alice).post("leads/", {"name": "Ann"})) == {"company": "This is needed."}
    assert api(dao).post("leads/", {"name": "Ann"}).status_code == 201


def test_a_needed_field_says_so_beside_itself_and_keeps_what_was_typed(arrange: Any, alice: User) -> None:
    arrange(rules={"company": {"required": True}})
    answer = browser(alice).post("/leads/new/", {"name": "Ann Lee", "company": ""})
    page = answer.content.decode()
    assert answer.status_code == 422 and 'id="f-company-problem"' in page and "Ann Lee" in page


def test_an_import_needs_it_too(arrange: Any, alice: User) -> None:
    from renmai.kernel.transfer.store_many import New, create_many

    arrange(rules={"company": {"required": True}})
    news = [New({"name": "Ann"}), New({"name": "Bo", "company": "Acme"})]
    assert [record.title for record in create_many(registry["leads"], news, alice)] == ["Bo"]
    assert news[0].problem == "Company: This is needed."


def test_a_read_only_field_is_changed_at_no_door(arrange: Any, api: Calls, alice: User) -> None:
    arrange(rules={"company": {"read_only": True, "default": "Acme"}})
    made = api(alice).post("leads/", {"name": "Ann"}).json()
    assert made["company"] == "Acme"
    assert api(alice).patch(f"leads/{made['id']}/", {"company": "Other"}).status_code == 403
    assert api(alice).post("leads/bulk/", {"action": "update", "ids": [made["id"]], "arguments": {"company": "B"}}).status_code == 403
    assert 'name="company"' not in browser(alice).get("/leads/new/").content.decode()
    assert browser(alice).post(f"/leads/{made['id']}/field/company/", {"company": "B"}).status_code == 403


def test_a_default_stands_in_the_form_and_can_be_emptied(arrange: Any, api: Calls, alice: User) -> None:
    arrange(rules={"source": {"default": "web"}, "company": {"default": "Acme"}})
    assert 'value="Acme"' in browser(alice).get("/leads/new/").content.decode()
    browser(alice).post("/leads/new/", {"name": "Ann", "company": "", "source": "web"})
    made = api(alice).get("leads/").json()["items"][0]
    assert (made["company"], made["source"]) == ("", "web")


def test_a_field_that_is_not_asked_for_is_neither_needed_nor_changed(arrange: Any, api: Calls, alice: User) -> None:
    arrange(rules={"company": {"shown_when": HOT, "required": True}})
    made = api(alice).post("leads/", {"name": "Ann"})
    assert made.status_code == 201
    assert "company" in problems(api(alice).post("leads/", {"name": "Ann", "company": "Acme"}))
    path = f"leads/{made.json()['id']}/"
    assert "company" in problems(api(alice).patch(path, {"company": "Acme"}))
    assert problems(api(alice).patch(path, {"status": "mql"})) == {"company": "This is needed."}
    changed = api(alice).patch(path, {"status": "mql", "company": "Acme"})
    assert changed.json()["company"] == "Acme"
    assert api(alice).patch(path, {"status": "sql"}).json()["company"] == "Acme"


def test_the_form_hides_what_is_not_asked_for_and_leaves_it_as_it_is(arrange: Any, api: Calls, alice: User) -> None:
    made = api(alice).post("leads/", {"name": "Ann", "company": "Acme"}).json()
    arrange(rules={"company": {"shown_when": HOT}})
    pages = browser(alice)
    form = pages.get(f"/leads/{made['id']}/edit/").content.decode()
    assert 'data-field="company" hidden' in form and 'data-watch="status"' in form
    sent = {"name": "Ann", "status": "working", "company": "", "owner": str(alice.pk), "version": made["version"]}
    assert pages.post("/leads/asked/", {**sent, "id": made["id"]}).json() == {"unshown": ["company"]}
    assert pages.post("/leads/asked/", {**sent, "status": "mql"}).json() == {"unshown": []}
    assert pages.post(f"/leads/{made['id']}/edit/", sent).status_code == 303
    assert api(alice).get(f"leads/{made['id']}/").json()["company"] == "Acme"
    assert "/field/company/" not in pages.get(f"/leads/{made['id']}/").content.decode()


def test_many_records_change_only_where_the_field_is_asked_for(arrange: Any, api: Calls, alice: User) -> None:
    cold, hot = (api(alice).post("leads/", {"name": name}).json()["id"] for name in ("Cold", "Hot"))
    api(alice).patch(f"leads/{hot}/", {"status": "mql"})
    arrange(rules={"company": {"shown_when": HOT}})
    from renmai.kernel.actions.many import verb

    found = {done.key: done.action for done in verb(registry["leads"], "update", {"company": "Acme"}, again(alice)).do([cold, hot])}
    assert list(found.values()) == [RowAction.FAILED, RowAction.UPDATED]


def test_hidden_fields_stand_neither_in_the_form_nor_on_the_page(arrange: Any, api: Calls, alice: User) -> None:
    arrange(rules={"company": {"hidden": True}}, sections=[{"key": "extra", "title": "More", "fields": ["phone"]}])
    made = api(alice).post("leads/", {"name": "Ann", "company": "Acme"}).json()
    form = browser(alice).get("/leads/new/").content.decode()
    assert 'name="company"' not in form and ">More<" in form
    assert "Acme" not in browser(alice).get(f"/leads/{made['id']}/").content.decode()


# --- what does not fit


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"rules": {"compny": {"required": True}}}, "compny"),
        ({"rules": {"name": {"hidden": True}}}, "name"),
        ({"rules": {"status": {"default": "frozen"}}}, "status"),
        ({"rules": {"company": {"shown_when": {"field": "nonsense", "op": "is_set"}}}}, "company"),
        ({"sections": [{"key": "person", "fields": ["nonsense"]}]}, "nonsense"),
        ({"sections": [{"key": "nowhere", "fields": ["name"]}]}, "nowhere"),
        ({"rules": {"company": {"colour": "red"}}}, "colour"),
    ],
)
def test_a_layout_that_names_what_is_not_there_is_refused_by_name(values: Any, named: str, api: Calls, dao: User) -> None:
    answer = api(dao).post("layouts/", {"type": "leads", **values})
    assert answer.status_code == 422 and named in json.dumps(answer.json())


def test_what_no_longer_fits_changes_nothing_and_is_named(arrange: Any, api: Calls, alice: User, dao: User) -> None:
    made = arrange(rules={"company": {"required": True}}, sections=[{"key": "person", "fields": ["phone", "name"]}])
    broken = {"status": {"default": "frozen", "shown_when": {"field": "gone", "op": "is_set"}}, "compny": {"hidden": True}}
    Layout.objects.filter(pk=made["id"]).update(rules=broken, sections=[{"key": "person", "fields": ["gone", "phone", "name"]}])
    refresh()
    found = " ".join(Layout.objects.get().misfits)
    assert all(name in found for name in ("status", "compny", "gone"))
    assert api(alice).post("leads/", {"name": "Ann"}).json()["status"] == "new"
    assert browser(alice).get("/leads/new/").status_code == 200
    assert "compny" in browser(dao).get("/settings/layouts/").content.decode()


def test_only_administrators_make_layouts(api: Calls, alice: User) -> None:
    assert api(alice).post("layouts/", {"type": "leads"}).status_code == 403
    assert browser(alice).get("/settings/layouts/").status_code == 403


def test_a_layout_that_names_what_has_gone_is_changed_and_says_so(arrange: Any, api: Calls, dao: User) -> None:
    admin = api(dao)
    field = admin.post("custom-fields/", {"type": "leads", "label": "Budget", "kind": "number"}).json()
    layout = arrange(rules={"custom.budget": {"required": True}})
    admin.delete(f"custom-fields/{field['id']}/")
    saved = admin.patch(f"layouts/{layout['id']}/", {"rules": {**layout["rules"], "company": {"required": True}}})
    assert saved.status_code == 200 and set(saved.json()["rules"]) == {"custom.budget", "company"}
    assert "custom.budget" in browser(dao).get("/settings/layouts/").content.decode()
    assert admin.patch(f"layouts/{layout['id']}/", {"rules": {"custom.budgte": {"required": True}}}).status_code == 422


def test_a_view_that_names_what_has_gone_opens_without_it(api: Calls, dao: User) -> None:
    admin, client = api(dao), browser(dao)
    field = admin.post("custom-fields/", {"type": "leads", "label": "Budget", "kind": "number", "filterable": True}).json()
    given = {"columns": ["name", "custom.budget"], "sort": "-custom.budget", "filter": {"field": "custom.budget", "op": "is_set"}}
    view = admin.post("views/", {"name": "Rich", "target": "leads", **given}).json()
    admin.delete(f"custom-fields/{field['id']}/")
    assert client.get(f"/leads/?view={view['id']}", follow=True).status_code == 200
    assert admin.patch(f"views/{view['id']}/", {"name": "Richer", "columns": view["columns"]}).status_code == 200
