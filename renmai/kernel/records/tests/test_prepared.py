"""Rows and values by SQL that is made once."""

from __future__ import annotations

import pytest
from django.db.models import F, Q, Value
from pytest_django import DjangoAssertNumQueries

from renmai.kernel.access.user import Team, User
from renmai.kernel.records.prepared import GIVEN, ByKey, Prepared, is_constant, prepared, together

USERS = ByKey(lambda: User.objects.annotate(mark=Value(7)))


def test_rows_are_as_a_query_reads_them(alice: User, bob: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        found = {user.pk: user for user in USERS.of([alice.pk, bob.pk])}
        assert {key: user.preferences for key, user in found.items()} == {alice.pk: {}, bob.pk: {}}
    assert {user.mark for user in found.values()} == {7}  # type: ignore[attr-defined]
    for user in User.objects.filter(pk__in=found):
        assert {field.attname: getattr(found[user.pk], field.attname) for field in User._meta.concrete_fields} == {
            field.attname: getattr(user, field.attname) for field in User._meta.concrete_fields
        }


@pytest.mark.django_db
def test_no_keys_find_nothing() -> None:
    assert USERS.of([]) == []


def test_columns_that_were_left_out_are_read_when_they_are_asked_for(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    (found,) = Prepared(User.objects.filter(pk=alice.pk).only("title")).rows()
    with django_assert_num_queries(0):
        assert (found.title, found._state.adding) == (alice.title, False)
    with django_assert_num_queries(1):
        assert found.email == alice.email


def test_several_queries_are_asked_together(alice: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    users, teams = (Prepared(model.objects.filter(pk__among=GIVEN).values_list("pk", "title")) for model in (User, Team))
    nobody = Prepared(User.objects.none().values_list("pk", "title"))
    with django_assert_num_queries(1):
        found = together([(users, [alice.pk]), (teams, [alice.team_id]), (nobody, [alice.pk])])
    assert sorted(found, key=str) == sorted([(alice.pk, alice.title), (alice.team_id, alice.team.title)], key=str)
    with django_assert_num_queries(0):
        assert together([(nobody, [alice.pk])]) == []


def test_rows_are_counted_up_to_a_limit(alice: User, bob: User) -> None:
    both = Prepared(User.objects.filter(pk__in=[alice.pk, bob.pk]).values("pk"))
    assert (both.count(1), both.count(5)) == (1, 2)
    assert (Prepared(User.objects.none()).count(5), Prepared(User.objects.none()).plan().rows) == (0, 0)


def test_only_conditions_on_values_are_the_same_the_next_time() -> None:
    assert is_constant(None, Q(), Q(title="a") & ~Q(version__gt=3))
    assert not is_constant(Q(title="a") | Q(pk__in=User.objects.all()))
    assert not is_constant(Q(version=F("version")))


def test_what_has_no_mark_is_made_each_time() -> None:
    made = iter(range(9))
    assert [prepared(("test", 1), lambda: next(made)) for _ in range(2)] == [0, 0]
    assert [prepared(None, lambda: next(made)) for _ in range(2)] == [1, 2]
