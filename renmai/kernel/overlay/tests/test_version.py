"""Following what changes in the overlay costs no query until it has changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from renmai.kernel.access.user import User
from renmai.kernel.criteria import Reader, matches, parse, to_q
from renmai.kernel.locale.sorting_sql import install_sorting
from renmai.kernel.overlay import indexes, version
from renmai.kernel.overlay.field import CustomField, IndexState
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api

Calls = Callable[[User], Api]
OVERLAY = ('FROM "kernel_customfield"', 'FROM "kernel_customtype"', 'FROM "kernel_fieldchange"')


def asked(program: Api) -> list[str]:
    """The queries of one request that are about the overlay."""
    with CaptureQueriesContext(connection) as seen:
        assert program.get("products/", limit="1").status_code == 200
    return [query["sql"] for query in seen if any(table in query["sql"] for table in OVERLAY)]


def test_the_overlay_is_read_once_when_it_has_moved(api: Calls, alice: User, dao: User) -> None:
    program = api(alice)
    program.get("me/")
    assert asked(program) == []
    api(dao).post("custom-fields/", {"type": "leads", "label": "Size", "kind": "number"})
    assert len(asked(program)) == len(OVERLAY)
    assert asked(program) == []


def test_a_change_of_the_overlay_that_is_rolled_back_is_not_taken_for_another(dao: User) -> None:
    field = {"type": "leads", "label": "Size", "kind": "number", "key": "size", "title": "Size"}
    before = CustomField.objects.create(**field)
    version.refresh()
    assert "custom.size" in registry["leads"].fields
    before.delete()
    CustomField.objects.create(**{**field, "key": "length"})
    version.refresh()
    assert "custom.length" in registry["leads"].fields and "custom.size" not in registry["leads"].fields


@pytest.mark.django_db(transaction=True)
def test_the_index_of_a_filterable_field_is_built_beside_everybodys_work(dao: User) -> None:
    field = CustomField.objects.create(type="leads", label="Nick", kind="text", key="nick", filterable=True)
    indexes.ask(field, dao)
    field.refresh_from_db()
    assert field.index_state == IndexState.WAITING
    indexes.keep(None, field=str(field.pk))  # type: ignore[arg-type]
    field.refresh_from_db()
    assert field.index_state == IndexState.READY
    assert built(field) == sorted(indexes.definitions(field))
    CustomField.objects.filter(pk=field.pk).update(filterable=False)
    indexes.keep(None, field=str(field.pk))  # type: ignore[arg-type]
    assert built(field) == []


@pytest.mark.django_db(transaction=True)
def test_a_list_sorted_by_text_walks_its_index_and_one_of_before_is_replaced_at_night(dao: User, settings: Any) -> None:
    field = CustomField.objects.create(type="leads", label="Nick", kind="text", key="nick", filterable=True)
    version.refresh()
    indexes.keep(None, field=str(field.pk))  # type: ignore[arg-type]
    rows = registry["leads"].model.objects.live().filter(custom__order_nick__isnull=False).order_by("custom__order_nick", "pk")
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off; SET enable_sort = off")
        assert f"custom_{field.pk.hex}_pinyin" in rows.explain()
        cursor.execute("RESET enable_seqscan; RESET enable_sort")
    settings.LANGUAGE_CODE = "zh-hant"
    install_sorting()
    indexes.build_missing(0)
    indexes.keep(None, field=str(field.pk))  # type: ignore[arg-type]
    assert built(field) == [f"custom_{field.pk.hex}_f", f"custom_{field.pk.hex}_stroke"]


def built(field: CustomField) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE indexname LIKE %s ORDER BY 1", [f"custom_{field.pk.hex}%"])
        return [row[0] for row in cursor.fetchall()]


BAD = [
    "x",
    "",
    "12",
    "-0.5",
    "1e5",
    "2026-02-30",
    "2026-02-28",
    "0000-01-01",
    "2026-03-04T25:00:00+00:00",
    5,
    True,
    None,
    [],
    ["a"],
    {"a": 1},
]


@pytest.mark.parametrize("raw", BAD, ids=repr)
def test_the_database_and_memory_read_any_value_alike_and_never_fail(raw: object, alice: User) -> None:
    for kind in ("text", "number", "date", "moment", "boolean", "choices", "person"):
        CustomField.objects.create(type="leads", label=kind, kind=kind, key=kind, choices=[{"value": "a", "label": "a"}])
    version.refresh()
    kind = registry["leads"]
    lead = kind.model.objects.create(name="Ann", owner=alice, custom=dict.fromkeys((spec.key for spec in kind.custom.values()), raw))
    reader = Reader.of(alice)
    for name in kind.custom:
        for op in ("is_set", "is_empty"):
            node = parse({"field": name, "op": op}, kind, alice)
            assert kind.model.objects.filter(to_q(node, reader)).exists() == matches(node, lead, reader), (name, op)
