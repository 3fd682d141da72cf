"""The database and memory find the same records, whatever is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from renmai.kernel.criteria import Reader, matches, parse, to_q
from renmai.kernel.criteria.tests.world import NOW, ZONE, World, trees
from renmai.kernel.records.types import RecordType, registry

pytestmark = pytest.mark.django_db
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
EXAMPLES = settings(max_examples=60, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=SLOW)
BATCH = 8


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One world for all tests of the module, rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World(seed=5)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def readers(world: World) -> list[Reader]:
    """The company's rules, someone who sees everything, and someone who sees little."""
    return [Reader(None, NOW, ZONE), *(Reader(user, NOW, ZONE, scoped=True) for user in (world.admin, world.rep))]


def in_database(kind: RecordType, tree: Any, reader: Reader) -> set[Any]:
    """Ids of the living records that the database finds."""
    return set(kind.model.objects.live().filter(to_q(parse(tree, kind), reader)).values_list("pk", flat=True))


@pytest.mark.property
@EXAMPLES
@given(data=st.data())
def test_the_database_and_memory_find_the_same_records(world: World, readers: list[Reader], data: st.DataObject) -> None:
    kind, reader = data.draw(st.sampled_from(registry.all())), data.draw(st.sampled_from(readers))
    for tree in data.draw(st.lists(trees(kind, world), min_size=BATCH, max_size=BATCH)):
        node = parse(tree, kind)
        assert in_database(kind, tree, reader) == {row.pk for row in world.living[kind.slug] if matches(node, row, reader)}, tree


@pytest.mark.property
@EXAMPLES
@given(data=st.data())
def test_not_is_the_exact_complement(world: World, readers: list[Reader], data: st.DataObject) -> None:
    kind, reader = data.draw(st.sampled_from(registry.all())), data.draw(st.sampled_from(readers))
    everything = {row.pk for row in world.living[kind.slug]}
    for tree in data.draw(st.lists(trees(kind, world, depth=1), min_size=BATCH, max_size=BATCH)):
        those, others = in_database(kind, tree, reader), in_database(kind, {"not": tree}, reader)
        assert those ^ others == everything and not those & others, tree
