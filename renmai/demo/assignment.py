"""By which rules the sample company gives the leads that come in."""

from __future__ import annotations

from typing import Any

from renmai.demo.story import Story
from renmai.sales.assignment.model import Way

MADE = 120  # days ago
CHINESE = ["CN", "TW", "HK"]


def make_rules(story: Story) -> None:
    """Thai leads in turn to a team, Chinese ones to whoever has the fewest, all others by weight."""
    thailand, china, others = story.words.assignment
    in_turn = {"way": Way.IN_TURN, "working_hours": True, "same_language": True, "sticky": True}
    _rule(story, thailand, [{"team": _team(story, "th")}], criteria=_from(["TH"]), **in_turn)
    fewest = {"way": Way.LEAST_LOADED, "capacity": 200, "untouched_hours": 16, "sticky": True}
    _rule(story, china, [{"team": _team(story, "zh_hans")}], criteria=_from(CHINESE), **fewest)
    people = [{"user": _known(story, "alice"), "weight": 2}, {"user": _known(story, "bob")}, {"user": _known(story, "charlie")}]
    _rule(story, others, people, way=Way.WEIGHTED)


def _rule(story: Story, name: str, receivers: list[dict[str, Any]], **values: Any) -> None:
    position = 10 * (len(story.records["assignment-rules"]) + 1)
    story.add("assignment-rules", story.at(MADE), None, rows={"receivers": receivers}, name=name, position=position, **values)


def _from(countries: list[str]) -> dict[str, Any]:
    one = len(countries) == 1
    return {"field": "country", "op": "eq" if one else "in", "value": countries[0] if one else countries}


def _team(story: Story, culture: str) -> Any:
    return next(team for team in story.records["teams"] if culture in team.sells)


def _known(story: Story, name: str) -> Any:
    return next(user for user in story.records["users"] if user.email == f"{name}@example.com")
