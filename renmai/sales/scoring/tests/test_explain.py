"""Why a lead has its score is told line by line, and never of what the reader may not see."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from renmai.kernel.access.user import Role, User
from renmai.kernel.actions.run import run
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api, again
from renmai.sales.scoring.scorer import in_force

LEADS, MODELS, FOLLOW_UPS = registry["leads"], registry["scoring-models"], registry["follow-ups"]
BIG = {"field": "employees", "op": "gte", "value": 50}
LINES: list[dict[str, Any]] = [
    {"name": "Reachable", "kind": "complete", "points": 20, "filled": ["email", "mobile"]},
    {"name": "Large", "kind": "criteria", "points": 30, "criteria": BIG},
    {"name": "Talks", "kind": "behaviour", "points": 6, "facts": ["follow-up.created"], "days": 30, "most": 10},
]


@pytest.fixture
def lead(alice: User, dao: User) -> Any:
    """Of Alice, scored by three lines."""
    made = create(MODELS, {"name": "Ours", "lines": LINES, "a_from": 60, "b_from": 20, "c_from": 10, "good_from": 25}, dao)
    run(MODELS, "publish", made.pk, by=dao)
    lead = create(LEADS, {"name": "Somchai", "email": "s@example.com"}, alice)
    for _ in range(2):
        create(FOLLOW_UPS, {"body": "Hello", "about": [{"type": "leads", "id": str(lead.pk)}]}, alice)
    return LEADS.model.objects.get(pk=lead.pk)


def test_each_line_says_why_and_what_is_missing_for_the_next_grade(lead: Any, alice: User, charlie: User) -> None:
    told = Api(alice).get(f"leads/{lead.pk}/score/").json()
    assert (told["score"], told["grade"], told["version"], told["good_from"], told["is_good"]) == (20, "B", 2, 25, False)
    lines = [(line["name"], line["points"], line["most"]) for line in told["lines"]]
    assert lines == [("Reachable", 10, 20), ("Large", 0, 30), ("Talks", 10, 10)]
    assert sum(points for _name, points, _most in lines) == lead.score
    whys = [line["why"] for line in told["lines"]]
    assert whys[:2] == ["Filled in: E-mail. Missing: Mobile.", "Does not hold: Employees is at least 50"]
    assert whys[2].startswith("2 times in the last 30 days, last ")
    ways = [{"text": "Employees is at least 50", "points": 30}, {"text": "Fill in: Mobile", "points": 10}]
    assert told["next"] == {"grade": "A", "points": 40, "ways": ways}
    steps = [(step["score_before"], step["score"], step["grade"]) for step in told["history"]]
    assert steps == [(16, 20, "B"), (10, 16, "C"), (0, 10, "C")]
    assert told["history"][0]["why"] == "Follow-up: created"
    assert Api(charlie).get(f"leads/{lead.pk}/score/").status_code == 404


def test_nothing_is_told_of_a_hidden_field(lead: Any, alice: User) -> None:
    rep: Any = Role.objects.get(name="rep")
    update(registry["roles"], rep.pk, {"fields": {"leads": {"employees": "hidden"}}}, None)
    told = Api(again(alice)).get(f"leads/{lead.pk}/score/")
    assert "mployees" not in told.content.decode() and "Large" not in told.content.decode()
    assert told.json()["hidden_points"] == 0
    update(registry["roles"], rep.pk, {"fields": {"leads": {"score": "hidden"}}}, None)
    assert Api(again(alice)).get(f"leads/{lead.pk}/score/").status_code == 403


def test_the_pages_show_versions_drafts_and_what_they_would_change(lead: Any, dao: User, alice: User) -> None:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(alice)
    assert "Reachable" in client.get(f"/leads/{lead.pk}/score/").content.decode()
    assert client.get("/scoring-models/").status_code == 404
    client.force_login(dao)
    published = in_force().model  # type: ignore[union-attr]
    copied = client.post(f"/scoring-models/{published.pk}/copy/")
    form = client.get(copied["Location"]).content.decode()
    assert "Reachable" in form and "Large" in form
    sent = {
        "name": "Next",
        **{"a_from": "60", "b_from": "20", "c_from": "10", "good_from": "25"},
        "place": "0",
        "line-0-kind": "complete",
        "line-0-points": "50",
        "line-0-filled": ["email"],
    }
    assert "1" in client.post("/scoring-models/preview/", sent).content.decode()
    assert "20 → 50" in client.post("/scoring-models/preview/", sent).content.decode()
    wrong = client.post(copied["Location"], {**sent, "line-0-points": "0"})
    assert wrong.status_code == 422 and "Points from 1 to 1000" in wrong.content.decode()
    assert client.post(copied["Location"], {**sent, "publish": "1"}).status_code == 302
    now = in_force().model  # type: ignore[union-attr]
    assert (now.name, now.number, LEADS.model.objects.get(pk=lead.pk).score) == ("Next", 3, 50)
    beside = client.get(f"/scoring-models/{now.pk}/", {"with": str(published.pk)}).content.decode()
    assert "+30 where this holds: Employees is at least 50" in beside
    told = Api(dao).get(f"scoring-models/{published.pk}/preview/").json()
    assert (told["leads"], told["changed"], told["movers"][0]["after"]) == (1, 1, 20)
