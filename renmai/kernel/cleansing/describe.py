"""Data quality and cleansing in the description of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from renmai.kernel.api.operations import TEXT, Schema, listed, operation
from renmai.kernel.api.works import LATER, QUEUED, UUID
from renmai.kernel.cleansing.preview import cleansable
from renmai.kernel.cleansing.quality import open_kinds
from renmai.kernel.records.types import RecordType

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

COUNTS: Schema = {name: {"type": "integer"} for name in ("rows", "filled", "valid", "untidy", "stale")}
GOOD: Schema = {"type": "object", "properties": {"day": {"type": "string", "format": "date"}, "good": {"type": "integer"}}}
QUALITY: Schema = {
    "type": "object",
    "properties": {
        "field": TEXT,
        "label": TEXT,
        "day": {"type": "string", "format": "date"},
        **COUNTS,
        "repeated": {"type": ["integer", "null"]},
        "trend": {"type": "array", "items": GOOD},
    },
}
PROPOSED: Schema = {"type": "object", "properties": {"id": UUID, "title": TEXT, "changes": {"type": "object"}}}


def cleansing_paths(kind: RecordType, by: User, base: str) -> dict[str, Any]:
    """The addresses of quality and tidying, where they are open to the caller."""
    found: dict[str, Any] = {}
    if kind in open_kinds(by):
        told = "Measured every night over all records; `trend` holds the percentage of records in which the field can be true."
        found[f"{base}quality/"] = {"get": operation("How good the data of each field is", listed(QUALITY), told=told)}
    names = sorted(spec.name for spec in cleansable(kind, by)) if by.may("edit", kind) else []
    if not names:
        return found
    given = {
        "type": "object",
        "properties": {
            "fields": {"type": "array", "items": {"type": "string", "enum": names}, "minItems": 1, "examples": [names[:1]]},
            "ids": {"type": "array", "items": UUID},
            "filter": {"type": "object", "description": "criteria of the records"},
            "besides": {"type": "array", "items": UUID, "description": "records that stay as they are"},
            "dry_run": {
                "type": "boolean",
                "description": "only tell what would be changed: 200 with items and next, which goes in as after",
            },
            "after": {**UUID, "description": "next of the portion before, of a dry run"},
        },
        "required": ["fields"],
        "examples": [{"fields": names[:1]}],
    }
    tidy = operation("Tidy fields of many records", QUEUED, given=given, status="202", told=f"{LATER} One change set, which can be undone.")
    tidy["responses"]["200"] = {"description": "dry run", "content": {"application/json": {"schema": listed(PROPOSED)}}}
    return {**found, f"{base}tidy/": {"post": tidy}}
