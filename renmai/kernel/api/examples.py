"""An example of whatever a schema describes, the same each time."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]
ID = "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b"
MOMENT = "2026-05-06T07:08:09+00:00"
BY_FORMAT = {"uuid": ID, "date-time": MOMENT, "date": "2026-05-06", "binary": "…"}
BY_NAME = {
    "name": "Lanna Coffee",
    "title": "Lanna Coffee",
    "subject": "Call back on Friday",
    "body": "They like the sample and ask for a price.",
    "email": "somchai@example.com",
    "phone": "+66812345678",
    "mobile": "+66812345678",
    "company": "Lanna Coffee",
    "legal_name": "Lanna Coffee Co., Ltd.",
    "job_title": "Purchasing manager",
    "industry": "food",
    "region": "North",
    "postcode": "50200",
    "number": "2026-0042",
    "code": "LC-01",
    "method": "call",
    "reason": "They asked for it.",
    "address": "https://example.com/in",
    "family_name": "Jaidee",
    "given_name": "Somchai",
    "url": "https://example.com",
    "domain": "example.com",
    "country": "TH",
    "city": "Chiang Mai",
    "currency": "THB",
    "language": "en",
    "type": "people",
    "kind": "text",
    "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
}
PLAIN: dict[str, Any] = {"integer": 1, "number": 1, "boolean": False, "null": None, "string": "text"}


def example(schema: Schema, schemas: dict[str, Schema], name: str = "") -> Any:
    """A value that fits a schema.

    Args:
        schemas: those of the document, by name.
        name: of the property, which says what a text is likely to hold.
    """
    if "$ref" in schema:
        return example(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "examples" in schema:
        return schema["examples"][0]
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return example(schema["anyOf"][0], schemas, name)
    found = {key: value for part in schema.get("allOf", []) for key, value in (example(part, schemas) or {}).items()}
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object" or found:
        return found | {key: example(part, schemas, key) for key, part in schema.get("properties", {}).items()}
    if kind == "array":
        return [example(schema["items"], schemas, name)]
    return BY_FORMAT.get(schema.get("format", ""), BY_NAME.get(name, PLAIN["string"]) if kind == "string" else PLAIN.get(str(kind)))


def shown(properties: dict[str, Schema], wanted: list[str]) -> dict[str, Any]:
    """An example of an object that shows some of its properties."""
    return {name: example(properties[name], {}, name) for name in dict.fromkeys(wanted) if name in properties}
