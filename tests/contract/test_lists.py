"""Lists of every type: pages, order, filters, groups, search, and what they cost."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from renmai.kernel.criteria.grammar import fields_of
from renmai.kernel.criteria.kinds import OPERATORS, TEXT
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType
from renmai.kernel.testing.people import Api, person, team
from tests.contract.conftest import Maker

ROWS = 6
DAY = dt.date(2026, 5, 6)
AMOUNTS = [Decimal("0.5"), Decimal("0.5"), Decimal(2), Decimal(30)]
RISING: dict[str, list[Any]] = {
    "integer": [1, 1, 2, 30],
    "decimal": AMOUNTS,
    "money": AMOUNTS,
    "percent": AMOUNTS,
    "date": [DAY, DAY, DAY + dt.timedelta(days=1), DAY + dt.timedelta(days=400)],
    "moment": [dt.datetime(2026, 5, day, tzinfo=dt.UTC) for day in (6, 6, 7, 8)],
}


@dataclass(frozen=True)
class Scene:
    """Some records of a type, and who made them."""

    maker: Maker
    rows: list[dict[str, Any]]


@pytest.fixture(scope="module")
def scene(kind: RecordType, django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """Made once for all questions about a type: to make the rows takes longer than most answers."""
    with django_db_blocker.unblock(), transaction.atomic():
        maker = Maker(Api(person("Alice", "rep", team("North"))), Api(person("Dao", "admin", None)))
        yield Scene(maker, [maker.make(kind) for _number in range(ROWS)])
        transaction.set_rollback(True)


@pytest.fixture
def maker(scene: Scene) -> Iterator[Maker]:
    """Who made the rows; what a test makes of them is taken back."""
    with transaction.atomic():
        yield scene.maker
        transaction.set_rollback(True)


@pytest.fixture
def rows(scene: Scene) -> list[dict[str, Any]]:
    """The records of the type."""
    return scene.rows


def spread(kind: RecordType, spec: FieldSpec, rows: list[dict[str, Any]]) -> None:
    """Give a column rising values, some twice and, where it may, some null."""
    values = RISING.get(spec.kind, [])
    values = [*values, None, None] if spec.nullable else [*values, *values][:ROWS]
    for row, value in zip(rows, values, strict=False):
        kind.model.objects.filter(pk=row["id"]).update(**{spec.column: value})


def ids_by_pages(api: Api, kind: RecordType, sort: str, *, size: int) -> list[str]:
    """Every id of a list, walked so many at a time."""
    found, after = [], ""
    for _page in range(20):
        page = api.get(f"{kind.slug}/", sort=sort, limit=size, **({"after": after} if after else {})).json()
        found += [item["id"] for item in page["items"]]
        if not page["next"]:
            return found
        after = page["next"]
    raise AssertionError(f"Sorted by {sort} the pages of {kind.slug} have no end: {found}")


def test_every_sort_walks_each_record_once_in_order_with_nulls_last(kind: RecordType, maker: Maker, rows: list[dict[str, Any]]) -> None:
    api = maker.api(kind)
    for spec in [spec for spec in kind.fields.values() if spec.sortable]:
        if spec.kind in RISING:
            spread(kind, spec, rows)
        for sort in (spec.name, f"-{spec.name}"):
            items = api.get(f"{kind.slug}/", sort=sort, limit=200).json()["items"]
            assert {row["id"] for row in rows} <= {item["id"] for item in items}
            assert ids_by_pages(api, kind, sort, size=4) == [item["id"] for item in items], sort
            if spec.kind in RISING:
                assert_ordered(kind, spec, [item["id"] for item in items], descending=sort[0] == "-")


def assert_ordered(kind: RecordType, spec: FieldSpec, ids: list[str], *, descending: bool) -> None:
    """The column rises, or falls, along the ids, and nulls stand at the end."""
    stored = dict(kind.model.objects.filter(pk__in=ids).values_list("pk", spec.column))
    values = [stored[UUID(key)] for key in ids]
    known = [value for value in values if value is not None]
    assert values == sorted(known, reverse=descending) + [None] * (len(values) - len(known)), spec.name


def test_two_sorts_walk_each_record_once(kind: RecordType, maker: Maker, rows: list[dict[str, Any]]) -> None:
    names = [spec.name for spec in kind.fields.values() if spec.sortable]
    for spec in [kind.fields[name] for name in names if kind.fields[name].kind in RISING]:
        spread(kind, spec, rows)
    for first, second in zip(names, reversed(names), strict=True):
        if first != second:
            sort = f"-{first},{second}"
            items = maker.api(kind).get(f"{kind.slug}/", sort=sort, limit=200).json()["items"]
            assert ids_by_pages(maker.api(kind), kind, sort, size=3) == [item["id"] for item in items], sort


def test_a_field_that_lists_cannot_be_sorted_by_is_refused_with_the_valid_ones(kind: RecordType, maker: Maker) -> None:
    response = maker.api(kind).get(f"{kind.slug}/", sort="custom")
    assert response.status_code == 422
    assert "created_at" in response.json()["errors"][0]["message"]


def test_a_strange_cursor_is_refused(kind: RecordType, maker: Maker) -> None:
    for cursor in ("x", "W10", "bnVsbA", "eyJhIjoxfQ"):
        assert maker.api(kind).get(f"{kind.slug}/", after=cursor).status_code == 422


def test_total_fields_and_limit_are_kept_to(kind: RecordType, maker: Maker, rows: list[dict[str, Any]]) -> None:
    page = maker.api(kind).get(f"{kind.slug}/", total=1, fields="tags,created_at", limit=3).json()
    assert len(page["items"]) == 3 and page["next"]
    assert page["total"] == kind.model.objects.live().count() and page["total_is_estimate"] is False
    assert set(page["items"][0]) == {"id", "type", "title", "tags", "created_at"}


def test_set_and_empty_share_the_records_of_every_field_between_them(kind: RecordType, maker: Maker, rows: list[dict[str, Any]]) -> None:
    everything = {item["id"] for item in maker.api(kind).get(f"{kind.slug}/", limit=200).json()["items"]}
    names = [name for name, spec in fields_of(kind, None).items() if spec.kind != "id"]
    for some in batched(names, 20):
        either = [{"or": [{"field": name, "op": "is_set"}, {"field": name, "op": "is_empty"}]} for name in some]
        both = [{"and": [{"field": name, "op": "is_set"}, {"field": name, "op": "is_empty"}]} for name in some]
        assert found(maker, kind, {"and": either}) == everything, some
        assert found(maker, kind, {"or": both}) == set(), some


def batched(names: list[str], size: int) -> list[list[str]]:
    """The names, so many at a time."""
    return [names[start : start + size] for start in range(0, len(names), size)]


def found(maker: Maker, kind: RecordType, tree: Any) -> set[str]:
    """Ids that a filter finds."""
    response = maker.api(kind).get(f"{kind.slug}/", filter=json.dumps(tree), limit=200)
    assert response.status_code == 200, (tree, response.content)
    return {item["id"] for item in response.json()["items"]}


def test_every_operator_of_every_field_is_answered(kind: RecordType, maker: Maker) -> None:
    specs = fields_of(kind, None)
    for some in batched(list(specs), 8):
        found(maker, kind, {"or": [leaf for name in some for leaf in every_operator(maker, name, specs[name])]})


def every_operator(maker: Maker, name: str, spec: FieldSpec) -> list[dict[str, Any]]:
    """All that can be asked of a field."""
    somebody = str(maker.seller.user.pk)
    known = {"tags": "vip", "file": "photo", **dict.fromkeys(["id", "links", "abouts"], somebody)}
    known |= {"choices": next(iter(dict(spec.choices)), None)}
    one = known.get(spec.kind) or maker.sample(spec)
    special: dict[str, Any] = {"within": {"last": "30 days"}, "between": [one, one], "is_set": None, "is_empty": None}
    special |= {"in": [one], "not_in": [one]}
    return [{"field": name, "op": op, "value": special.get(op, one)} for op in OPERATORS[spec.kind]]


def test_what_is_written_reads_back_and_is_found_again_or_is_refused_with_a_reason(
    kind: RecordType, maker: Maker, rows: list[dict[str, Any]]
) -> None:
    api, path, asked = maker.api(kind), f"{kind.slug}/{rows[0]['id']}/", fields_of(kind, None)
    for name, spec in kind.fields.items():
        sample = maker.sample(spec) if spec.editable else None
        if sample is None:
            continue
        answer = api.patch(path, {name: sample})
        assert answer.status_code in {200, 409, 422}, (name, answer.content)
        if answer.status_code != 200:
            assert answer.json()["detail"], name
            continue
        read = answer.json()[name]
        assert (read["id"] if spec.kind == "link" else read) == sample, name
        if name in asked and "eq" in OPERATORS[spec.kind]:
            assert rows[0]["id"] in found(maker, kind, {"and": equal(name, spec, sample)}), name


def equal(name: str, spec: FieldSpec, value: Any) -> list[dict[str, Any]]:
    """Every way to ask for a value."""
    ways: list[dict[str, Any]] = [{"field": name, "op": "eq", "value": value}, {"not": {"field": name, "op": "ne", "value": value}}]
    return [*ways, {"field": name, "op": "starts_with", "value": value[:3].upper()}] if spec.kind in TEXT else ways


def test_groups_count_each_record_once(kind: RecordType, maker: Maker, rows: list[dict[str, Any]]) -> None:
    total = kind.model.objects.live().count()
    for spec in [spec for spec in kind.fields.values() if spec.kind in {"choice", "link", "boolean", "country", "pick"}]:
        response = maker.api(kind).get(f"{kind.slug}/groups/", by=spec.name)
        assert response.status_code == 200, spec.name
        items = response.json()["items"]
        assert sum(item["count"] for item in items) == total, spec.name
        assert all({"key", "label", "count", "sums"} <= set(item) for item in items), spec.name


def test_groups_sum_money_by_currency(kind: RecordType, maker: Maker, rows: list[dict[str, Any]]) -> None:
    for spec in [spec for spec in kind.fields.values() if spec.kind == "money"]:
        kind.model.objects.filter(pk=rows[0]["id"]).update(**{spec.column: Decimal("0.10"), spec.field.currency_field: "USD"})
        kind.model.objects.exclude(pk=rows[0]["id"]).update(**{spec.column: Decimal("1.50"), spec.field.currency_field: "THB"})
        items = maker.api(kind).get(f"{kind.slug}/groups/", by="owner", sum=spec.name).json()["items"]
        sums = {each["currency"]: Decimal(each["sum"]) for item in items for each in item["sums"]}
        assert sums == {"USD": Decimal("0.10"), "THB": Decimal("1.50") * (ROWS - 1)}, spec.name


def test_search_finds_a_record_by_its_title(kind: RecordType, maker: Maker, rows: list[dict[str, Any]]) -> None:
    if not kind.search:
        pytest.skip("The type is not searched.")
    items = maker.api(kind).get("search/", q=rows[0]["title"]).json()["items"]
    assert (kind.slug, rows[0]["id"]) in {(item["type"], item["id"]) for item in items}
    listed = maker.api(kind).get(f"{kind.slug}/", q=rows[0]["title"]).json()["items"]
    assert rows[0]["id"] in {item["id"] for item in listed}


def queries(browse: Any) -> int:
    """How many queries a request makes, but for the company's settings, which are read again every few seconds."""
    with CaptureQueriesContext(connection) as captured:
        assert browse().status_code == 200
    return sum("kernel_company" not in query["sql"] for query in captured)


def test_more_rows_make_no_more_queries(kind: RecordType, maker: Maker) -> None:
    api, browser = maker.api(kind), Client(SERVER_NAME="127.0.0.1")
    browser.force_login(api.user)
    first, _second = maker.make(kind), maker.make(kind)
    requests = {
        "list": lambda: api.get(f"{kind.slug}/", total=1),
        "record": lambda: api.get(f"{kind.slug}/{first['id']}/"),
        "page of the list": lambda: browser.get(f"/{kind.slug}/?limit=50"),
        "page of the record": lambda: browser.get(f"/{kind.slug}/{first['id']}/?before="),
    }
    for request in requests.values():
        request()
    before = {name: queries(request) for name, request in requests.items()}
    for _number in range(8):
        maker.make(kind)
    requests["list"]()  # the first request after a change of the overlay takes it over
    assert {name: queries(request) for name, request in requests.items()} == before
