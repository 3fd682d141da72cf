"""Rows by their keys, by SQL that is made once."""

from __future__ import annotations

import pytest
from django.db.models import Value
from pytest_django import DjangoAssertNumQueries

from renmai.kernel.access.user import User
from renmai.kernel.records.by_key import ByKey

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
