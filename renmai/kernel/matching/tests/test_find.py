"""Records that are there already are found whoever wrote them, and however."""

from __future__ import annotations

from typing import Any

import pytest

from renmai.kernel.access.user import User
from renmai.kernel.actions.bulk import in_bulk
from renmai.kernel.jobs.work import perform
from renmai.kernel.matching.find import Twin, duplicates_of, twins_of
from renmai.kernel.matching.model import DuplicateRule, Pair
from renmai.kernel.overlay import version
from renmai.kernel.records import store
from renmai.kernel.records.clean import clean
from renmai.kernel.records.types import registry
from renmai.kernel.transfer.store_many import New, create_many

pytestmark = pytest.mark.django_db
PEOPLE, RULES = registry["people"], registry["duplicate-rules"]


def draft(**values: Any) -> Any:
    """A person who is not stored."""
    return store.build(PEOPLE, clean(PEOPLE, values, None), None)


def found(twins: list[Twin]) -> list[str]:
    """What the twins are called."""
    return [str(twin.record) for twin in twins]


def keys(record: Any) -> list[str]:
    """As they are stored."""
    return PEOPLE.model.objects.values_list("match_keys", flat=True).get(pk=record.pk) or []


def test_who_is_there_is_found_by_each_of_their_traits(alice: User) -> None:
    ann = store.create(PEOPLE, {"name": "Ann Lee", "email": "ann@acme.com", "mobile": "+66812345678"}, alice)
    wei = store.create(PEOPLE, {"name": "王伟", "mobile": "+8613800138000"}, alice)
    drafts = [
        draft(name="Lee, Ann", phone="+66812345678"),
        draft(name="Wang Wei", mobile="+8613800138000"),
        draft(name="Somebody Else", email="else@acme.com"),
        draft(name="Ann Leigh", email="ann@acme.com"),
    ]
    assert [found(twins) for twins in duplicates_of(PEOPLE, drafts)] == [["Ann Lee"], ["王伟"], [], ["Ann Lee"]]
    assert duplicates_of(PEOPLE, drafts)[3][-1].draft is None
    store.remove(PEOPLE, ann.pk, alice)
    assert duplicates_of(PEOPLE, drafts[:1]) == [[]]
    assert twins_of(PEOPLE, wei) == []


def test_rows_of_one_file_are_compared_with_those_before_them() -> None:
    drafts = [draft(name="Ann Lee", email="ann@acme.com"), draft(name="Bo Chan"), draft(name="Anne Lee", email="ann@acme.com")]
    assert [[twin.draft for twin in twins] for twins in duplicates_of(PEOPLE, drafts)] == [[], [], [0]]


def test_a_whole_file_is_looked_up_in_as_many_queries_as_one_row(django_assert_num_queries: Any, alice: User) -> None:
    store.create(PEOPLE, {"name": "Ann Lee", "email": "ann@acme.com"}, alice)
    drafts = [draft(name="Ann Lee", email="ann@acme.com") for _time in range(30)]
    with django_assert_num_queries(2):
        duplicates_of(PEOPLE, drafts[:1])
    with django_assert_num_queries(2):
        duplicates_of(PEOPLE, drafts)


def test_keys_follow_every_way_of_writing(alice: User) -> None:
    news = [New({"name": f"Ann Lee {place}", "email": f"ann{place}@acme.com"}) for place in range(2)]
    one, other = create_many(PEOPLE, news, alice)
    assert "e:ann0@acme.com" in keys(one)
    store.update(PEOPLE, one.pk, {"email": "other@acme.com"}, alice)
    assert {"e:other@acme.com", "e:ann0@acme.com"} & set(keys(one)) == {"e:other@acme.com"}
    perform(in_bulk(PEOPLE, "update", alice, ids=[str(one.pk), str(other.pk)], arguments={"name": "Bo Chan"}))
    assert "n:abchno" in keys(other)


def test_the_company_says_what_is_compared(dao: User, alice: User) -> None:
    ann = store.create(PEOPLE, {"name": "Ann Lee", "city": "Bangkok", "nickname": "Annie77"}, alice)
    traits = [{"kind": "text", "fields": "nickname", "strength": "decisive"}]
    rule = store.create(RULES, {"name": "People", "record_type": "people", "traits": traits, "warn_from": 90}, dao)
    assert keys(ann) == ["t:nickname:annie77"]
    assert found(duplicates_of(PEOPLE, [draft(name="Bo Chan", nickname="ANNIE77")])[0]) == ["Ann Lee"]
    store.update(RULES, rule.pk, {"criteria": {"field": "city", "op": "eq", "value": "Bangkok"}}, dao)
    version.refresh()
    assert duplicates_of(PEOPLE, [draft(name="Bo Chan", nickname="annie77", city="Chiang Mai")]) == [[]]
    store.update(RULES, rule.pk, {"active": False}, dao)
    version.refresh()
    assert duplicates_of(PEOPLE, [draft(name="Ann Lee", nickname="annie77", city="Bangkok")]) == [[]]


def test_who_was_said_to_be_another_is_not_told_again(alice: User) -> None:
    one, other = (store.create(PEOPLE, {"name": "Ann Lee", "email": "ann@acme.com"}, alice) for _time in range(2))
    assert found(twins_of(PEOPLE, one)) == ["Ann Lee"]
    first, second = sorted([one.pk, other.pk])
    Pair.objects.create(type="people", one=first, other=second, probability=0.9).decide(alice)
    assert twins_of(PEOPLE, one) == []


def test_a_rule_that_names_what_is_not_there_is_refused(api: Any, dao: User) -> None:
    refused = api(dao).post("duplicate-rules/", {"name": "X", "record_type": "people", "traits": [{"kind": "email", "fields": "mail"}]})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "traits")
    assert api(dao).post("duplicate-rules/", {"name": "X", "record_type": "tasks"}).status_code == 422
    assert DuplicateRule.objects.count() == 0
