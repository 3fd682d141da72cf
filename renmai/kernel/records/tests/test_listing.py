"""Pages of a list: every row once, in order, whatever the sort, the nulls and the doors."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renmai.kernel.access.user import Role, Share, Team, User
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.records import counting, walking
from renmai.kernel.records.counting import count, total
from renmai.kernel.records.listing import Question, page, sorts
from renmai.kernel.records.record import Record
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import again, person

OPPORTUNITIES = registry["opportunities"]
AMOUNTS = st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 3)), st.one_of(st.none(), st.integers(1, 4))), max_size=12)
ORDERS = ["amount", "-amount", "close_on", "-close_on", "amount,-close_on", "-amount,close_on", "title", "-title", "-created_at,amount"]


def walk(by: User, order: str, limit: int) -> list[Record]:
    """All rows, page by page."""
    asked = Question(OPPORTUNITIES, by, sorts=sorts(OPPORTUNITIES, order))
    rows, after = page(asked, limit=limit)
    while after:
        more, after = page(asked, limit=limit, after=after)
        assert more
        rows += more
    return rows


def place(row: Any, order: str) -> tuple[Any, ...]:
    """Where a row belongs: nulls last in both directions."""
    parts: list[Any] = []
    for sort in sorts(OPPORTUNITIES, order):
        value = getattr(row, sort.column)
        if isinstance(value, (bytes, memoryview)):
            value = tuple(bytes(value))
        if isinstance(value, (dt.date, dt.datetime)):
            value = value.toordinal() if not isinstance(value, dt.datetime) else value.timestamp()
        if isinstance(value, tuple):
            parts.append((value is None, (*tuple(-byte for byte in value), 1) if sort.descending else value))
        else:
            parts.append((value is None, 0 if value is None else -value if sort.descending else value))
    return tuple(parts)


def test_words_that_nothing_can_answer_find_nothing_through_several_doors(bob: User) -> None:
    asked = Question(registry["views"], bob, words="，", sorts=sorts(registry["views"], "-created_at"))
    assert page(asked) == ([], None)


@pytest.mark.property
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=AMOUNTS, order=st.sampled_from(ORDERS), limit=st.integers(1, 4))
def test_pages_hold_every_row_once_in_order(alice: User, rows: list[Any], order: str, limit: int) -> None:
    OPPORTUNITIES.model.objects.all().delete()
    for index, (amount, day) in enumerate(rows):
        close = dt.date(2026, 1, day) if day else None
        create(OPPORTUNITIES, {"name": f"Deal {index % 3}", "amount": amount, "close_on": close}, alice)
    walked = walk(alice, order, limit)
    assert sorted(row.pk for row in walked) == sorted(row.pk for row in OPPORTUNITIES.model.objects.all())
    places = [place(row, order) for row in walked]
    assert places == sorted(places)


def test_doors_are_merged_into_one_order(alice: User, bob: User, charlie: User, dao: User) -> None:
    for index, owner in enumerate([alice, bob, charlie, alice, charlie, bob, dao]):
        create(OPPORTUNITIES, {"name": f"Deal {index}", "amount": index % 3 or None, "owner": owner}, dao)
    shared = OPPORTUNITIES.model.objects.filter(owner=charlie).first()
    Share.objects.create(type="opportunities", record_id=shared.pk, user=alice)
    seen = walk(again(alice), "-amount", 2)
    assert {row.owner_id for row in seen} == {alice.pk, bob.pk, charlie.pk}
    assert len(seen) == 5
    assert [place(row, "-amount") for row in seen] == sorted(place(row, "-amount") for row in seen)
    assert count(Question(OPPORTUNITIES, again(alice))) == (5, False)


@pytest.mark.parametrize("most", [12, 1])
def test_what_several_teams_have_and_what_was_shared_comes_by_time(
    monkeypatch: pytest.MonkeyPatch, north: Team, south: Team, most: int
) -> None:
    monkeypatch.setattr(walking, "MANY_TEAMS", most)
    head = person("Head", "manager", north)
    below: Any = create(registry["teams"], {"name": "Below", "parent": str(north.pk)}, None)
    homes = [north, south, below, None, below, south, north, south]
    made = [create(OPPORTUNITIES, {"name": f"Deal {place}", "team": team}, None) for place, team in enumerate(homes)]
    for place in (1, 5):
        Share.objects.create(type="opportunities", record_id=made[place].pk, user=head, at=made[place].created_at)
    wanted = [f"Deal {place}" for place in (0, 1, 2, 4, 5, 6)]
    assert [row.title for row in walk(again(head), "created_at", 2)] == wanted
    assert [row.title for row in walk(again(head), "-created_at", 3)] == wanted[::-1]


def test_only_what_was_shared_is_walked_along_the_shares(alice: User, charlie: User) -> None:
    Role.objects.update(rights={})
    made = [create(OPPORTUNITIES, {"name": f"Deal {place}"}, None) for place in range(4)]
    for record in made[:3]:
        Share.objects.create(type="opportunities", record_id=record.pk, user=alice, at=record.created_at)
    assert [row.title for row in walk(again(alice), "-created_at", 2)] == ["Deal 2", "Deal 1", "Deal 0"]
    assert walk(again(charlie), "-created_at", 2) == []


def test_what_is_dear_to_count_is_estimated_but_a_whole_page_is_known(monkeypatch: pytest.MonkeyPatch, alice: User) -> None:
    monkeypatch.setattr(counting, "DEAR", 0)
    for place in range(3):
        create(OPPORTUNITIES, {"name": f"Deal {place}"}, alice)
    asked = Question(OPPORTUNITIES, again(alice))
    assert count(asked, at_least=3)[1]
    assert count(asked, at_any_price=True) == (3, False)
    assert total(asked, *page(asked, limit=3), after=None) == (3, False)
    number, is_estimate = total(asked, *page(asked, limit=2), after=None)
    assert is_estimate
    assert number >= 2


def test_a_page_is_stable_while_rows_are_added(alice: User) -> None:
    made = [create(OPPORTUNITIES, {"name": f"Deal {index}"}, alice) for index in range(4)]
    asked = Question(OPPORTUNITIES, alice, sorts=sorts(OPPORTUNITIES, "-created_at"))
    first, after = page(asked, limit=2)
    create(OPPORTUNITIES, {"name": "Newer"}, alice)
    second, _ = page(asked, limit=2, after=after)
    assert [row.pk for row in first + second] == [row.pk for row in reversed(made)]


@pytest.mark.parametrize("order", ["nonsense", "account", "-custom", "amount,close_on,title"])
def test_only_declared_fields_sort(db: None, order: str) -> None:
    with pytest.raises(Invalid):
        sorts(OPPORTUNITIES, order)


@pytest.mark.parametrize("cursor", ["x", "e30", "W10", "bnVsbA", "eyJhIjogMX0", "%%%"])
def test_a_strange_cursor_is_refused(alice: User, cursor: str) -> None:
    with pytest.raises(Invalid):
        page(Question(OPPORTUNITIES, alice, sorts=sorts(OPPORTUNITIES, "amount")), after=cursor)


def test_a_cursor_of_another_sort_is_refused(alice: User) -> None:
    for index in range(3):
        create(OPPORTUNITIES, {"name": f"Deal {index}"}, alice)
    _, after = page(Question(OPPORTUNITIES, alice, sorts=sorts(OPPORTUNITIES, "title")), limit=1)
    with pytest.raises(Invalid):
        page(Question(OPPORTUNITIES, alice, sorts=sorts(OPPORTUNITIES, "-amount")), limit=1, after=after)
