"""The API described in OpenAPI 3.1, built from the record types for the caller, so that it is never out of date."""

from __future__ import annotations

from typing import Any

from django.utils import translation

from renmai import __version__
from renmai.kernel.access.user import User
from renmai.kernel.api.aids import AIDS, inbound_paths, webhook_paths, work_aids
from renmai.kernel.api.complete import complete
from renmai.kernel.api.contributed import described
from renmai.kernel.api.operations import CHANGED, ID, TEXT, Schema, listed, operation, query, without_answer
from renmai.kernel.api.schemas import action_schema, needed, read_schema, reason, write_schema
from renmai.kernel.api.works import WORKS, bulk_path
from renmai.kernel.cleansing.describe import cleansing_paths
from renmai.kernel.records.groups import ways_to_group, ways_to_sum
from renmai.kernel.records.types import RecordType, registry

ABOUT_IT = "Records, actions, facts and search of this Renmai, as far as the caller's rights reach; docs/reference/api.md tells the rest."
WHO = query("user", TEXT, "id of a user; the caller if left out")
FILTER = query("filter", TEXT, "criteria as JSON", '{"field": "created_at", "op": "within", "value": {"last": "30 days"}}')
WORDS = query("q", TEXT, "free text", "lanna")
AS_OF = query("as_of", TEXT, "a past day or moment; everything is read as it was then", "2026-01-31")
PAGE_QUERY = [
    query("limit", {"type": "integer", "minimum": 1, "maximum": 200}, "rows", 50),
    query("after", TEXT, "the cursor that the page before gave as next"),
]
LIST_QUERY = [
    FILTER,
    WORDS,
    query("sort", TEXT, "at most two sortable fields, - for descending", "-created_at"),
    *PAGE_QUERY,
    query("fields", TEXT, "names separated by commas", "title,owner"),
    query("total", {"type": "string", "enum": ["0", "1"]}, "count the rows too", "1"),
    query("deleted", {"type": "string", "enum": ["0", "1"]}, "look in the recycle bin", "0"),
    AS_OF,
]
FOR_GOOD = query("for_good", {"type": "string", "enum": ["1"]}, "from the recycle bin, by an administrator")
ANYWAY = query("allow_duplicate", {"type": "string", "enum": ["1"]}, "create it though there is one like it")
HISTORY_QUERY = [
    query("field", TEXT, "only changes of this field"),
    query("by", TEXT, "only changes by this user, by renmai or by database"),
]
FACT: Schema = {
    "type": "object",
    "properties": {
        "at": {"type": "string", "format": "date-time"},
        "kind": {"type": "string", "examples": ["lead.created"]},
        "by": {"type": ["object", "null"]},
        "about": {"type": "array", "items": {"type": "object"}},
        "text": {"type": "string", "examples": ["Mina created Lanna Coffee"]},
        "data": {"type": "object"},
    },
    "required": ["at", "kind", "by", "about", "text", "data"],
}
CHANGE: Schema = {
    "type": "object",
    "properties": {
        "at": {"type": "string", "format": "date-time"},
        "by": {"type": ["object", "null"]},
        "reason": {"type": ["string", "null"], "examples": ["They asked us to."]},
        "changes": {"type": "object", "examples": [{"city": ["Chiang Mai", "Lampang"]}]},
    },
    "required": ["at", "by", "reason", "changes"],
}
GROUP: Schema = {
    "type": "object",
    "properties": {"key": {"examples": ["new"]}, "label": {"type": "string", "examples": ["New"]}, "count": {"type": "integer"}},
    "required": ["key", "label", "count"],
}
REWIND: Schema = {
    "type": "object",
    "properties": {"to": {"type": "string", "examples": ["2026-05-06T07:08:09+00:00"]}, "field": TEXT, "version": {"type": "integer"}},
    "required": ["to"],
}
HIT: Schema = {
    "type": "object",
    "properties": {"type": TEXT, "id": {"type": "string", "format": "uuid"}, "title": TEXT, "subtitle": TEXT},
    "required": ["type", "id", "title", "subtitle"],
}
ME: Schema = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "name": TEXT,
        "email": TEXT,
        "rights": {"type": "object"},
        "company": {"type": "object"},
    },
    "required": ["id", "rights", "company"],
}
TYPE: Schema = {
    "type": "object",
    "properties": {
        "type": TEXT,
        "label": TEXT,
        "fields": {"type": "array", "items": {"type": "object"}},
        "sortable": {"type": "array", "items": TEXT},
        "actions": {"type": "array", "items": {"type": "object"}},
        "rights": {"type": "object"},
    },
    "required": ["type", "label", "fields", "sortable", "actions", "rights"],
}
DOCUMENT: Schema = {
    "type": "object",
    "properties": {"openapi": {"const": "3.1.0"}, "info": {"type": "object"}, "paths": {"type": "object"}},
    "required": ["openapi", "info", "paths"],
}
COUNTS: Schema = {"type": "object", "additionalProperties": {"type": "integer"}}
FIXED: dict[str, Any] = {
    "/api/v1/me/": {"get": operation("Who am I", ME, told="The caller, with their rights by type and verb, and the company.")},
    "/api/v1/types/": {
        "get": operation("Types of record", listed(TYPE), told="Each with its fields, choices, actions and the caller's rights.")
    },
    "/api/v1/search/": {
        "get": operation(
            "Search",
            {**listed(HIT), "properties": {**listed(HIT)["properties"], "counts": COUNTS}},
            parameters=[
                WORDS,
                PAGE_QUERY[0],
                query("types", TEXT, "only these types, separated by commas"),
                query("counts", {"const": "1"}, "also how many records of each type there are; 500 stands for that many or more"),
            ],
            told="Records of every type that the caller may see, the likeliest first; if there are none, those written a letter otherwise.",
        )
    },
    "/api/v1/openapi.json": {"get": operation("This description", DOCUMENT)},
}


def describe(by: User) -> Schema:
    """The document for one caller: the types, fields and verbs that are open to them. It is in English, whoever asks."""
    with translation.override("en"):
        kinds = [kind for kind in registry.all() if by.may("view", kind)]
        paths: dict[str, Any] = FIXED | AIDS | WORKS | described(by)
        schemas: dict[str, Any] = {}
        for kind in kinds:
            paths |= paths_of(kind, by)
            schemas[kind.slug] = read_schema(kind, by)
            schemas[f"{kind.slug}-write"] = write_schema(kind, by)
        if by.may("edit", registry["webhooks"]):
            paths |= webhook_paths()
        if by.may("edit", registry["inbound-webhooks"]):
            paths |= inbound_paths()
        return complete(
            {
                "openapi": "3.1.0",
                "info": {"title": "Renmai", "version": __version__, "description": ABOUT_IT, "license": {"name": "Apache-2.0"}},
                "servers": [{"url": "/"}],
                "security": [{"token": []}],
                "tags": [{"name": kind.slug, "description": str(kind.label_plural)} for kind in kinds],
                "components": {"schemas": schemas, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
                "paths": paths,
            }
        )


def paths_of(kind: RecordType, by: User) -> dict[str, Any]:
    """The addresses of one type."""
    base, item = f"/api/v1/{kind.slug}/", {"$ref": f"#/components/schemas/{kind.slug}"}
    found = list_paths(kind, by, base, item) | record_paths(kind, by, f"{base}{{id}}/", item) | history_paths(f"{base}{{id}}/")
    found |= work_aids(f"{base}{{id}}/", may_edit=by.may("edit", kind))
    outcome = outcome_of(item)
    if by.may("edit", kind):
        back = "All of it, or one field, as it was then; what came later stays in the history."
        found[f"{base}{{id}}/rewind/"] = {"post": operation("Bring back to a moment", outcome, parameters=[ID], given=REWIND, told=back)}
    open_actions = [action for action in kind.all_actions if by.may(action.may, kind)]
    for action in open_actions:
        told = f"The action “{action.name}”: allowed by role, possible in some states of the record, done once and recorded."
        act = operation(str(action.label), outcome, parameters=[ID, CHANGED], given=action_schema(action), told=told)
        found[f"{base}{{id}}/{action.name}/"] = {"post": act}
    return found | bulk_path(base, open_actions) | cleansing_paths(kind, by, base)


def outcome_of(item: Schema) -> Schema:
    """What an action answers."""
    made = {"type": "array", "items": {"type": "object"}}
    return {"type": "object", "properties": {"item": item, "made": made}, "required": ["item", "made"]}


def list_paths(kind: RecordType, by: User, base: str, item: Schema) -> dict[str, Any]:
    """The addresses of all records of a type."""
    totals: dict[str, Schema] = {"total": {"type": ["integer", "null"]}, "total_is_estimate": {"type": "boolean"}}
    paged = "Page by page, by a cursor that stays in its place while others insert, change and delete."
    several: dict[str, Any] = {"get": operation("List", listed(item, **totals), parameters=LIST_QUERY, told=paged)}
    if by.may("create", kind):
        write = {"$ref": f"#/components/schemas/{kind.slug}-write"}
        new = {"allOf": [write, *needed(kind, by)], "unevaluatedProperties": False, "properties": reason(kind.fields)}
        told = "Answers 409 with `candidates` where there is one like it."
        several["post"] = operation("Create", item, parameters=[ANYWAY], given=new, status="201", told=told)
    hidden = by.access.hidden(kind)
    ways = [way for way in ways_to_group(kind) if way.partition(":")[0] not in hidden]
    sums = [name for name in ways_to_sum(kind) if name not in hidden]
    grouped = [query("by", {"type": "string", "enum": ways}, "field", "owner") | {"required": True}, FILTER, WORDS, AS_OF]
    grouped += [query("sum", {"type": "string", "enum": sums}, "number field")] if sums else []
    told = "Counted and added up by the values of a field; of a date by `day`, `week`, `month`, `quarter` or `year`, as `close_on:month`."
    counted = listed(GROUP, truncated={"type": "boolean", "description": "there are more groups than these"})
    return {base: several, f"{base}groups/": {"get": operation("Count and sum by a field", counted, parameters=grouped, told=told)}}


def record_paths(kind: RecordType, by: User, path: str, item: Schema) -> dict[str, Any]:
    """The address of one record."""
    one: dict[str, Any] = {"get": operation("Read one", item, parameters=[ID, AS_OF], told="Its version is the `ETag`.")}
    if by.may("edit", kind):
        write = {"$ref": f"#/components/schemas/{kind.slug}-write"}
        properties = {"version": {"type": "integer"}, **reason(kind.fields)}
        change = {"allOf": [write], "unevaluatedProperties": False, "properties": properties}
        told = "Only the fields that are given. With `If-Match`, or `version` in the body, 412 if somebody else has saved meanwhile."
        one["patch"] = operation("Change", item, parameters=[ID, CHANGED], given=change, told=told)
    if by.may("delete", kind):
        one["delete"] = operation(
            "Move to the recycle bin, or delete for good from there", {}, parameters=[ID, CHANGED, FOR_GOOD], status="204"
        )
        without_answer(one["delete"])
    return {path: one}


def history_paths(path: str) -> dict[str, Any]:
    """The addresses of what happened to a record, and of who sees it."""
    return {
        f"{path}timeline/": {"get": operation("Timeline", listed(FACT), parameters=[ID, *PAGE_QUERY], told="Newest first.")},
        f"{path}sources/": {"get": operation("Where each value comes from", listed({"type": "object"}), parameters=[ID])},
        f"{path}access/": {"get": operation("Why somebody sees it", {"type": "object"}, parameters=[ID, WHO])},
        f"{path}history/": {
            "get": operation("History", listed(CHANGE), parameters=[ID, *PAGE_QUERY, *HISTORY_QUERY], told="Field by field, newest first.")
        },
    }
