"""Pairs are found in a whole type, weighed as one by one, and looked at by whoever may change both."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from renmai.kernel.access.user import User
from renmai.kernel.jobs.work import perform
from renmai.kernel.matching.find import duplicates_of
from renmai.kernel.matching.model import Pair, Verdict
from renmai.kernel.matching.work import look
from renmai.kernel.records import store
from renmai.kernel.records.types import registry

pytestmark = pytest.mark.django_db
PEOPLE = registry["people"]
TWINS = [
    {"name": "Ann Lee", "email": "ann@acme.com", "mobile": "+66812345678"},
    {"name": "Lee, Anne", "email": "ann+crm@acme.com"},
    {"name": "王小明", "mobile": "+8613800138000"},
    {"name": "Xiaoming Wang", "phone": "+8613800138000", "city": "Beijing"},
    {"name": "Bo Chan", "email": "bo@acme.com", "city": "Beijing"},
]


def found(by: User) -> list[tuple[str, str]]:
    """What a look finds, by name."""
    job = look(PEOPLE, by)
    perform(job)
    titles = dict(PEOPLE.model.objects.values_list("pk", "title"))
    assert job.result == {"pairs": Pair.objects.filter(run=job.pk).count()}
    return sorted(tuple(sorted((titles[pair.one], titles[pair.other]))) for pair in Pair.objects.filter(verdict=Verdict.OPEN))  # type: ignore[misc]


def test_a_whole_type_is_looked_through(alice: User, dao: User, bob: User, client: Client) -> None:
    records = [store.create(PEOPLE, values, alice) for values in TWINS]
    both = [("Ann Lee", "Lee, Anne"), ("Xiaoming Wang", "王小明")]
    assert found(dao) == both
    pair = Pair.objects.get(one=min(records[0].pk, records[1].pk))
    told = duplicates_of(PEOPLE, [PEOPLE.model.objects.defer(None).get(pk=records[0].pk)])[0][0].weighed
    assert (round(pair.probability, 9), pair.levels) == (
        round(told.probability, 9),
        {str(place): level for place, level in told.levels.items()},
    )
    client.force_login(alice)
    page = client.get("/duplicates/?type=people").content.decode()
    assert "same e-mail address" in page
    assert f"/people/{records[2].pk}/" in page
    client.force_login(bob)
    assert "same e-mail address" not in client.get("/duplicates/?type=people").content.decode()
    assert client.post(f"/duplicates/{pair.pk}/different/").status_code == 404
    assert client.post("/duplicates/look/", {"type": "people"}).status_code == 403
    client.force_login(alice)
    assert client.post(f"/duplicates/{pair.pk}/different/").status_code == 200
    store.update(PEOPLE, records[3].pk, {"phone": ""}, alice)
    assert found(dao) == []
    assert Pair.objects.get().decided_by == alice


def test_pages_of_pairs_hold_each_once(api: Any, alice: User) -> None:
    for number in range(3):
        one, other = (store.create(PEOPLE, {"name": f"Ann {['Bee', 'Cho', 'Dee'][number]}"}, alice).pk for _time in range(2))
        Pair.objects.create(type="people", one=min(one, other), other=max(one, other), probability=0.9 if number else 0.7)
    first = api(alice).get("duplicates/", type="people", limit=2).json()
    second = api(alice).get("duplicates/", type="people", limit=2, after=first["next"]).json()
    told = first["items"] + second["items"]
    assert [one["probability"] for one in told] == [0.9, 0.9, 0.7]
    assert len({one["id"] for one in told}) == 3
    assert second["next"] is None
    assert api(alice).post(f"duplicates/{told[0]['id']}/different/").status_code == 200
    assert len(api(alice).get("duplicates/", type="people").json()["items"]) == 2
    assert api(alice).get("duplicates/", type="people", after="x").status_code == 422
