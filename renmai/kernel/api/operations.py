"""What the descriptions of all addresses are put together from."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
UUID: Schema = {"type": "string", "format": "uuid"}
COUNT: Schema = {"type": "integer"}
DATE: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
MAYBE_MOMENT: Schema = {"type": ["string", "null"], "format": "date-time"}
MAYBE_NUMBER: Schema = {"type": ["number", "null"]}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
YES_NO: Schema = {"type": "boolean"}
DECIMAL: Schema = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$", "examples": ["1200.50"]}
LINK: Schema = {
    "type": ["object", "null"],
    "properties": {
        "id": {"type": ["string", "null"], "format": "uuid"},
        "type": TEXT,
        "title": {"type": ["string", "null"]},
        "hidden": {"type": "boolean"},
    },
    "required": ["id", "type", "title"],
}
ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
CHANGED: Schema = {
    "name": "If-Match",
    "in": "header",
    "schema": {"type": "string", "pattern": r'^(\*|(W/)?"[0-9]{1,9}")$'},
    "description": "the ETag as it was read: 412 if somebody else has saved since",
    "example": '"3"',
}
REFUSALS = ("400", "401", "403", "404", "405", "409", "412", "422", "429")


def query(name: str, schema: Schema, description: str, example: Any = None) -> Schema:
    """A parameter of the query string."""
    shown = {} if example is None else {"example": example}
    return {"name": name, "in": "query", "schema": schema, "description": description, **shown}


def operation(
    summary: str, ok: Schema, *, parameters: list[Schema] | None = None, given: Schema | None = None, status: str = "200", told: str = ""
) -> Schema:
    """One operation with the refusals that every one of them may give.

    Args:
        told: what there is to know beyond the summary.
    """
    answers: Schema = {status: {"description": summary, "content": {"application/json": {"schema": ok}}}}
    answers |= {code: {"$ref": f"#/components/responses/problem-{code}"} for code in REFUSALS}
    made: Schema = {"summary": summary, "responses": answers}
    if told:
        made["description"] = told
    if parameters:
        made["parameters"] = parameters
    if given is not None:
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": given}}}
    return made


def whole(**properties: Schema) -> Schema:
    """An object that always has all of its properties."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def several(item: Schema) -> Schema:
    """An array."""
    return {"type": "array", "items": item}


def numbered(name: str) -> Schema:
    """A number in an address."""
    return {"name": name, "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1, "maximum": 2**53}}


def named(name: str) -> Schema:
    """A text in an address."""
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"}}


def for_anybody(made: Schema, *refusals: str) -> Schema:
    """The same operation where nobody is asked who they are.

    Args:
        refusals: the only ones that it may give.
    """
    kept = {status: told for status, told in made["responses"].items() if status not in REFUSALS or status in refusals}
    return {**made, "security": [], "responses": kept}


def as_media(made: Schema, media: str, status: str = "200") -> Schema:
    """The same operation where it answers something else than JSON."""
    made["responses"][status]["content"] = {media: {"schema": TEXT}}
    return made


def form(made: Schema) -> Schema:
    """The same operation with its body as the parts of a form."""
    sent = made["requestBody"]["content"].pop("application/json")
    made["requestBody"]["content"]["multipart/form-data"] = sent
    return made


def without_answer(made: Schema) -> Schema:
    """The same operation where it answers 204, without a body."""
    made["responses"]["204"] = {"description": "done"}
    return made


def listed(item: Schema, **more: Schema) -> Schema:
    """A page of items."""
    properties = {"items": {"type": "array", "items": item}, "next": {"type": ["string", "null"], "examples": [None]}, **more}
    return {"type": "object", "properties": properties, "required": ["items"]}
