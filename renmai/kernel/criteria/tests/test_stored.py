"""Kept criteria of which a part is gone match nothing, wherever the part stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from renmai.kernel.access.user import Role, User
from renmai.kernel.criteria import BadCriteria, Reader, condition, kept, matches, parse, stored, to_q
from renmai.kernel.criteria.stored import lost_record
from renmai.kernel.criteria.tests.world import NOBODY, NOW, ZONE, World, trees
from renmai.kernel.criteria.tree import Broken
from renmai.kernel.criteria.words import in_words
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import again
from renmai.kernel.ui.reader import Reader as Page

pytestmark = pytest.mark.django_db
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
EXAMPLES = settings(max_examples=40, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=SLOW)
LOST_FIELD = {"field": "budget", "op": "gt", "value": 5}
LOST = st.sampled_from([LOST_FIELD, {"field": "owner.budget", "op": "is_set"}, {"field": "owner", "op": "not_in", "value": [str(NOBODY)]}])


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One world for all tests of the module, rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World(seed=7)
        transaction.set_rollback(True)


@st.composite
def with_a_lost_part(draw: st.DrawFn, tree: dict[str, Any]) -> dict[str, Any]:
    """The tree with something gone beside or below one of its parts."""
    lost = draw(LOST)
    word = next(iter(tree))
    if word == "not":
        return {"not": draw(with_a_lost_part(tree["not"]))}
    if word in {"and", "or"} and tree[word]:
        place = draw(st.integers(0, len(tree[word]) - 1))
        return {word: [draw(with_a_lost_part(part)) if at == place else part for at, part in enumerate(tree[word])]}
    return {draw(st.sampled_from(["and", "or"])): [tree, lost]}


@pytest.mark.property
@EXAMPLES
@given(data=st.data())
def test_a_lost_part_anywhere_makes_the_whole_match_nothing(world: World, data: st.DataObject) -> None:
    kind, reader = data.draw(st.sampled_from(registry.all())), Reader(world.admin, NOW, ZONE)
    whole = data.draw(trees(kind, world))
    node = stored(data.draw(with_a_lost_part(whole)), kind, world.admin)
    assert isinstance(node, Broken)
    assert not kind.model.objects.filter(to_q(node, reader)).exists()
    assert not any(matches(node, record, reader) for record in world.living[kind.slug])


@pytest.mark.property
@EXAMPLES
@given(data=st.data())
def test_criteria_of_which_nothing_is_gone_mean_what_they_meant(world: World, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(registry.all()))
    tree = data.draw(trees(kind, world))
    assume(not lost_record(parse(tree, kind)))
    assert stored(tree, kind) == parse(tree, kind)


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        (LOST_FIELD, "The field “budget” no longer exists."),
        ({"not": {"field": "team.budget", "op": "is_set"}}, "The field “team.budget” no longer exists."),
        ({"field": "language", "op": "eq", "value": "la"}, "“la” is not one of: en, zh-Hans, zh-Hant, th."),
        ({"field": "team", "op": "not_in", "value": [str(NOBODY)]}, "“Team” asks for a record that no longer exists."),
        ({"xor": []}, "Criteria are written as an object with and, or, not, or with field and op."),
    ],
)
def test_broken_criteria_say_why(tree: Any, words: str) -> None:
    assert in_words(stored(tree, registry["users"]), Page()) == words


def test_who_may_not_see_a_field_is_not_told_whether_it_exists(alice: User) -> None:
    Role.objects.filter(name="rep").update(fields={"users": {"email": "hidden"}})
    said = {in_words(stored({"field": name, "op": "is_set"}, registry["users"], again(alice)), Page()) for name in ("email", "nothing")}
    assert said == {f"The field “{name}” no longer exists, or you may not see it." for name in ("email", "nothing")}


def test_a_record_in_the_recycle_bin_is_not_lost(alice: User, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(deleted_at=NOW)
    assert not isinstance(stored({"field": "owner", "op": "eq", "value": str(bob.pk)}, registry["users"]), Broken)


def test_what_comes_from_outside_is_still_refused(alice: User) -> None:
    with pytest.raises(BadCriteria):
        condition(LOST_FIELD, registry["users"], alice)
    assert not User.objects.filter(kept(LOST_FIELD, registry["users"], alice)).exists()


def test_a_right_by_broken_criteria_opens_nothing_and_no_page_falls(alice: User) -> None:
    Role.objects.filter(name="rep").update(
        rights={"teams": {"view": {"criteria": {"not": LOST_FIELD}}, "edit": {"criteria": {"not": LOST_FIELD}}}}
    )
    reader = again(alice)
    assert not registry["teams"].model.objects.visible_to(reader, "edit").exists()
