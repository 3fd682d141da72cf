"""Leads are scored by what they are and what happens, by one version at a time, and always as plain reading of its lines says."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renmai.kernel.access.user import User
from renmai.kernel.actions.bulk import in_bulk
from renmai.kernel.actions.errors import Forbidden, Invalid, Refused
from renmai.kernel.actions.run import run
from renmai.kernel.criteria import Reader, matches, parse
from renmai.kernel.facts import Fact, FactAbout, Happening, record_past
from renmai.kernel.history.model import History
from renmai.kernel.history.past import past
from renmai.kernel.jobs.model import Job
from renmai.kernel.jobs.work import perform
from renmai.kernel.records.store import create, remove, update
from renmai.kernel.records.types import registry
from renmai.sales.lead.model import Lead
from renmai.sales.scoring import listeners, scoring
from renmai.sales.scoring.model import ModelState, ScoreChange, ScoringLine, ScoringModel
from renmai.sales.scoring.ready import first_lines
from renmai.sales.scoring.scorer import Scorer, in_force
from renmai.sales.scoring.worth import worths

LEADS, MODELS, FOLLOW_UPS = registry["leads"], registry["scoring-models"], registry["follow-ups"]
BIG = {"field": "employees", "op": "gte", "value": 50}
TALKED = {"kind": "behaviour", "points": 8, "facts": ["follow-up.created"], "days": 10, "decay": "linear", "most": 12}


def model(by: User, *lines: dict[str, Any], **values: Any) -> Any:
    """A version that counts from now on."""
    made = create(MODELS, {"name": "Ours", "lines": list(lines), **values}, by)
    return run(MODELS, "publish", made.pk, by=by).item


def lead(by: User, **values: Any) -> Any:
    return create(LEADS, {"name": "Somchai", **values}, by)


def again(record: Any) -> Any:
    return type(record).objects.get(pk=record.pk)


def talk(about: Any, by: User, days_ago: int = 0) -> None:
    """A contact that was written down some days ago."""
    values = {"body": "Hello", "about": [{"type": "leads", "id": str(about.pk)}]}
    create(FOLLOW_UPS, values, by, at=timezone.now() - dt.timedelta(days=days_ago))


def test_what_a_fact_is_worth_fades_as_its_line_says() -> None:
    assert worths(10, 4, "none") == [10_000] * 4
    assert worths(10, 4, "linear") == [10_000, 7_500, 5_000, 2_500]
    assert worths(-10, 15, "half_life", 7)[::7] == [-10_000, -5_000, -2_500]


def test_a_new_renmai_scores_from_the_first_day(alice: User) -> None:
    scorer = in_force()
    assert scorer is not None and (scorer.model.number, len(scorer.lines)) == (1, len(first_lines()))
    made = lead(alice, email="s@example.com", company="Siam", employees=80)
    assert (made.score, made.grade) == (5 + 8 + 15, scorer.model.grade_of(28)) == (again(made).score, again(made).grade)


def test_scoring_costs_a_new_lead_two_queries_and_whoever_edits_it_nothing(alice: User) -> None:
    lead(alice)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        made = lead(alice, employees=90, status="working")
    assert sum("sales_scoringmodel" in one["sql"] or "WITH marked" in one["sql"] for one in asked.captured_queries) == 2
    talk(made, alice)
    now = again(made)
    assert now.score == made.score + 8
    assert (now.version, now.updated_at, now.updated_by) == (1, made.updated_at, alice)
    assert not History.objects.filter(record_id=made.pk, changes__has_key="score").exists()
    with past(timezone.now(), alice):
        assert Lead.objects.values_list("score", "grade").get(pk=made.pk) == (None, None)
    assert list(ScoreChange.objects.filter(lead_id=made.pk).order_by("pk").values_list("score_before", "score", "why")) == [
        (0, made.score, "lead.created"),
        (made.score, now.score, "follow-up.created"),
    ]


def test_another_grade_and_the_threshold_are_facts(alice: User, dao: User) -> None:
    model(dao, {"points": 30, "criteria": BIG}, {**TALKED, "points": 20, "most": 40}, c_from=20, b_from=45, a_from=60, good_from=50)
    made = lead(alice, employees=10)
    assert made.grade == "D"
    update(LEADS, made.pk, {"employees": 60}, alice)
    talk(made, alice)
    told = {fact.kind: fact.data for fact in Fact.objects.filter(about__record_id=made.pk, by=None)}
    assert told["lead.graded"]["grade"] in {"C", "B"}
    assert told["lead.reached_threshold"] == {"score": 50, "threshold": 50, "version": 2}
    assert Fact.objects.filter(kind="lead.graded").order_by("seq").first().data["grade_before"] == "D"  # type: ignore[union-attr]


def test_a_version_stays_as_it_was_published_and_another_takes_its_place(alice: User, dao: User) -> None:
    made, first = lead(alice, employees=60), in_force().model  # type: ignore[union-attr]
    second = model(dao, {"points": -7, "criteria": BIG})
    assert (second.number, again(first).state, again(made).score) == (2, ModelState.FORMER, -7)
    with pytest.raises(Refused):
        update(MODELS, second.pk, {"name": "Other"}, dao)
    with pytest.raises(Refused):
        remove(MODELS, first.pk, dao)
    draft: Any = run(MODELS, "copy", first.pk, by=dao).made[0]
    assert (draft.state, draft.lines.count()) == (ModelState.DRAFT, first.lines.count())
    with pytest.raises(Forbidden):
        create(MODELS, {"name": "Mine", "lines": [{"points": 1, "criteria": BIG}]}, alice)


def test_lines_that_make_no_sense_are_refused_where_they_stand(dao: User) -> None:
    wrong = [
        {"kind": "complete", "points": 5, "filled": ["emial"]},
        {"kind": "criteria", "points": 5, "criteria": {"field": "score", "op": "gt", "value": 1}},
        {**TALKED, "facts": ["moon.landed"], "decay": "half_life"},
        {"kind": "criteria", "points": 0},
    ]
    with pytest.raises(Invalid) as refused:
        create(MODELS, {"name": "Wrong", "lines": wrong, "b_from": 90}, dao)
    named = {"a_from", "lines.0.filled", "lines.1.criteria", "lines.2.facts", "lines.2.half_life", "lines.3.points", "lines.3.criteria"}
    assert set(refused.value.errors) == named


def test_many_at_once_are_scored_behind_the_work(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listeners, "FEW", 1)
    made = [lead(alice), lead(alice)]
    before = made[0].score
    perform(in_bulk(LEADS, "update", alice, ids=[one.pk for one in made], arguments={"employees": 80}))
    assert again(made[0]).score == before
    perform(Job.objects.get(kind=scoring.WORK_ON_SOME))
    assert [again(one).score > before for one in made] == [True, True]


def test_scores_fade_at_night_and_only_where_something_happened(alice: User, dao: User, monkeypatch: pytest.MonkeyPatch) -> None:
    model(dao, TALKED, {"points": 5, "criteria": BIG})
    made, silent = lead(alice, employees=60), lead(alice, employees=70)
    talk(made, alice)
    assert again(made).score == 13
    FactAbout.objects.update(at=F("at") - dt.timedelta(days=5))
    FactAbout.objects.filter(record_id=silent.pk).update(at=F("at") - dt.timedelta(days=99))
    seen: list[int] = []
    write = Scorer.write
    monkeypatch.setattr(Scorer, "write", lambda self, keys, why: (seen.append(len(list(keys))), write(self, keys, why))[1])
    assert scoring.tonight() == 1 and seen == [1]
    assert (again(made).score, again(silent).score) == (9, 5)
    assert scoring.tonight() == 0


def plain(line: ScoringLine, subject: Any, facts: list[tuple[str, int]]) -> int:
    """A line read word by word.

    Args:
        facts: kind and age in days.
    """
    if line.kind == "criteria":
        return line.points if matches(parse(line.criteria, LEADS), subject, Reader()) else 0
    if line.kind == "complete":
        share = Decimal(sum(getattr(subject, name) not in (None, "") for name in line.filled)) / len(line.filled)
        return int((line.points * share).quantize(Decimal(1), ROUND_HALF_UP))
    left = {
        "none": lambda age: 1.0,
        "linear": lambda age: 1 - age / line.days,
        "half_life": lambda age: 0.5 ** (age / (line.half_life or 1)),
    }
    ages = [age for kind, age in facts if kind in line.facts and age < line.days]
    whole = sum(round(line.points * left[line.decay](age) * 1000) for age in ages)
    most = line.most * 1000 if line.most is not None else abs(whole)
    return int((Decimal(max(-most, min(most, whole))) / 1000).quantize(Decimal(1), ROUND_HALF_UP))


KINDS = ["follow-up.created", "note.created", "lead.updated"]
points = st.integers(-50, 50).filter(bool)
lines = st.one_of(
    st.fixed_dictionaries(
        {
            "kind": st.just("complete"),
            "points": points,
            "filled": st.lists(st.sampled_from(["email", "company", "employees"]), min_size=1, unique=True),
        }
    ),
    st.fixed_dictionaries({"kind": st.just("criteria"), "points": points, "criteria": st.sampled_from([BIG, {"not": BIG}])}),
    st.fixed_dictionaries(
        {
            "kind": st.just("behaviour"),
            "points": points,
            "facts": st.lists(st.sampled_from(KINDS), min_size=1, unique=True),
            "days": st.integers(1, 40),
            "decay": st.sampled_from(["none", "linear", "half_life"]),
            "half_life": st.integers(1, 20),
            "most": st.none() | st.integers(1, 60),
        }
    ),
)
subjects = st.fixed_dictionaries(
    {"email": st.sampled_from(["", "a@example.com"]), "company": st.sampled_from(["", "Siam"]), "employees": st.none() | st.integers(0, 99)}
)
happened = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 45)), max_size=6)


@pytest.mark.property
@pytest.mark.django_db
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(lines, min_size=1, max_size=5), st.lists(st.tuples(subjects, happened), min_size=1, max_size=3))
def test_one_and_many_are_scored_as_the_lines_are_read(rules: list[dict[str, Any]], people: list[tuple[dict[str, Any], Any]]) -> None:
    version = ScoringModel(name="Drawn", number=9)
    made = []
    for values, facts in people:
        one = create(LEADS, {"name": "N", **values}, None)
        record_past(Happening(kind, [one], {}, timezone.now() - dt.timedelta(days=age), None) for kind, age in facts)
        made.append(one)
    scorer = Scorer(version, [ScoringLine(**rule) for rule in rules])
    wanted = {one.pk: [plain(line, one, facts) for line in scorer.lines] for one, (_values, facts) in zip(made, people, strict=True)}
    looked = {look.id: look.points for look in scorer.look(Lead.objects.filter(pk__in=wanted))}
    assert looked == wanted
    scorer.write(list(wanted)[:1], "night")
    scorer.write(wanted, "night")
    now = {one.pk: (one.score, one.grade) for one in Lead.objects.filter(pk__in=wanted)}
    assert now == {key: (sum(found), version.grade_of(sum(found))) for key, found in wanted.items()}
