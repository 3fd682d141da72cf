"""Lists of every type: pages, order, filters, groups, search, and what they cost."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from renmai.kernel.access.user import Role, User
from renmai.kernel.criteria.grammar import fields_of
from renmai.kernel.criteria.kinds import OPERATORS, TEXT
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType
from renmai.kernel.testing.people import Api
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


@pytest.fixture
def rows(kind: RecordType, maker: Maker) -> list[dict[str, Any]]:
    """Some records of the type."""
    return [maker.make(kind) for _number in range(ROWS)]


def spread(kind: RecordType, spec: FieldSpec, rows: list[dict[str, Any]]) -> None:
    """Give a column rising values, some twice and, where it may, some null."""
    values = RISING.get(spec.kind, [])
    values = [*values, None, None] if spec.nullable else [*values, *values][:ROWS]
    for row, value in zip(rows, values, strict=False):
        kind.model.objects.filter(pk=row["id"]).update(**{spec.column: value})


def ids_by_pages(api: Api, kind: RecordType, sort: str) -> list[str]:
    """Every id of a list, walked two by two."""
    found, after = [], ""
    for _page in range(20):
        page = api.get(f"{kind.slug}/", sort=sort, limit=2, **({"after": after} if after else {})).json()
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
            assert ids_by_pages(api, kind, sort) == [item["id"] for item in items], sort
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
            assert ids_by_pages(maker.api(kind), kind, sort) == [item["id"] for item in items], sort


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
    api = maker.api(kind)
    for name, spec in fields_of(kind, None).items():
        sample = maker.sample(spec)
        one = {"tags": "vip", "id": str(api.user.pk), "links": str(api.user.pk), "abouts": str(api.user.pk)}.get(spec.kind, sample)
        special: dict[str, Any] = {"within": {"last": "30 days"}, "between": [one, one], "is_set": None, "is_empty": None}
        special |= {"in": [one], "not_in": [one]}
        leaves = [{"field": name, "op": op, "value": special.get(op, one)} for op in OPERATORS[spec.kind]]
        found(maker, kind, {"or": leaves})


def test_a_value_that_was_written_is_found_again(kind: RecordType, maker: Maker, rows: list[dict[str, Any]]) -> None:
    api, path = maker.api(kind), f"{kind.slug}/{rows[0]['id']}/"
    for name, spec in fields_of(kind, None).items():
        sample = maker.sample(spec) if spec.editable and "eq" in OPERATORS[spec.kind] and spec.kind != "id" else None
        if sample is None or api.patch(path, {name: sample}).status_code != 200:
            continue
        asked: list[Any] = [{"field": name, "op": "eq", "value": sample}, {"not": {"field": name, "op": "ne", "value": sample}}]
        if spec.kind in TEXT:
            asked.append({"field": name, "op": "starts_with", "value": sample[:3].upper()})
        assert rows[0]["id"] in found(maker, kind, {"and": asked}), name


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


def test_the_description_tells_its_addresses_and_fields(kind: RecordType, maker: Maker) -> None:
    api = maker.api(kind)
    document = api.get("openapi.json").json()
    assert {f"/api/v1/{kind.slug}/", f"/api/v1/{kind.slug}/{{id}}/", f"/api/v1/{kind.slug}/groups/"} <= set(document["paths"])
    assert set(document["components"]["schemas"][kind.slug]["properties"]) >= set(kind.fields)
    told = next(item for item in api.get("types/").json()["items"] if item["type"] == kind.slug)
    assert {field["name"] for field in told["fields"]} == set(kind.fields)
    assert set(told["sortable"]) >= {spec.name for spec in kind.fields.values() if spec.sortable}


def test_a_hidden_field_is_neither_read_nor_asked_about(owned: RecordType, maker: Maker, bob: User) -> None:
    made = maker.make(owned)
    name = next(spec.name for spec in owned.fields.values() if spec.editable and spec.kind in {"text", "long_text"})
    Role.objects.filter(name="rep").update(fields={owned.slug: {name: "hidden"}})
    colleague = Api(User.objects.get(pk=bob.pk))
    assert name not in colleague.get(f"{owned.slug}/{made['id']}/").json()
    refused = [{"sort": name}, {"filter": json.dumps({"field": name, "op": "is_set"})}]
    assert [colleague.get(f"{owned.slug}/", **query).status_code for query in refused] == [422, 422]
    assert colleague.get(f"{owned.slug}/groups/", by=name).status_code == 422
    assert name not in colleague.get("openapi.json").json()["components"]["schemas"][owned.slug]["properties"]
