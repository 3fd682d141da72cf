"""Which value survives, and where each one comes from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from renmai.kernel.access.token import Token
from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Refused
from renmai.kernel.actions.run import run
from renmai.kernel.merging.merge import Asked, merge
from renmai.kernel.merging.unmerge import take_apart
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api
from renmai.kernel.transfer.tests.files import imported

PEOPLE, RULES = registry["people"], registry["survivorship-rules"]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stored files go with the test."""
    from renmai.kernel.files import model

    monkeypatch.setattr(model, "FOLDER", tmp_path)


def people(alice: User) -> tuple[Any, Any]:
    """One of a file and one that was typed, later."""
    told = {"columns": {"Name": "name", "Job": "job_title", "City": "city"}}
    imported("Name,Job,City\nSomchai Jaidee,Head of purchasing,Tak\n", "people", by=alice, **told)
    typed = create(PEOPLE, {"name": "S. Jaidee", "job_title": "Buyer", "city": "Trat"}, alice)
    return PEOPLE.model.objects.get(title="Somchai Jaidee"), typed


def test_rules_say_what_is_proposed_and_choose_anew_when_they_change(alice: User, dao: User) -> None:
    filed, typed = people(alice)
    rule = create(RULES, {"record_type": "people", "field": "job_title", "best": "longest"}, dao)
    create(RULES, {"record_type": "people", "best": "recent"}, dao)
    survivor = merge(PEOPLE, Asked(typed.pk, [filed.pk]), alice)
    assert (survivor.title, survivor.job_title, survivor.city) == ("S. Jaidee", "Head of purchasing", "Trat")
    update(RULES, rule.pk, {"best": "trusted", "sources": "people\nimport"}, dao)
    assert run(PEOPLE, "recompute", survivor.pk, by=alice).item.job_title == "Buyer"
    with pytest.raises(Refused):
        run(PEOPLE, "recompute", survivor.pk, by=alice)
    update(PEOPLE, survivor.pk, {"city": "Phrae"}, alice)
    take_apart(PEOPLE, survivor.pk, filed.pk, alice)
    now = PEOPLE.model.objects.get(pk=typed.pk)
    assert (now.job_title, now.city) == ("Buyer", "Phrae")


def test_one_program_is_told_from_another_and_trusted_before_it(alice: User, dao: User) -> None:
    keys = []
    for client, job in (("ERP", "Buyer"), ("Shop", "Buyer and more")):
        program = Api(alice)
        Token.objects.filter(name="").update(name=client)
        keys.append(program.post("people/?allow_duplicate=1", {"name": "Somchai Jaidee", "job_title": job}).json()["id"])
    create(RULES, {"record_type": "people", "best": "trusted", "sources": "erp\napi"}, dao)
    survivor = merge(PEOPLE, Asked(keys[1], [keys[0]]), alice)
    assert survivor.job_title == "Buyer"
    job = next(item for item in Api(alice).get(f"people/{survivor.pk}/sources/").json()["items"] if item["field"] == "job_title")
    assert (job["source"]["way"], job["source"]["name"]) == ("api", "ERP · Alice")
    assert [voice["source"]["name"] for voice in job["others"]] == ["Shop · Alice"]


def test_each_value_tells_where_it_comes_from_and_what_others_say(alice: User, charlie: User, api: Callable[[User], Api]) -> None:
    filed, typed = people(alice)
    merge(PEOPLE, Asked(typed.pk, [filed.pk], {"job_title": filed.pk}), alice)
    found = {item["field"]: item for item in api(alice).get(f"people/{typed.pk}/sources/").json()["items"]}
    job = found["job_title"]
    assert (job["value"], job["record"], job["source"]["way"]) == ("Head of purchasing", "Somchai Jaidee", "import")
    assert [(voice["value"], voice["source"]["name"]) for voice in job["others"]] == [("Buyer", "Alice")]
    assert (found["city"]["source"]["way"], found["city"]["others"][0]["value"]) == ("people", "Tak")
    call = api(alice)
    call.client.force_login(alice)
    page = call.client.get(f"/people/{typed.pk}/sources/").content.decode()
    assert "Before the merge" in page and "Somchai Jaidee" in page and "Head of purchasing" in page
    assert api(charlie).get(f"people/{typed.pk}/sources/").status_code == 404


def test_a_rule_names_a_field_that_there_is_and_only_once(dao: User, api: Callable[[User], Api]) -> None:
    call = api(dao)
    given = {"record_type": "people", "field": "city", "best": "frequent"}
    assert call.post("survivorship-rules/", given).status_code == 201
    assert call.post("survivorship-rules/", given).status_code == 422
    assert call.post("survivorship-rules/", {**given, "field": "nothing"}).json()["errors"][0]["field"] == "field"
