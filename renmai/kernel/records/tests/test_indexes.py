"""What lists, searches and doors walk along is there for every noun, in the database and not only in the declaration."""

from __future__ import annotations

import pytest
from django.db import connection

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.records.store import create
from renmai.kernel.records.types import RecordType, registry

pytestmark = pytest.mark.django_db


def indexed(kind: RecordType) -> list[list[str]]:
    """The columns of each index of a noun's table."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, kind.model._meta.db_table).values()
    return [constraint["columns"] for constraint in found if constraint["index"]]


@pytest.mark.parametrize("kind", registry.all(), ids=lambda kind: kind.slug)
def test_every_noun_is_found_along_an_index(kind: RecordType) -> None:
    have = [columns[:length] for columns in indexed(kind) for length in range(1, 5)]
    column = {field.name: field.column for field in kind.model._meta.concrete_fields}
    sorts = {spec.sort_column for spec in kind.fields.values() if spec.sortable} | {"sort_key"}
    wanted = [[column[name], "id", "owner_id", "team_id"] for name in sorts]  # what somebody may not see is left out unread
    wanted += [["owner_id", "created_at", "id"], ["team_id", "created_at", "id"], ["search"]]
    assert [columns for columns in wanted if columns not in have] == []


def test_a_text_by_which_lists_are_sorted_fits_into_its_index(dao: User) -> None:
    with pytest.raises(Invalid):
        create(registry["products"], {"name": "Pump", "code": "ก" * 501}, dao)
    assert create(registry["products"], {"name": "Pump", "code": "ก" * 500}, dao).pk
