"""The description of long work: imports, exports, one action on many records, and the job that tells of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from renmai.kernel.api.operations import ID, TEXT, Schema, listed, operation

if TYPE_CHECKING:
    from renmai.kernel.actions.action import Action

UUID: Schema = {"type": "string", "format": "uuid"}
QUEUED: Schema = {
    "type": "object",
    "properties": {"job": UUID, "change_set": UUID, "move": UUID, "change_sets": {"type": "array", "items": UUID}},
    "required": ["job"],
}
JOB: Schema = {
    "type": "object",
    "properties": {
        "id": UUID,
        "state": {"type": "string", "enum": ["queued", "running", "done", "failed", "cancelled"]},
        "done": {"type": "integer"},
        "total": {"type": ["integer", "null"]},
        "errors_file": {"type": ["string", "null"], "examples": [None]},
        "result": {"type": "object"},
        "problem": {"type": "string", "examples": [""]},
    },
    "required": ["id", "state", "done", "total", "errors_file", "result", "problem"],
}
NAMES: Schema = {"type": "array", "items": TEXT}
IMPORT: Schema = {
    "type": "object",
    "properties": {
        "file": {**UUID, "description": "of a stored file"},
        "type": {"type": "string", "description": "left out for an archive from another system", "examples": ["people"]},
        "map": {"type": "object", "examples": [{"columns": {"E-mail": "email", "Name": "name"}}]},
        "key": {**NAMES, "examples": [["email"]]},
        "mode": {"type": "string", "enum": ["upsert", "create", "update"]},
        "layout": {"type": "object", "examples": [{"encoding": "utf-8"}]},
        "pool": {"type": "string", "examples": [""]},
        "make_missing": {**NAMES, "examples": [["accounts"]]},
        "dry_run": {"type": "boolean"},
        "notify": {"type": "boolean"},
    },
    "required": ["file"],
    "examples": [{"file": "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b", "type": "people", "key": ["email"], "mode": "upsert"}],
}
EXPORT: Schema = {
    "type": "object",
    "properties": {
        "type": {"type": "string", "examples": ["people"]},
        "filter": {"type": ["object", "null"], "examples": [None]},
        "q": {"type": "string", "examples": [""]},
        "sort": {"type": "string", "examples": ["-created_at"]},
        "fields": {**NAMES, "examples": [["name", "email"]]},
        "format": {"type": "string", "enum": ["csv", "xlsx"]},
        "for_people": {"type": "boolean"},
    },
    "required": ["type"],
}
ROWS: Schema = {
    "type": "object",
    "properties": {
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "row": {"type": "integer"},
                    "action": {"type": "string", "enum": ["create", "update", "unchanged", "refused", "also_made"]},
                    "type": {"type": ["string", "null"], "examples": ["people"]},
                    "id": {"type": ["string", "null"], "examples": [None]},
                    "title": TEXT,
                    "changes": {"type": "object", "description": "field: [before, after]", "examples": [{"city": ["London", "Paris"]}]},
                    "reason": {"type": "string", "examples": [""]},
                },
                "required": ["row", "action", "type", "id", "title", "changes", "reason"],
            },
        },
        "next": {"type": ["string", "null"], "examples": [None]},
        "dry_run": {"type": "boolean"},
    },
    "required": ["items", "next", "dry_run"],
}
ASKED: list[Schema] = [
    {"name": "action", "in": "query", "schema": {"type": "string"}},
    {"name": "after", "in": "query", "schema": {"type": "string"}},
    {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 200}},
]
PAIR: Schema = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "probability": {"type": "number", "minimum": 0, "maximum": 1, "examples": [0.97]},
        "reasons": {"type": "array", "items": TEXT, "examples": [["same phone number", "names alike"]]},
        "records": {
            "type": "array",
            "items": {"type": "object", "properties": {"type": TEXT, "id": UUID, "title": TEXT}, "required": ["type", "id", "title"]},
        },
    },
    "required": ["id", "probability", "reasons", "records"],
}
OF_TYPE = {"name": "type", "in": "query", "schema": {"type": "string"}, "example": "people"}
PAIR_ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1, "maximum": 2**62}}
LATER = "Queued in the background; the job tells how far it has come."
WORKS: dict[str, Any] = {
    "/api/v1/imports/": {"post": operation("Import a file", QUEUED, given=IMPORT, status="202", told=LATER)},
    "/api/v1/imports/moves/{id}/undo/": {
        "post": operation("Take back everything that a move did, its last file first", QUEUED, parameters=[ID], status="202", told=LATER)
    },
    "/api/v1/change-sets/{id}/rows/": {
        "get": operation("What each row of a change set did, or would do by its dry run", ROWS, parameters=[ID, *ASKED])
    },
    "/api/v1/duplicates/": {
        "get": operation("Pairs that may be the same, the likeliest first", listed(PAIR), parameters=[OF_TYPE, *ASKED[1:]]),
        "post": operation(
            "Look through all records of a type",
            QUEUED,
            given={"type": "object", "properties": {"type": TEXT}, "required": ["type"], "examples": [{"type": "people"}]},
            status="202",
            told=LATER,
        ),
    },
    "/api/v1/duplicates/{id}/different/": {
        "post": operation("Say that a pair is not the same", {"type": "object", "properties": {"item": PAIR}}, parameters=[PAIR_ID]),
    },
    "/api/v1/exports/": {"post": operation("Export a list", QUEUED, given=EXPORT, status="202", told=LATER)},
    "/api/v1/jobs/{id}/": {
        "get": operation("How far a job is", JOB, parameters=[ID]),
        "delete": operation("Ask a job to stop", JOB, parameters=[ID], told="What it has done stays; it stops between two steps."),
    },
}


def bulk_path(base: str, actions: Iterable[Action]) -> dict[str, Any]:
    """The address of one action on many records.

    Args:
        actions: those that the caller may do.
    """
    names = ["update", "delete", *sorted({action.name for action in actions} - {"update", "delete"})]
    given = {
        "type": "object",
        "properties": {
            "action": {"type": "string", "enum": names},
            "ids": {"type": "array", "items": UUID},
            "filter": {"type": "object", "description": "criteria, instead of ids"},
            "arguments": {
                "type": "object",
                "description": "of the action; for update the values of fields",
                "examples": [{"tags": ["vip"]}],
            },
            "notify": {"type": "boolean"},
        },
        "required": ["action"],
        "examples": [{"action": "update", "ids": ["0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b"], "arguments": {"tags": ["vip"]}}],
    }
    told = f"{LATER} Records that it is not possible for are left out and told. The whole can be undone by its change set."
    return {f"{base}bulk/": {"post": operation("One action on many records", QUEUED, given=given, status="202", told=told)}}
