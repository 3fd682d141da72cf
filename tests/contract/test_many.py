"""Many at once comes to the same as one by one: end state, history and facts, for every type and every plain field."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.db.models import UniqueConstraint
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from renmai.kernel.access.user import User
from renmai.kernel.actions.bulk import in_bulk
from renmai.kernel.actions.errors import Invalid, Refused
from renmai.kernel.actions.many import verb
from renmai.kernel.actions.run import run
from renmai.kernel.actions.undo import undo
from renmai.kernel.facts.model import Fact
from renmai.kernel.history.acting import act_as
from renmai.kernel.history.model import History
from renmai.kernel.jobs.work import perform
from renmai.kernel.records.change_many import is_plain
from renmai.kernel.records.store import remove, update
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.transfer.model import ChangeSet
from tests.contract.conftest import MADE_BY_PEOPLE, Maker

OWN = {"id", "created_at", "search", "number", "title", "sort_key", "external_ids"}
NOW = dt.datetime(2026, 5, 6, 7, 8, 9, 123456, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done one after the other is done at the same time."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture(params=[slug for slug in MADE_BY_PEOPLE if not registry[slug].governs])
def kind(request: pytest.FixtureRequest) -> RecordType:
    """Each type of which there are many: the rules of the company are changed one by one."""
    return registry[request.param]


def unique(kind: RecordType) -> set[str]:
    """Fields whose values no two records share."""
    rules = [rule for rule in kind.model._meta.constraints if isinstance(rule, UniqueConstraint)]
    return {name for rule in rules for name in (*rule.fields, *(["name"] if rule.expressions else []))}


def twins(kind: RecordType, maker: Maker) -> tuple[str, str]:
    """Ids of two new records with the same values."""
    dated = {spec.name: maker.sample(spec) for spec in kind.of_kind("moment") if spec.editable}
    seen = {"audience": "public"} if "audience" in kind.fields else {}
    values = maker.required(kind) | dated | seen
    others = {name: maker.sample(kind.fields[name]) for name in values if name in unique(kind)}
    return maker.make(kind, **values)["id"], maker.make(kind, **values | others)["id"]


def state(kind: RecordType, key: Any) -> dict[str, Any]:
    """A row without what is its own."""
    names = [field.attname for field in kind.model._meta.concrete_fields if field.name not in OWN | unique(kind)]
    return dict(kind.model._base_manager.filter(pk=key).values(*names).get())


def told(key: Any) -> list[tuple[str, Any]]:
    """Kinds and data of the facts that happened to a record, without names of its own."""
    facts = Fact.objects.filter(about__record_id=key, about__position=0).order_by("kind", "seq")
    return [(fact.kind, {name: value for name, value in fact.data.items() if name != "title"}) for fact in facts]


def written(key: Any) -> list[Any]:
    """What the history says of a record's changes."""
    rows = History.objects.filter(record_id=key).order_by("id")
    own = {"updated_at", "sort_key"}
    return [(row.operation, row.by_id, row.version, {k: v for k, v in (row.changes or {}).items() if k not in own}) for row in rows]


def assert_same(kind: RecordType, one: Any, many: Any, what: str) -> None:
    assert state(kind, one) == state(kind, many), what
    assert told(one) == told(many), what
    assert written(one) == written(many), what


def test_a_field_set_in_many_records_is_as_if_set_in_each(kind: RecordType, maker: Maker) -> None:
    by = User.objects.get(pk=maker.api(kind).user.pk)
    one, many = twins(kind, maker)
    own = OWN | unique(kind)
    for spec in [spec for spec in kind.fields.values() if spec.editable and spec.name not in own and is_plain(kind, [spec.name])]:
        value = maker.sample(spec)
        if value is None:
            continue
        try:
            update(kind, one, {spec.name: value}, by)
        except (Invalid, Refused) as refusal:
            assert_refused(kind, {spec.name: value}, by, many, str(refusal))
            continue
        _do(kind, "update", {spec.name: value}, by, [many])
        assert_same(kind, one, many, spec.name)


def assert_refused(kind: RecordType, values: dict[str, Any], by: User, key: str, sentence: str) -> None:
    """Refused for all, or for the record alone."""
    try:
        (result,) = _do(kind, "update", values, by, [key])
    except Invalid:
        return
    assert (str(result.action), sentence in result.reason) == ("f", True), (values, result.reason)


def _do(kind: RecordType, name: str, arguments: dict[str, Any], by: User, keys: list[Any]) -> Any:
    act_as(by)
    return verb(kind, name, arguments, by).do([kind.fields["owner"].target_model._meta.pk.to_python(key) for key in keys])


def test_many_are_given_to_somebody_as_each_would_be(owned: RecordType, maker: Maker, dao: User, bob: User) -> None:
    one, many = twins(owned, maker)
    run(owned, "assign", one, by=dao, arguments={"owner": str(bob.pk)})
    _do(owned, "assign", {"owner": str(bob.pk)}, dao, [many])
    assert_same(owned, one, many, "assign")


def test_many_are_deleted_and_restored_as_each_would_be(owned: RecordType, maker: Maker, dao: User) -> None:
    one, many = twins(owned, maker)
    remove(owned, one, dao)
    job = in_bulk(owned, "delete", dao, ids=[many])
    perform(job)
    assert_same(owned, one, many, "delete")
    run(owned, "restore", one, by=dao)
    perform(undo(job.result["change_set"], dao))
    back = told(many)
    back[-1][1].pop("undoes", None)
    assert (state(owned, one), [kind for kind, _data in told(one)]) == (state(owned, many), [kind for kind, _data in back])
    assert ChangeSet.objects.get(pk=job.result["change_set"]).state == "undone"


def test_more_records_make_no_more_queries(owned: RecordType, maker: Maker, dao: User, bob: User) -> None:
    few, more = [maker.make(owned)["id"]], [maker.make(owned)["id"] for _number in range(6)]
    counted = []
    for keys in (few, more):
        with CaptureQueriesContext(connection) as captured:
            _do(owned, "update", {"owner": str(bob.pk)}, User.objects.get(pk=dao.pk), keys)
        counted.append(sum("kernel_company" not in query["sql"] for query in captured))
    assert counted[0] == counted[1]
