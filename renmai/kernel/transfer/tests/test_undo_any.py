"""Any import, whatever people do afterwards, taken back: compared row by row with what was there before."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from renmai.kernel.access.user import User
from renmai.kernel.actions.undo import undo
from renmai.kernel.jobs.work import at_once
from renmai.kernel.records.reading import as_json
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry
from renmai.kernel.transfer.model import Mode
from renmai.kernel.transfer.tests.files import imported

pytestmark = [pytest.mark.django_db, pytest.mark.property]

PEOPLE = registry["people"]
COUNTED = {"version", "updated_at", "updated_by"}
TEXTS = st.sampled_from(["", "Ada Lovelace", "王小明", "สมชาย ใจดี", "Bob"])
VALUES = {
    "name": st.sampled_from(["Ada Lovelace", "王小明", "สมชาย ใจดี", "Bob"]),
    "city": st.sampled_from(["", "Tak", "Taipei"]),
    "job_title": TEXTS,
    "mobile": st.sampled_from(["", "+66812345678", "+886912345678"]),
    "tags": st.sampled_from(["", "vip", "vip, old"]),
    "account": st.sampled_from(["", "Acme", "Beta"]),
    "birthday": st.sampled_from(["", "1990-05-06"]),
}
HEADERS = {"email": "Email", **{name: name.replace("_", " ").capitalize() for name in VALUES}}
ROWS = st.lists(st.tuples(st.integers(0, 3), st.fixed_dictionaries(VALUES)), min_size=1, max_size=7)
EDITS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["city", "job_title", "mobile"]), st.integers(0, 9)), max_size=5)
FRESH = {"city": "Trat {}", "job_title": "Head {}", "mobile": "+6681234000{}"}


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stored files go with the test."""
    from renmai.kernel.files import model

    monkeypatch.setattr(model, "FOLDER", tmp_path)


def address(number: int) -> str:
    return f"p{number}@example.com"


def file_of(rows: list[tuple[int, dict[str, str]]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADERS.values())
    writer.writerows([address(number), *(values[name] for name in VALUES)] for number, values in rows)
    return text.getvalue()


def snapshot(by: User) -> dict[str, dict[str, Any]]:
    """Every living person by e-mail address, as the API reads them."""
    found = as_json(PEOPLE, list(PEOPLE.model.objects.live()), by)
    return {item["email"]: {name: value for name, value in item.items() if name not in COUNTED} for item in found}


@settings(
    max_examples=12, derandomize=True, phases=[Phase.generate], deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(before=ROWS, rows=ROWS, edits=EDITS, mode=st.sampled_from([Mode.UPSERT, Mode.UPDATE, Mode.CREATE]))
def test_what_is_undone_is_as_it_was_but_for_later_edits(alice: User, before: Any, rows: Any, edits: Any, mode: str) -> None:
    with transaction.atomic():
        create(registry["accounts"], {"name": "Acme"}, alice)
        told = {"columns": {header: name for name, header in HEADERS.items()}, "make_missing": ["accounts"], "key": ["email"]}
        imported(file_of(list(dict(before).items())), "people", by=alice, **told)
        was = snapshot(alice)
        change_set = imported(file_of(rows), "people", by=alice, mode=mode, **told)
        edited: dict[str, dict[str, str]] = {}
        for number, name, value in edits:
            person = PEOPLE.model.objects.live().filter(email=address(number)).first()
            if person is not None:
                edited.setdefault(person.email, {})[name] = FRESH[name].format(value)
                update(PEOPLE, person.pk, {name: FRESH[name].format(value)}, alice)
        job = undo(change_set.pk, alice, begin=at_once) if change_set.created + change_set.updated else None
        now = snapshot(alice)
        assert now.keys() == was.keys() | edited.keys()
        for email, then in was.items():
            assert now[email] == {**then, **expected(now[email], edited.get(email, {}))}
        assert told_of(job, now) >= {email for email in edited if email not in was}
        transaction.set_rollback(True)


def expected(now: dict[str, Any], edits: dict[str, str]) -> dict[str, Any]:
    """What later edits leave; the list that a number stands in follows from it."""
    return {**edits, **({"phones": now["phones"]} if "mobile" in edits else {})}


def told_of(job: Any, now: dict[str, dict[str, Any]]) -> set[str]:
    """The addresses of those that were kept, wholly or in part."""
    by_id = {item["id"]: email for email, item in now.items()}
    return {by_id[kept["id"]] for kept in job.result["kept"] if kept["id"] in by_id} if job else set()
