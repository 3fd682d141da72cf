"""Opportunities: their stage tells everything else, their amount has one ruler."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Invalid, Refused
from renmai.kernel.actions.run import run
from renmai.kernel.facts import Fact
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry
from renmai.sales.pipeline.model import Stage

OPPORTUNITIES = registry["opportunities"]


def deal(by: User, **values: Any) -> Any:
    """An opportunity of somebody's."""
    amount = {} if "lines" in values else {"amount": "1000"}
    return create(OPPORTUNITIES, {"name": "Deal", **amount, **values}, by)


def stage(name: str) -> Stage:
    """A stage of the ready pipeline."""
    return Stage.objects.get(name=name)  # type: ignore[no-any-return]


def test_a_new_one_begins_at_the_start_of_the_pipeline(alice: User) -> None:
    made = deal(alice)
    assert (made.stage.name, made.probability, made.forecast_category, made.closed_at) == ("Prospect", 10, "pipeline", None)


def test_winning_closes_and_says_so(alice: User) -> None:
    made = run(OPPORTUNITIES, "win", deal(alice).pk, by=alice).item
    assert (made.stage.kind, made.probability, made.forecast_category) == ("won", 100, "closed")  # type: ignore[attr-defined]
    assert made.closed_at is not None  # type: ignore[attr-defined]
    assert Fact.objects.get(kind="opportunity.won").data["amount"] == "1000.00"
    moved = Fact.objects.get(kind="opportunity.moved").data
    assert (moved["from"]["title"], moved["to"]["title"], moved["currency"]) == ("Prospect", "Won", "USD")


def test_a_field_that_is_patched_means_the_same_as_the_action(alice: User) -> None:
    update(OPPORTUNITIES, deal(alice).pk, {"stage": stage("Needs")}, alice)
    assert Fact.objects.get(kind="opportunity.moved").data["to"]["title"] == "Needs"


def test_losing_asks_why_and_reopening_forgets_it(alice: User) -> None:
    made = deal(alice)
    with pytest.raises(Invalid):
        run(OPPORTUNITIES, "lose", made.pk, by=alice)
    assert run(OPPORTUNITIES, "lose", made.pk, by=alice, arguments={"reason": "price"}).item.lost_reason == "price"  # type: ignore[attr-defined]
    again: Any = run(OPPORTUNITIES, "reopen", made.pk, by=alice).item
    assert (again.stage.name, again.closed_at, again.lost_reason) == ("Prospect", None, "")


def test_a_stage_of_another_pipeline_is_refused(alice: User, dao: User) -> None:
    other = create(registry["pipelines"], {"name": "Other"}, dao)
    strange = create(registry["stages"], {"name": "Strange", "pipeline": other}, dao)
    with pytest.raises(Invalid):
        run(OPPORTUNITIES, "move", deal(alice).pk, by=alice, arguments={"stage": str(strange.pk)})


def test_the_amount_follows_the_lines_and_cannot_be_typed_meanwhile(alice: User) -> None:
    made = deal(alice, lines=[{"description": "A", "quantity": "3", "unit_price": "0.335"}, {"description": "B", "unit_price": "10"}])
    assert (made.amount, made.amount_source) == (Decimal("11.01"), "lines")
    with pytest.raises(Refused):
        update(OPPORTUNITIES, made.pk, {"amount": "5"}, alice)
    assert update(OPPORTUNITIES, made.pk, {"lines": []}, alice).amount_source == "typed"  # type: ignore[attr-defined]
    assert update(OPPORTUNITIES, made.pk, {"amount": "5"}, alice).amount == 5  # type: ignore[attr-defined]


def test_lines_are_matched_by_their_id(alice: User) -> None:
    made = deal(alice, lines=[{"description": "A", "unit_price": "1"}, {"description": "B", "unit_price": "2"}])
    first, second = made.lines.all()
    update(OPPORTUNITIES, made.pk, {"lines": [{"id": str(second.pk), "unit_price": "3"}, {"description": "C", "unit_price": "4"}]}, alice)
    rows = list(made.lines.all())
    assert [(row.description, row.unit_price) for row in rows] == [("B", 3), ("C", 4)]
    assert rows[0].pk == second.pk
    assert first.pk not in {row.pk for row in rows}


def test_a_deal_in_yen_has_no_cents(alice: User) -> None:
    assert deal(alice, amount="1000.5", currency="JPY").amount == 1001


def test_a_new_stage_stands_before_winning_and_losing(dao: User) -> None:
    first = Stage.objects.get(name="Prospect")
    made: Any = create(registry["stages"], {"name": "Engaging", "pipeline": first.pipeline}, dao)
    order = list(Stage.objects.filter(pipeline=first.pipeline).order_by("position", "pk").values_list("name", flat=True))
    assert order[-3:] == ["Engaging", "Won", "Lost"]
    assert made.kind == "open"
