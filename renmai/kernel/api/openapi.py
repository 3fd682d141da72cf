"""The API described in OpenAPI 3.1, built from the record types for the caller, so that it is never out of date."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from renmai import __version__
from renmai.kernel.access.user import User
from renmai.kernel.actions.action import Action
from renmai.kernel.api.aids import AIDS, webhook_paths, work_aids
from renmai.kernel.api.operations import ID, LINK, TEXT, Schema, listed, operation, query, without_answer
from renmai.kernel.records.address import PARTS
from renmai.kernel.records.custom import gathered
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType, Rows, registry

STORED_FILE: Schema = {
    "type": "object",
    "properties": {"id": {"type": "string", "format": "uuid"}, "name": TEXT, "size": {"type": "integer"}, "type": TEXT},
    "required": ["id", "name", "size", "type"],
}
KINDS: dict[str, Schema] = {
    "integer": {"type": ["integer", "null"]},
    "decimal": {"type": ["string", "null"], "pattern": r"^-?\d+(\.\d+)?$", "examples": ["12.5"]},
    "percent": {"type": ["string", "null"], "pattern": r"^-?\d+(\.\d+)?$", "examples": ["7"]},
    "money": {"type": ["string", "null"], "pattern": r"^-?\d+(\.\d+)?$", "examples": ["1200.50"]},
    "boolean": {"type": "boolean"},
    "date": {"type": ["string", "null"], "format": "date"},
    "moment": {"type": ["string", "null"], "format": "date-time"},
    "time": {"type": ["string", "null"], "pattern": r"^([01]\d|2[0-3]):[0-5]\d$", "examples": ["09:30"]},
    "address": {"type": ["object", "null"], "properties": dict.fromkeys(PARTS, TEXT), "additionalProperties": False},
    "email": {"type": "string", "description": "an e-mail address, or empty"},
    "tags": {"type": "array", "items": TEXT},
    "ids": {"type": "object", "additionalProperties": TEXT},
    "json": {},
}
GIVEN_LINK: Schema = {
    "anyOf": [
        {"type": "string", "format": "uuid"},
        {"type": "object", "properties": {"id": {"type": "string", "format": "uuid"}}, "required": ["id"]},
        {"type": "null"},
    ]
}
ABOUT: Schema = {
    "type": "object",
    "properties": {"type": TEXT, "id": {"type": "string", "format": "uuid"}},
    "required": ["type", "id"],
}
PROBLEM: Schema = {
    "type": "object",
    "properties": {
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": TEXT,
        "errors": {"type": "array", "items": {"type": "object", "properties": {"field": TEXT, "message": TEXT}}},
    },
    "required": ["title", "status", "detail", "errors"],
}
WHO = query("user", TEXT, "id of a user; the caller if left out")
LIST_QUERY = [
    query("filter", TEXT, "criteria as JSON"),
    query("q", TEXT, "free text"),
    query("sort", TEXT, "at most two fields, - for descending"),
    query("limit", {"type": "integer", "minimum": 1, "maximum": 200}, "rows"),
    query("after", TEXT, "the cursor that the page before gave as next"),
    query("fields", TEXT, "names separated by commas"),
    query("total", {"type": "string", "enum": ["0", "1"]}, "count the rows too"),
    query("deleted", {"type": "string", "enum": ["0", "1"]}, "look in the recycle bin"),
    query("as_of", TEXT, "a past day or moment; everything is read as it was then"),
]
FOR_GOOD = query("for_good", {"type": "string", "enum": ["1"]}, "from the recycle bin, by an administrator")
PAGE_QUERY = [LIST_QUERY[3], LIST_QUERY[4]]
HISTORY_QUERY = [
    query("field", TEXT, "only changes of this field"),
    query("by", TEXT, "only changes by this user, by renmai or by database"),
]


def describe(by: User) -> Schema:
    """The document for one caller: the types, fields and verbs that are open to them."""
    kinds = [kind for kind in registry.all() if by.may("view", kind)]
    paths: dict[str, Any] = FIXED | AIDS
    schemas: dict[str, Any] = {"problem": PROBLEM}
    for kind in kinds:
        paths |= paths_of(kind, by)
        schemas[kind.slug] = read_schema(kind, by)
        schemas[f"{kind.slug}-write"] = write_schema(kind, by)
    if by.may("edit", registry["webhooks"]):
        paths |= webhook_paths()
    return {
        "openapi": "3.1.0",
        "info": {"title": "Renmai", "version": __version__, "description": "Records, actions, facts and search of this Renmai."},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "components": {"schemas": schemas, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "paths": paths,
    }


def field_schema(spec: FieldSpec, rows: Rows | None, *, given: bool) -> Schema:
    """A field as it is read, or as it may be given."""
    if spec.kind == "link":
        schema: Schema = GIVEN_LINK if given else LINK
    elif spec.kind == "links":
        schema = {"type": "array", "items": GIVEN_LINK if given else LINK}
    elif spec.kind == "file":
        schema = {"type": "array", "items": GIVEN_LINK if given else STORED_FILE}
    elif spec.kind == "abouts":
        schema = {"type": "array", "items": ABOUT if given else LINK}
    elif spec.kind == "lines" and rows is not None:
        schema = {"type": "array", "items": row_schema(rows, given=given)}
    elif spec.kind == "choices":
        schema = {"type": "array", "items": {"type": "string", "enum": [value for value, _label in spec.choices]}}
    elif spec.kind == "choice":
        values = [value for value, _label in spec.choices]
        schema = {"type": "string", "enum": values if spec.required else [*values, ""]}
    else:
        schema = KINDS.get(spec.kind, TEXT)
    return {**schema, "title": str(spec.label)}


def row_schema(rows: Rows, *, given: bool) -> Schema:
    """A row of a document."""
    specs = [spec for spec in rows.fields.values() if spec.editable or not given]
    properties = {spec.name: field_schema(spec, None, given=given) for spec in specs}
    schema: Schema = {"type": "object", "properties": {"id": {"type": ["string", "null"], "format": "uuid"}, **properties}}
    if given:
        schema |= {"required": [spec.name for spec in specs if spec.required], "additionalProperties": False}
    return schema


def read_schema(kind: RecordType, by: User) -> Schema:
    """A record as it is read."""
    hidden = by.access.hidden(kind)
    specs = [spec for name, spec in kind.fields.items() if name not in hidden]
    properties = {"id": {"type": "string", "format": "uuid"}, "type": {"const": kind.slug}, **properties_of(kind, specs, given=False)}
    return {"type": "object", "properties": properties, "required": ["id", "type", "title"]}


def write_schema(kind: RecordType, by: User) -> Schema:
    """A record as it may be given; required fields are those of a new one."""
    found = kind.arranged(by).specs
    specs = [spec for name, spec in found.items() if spec.editable and by.access.field(kind.slug, name) == "write"]
    return {
        "type": "object",
        "properties": properties_of(kind, specs, given=True),
    }


def properties_of(kind: RecordType, specs: list[FieldSpec], *, given: bool) -> dict[str, Any]:
    """The fields, those of the company's own together in ``custom``."""
    flat = {spec.name: field_schema(spec, kind.collections.get(spec.name), given=given) for spec in specs if spec.kind != "custom"}
    made = gathered(flat)
    own = made.pop("custom", {})
    return {**made, "custom": {"type": "object", "properties": own, "additionalProperties": False}}


def reason(known: Container[str]) -> dict[str, Schema]:
    """Why something is done, kept in the history; a field or argument of that name goes before it."""
    return {} if "reason" in known else {"reason": {"type": "string", "description": "why, for the history"}}


def action_schema(action: Action) -> Schema:
    """An action's arguments."""
    properties = {spec.name: field_schema(spec, None, given=True) for spec in action.specs.values()}
    required = [spec.name for spec in action.specs.values() if spec.required]
    return {"type": "object", "properties": {**properties, "version": {"type": "integer"}, **reason(properties)}, "required": required}


def paths_of(kind: RecordType, by: User) -> dict[str, Any]:
    """The addresses of one type."""
    base, item = f"/api/v1/{kind.slug}/", {"$ref": f"#/components/schemas/{kind.slug}"}
    write = {"$ref": f"#/components/schemas/{kind.slug}-write"}
    change = {"allOf": [write], "unevaluatedProperties": False, "properties": {"version": {"type": "integer"}, **reason(kind.fields)}}
    new = {"allOf": [write], "unevaluatedProperties": False, "properties": reason(kind.fields)}
    totals: dict[str, Schema] = {"total": {"type": ["integer", "null"]}, "total_is_estimate": {"type": "boolean"}}
    one: dict[str, Any] = {"get": operation("Read one", item, parameters=[ID, LIST_QUERY[8]])}
    several: dict[str, Any] = {"get": operation("List", listed(item, **totals), parameters=LIST_QUERY)}
    if by.may("create", kind):
        several["post"] = operation("Create", item, given=new, status="201")
    if by.may("edit", kind):
        one["patch"] = operation("Change", item, parameters=[ID], given=change)
    if by.may("delete", kind):
        one["delete"] = operation("Move to the recycle bin, or delete for good from there", {}, parameters=[ID, FOR_GOOD], status="204")
        without_answer(one["delete"])
    grouped = [query("by", TEXT, "field"), query("sum", TEXT, "number field"), LIST_QUERY[0], LIST_QUERY[1], LIST_QUERY[8]]
    found: dict[str, Any] = {
        base: several,
        f"{base}{{id}}/": one,
        f"{base}groups/": {"get": operation("Count and sum by a field", listed({"type": "object"}), parameters=grouped)},
        f"{base}{{id}}/timeline/": {"get": operation("Timeline", listed({"type": "object"}), parameters=[ID, *PAGE_QUERY])},
        f"{base}{{id}}/access/": {"get": operation("Why somebody sees it", {"type": "object"}, parameters=[ID, WHO])},
        f"{base}{{id}}/history/": {"get": operation("History", listed({"type": "object"}), parameters=[ID, *PAGE_QUERY, *HISTORY_QUERY])},
    }
    outcome = {
        "type": "object",
        "properties": {"item": item, "made": {"type": "array", "items": {"type": "object"}}},
        "required": ["item", "made"],
    }
    if by.may("edit", kind):
        found[f"{base}{{id}}/rewind/"] = {"post": operation("Bring back to a moment", outcome, parameters=[ID], given=REWIND)}
    found |= work_aids(f"{base}{{id}}/", may_edit=by.may("edit", kind))
    for action in kind.all_actions:
        if by.may(action.may, kind):
            found[f"{base}{{id}}/{action.name}/"] = {
                "post": operation(str(action.label), outcome, parameters=[ID], given=action_schema(action))
            }
    return found


REWIND: Schema = {
    "type": "object",
    "properties": {"to": TEXT, "field": TEXT, "version": {"type": "integer"}},
    "required": ["to"],
}
FIXED: dict[str, Any] = {
    "/api/v1/me/": {"get": operation("Who am I", {"type": "object"})},
    "/api/v1/types/": {"get": operation("Types of record", listed({"type": "object"}))},
    "/api/v1/search/": {"get": operation("Search", listed({"type": "object"}), parameters=[query("q", TEXT, "words"), LIST_QUERY[3]])},
}
