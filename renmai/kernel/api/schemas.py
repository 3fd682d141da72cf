"""What the API reads and takes, as JSON Schema, built from the fields of the record types."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING, Any

from renmai.kernel.api.examples import BY_NAME, ID, shown
from renmai.kernel.api.operations import LINK, TEXT, Schema
from renmai.kernel.records.address import PARTS
from renmai.kernel.records.custom import gathered

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.actions.action import Action
    from renmai.kernel.records.spec import FieldSpec
    from renmai.kernel.records.types import RecordType, Rows

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


def field_schema(spec: FieldSpec, rows: Rows | None, *, given: bool) -> Schema:
    """A field as it is read, or as it may be given."""
    if spec.kind == "link":
        schema: Schema = GIVEN_LINK if given else LINK | {"examples": [linked(str(spec.target))]}
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
    return {**schema, "title": str(spec.label), **({"description": str(spec.help)} if spec.help else {})}


def linked(slug: str) -> dict[str, Any]:
    """An example of a link as it is read."""
    return {"id": ID, "type": slug, "title": "Mina Suwan" if slug == "users" else BY_NAME["title"]}


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
    example = shown(properties, ["id", "type", "title", *telling(kind), "owner", "created_at", "version"])
    return {"type": "object", "properties": properties, "required": ["id", "type", "title"], "examples": [example]}


def write_schema(kind: RecordType, by: User) -> Schema:
    """A record as it may be given; required fields are those of a new one."""
    found = kind.arranged(by).specs
    specs = [spec for name, spec in found.items() if spec.editable and by.access.field(kind.slug, name) == "write"]
    properties = properties_of(kind, specs, given=True)
    needed = [spec.name for spec in specs if spec.required]
    return {"type": "object", "properties": properties, "examples": [shown(properties, [*needed, *telling(kind)])]}


def needed(kind: RecordType, by: User) -> list[Schema]:
    """What a new record must bring: each needed field, or one of those that make it, as given and family name make a name."""
    derived = getattr(kind.model, "derived_from", {})
    return [{"anyOf": [{"required": [one]} for one in (name, *derived.get(name, ()))]} for name in kind.arranged(by).always_needed]


def telling(kind: RecordType) -> list[str]:
    """The fields that an example of a record shows: its columns, but for those that hold anything."""
    return [name for name in kind.columns if name in kind.fields and kind.fields[name].kind != "json"]


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
