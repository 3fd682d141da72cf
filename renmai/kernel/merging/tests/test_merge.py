"""Two records that turn out to be one: what the survivor gets, what moves, and the way back."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from renmai.kernel.access.user import Role, Share, User
from renmai.kernel.actions.errors import Conflict, Forbidden, Invalid, Merged, Missing
from renmai.kernel.actions.run import run
from renmai.kernel.comments.model import Comment
from renmai.kernel.facts.model import FactAbout
from renmai.kernel.following.model import Favourite, Follow
from renmai.kernel.history.model import ExternalId, History
from renmai.kernel.history.purge import due, purge
from renmai.kernel.merging.merge import Asked, merge
from renmai.kernel.merging.model import Merge, Moved
from renmai.kernel.merging.unmerge import take_apart
from renmai.kernel.records.about import About
from renmai.kernel.records.reading import as_json
from renmai.kernel.records.store import create, remove, update
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api, again

ACCOUNTS, PEOPLE, TASKS, PRODUCTS = (registry[slug] for slug in ("accounts", "people", "tasks", "products"))
BOOKKEEPING = {"version", "updated_at", "updated_by"}


def told(kind: Any, *records: Any) -> list[dict[str, Any]]:
    """Records as the API reads them, without what every change moves."""
    found = [kind.model.objects.get(pk=record.pk) for record in records]
    return [{name: value for name, value in item.items() if name not in BOOKKEEPING} for item in as_json(kind, found, None)]


def two_people(alice: User) -> tuple[Any, Any, Any, Any]:
    acme, apex = (create(ACCOUNTS, {"name": name}, alice) for name in ("Acme", "Apex"))
    a = create(
        PEOPLE,
        {
            "name": "Somchai Jaidee",
            "account": acme.pk,
            "emails": [{"value": "somchai@acme.example"}],
            "tags": ["vip"],
            "external_ids": {"erp": "1"},
        },
        alice,
    )
    b = create(
        PEOPLE,
        {
            "name": "Somchai J.",
            "account": apex.pk,
            "job_title": "Buyer",
            "emails": [{"value": "sj@apex.example"}, {"value": "somchai@acme.example", "kind": "home"}],
            "tags": ["vip", "fair"],
            "external_ids": {"erp": "2", "shop": "77"},
        },
        alice,
    )
    return a, b, acme, apex


def test_the_survivor_keeps_what_it_has_gets_what_it_lacks_and_holds_the_lists_of_both(alice: User) -> None:
    a, b, acme, apex = two_people(alice)
    survivor = merge(PEOPLE, Asked(a.pk, [b.pk]), alice)
    assert (survivor.name, survivor.job_title, survivor.tags) == ("Somchai Jaidee", "Buyer", ["vip", "fair"])
    assert [(entry["value"], entry["kind"], entry["primary"]) for entry in survivor.emails] == [
        ("somchai@acme.example", "work", True),
        ("sj@apex.example", "work", False),
    ]
    rows = [(row.account_id, row.primary) for row in survivor.affiliations.all()]
    assert rows == [(acme.pk, True), (apex.pk, False)]
    assert survivor.external_ids == {"erp": "1", "shop": "77"}
    assert set(ExternalId.objects.filter(record_id=survivor.pk).values_list("source", "value")) == {
        ("erp", "1"),
        ("erp", "2"),
        ("shop", "77"),
    }
    lines = History.objects.filter(change_set=Merge.objects.get().change_set)
    assert {line.record_id for line in lines} >= {a.pk, b.pk}


def test_a_chosen_value_brings_along_what_goes_with_it(alice: User) -> None:
    a, b, _acme, apex = two_people(alice)
    survivor = merge(PEOPLE, Asked(a.pk, [b.pk], {"name": b.pk, "email": b.pk, "account": b.pk}), alice)
    assert (survivor.title, survivor.email, survivor.account_id) == ("Somchai J.", "sj@apex.example", apex.pk)
    assert [row.account_id for row in survivor.affiliations.all() if row.primary] == [apex.pk]
    with pytest.raises(Invalid):
        merge(PEOPLE, Asked(survivor.pk, [create(PEOPLE, {"name": "C"}, alice).pk], {"emails": survivor.pk}), alice)


def test_an_address_is_taken_whole(alice: User) -> None:
    a = create(ACCOUNTS, {"name": "A", "region": "North"}, alice)
    b = create(ACCOUNTS, {"name": "B", "country": "TH", "city": "Tak", "address": "1 Main Road"}, alice)
    now = merge(ACCOUNTS, Asked(a.pk, [b.pk]), alice)
    assert (now.country, now.region, now.city, now.address) == ("TH", "", "Tak", "1 Main Road")


def test_everything_that_led_to_the_absorbed_record_leads_to_the_survivor_and_back(alice: User, bob: User) -> None:
    a, b = (create(ACCOUNTS, {"name": name}, alice) for name in ("Acme", "Acme Ltd"))
    child = create(ACCOUNTS, {"name": "Branch", "parent": b.pk}, alice)
    person = create(PEOPLE, {"name": "Mali", "account": b.pk}, alice)
    of_b, of_both = (create(TASKS, {"subject": "Call", "about": about}, alice) for about in (_about(b), _about(a, b)))
    Comment.objects.create(type="accounts", record_id=b.pk, body="Hi", by=alice)
    for user in (alice, bob):
        Favourite.objects.create(user=user, type="accounts", record_id=b.pk)
        Follow.objects.create(user=user, type="accounts", record_id=b.pk)
    Favourite.objects.create(user=alice, type="accounts", record_id=a.pk)
    Share.objects.create(type="accounts", record_id=b.pk, user=bob, at=b.created_at)
    before = told(ACCOUNTS, a, b, child), told(PEOPLE, person), told(TASKS, of_b, of_both)
    hanging = _hanging(b)

    survivor = merge(ACCOUNTS, Asked(a.pk, [b.pk]), alice)
    assert [item["parent"]["id"] for item in told(ACCOUNTS, child)] == [str(a.pk)]
    assert told(PEOPLE, person)[0]["affiliations"][0]["account"]["id"] == str(a.pk)
    assert [[link["id"] for link in item["about"]] for item in told(TASKS, of_b, of_both)] == [[str(a.pk)], [str(a.pk)]]
    assert [mark.record_id for mark in Favourite.objects.filter(user=bob)] == [a.pk]
    assert Share.objects.get().record_id == Comment.objects.get().record_id == a.pk
    assert not b_in_lists(b, alice)
    assert FactAbout.objects.filter(record_id=a.pk, fact__kind="account.created").count() == 2

    apart = take_apart(ACCOUNTS, survivor.pk, b.pk, alice)
    assert (told(ACCOUNTS, a, b, child), told(PEOPLE, person), told(TASKS, of_b, of_both)) == before
    assert _hanging(b) == hanging
    assert apart.kept == []
    assert b_in_lists(b, alice)


def _about(*records: Any) -> list[dict[str, str]]:
    return [{"type": "accounts", "id": str(record.pk)} for record in records]


def _hanging(record: Any) -> list[Any]:
    models = (Comment, Favourite, Follow, Share)
    found = [sorted(map(str, model.objects.filter(record_id=record.pk).values_list("pk", flat=True))) for model in models]
    kept = FactAbout.objects.filter(record_id=record.pk).exclude(fact__kind__in=["account.merged", "account.unmerged", "account.restored"])
    return [*found, sorted(kept.values_list("fact_id", flat=True))]


def b_in_lists(record: Any, by: User) -> bool:
    rows = ACCOUNTS.model.objects
    binned = (
        rows.visible_to(by, "delete", deleted=True).filter(pk=record.pk).exists()
        or due(ACCOUNTS, timezone.now() + dt.timedelta(days=900)).exists()
    )
    assert not binned, "what was merged does not lie in the recycle bin"
    return bool(rows.visible_to(by).filter(pk=record.pk).exists())


def test_what_was_edited_since_stays_and_is_told(alice: User) -> None:
    a, b, _acme, _apex = two_people(alice)
    (was,) = told(PEOPLE, b)
    merge(PEOPLE, Asked(a.pk, [b.pk], {"name": b.pk}), alice)
    update(PEOPLE, a.pk, {"job_title": "Head buyer", "tags": ["vip", "fair", "new"], "mobile": "+66812345678"}, alice)
    late = create(TASKS, {"subject": "Later", "about": [{"type": "people", "id": str(a.pk)}]}, alice)
    apart = take_apart(PEOPLE, a.pk, b.pk, alice)
    now = PEOPLE.model.objects.get(pk=a.pk)
    assert (now.title, now.job_title, now.tags, now.mobile) == ("Somchai Jaidee", "Head buyer", ["vip", "new"], "+66812345678")
    assert apart.kept == ["job_title"]
    assert told(PEOPLE, b) == [was]
    assert About.objects.get(source_id=late.pk).target_id == a.pk
    assert set(ExternalId.objects.filter(record_id=b.pk).values_list("source", "value")) == {("erp", "2"), ("shop", "77")}


def test_merges_into_one_survivor_are_taken_apart_in_any_order(alice: User) -> None:
    a, b, *_rest = two_people(alice)
    c = create(PEOPLE, {"name": "S. Jaidee", "tags": ["fair", "asia"], "emails": [{"value": "s@other.example"}]}, alice)
    before = told(PEOPLE, a, b, c)
    merge(PEOPLE, Asked(a.pk, [b.pk, c.pk], {"name": c.pk, "job_title": b.pk, "email": b.pk}), alice)
    take_apart(PEOPLE, a.pk, b.pk, alice)
    now = PEOPLE.model.objects.get(pk=a.pk)
    assert (now.title, now.job_title, now.tags) == ("S. Jaidee", "", ["vip", "fair", "asia"])
    take_apart(PEOPLE, a.pk, c.pk, alice)
    assert told(PEOPLE, a, b, c) == before


def test_a_merge_below_another_waits_for_that_one(alice: User) -> None:
    a, b, c = (create(ACCOUNTS, {"name": name}, alice) for name in "ABC")
    merge(ACCOUNTS, Asked(b.pk, [c.pk]), alice)
    merge(ACCOUNTS, Asked(a.pk, [b.pk]), alice)
    assert Merge.survivor_of(c.pk) == a.pk
    with pytest.raises(Merged, match="A"):
        take_apart(ACCOUNTS, b.pk, c.pk, alice)
    take_apart(ACCOUNTS, a.pk, b.pk, alice)
    assert take_apart(ACCOUNTS, b.pk, c.pk, alice).other.deleted_at is None


def test_a_record_merged_into_the_one_below_it_leaves_no_circle(alice: User) -> None:
    top = create(ACCOUNTS, {"name": "Top"}, alice)
    middle = create(ACCOUNTS, {"name": "Middle", "parent": top.pk}, alice)
    low = create(ACCOUNTS, {"name": "Low", "parent": middle.pk}, alice)
    before = told(ACCOUNTS, top, middle, low)
    merge(ACCOUNTS, Asked(low.pk, [top.pk]), alice)
    assert ACCOUNTS.model.objects.get(pk=low.pk).parent_id is None
    assert ACCOUNTS.model.objects.get(pk=middle.pk).parent_id == low.pk
    take_apart(ACCOUNTS, low.pk, top.pk, alice)
    assert told(ACCOUNTS, top, middle, low) == before


def test_who_may_not_delete_the_other_does_not_merge_it_and_closed_fields_stay(alice: User, bob: User, charlie: User) -> None:
    a, b, *_rest = two_people(alice)
    with pytest.raises(Forbidden):
        merge(PEOPLE, Asked(create(PEOPLE, {"name": "Bob's"}, bob).pk, [b.pk]), bob)
    with pytest.raises(Missing):
        run(PEOPLE, "merge", b.pk, by=alice, arguments={"into": str(create(PEOPLE, {"name": "X"}, charlie).pk)})
    Role.objects.filter(name="rep").update(fields={"people": {"job_title": "hidden", "tags": "read"}})
    alice = again(alice)
    survivor = merge(PEOPLE, Asked(a.pk, [b.pk]), alice)
    assert (survivor.job_title, survivor.tags) == ("", ["vip"])


def test_what_somebody_changed_meanwhile_or_what_waits_for_approval_is_not_merged(alice: User) -> None:
    a, b, *_rest = two_people(alice)
    with pytest.raises(Conflict):
        merge(PEOPLE, Asked(a.pk, [b.pk], versions={b.pk: b.version + 1}), alice)
    for asked in (Asked(a.pk, [a.pk]), Asked(a.pk, []), Asked(a.pk, [b.pk], {"name": acme_pk(_rest)})):
        with pytest.raises(Invalid):
            merge(PEOPLE, asked, alice)
    assert not Merge.objects.exists()


def acme_pk(rest: list[Any]) -> Any:
    return rest[0].pk


def test_a_number_that_is_anothers_by_now_keeps_a_merge_together(dao: User) -> None:
    a, b = (create(PRODUCTS, {"name": name, "code": code}, dao) for name, code in (("Lamp", ""), ("Lamp!", "L-1")))
    assert merge(PRODUCTS, Asked(a.pk, [b.pk]), dao).code == "L-1"
    update(PRODUCTS, a.pk, {"code": "L-2"}, dao)
    create(PRODUCTS, {"name": "Another", "code": "L-1"}, dao)
    with pytest.raises(Invalid, match="Another product"):
        take_apart(PRODUCTS, a.pk, b.pk, dao)


def test_deleted_for_good_the_survivor_takes_along_what_was_merged_into_it(dao: User) -> None:
    a, b = (create(ACCOUNTS, {"name": name}, dao) for name in "AB")
    merge(ACCOUNTS, Asked(a.pk, [b.pk]), dao)
    remove(ACCOUNTS, a.pk, dao)
    purge(ACCOUNTS, a.pk, dao)
    assert not ACCOUNTS.model.objects.filter(pk__in=[a.pk, b.pk]).exists()
    assert not Merge.objects.exists() and not Moved.objects.exists()


def test_programs_merge_follow_and_take_apart(alice: User, charlie: User, api: Callable[[User], Api]) -> None:
    a, b, *_rest = two_people(alice)
    call = api(alice)
    answer = call.post(f"people/{b.pk}/merge/", {"into": str(a.pk), "choices": {"name": str(b.pk)}, "versions": {str(a.pk): 1}})
    assert answer.status_code == 200, answer.content
    assert answer.json()["item"]["id"] == str(a.pk)
    moved = call.get(f"people/{b.pk}/")
    assert (moved.status_code, moved["Location"]) == (301, f"/api/v1/people/{a.pk}/")
    refused = call.patch(f"people/{b.pk}/", {"name": "No"})
    assert (refused.status_code, refused.json()["candidates"][0]["id"]) == (409, str(a.pk))
    assert api(charlie).get(f"people/{b.pk}/").status_code == 404
    page = call.client.get(f"/people/{b.pk}/")
    assert page.status_code in {302, 303}
    bad = call.post(f"people/{a.pk}/unmerge/", {"id": str(a.pk)})
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (422, "id")
    apart = call.post(f"people/{a.pk}/unmerge/", {"id": str(b.pk)}).json()
    assert [made["id"] for made in apart["made"]] == [str(b.pk)]
    assert call.get(f"people/{b.pk}/").json()["name"] == "Somchai J."


@pytest.mark.django_db(transaction=True)
def test_of_two_opposite_merges_at_once_the_second_is_told_of_the_first(alice: User) -> None:
    for _time in range(3):
        one, other = (create(ACCOUNTS, {"name": name}, alice) for name in ("Acme", "Acme Ltd"))
        answers: dict[Any, Any] = {}
        ready = threading.Barrier(2)

        def absorb(key: Any, into: Any, answers: dict[Any, Any] = answers, ready: threading.Barrier = ready) -> None:
            program = Api(again(alice))
            ready.wait()
            try:
                answers[into] = program.post(f"accounts/{key}/merge/", {"into": str(into)})
            finally:
                connections.close_all()

        threads = [threading.Thread(target=absorb, args=pair) for pair in ((one.pk, other.pk), (other.pk, one.pk))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        (first, done), (_second, refused) = sorted(answers.items(), key=lambda answer: answer[1].status_code)
        assert (done.status_code, refused.status_code) == (200, 409)
        assert refused.json()["detail"].startswith("This was merged into")
        assert refused.json()["candidates"][0]["id"] == str(first)
