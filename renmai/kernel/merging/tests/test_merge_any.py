"""Any merges, merges of merges, edits and ways back: compared row by row with a snapshot taken before."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Max
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from renmai.kernel.access.user import User
from renmai.kernel.comments.model import Comment
from renmai.kernel.facts.model import FactAbout
from renmai.kernel.following.model import Favourite
from renmai.kernel.merging.merge import Asked, merge
from renmai.kernel.merging.model import Merge
from renmai.kernel.merging.unmerge import take_apart
from renmai.kernel.overlay.version import refresh
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry

pytestmark = [pytest.mark.django_db, pytest.mark.property]

ACCOUNTS, PEOPLE, TASKS = (registry[slug] for slug in ("accounts", "people", "tasks"))
COUNTED = {"version", "updated_at", "updated_by_id"}
TABLES = ["directory_account", "directory_person", "directory_affiliation", "activity_task", "kernel_about", "kernel_comment"]
TABLES += ["kernel_favourite", "kernel_externalid"]
MANY = 5
NAMES = ["Ada", "王小明", "สมชาย ใจดี", "Bob B."]
PERSON = st.fixed_dictionaries(
    {
        "name": st.sampled_from(NAMES),
        "job_title": st.sampled_from(["", "Buyer", "Boss"]),
        "tags": st.lists(st.sampled_from(["vip", "fair", "old"]), unique=True, max_size=2),
        "emails": st.lists(st.sampled_from(["a@x.example", "b@x.example", "c@y.example"]), unique=True, max_size=2),
        "city": st.sampled_from(["", "Tak"]),
        "mobile": st.sampled_from(["", "+66812345678"]),
        "external_ids": st.sampled_from(["", "erp", "shop"]),
        "account": st.integers(-1, MANY - 1),
        "custom": st.sampled_from([{}, {"nick": "Joe"}, {"nick": "Jim"}]),
    }
)
ACCOUNT = st.fixed_dictionaries({"domain": st.sampled_from(["", "x.example"]), "parent": st.integers(-1, MANY - 1)})
TASK = st.tuples(st.lists(st.tuples(st.booleans(), st.integers(0, MANY - 1)), unique=True, max_size=3), st.integers(-1, MANY - 1))
WORLD = st.tuples(
    st.lists(ACCOUNT, min_size=MANY, max_size=MANY),
    st.lists(PERSON, min_size=MANY, max_size=MANY),
    st.lists(TASK, min_size=3, max_size=3),
)
PLACE = st.integers(0, MANY - 1)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["merge", "merge", "merge", "apart", "edit"]),
        st.booleans(),
        PLACE,
        PLACE,
        st.lists(st.sampled_from(["name", "job_title", "email", "account", "parent", "domain"]), max_size=3),
    ),
    min_size=3,
    max_size=12,
)


@pytest.fixture
def own_fields(dao: User) -> None:
    """A text of people, and a link of tasks to accounts."""
    create(registry["custom-fields"], {"type": "people", "kind": "text", "key": "nick", "label": "Nick"}, dao)
    create(registry["custom-fields"], {"type": "tasks", "kind": "link", "key": "partner", "label": "Partner", "target": "accounts"}, dao)
    refresh()


class World:
    """Some companies, people and tasks, with what hangs on them, and what was done to them since."""

    def __init__(self, by: User, made: Any) -> None:
        self.by, (accounts, people, tasks) = by, made
        self.accounts: list[Any] = []
        for number, values in enumerate(accounts):
            parent = self.accounts[values["parent"]].pk if 0 <= values["parent"] < number else None
            self.accounts.append(create(ACCOUNTS, {"name": f"Company {number}", "domain": values["domain"], "parent": parent}, by))
        self.people = [self.person(number, values) for number, values in enumerate(people)]
        self.tasks = [self.task(*values) for values in tasks]
        for record in (*self.accounts, *self.people):
            slug = registry.of(record).slug
            Comment.objects.create(type=slug, record_id=record.pk, body="Hi", by=by)
        Favourite.objects.create(user=by, type="people", record_id=self.people[0].pk)
        self.edited: dict[Any, set[str]] = {}
        self.seq = FactAbout.objects.aggregate(last=Max("fact_id"))["last"]

    def person(self, number: int, values: dict[str, Any]) -> Any:
        source, account = values["external_ids"], values["account"]
        more = {
            "emails": [{"value": value} for value in values["emails"]],
            "external_ids": {source: f"p{number}"} if source else {},
            "account": self.accounts[account].pk if account >= 0 else None,
        }
        return create(PEOPLE, {**values, **more}, self.by)

    def task(self, abouts: list[tuple[bool, int]], partner: int) -> Any:
        about = [{"type": "accounts" if is_company else "people", "id": str(self.of(is_company)[at].pk)} for is_company, at in abouts]
        custom = {"partner": str(self.accounts[partner].pk)} if partner >= 0 else {}
        return create(TASKS, {"subject": "Call", "about": about, "custom": custom}, self.by)

    def of(self, is_company: bool) -> list[Any]:
        return self.accounts if is_company else self.people

    def snapshot(self) -> dict[str, Any]:
        """Every row of every table, by its key, as the database holds it."""
        found: dict[str, Any] = {}
        with connection.cursor() as cursor:
            for table in TABLES:
                columns = "to_jsonb(t) - 'id'" if table == "kernel_externalid" else "to_jsonb(t)"
                cursor.execute(f"SELECT {columns} FROM {table} t")
                for (row,) in cursor.fetchall():
                    item = {name: value for name, value in json.loads(row).items() if name not in COUNTED}
                    found[f"{table}/{item.get('id', item)}"] = item
            cursor.execute("SELECT id, record_id FROM kernel_factabout WHERE fact_id <= %s", [self.seq])
            found |= {f"fact/{key}": record for key, record in cursor.fetchall()}
        return found

    def step(self, verb: str, is_company: bool, first: int, second: int, names: list[str]) -> None:
        kind, records = (ACCOUNTS, self.accounts) if is_company else (PEOPLE, self.people)
        record, other = records[first], records[second]
        if verb == "apart":
            self.apart(kind, record.pk)
        elif not kind.model.objects.live().filter(pk=record.pk).exists():
            return
        elif verb == "edit":
            update(kind, record.pk, {"city": f"Edited {second}"}, self.by)
            self.edited.setdefault(record.pk, set()).add("city")
        elif first != second and kind.model.objects.live().filter(pk=other.pk).exists():
            choices = {name: other.pk for name in names if name in kind.fields and self.fits(kind, name, record, other)}
            merge(kind, Asked(record.pk, [other.pk], choices), self.by)

    @staticmethod
    def fits(kind: Any, name: str, record: Any, other: Any) -> bool:
        return name != "parent" and getattr(kind.model.objects.get(pk=other.pk), name) not in ("", None)

    def apart(self, kind: Any, key: Any) -> None:
        """Take something out of a record, if anything is in it; which, the order of the ids says."""
        found = Merge.objects.standing().filter(survivor_id=key).order_by("absorbed_id").first()
        if found is not None and kind.model.objects.live().filter(pk=key).exists():
            take_apart(kind, key, found.absorbed_id, self.by)

    def all_apart(self) -> None:
        while found := [one for one in Merge.objects.standing().order_by("absorbed_id") if Merge.survivor_of(one.survivor_id) is None]:
            take_apart(registry[found[0].type], found[0].survivor_id, found[0].pk, self.by)


@settings(
    max_examples=10,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(made=WORLD, steps=STEPS)
def test_taken_apart_every_row_is_as_it_was_but_for_what_was_edited(own_fields: None, alice: User, made: Any, steps: Any) -> None:
    with transaction.atomic():
        world = World(alice, made)
        before = world.snapshot()
        for step in steps:
            world.step(*step)
        edits = {
            str(key): kind.model.objects.get(pk=key).city
            for kind in (ACCOUNTS, PEOPLE)
            for key in world.edited
            if kind.model.objects.filter(pk=key).exists()
        }
        world.all_apart()
        after = world.snapshot()
        assert after.keys() == before.keys()
        for name, row in before.items():
            assert after[name] == expected(row, after[name], edits), name
        transaction.set_rollback(True)


def expected(was: Any, now: Any, edits: dict[str, str]) -> Any:
    """A row as it was; where somebody has edited a field, that is what was written last, and the address follows it."""
    if not isinstance(was, dict) or was.get("id") not in edits or "city" not in was:
        return was
    assert now["city"] == edits[was["id"]] or now["city"].startswith("Edited")
    return {**was, "city": now["city"], "addresses": now["addresses"], "search": now["search"]}
