"""What the descriptions of all addresses are put together from."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
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


def query(name: str, schema: Schema, description: str) -> Schema:
    """A parameter of the query string."""
    return {"name": name, "in": "query", "schema": schema, "description": description}


def operation(
    summary: str, ok: Schema, *, parameters: list[Schema] | None = None, given: Schema | None = None, status: str = "200"
) -> Schema:
    """One operation with the refusals that every one of them may give."""
    made: Schema = {"summary": summary, "responses": {status: {"description": summary, "content": {"application/json": {"schema": ok}}}}}
    for code in ("400", "401", "403", "404", "405", "409", "412", "422", "429"):
        made["responses"][code] = {
            "description": "refused",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}},
        }
    if parameters:
        made["parameters"] = parameters
    if given is not None:
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": given}}}
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
    properties = {"items": {"type": "array", "items": item}, "next": {"type": ["string", "null"]}, **more}
    return {"type": "object", "properties": properties, "required": ["items"]}
