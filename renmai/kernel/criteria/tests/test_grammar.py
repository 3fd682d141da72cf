"""What is no criteria is refused with a sentence; nothing else happens."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renmai.kernel.access.user import Role, User
from renmai.kernel.criteria import BadCriteria, parse
from renmai.kernel.criteria.grammar import DEEPEST, MOST_CONDITIONS
from renmai.kernel.criteria.kinds import OPERATORS
from renmai.kernel.criteria.tree import EVERYTHING, And, Not, Or
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import again

NAMES = [
    "name",
    "team",
    "roles",
    "active",
    "created_at",
    "version",
    "team.name",
    "team.parent.name",
    "teams",
    "tags",
    "id",
    "custom",
    "nothing",
]
OPS = sorted({op for ops in OPERATORS.values() for op in ops} | {"any", "none", "like"})
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["today", "30 days", "2026-02-30", "\ud800", "\0"])
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=8
)
VALUES = (
    JSON | st.fixed_dictionaries({"var": SCALARS | st.sampled_from(["me", "my_team", "today"])}) | st.fixed_dictionaries({"last": SCALARS})
)
LEAVES = st.fixed_dictionaries(
    {"field": st.sampled_from(NAMES) | JSON, "op": st.sampled_from(OPS) | JSON, "value": VALUES},
    optional={"count": JSON, "sum": st.sampled_from(NAMES) | JSON, "where": JSON},
)
TREES = st.recursive(
    LEAVES | JSON,
    lambda inner: st.dictionaries(st.sampled_from(["and", "or", "not"]), inner | st.lists(inner, max_size=3), min_size=1, max_size=2),
    max_leaves=6,
)


def refusal(tree: Any, slug: str = "users", by: User | None = None) -> BadCriteria:
    """The error that a tree meets."""
    with pytest.raises(BadCriteria) as caught:
        parse(tree, registry[slug], by)
    return caught.value


@given(tree=TREES, slug=st.sampled_from(["users", "teams"]))
def test_any_json_is_understood_or_refused(tree: Any, slug: str) -> None:
    try:
        node = parse(tree, registry[slug])
    except BadCriteria as error:
        assert str(error.message)
    else:
        assert node is not None


@pytest.mark.parametrize("tree", [None, {}, {"and": []}])
def test_no_conditions_mean_everything(tree: Any) -> None:
    assert parse(tree, registry["users"]) == EVERYTHING


def test_and_or_and_not_nest() -> None:
    node = parse({"or": [{"not": {"field": "name", "op": "is_set"}}, {"and": []}]}, registry["users"])
    assert isinstance(node, Or)
    assert [type(part) for part in node.parts] == [Not, And]


def test_an_unknown_field_is_answered_with_the_valid_ones() -> None:
    error = refusal({"and": [{"field": "nmae", "op": "eq", "value": "x"}]})
    assert error.path == "and.0.field"
    assert "“nmae”" in error.message and "name" in error.message and "email" in error.message


def test_an_operator_that_does_not_fit_the_kind_is_answered_with_the_valid_ones() -> None:
    error = refusal({"field": "active", "op": "contains", "value": "x"})
    assert error.path == "op"
    assert "eq, ne" in error.message


@pytest.mark.parametrize(
    ("field", "op", "value"),
    [
        ("name", "eq", 5),
        ("name", "eq", ""),
        ("name", "contains", ""),
        ("name", "eq", "a\0b"),
        ("name", "eq", "\ud800"),
        ("name", "eq", "x" * 1001),
        ("name", "in", "Acme"),
        ("name", "in", ["x"] * 1001),
        ("name", "is_set", "yes"),
        ("name", "eq", {"var": "me"}),
        ("version", "eq", "many"),
        ("version", "eq", True),
        ("version", "gt", 1.5),
        ("version", "gt", None),
        ("version", "between", [1]),
        ("version", "lt", "NaN"),
        ("active", "eq", "yes"),
        ("team", "eq", "North"),
        ("team", "eq", {"var": "me"}),
        ("era", "eq", "stone"),
        ("created_at", "eq", "yesterday"),
        ("created_at", "eq", "2026-02-30"),
        ("created_at", "lt", "2026-02-30T10:00:00Z"),
        ("created_at", "lt", "0001-01-01T00:00:00+14:00"),
        ("created_at", "within", {"last": "month"}),
        ("created_at", "within", {"last": "1 day", "next": "1 day"}),
        ("created_at", "within", "30 days"),
        ("created_at", "eq", {"var": "tomorrow"}),
    ],
)
def test_a_value_that_does_not_fit_is_refused_at_its_place(field: str, op: str, value: Any) -> None:
    assert refusal({"field": field, "op": op, "value": value}).path == "value"


@pytest.mark.parametrize(
    ("tree", "path"),
    [
        ([], ""),
        ({"and": {}}, "and"),
        ({"and": [], "or": []}, ""),
        ({"xor": []}, ""),
        ({"not": [1]}, "not"),
        ({"field": "name"}, "op"),
        ({"field": "name", "op": "eq", "value": "x", "then": 1}, "then"),
        ({"field": ["name"], "op": "eq", "value": "x"}, "field"),
        ({"field": "name", "op": "eq", "value": "x", "count": True}, "count"),
        ({"field": "name.length", "op": "gt", "value": 3}, "field"),
        ({"field": "roles.name", "op": "eq", "value": "x"}, "field"),
        ({"field": "team.team.team.team.team.name", "op": "eq", "value": "x"}, "field"),
    ],
)
def test_a_malformed_tree_is_refused_at_its_place(tree: Any, path: str) -> None:
    assert refusal(tree).path == path


@pytest.mark.parametrize(
    ("leaf", "path"),
    [
        ({"op": "eq", "value": 1}, "op"),
        ({"op": "any", "where": {}}, "where"),
        ({"op": "any", "value": {"field": "nothing", "op": "eq"}}, "value.field"),
        ({"op": "gt", "count": 1, "value": 1}, "count"),
        ({"op": "gt", "count": True, "sum": "version", "value": 1}, "count"),
        ({"op": "gt", "sum": "name", "value": 1}, "sum"),
        ({"op": "contains", "count": True, "value": 1}, "op"),
        ({"op": "between", "count": True, "value": 1}, "value"),
        ({"op": "gt", "count": True, "value": "many"}, "value"),
        ({"op": "gt", "count": True, "where": {"xor": []}, "value": 1}, "where"),
    ],
)
def test_a_malformed_question_about_related_rows_is_refused_at_its_place(leaf: Any, path: str) -> None:
    assert refusal({"field": "teams", **leaf}, "teams").path == path


def test_nesting_has_a_limit() -> None:
    tree: Any = {"field": "name", "op": "is_set"}
    for _level in range(DEEPEST * 3):
        tree = {"not": tree}
    assert "nested" in refusal(tree).message


def test_the_number_of_conditions_has_a_limit() -> None:
    leaf = {"field": "name", "op": "is_set"}
    parse({"and": [leaf] * MOST_CONDITIONS}, registry["users"])
    assert str(MOST_CONDITIONS) in refusal({"and": [leaf] * (MOST_CONDITIONS + 1)}).message


def test_a_hidden_field_is_refused_like_one_that_does_not_exist(alice: User) -> None:
    Role.objects.filter(name="rep").update(fields={"users": {"email": "hidden"}, "teams": {"name": "hidden", "parent": "hidden"}})
    reader = again(alice)
    for name in ("email", "team.name", "team.parent.version"):
        assert "There is no field" in refusal({"field": name, "op": "is_set"}, by=reader).message
    assert "teams" not in refusal({"field": "x", "op": "is_set"}, "teams", by=reader).message.partition("Valid")[2]
