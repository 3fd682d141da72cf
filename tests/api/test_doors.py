"""What one may not see cannot be probed for; what is there already is named to whoever may see it; tags of versions are taken seriously."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from renmai.kernel.access.user import User
from renmai.kernel.api.http import IdempotentAnswer
from renmai.kernel.api.listeners import forget_answers
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api

MEMORY = {"external_ids": {"erp": "7"}}


def find(program: Api, slug: str, field: str, op: str, value: Any) -> list[str]:
    """Titles of the records that meet one condition."""
    response = program.get(f"{slug}/", filter=json.dumps({"field": field, "op": op, "value": value}))
    return [item["title"] for item in response.json()["items"]]


@pytest.mark.parametrize("op", ["eq", "in"])
def test_a_link_to_what_one_may_not_see_never_matches(op: str, alice: User, charlie: User, dao: User) -> None:
    secret = create(registry["accounts"], {"name": "Secret", "owner": alice}, dao)
    create(registry["people"], {"name": "Ann", "account": secret, "owner": charlie}, dao)
    create(registry["notes"], {"body": "Talk", "about": [{"type": "accounts", "id": str(secret.pk)}], "owner": charlie}, dao)
    value = [str(secret.pk)] if op == "in" else str(secret.pk)
    assert find(Api(alice), "people", "account", op, value) == []
    assert find(Api(charlie), "people", "account", op, value) == []
    assert find(Api(charlie), "notes", "about", "contains", str(secret.pk)) == []
    assert find(Api(dao), "people", "account", op, value) == ["Ann"]
    assert find(Api(dao), "notes", "about", "contains", str(secret.pk)) == ["Talk"]


def test_its_complement_does_not_tell_either(alice: User, charlie: User, dao: User) -> None:
    secret = create(registry["accounts"], {"name": "Secret", "owner": alice}, dao)
    create(registry["people"], {"name": "Ann", "account": secret, "owner": charlie}, dao)
    assert find(Api(charlie), "people", "account", "ne", str(secret.pk)) == ["Ann"]


def test_a_taken_id_is_answered_with_the_record_that_has_it(alice: User, api: Callable[[User], Api]) -> None:
    known = api(alice).post("leads/", {"name": "Ann", **MEMORY}).json()
    other = api(alice).post("leads/", {"name": "Ben"}).json()
    for answer in (api(alice).post("leads/", {"name": "Ann again", **MEMORY}), api(alice).patch(f"leads/{other['id']}/", MEMORY)):
        assert answer.status_code == 409
        assert answer.json()["candidates"] == [{"type": "leads", "id": known["id"], "title": "Ann"}]
        assert [error["field"] for error in answer.json()["errors"]] == ["external_ids"]


def test_a_record_that_may_not_be_seen_is_a_masked_candidate(alice: User, charlie: User, api: Callable[[User], Api]) -> None:
    api(alice).post("leads/", {"name": "Ann", **MEMORY})
    assert api(charlie).post("leads/", {"name": "Ann", **MEMORY}).json()["candidates"] == [{"masked": True}]


def test_a_repeated_answer_has_the_tag_of_the_first(alice: User, api: Callable[[User], Api]) -> None:
    program = api(alice)
    first, again = (program.post("leads/", {"name": "Ann"}, **{"Idempotency-Key": "k"}) for _ in range(2))
    assert again["Idempotent-Replayed"] == "true"
    assert first["ETag"] == again["ETag"] == '"1"'
    IdempotentAnswer.objects.update(created_at=timezone.now() - dt.timedelta(hours=25))
    later = program.post("leads/", {"name": "Ann"}, **{"Idempotency-Key": "k"})
    assert "Idempotent-Replayed" not in later and later.json()["id"] != first.json()["id"]
    IdempotentAnswer.objects.update(created_at=timezone.now() - dt.timedelta(hours=25))
    forget_answers(0)
    assert not IdempotentAnswer.objects.exists()


@pytest.mark.parametrize("key", ["", "a b", "k" * 201, "é"])
def test_a_key_that_would_have_to_be_cut_or_guessed_is_refused(key: str, alice: User, api: Callable[[User], Api]) -> None:
    answer = api(alice).post("leads/", {"name": "Ann"}, **{"Idempotency-Key": key})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "Idempotency-Key")
    assert not IdempotentAnswer.objects.exists()


@pytest.mark.parametrize("tag", ['"abc"', '"99999999999999999999"', '"-1"', '"²"', '"2"'])
def test_a_tag_that_is_not_that_of_the_record_is_a_conflict(tag: str, alice: User, api: Callable[[User], Api]) -> None:
    key = api(alice).post("leads/", {"name": "Ann"}).json()["id"]
    answer = api(alice).patch(f"leads/{key}/", {"name": "Ben"}, **{"If-Match": tag.encode().decode("latin-1")})
    assert (answer.status_code, answer.json()["theirs"]) == (412, {"name": "Ann"})
