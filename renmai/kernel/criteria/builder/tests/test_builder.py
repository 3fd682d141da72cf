"""Any criteria can be opened in the builder, shown, sent back and kept, and still mean the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test.html import Element, parse_html
from django.utils import timezone
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from renmai.kernel.access.user import Role, User
from renmai.kernel.criteria import parse
from renmai.kernel.criteria.builder.builder import Builder
from renmai.kernel.criteria.builder.offers import OPS
from renmai.kernel.criteria.builder.opening import SINGLE
from renmai.kernel.criteria.kinds import OPERATORS
from renmai.kernel.criteria.stored import conditions
from renmai.kernel.criteria.tests.world import NOBODY, World, trees
from renmai.kernel.criteria.tree import And, Condition, Node, Not, Or, Some, Total
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import again

pytestmark = pytest.mark.django_db
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
USERS = "users"


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One world for all tests of the module, rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World(seed=11)
        transaction.set_rollback(True)


def sent(builder: Builder) -> QueryDict:
    """What a browser sends of the form that the builder stands in."""
    html = render_to_string("kernel/criteria/builder/builder.jinja", {"builder": builder})
    form = QueryDict(mutable=True)
    for control in controls(parse_html(html)):
        form.appendlist(*control)
    return form


def controls(element: Any) -> Iterator[tuple[str, str]]:
    """Name and value of every control that is sent."""
    if not isinstance(element, Element):
        return
    given = dict(element.attributes)
    if element.name == "input" and (given.get("type") != "checkbox" or "checked" in given) and "name" in given:
        yield given["name"], given.get("value") or ""
    if element.name == "select":
        yield from chosen(element, given)
    for child in element.children:
        yield from controls(child)


def chosen(select: Any, given: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What is chosen in a select; without ``multiple`` the first option where none is marked."""
    options = list(options_of(select))
    marked = [value for value, selected in options if selected]
    if "multiple" not in given and not marked:
        marked = [options[0][0]]
    for value in marked:
        yield given["name"], value


def options_of(element: Any) -> Iterator[tuple[str, bool]]:
    """Value and mark of each option."""
    for child in element.children:
        if isinstance(child, Element) and child.name == "option":
            given = dict(child.attributes)
            yield given.get("value") or "", "selected" in given
        elif isinstance(child, Element):
            yield from options_of(child)


def plain(node: Node) -> Node:
    """Criteria without the differences of writing that mean nothing."""
    match node:
        case And((part,)) | Or((part,)):
            return plain(part)
        case And(parts):
            return And(tuple(map(plain, parts)))
        case Or(parts):
            return Or(tuple(map(plain, parts)))
        case Not(part):
            inner = plain(part)
            return inner.part if isinstance(inner, Not) else Not(inner)
        case Some() | Total():
            return replace(node, where=plain(node.where))
        case Condition():
            return plain_condition(node)
    raise AssertionError(node)


def plain_condition(node: Condition) -> Condition:
    """A comparison with one value as one with a list, days and moments as such."""
    values = node.value if isinstance(node.value, tuple) else (node.value,)
    op = {"before": "lt", "after": "gt"}.get(node.op, node.op)
    if node.field.kind in {"choice", "pick", "country", "currency", "boolean", "link", "id", "tags", "links", "choices"}:
        op = SINGLE.get(op, op)
    aware = [timezone.make_aware(one) if isinstance(one, dt.datetime) and not one.tzinfo else one for one in values]
    return replace(node, op=op, value=tuple(sorted(set(aware), key=str)) if op in {"in", "not_in"} else tuple(aware))


def is_for_people(node: Node) -> bool:
    """Nothing in it is written in a way that only programs use: a choice among no values, or of somebody who does not exist."""
    values = [condition.value for condition in conditions(node)]
    return () not in values and NOBODY not in [one for value in values for one in (value if isinstance(value, tuple) else (value,))]


@pytest.mark.property
@settings(max_examples=150, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=SLOW)
@given(data=st.data())
def test_any_criteria_come_back_from_the_browser_as_they_were(world: World, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(registry.all()))
    tree = data.draw(trees(kind, world, 3))
    assume(is_for_people(parse(tree, kind)))
    form = sent(Builder.of(kind, world.admin, tree))
    builder = Builder.read(form, kind, world.admin)
    assert builder.is_whole, [tree, form]
    assert plain(parse(builder.tree, kind)) == plain(parse(tree, kind)), [tree, builder.tree]


def form_of(**values: str | list[str]) -> QueryDict:
    """What a browser would send; ``__`` stands for a dot."""
    form = QueryDict(mutable=True)
    form["filter.kind"] = "group"
    for name, value in values.items():
        form.setlist(f"filter.{name[1:].replace('__', '.')}", value if isinstance(value, list) else [value])
    return form


def built(form: QueryDict, by: User, **options: Any) -> Builder:
    return Builder.read(form, registry[USERS], by, **options)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"_0__kind": "line", "_0__step": "name", "_0__op": "contains"}, "A value is missing here."),
        ({"_0__kind": "line", "_0__step": "team.", "_0__op": "in"}, "Choose a field."),
        ({"_0__kind": "line", "_0__step": "team", "_0__op": "in"}, "Choose at least one value."),
        ({"_0__kind": "line", "_0__step": "name", "_0__op": "within"}, "Choose how to compare."),
        ({"_0__kind": "line", "_0__step": "created_at", "_0__op": "eq", "_0__value": "32/1/2026"}, "date"),
        ({"_0__kind": "line", "_0__step": "created_at", "_0__op": "last", "_0__value": "x", "_0__unit": "day"}, "not a number"),
        ({"_0__kind": "line", "_0__step": "created_at", "_0__op": "last", "_0__value": "1.5", "_0__unit": "day"}, "A whole number"),
    ],
)
def test_what_makes_no_sense_yet_is_told_beside_its_condition(alice: User, values: dict[str, str], sentence: str) -> None:
    builder = built(form_of(**values), alice)
    assert not builder.is_whole and builder.words == ""
    assert sentence in builder.box.parts[0].errors[0]


def test_what_was_typed_stays_beside_the_error(alice: User) -> None:
    builder = built(form_of(_0__kind="line", _0__step="created_at", _0__op="last", _0__value="ten", _0__unit="week"), alice)
    assert not builder.is_whole
    operand = builder.box.parts[0].operands[0]
    assert operand.input is not None and (operand.input.value, operand.how) == ("ten", "week")


def test_a_condition_that_was_not_begun_asks_nothing(alice: User) -> None:
    builder = built(form_of(_0__kind="line", _0__step=""), alice)
    assert builder.is_whole and builder.tree == {}


def test_numbers_and_dates_are_typed_as_their_reader_writes_them(alice: User) -> None:
    values = {"_0__kind": "line", "_0__step": "version", "_0__op": "gte", "_0__value": "๑,๒๐๐"}
    assert built(form_of(**values), alice).tree == {"field": "version", "op": "gte", "value": "1200"}


def test_another_field_asks_another_thing(alice: User) -> None:
    builder = built(form_of(_0__kind="line", _0__step=["team.", "name"], _0__op="contains", _0__value="North"), alice)
    builder.root.parts[0].steps = ["email"]  # type: ignore[union-attr]
    builder.change("field", "0")
    assert [operand.input.value for operand in builder.box.parts[0].operands if operand.input] == [""]


def test_parts_are_added_and_taken_away(alice: User) -> None:
    builder = Builder.of(registry[USERS], alice, {"field": "name", "op": "is_set"})
    builder.change("group", "")
    builder.change("line", "1")
    assert [len(part.parts) for part in builder.root.parts if hasattr(part, "parts")] == [2]
    builder.change("drop", "1.0")
    builder.change("drop", "1.0")
    assert len(builder.root.parts) == 1


def test_a_lost_part_is_shown_and_keeps_the_criteria_from_being_kept_until_it_is_taken_away(alice: User) -> None:
    tree = {"and": [{"field": "name", "op": "is_set"}, {"not": {"field": "budget", "op": "gt", "value": 5}}]}
    builder = Builder.read(sent(Builder.of(registry[USERS], alice, tree)), registry[USERS], alice)
    assert not builder.is_whole
    assert builder.box.parts[1].parts[0].errors == ["The field “budget” no longer exists."]
    builder = Builder.of(registry[USERS], alice, tree)
    builder.change("drop", "1.0")
    assert builder.is_whole and builder.tree == {"field": "name", "op": "is_set"}


def test_a_hidden_field_is_neither_offered_nor_taken(alice: User) -> None:
    Role.objects.filter(name="rep").update(fields={USERS: {"email": "hidden"}})
    reader = again(alice)
    shown = Builder.of(registry[USERS], reader, {}).box.parts[0].names[0]
    assert "email" not in [value for _label, choices in shown.groups for value, _text in choices]
    form = form_of(_0__kind="line", _0__step="email", _0__op="is_set")
    assert not built(form, reader).is_whole and built(form, reader, company=True).is_whole


def test_a_right_by_criteria_goes_without_related_rows(alice: User) -> None:
    form = form_of(_0__kind="line", _0__step="users", _0__op="any")
    kind = registry["teams"]
    assert Builder.read(form, kind, alice).kind is kind
    assert "tasks" not in str(Builder.of(kind, alice, {}, related=False).box.parts[0].names[0].groups)
    assert not Builder.read(form_of(_0__kind="line", _0__step="tasks", _0__op="any"), kind, alice, related=False).is_whole


def test_too_many_conditions_are_refused_as_a_whole(alice: User) -> None:
    tree = {"and": [{"field": "name", "op": "is_set"}] * 150}
    assert Builder.of(registry[USERS], alice, tree).is_whole
    builder = Builder.of(registry[USERS], alice, {"or": [tree, tree]})
    assert not builder.is_whole and "200" in builder.errors[0]


def test_a_count_of_all_related_rows_has_nothing_to_narrow_it(alice: User) -> None:
    tree = {"field": "tasks", "op": "gte", "count": True, "value": "3"}
    builder = Builder.of(registry["teams"], alice, tree)
    assert builder.is_whole and builder.tree == tree


def test_every_kind_of_field_has_its_operators() -> None:
    assert set(OPS) == set(OPERATORS)


def test_what_a_condition_is_about_may_be_gone(alice: User) -> None:
    tasks, gone = registry["tasks"], {"field": "about", "op": "contains", "value": "01a203e0-addc-72ff-917a-6ea876ebea71"}
    back = Builder.read(sent(Builder.of(tasks, alice, gone)), tasks, alice)
    assert back.tree == gone
