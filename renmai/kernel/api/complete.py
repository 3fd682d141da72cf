"""What every operation of the description has: an id, a tag, headers, the refusals that it may give, and examples."""

from __future__ import annotations

import re
from typing import Any

from renmai.kernel.api.examples import example
from renmai.kernel.api.http import KEY
from renmai.kernel.api.operations import CHANGED, REFUSALS, TEXT, Schema

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
MERGED, TOO_LARGE = "301", "413"
TITLES = {
    MERGED: ("Merged into another record of the type, which `Location` and `candidates` tell", "This was merged into “Lanna Coffee”."),
    "400": ("Bad input", "This is not valid JSON."),
    "401": ("No token, or one that is not valid", "Send a token: Authorization: Bearer TOKEN."),
    "403": ("May be seen, but not done", "You may see this but not change it."),
    "404": ("Is not there, or not for the caller", "There is no such record."),
    "405": ("Another method is expected", "Methods here: GET."),
    "409": ("Refused by a rule, or there is one like it, told in `candidates`", "This is not possible now."),
    "412": (
        "Changed meanwhile; `mine`, `theirs` and `original` tell each field",
        "Somebody else changed this record after you opened it.",
    ),
    TOO_LARGE: ("More than may be sent at once", "Too large"),
    "422": ("Bad input; `errors` tells every field that does not do", "Some fields do not do."),
    "429": ("Too many requests; `Retry-After` tells in seconds when to ask again", "Too many requests this minute."),
}
ONCE: Schema = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "pattern": f"^{KEY.pattern}$"},
    "description": "of your choice: the same request again within 24 hours is given the first answer, and nothing is done twice",
    "example": "order-2026-0042",
}
NUMBER: Schema = {"type": "integer"}
HEADERS: dict[str, Schema] = {
    "ETag": {"description": "the version of the record, for If-Match", "schema": TEXT, "example": '"3"'},
    "Retry-After": {"description": "seconds to wait", "schema": NUMBER, "example": 45},
    "RateLimit-Limit": {"description": "requests a minute", "schema": NUMBER, "example": 30000},
    "RateLimit-Remaining": {"description": "requests left this minute", "schema": NUMBER, "example": 29999},
    "RateLimit-Reset": {"description": "seconds until the next minute", "schema": NUMBER, "example": 45},
}
LIMITS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")


def complete(document: Schema) -> Schema:
    """Add to a document what goes without saying for each of its operations. The parts that it was put together from stay as they are."""
    parts = document["components"]
    parts["schemas"]["problem"] = PROBLEM
    parts["headers"] = HEADERS
    parts["parameters"] = {"once": ONCE, "changed": CHANGED}
    parts["responses"] = {f"problem-{status}": refused(status) for status in (MERGED, TOO_LARGE, *REFUSALS)}
    schemas, slugs = parts["schemas"], {tag["name"] for tag in document["tags"]}
    document["tags"].append({"name": "everything", "description": "What is asked of no single type"})
    document["paths"] = {
        path: {verb: finished(path, verb, told, schemas, slugs) for verb, told in verbs.items()}
        for path, verbs in document["paths"].items()
    }
    return document


def refused(status: str) -> Schema:
    """One refusal, with an example."""
    description, detail = TITLES[status]
    shown = {"title": description.partition(";")[0], "status": int(status), "detail": detail, "errors": []}
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}, "example": shown}}
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in (*LIMITS, "Retry-After")} if status == "429" else {}
    return {"description": description, "content": content, **({"headers": headers} if headers else {})}


def finished(path: str, verb: str, told: Schema, schemas: dict[str, Schema], slugs: set[str]) -> Schema:
    """One operation with all that it lacks."""
    slug = path.split("/")[3]
    made: Schema = {"operationId": called(path, verb), "tags": [slug if slug in slugs else "everything"], **told}
    made.setdefault("description", f"{told['summary']}.")
    is_public = told.get("security") == []
    if verb == "post" and not is_public:
        made["parameters"] = [*told.get("parameters", []), {"$ref": "#/components/parameters/once"}]
    if "requestBody" in told:
        made["requestBody"] = {**told["requestBody"], "content": exemplified(told["requestBody"]["content"], schemas)}
    made["responses"] = {status: answered(path, found, schemas, () if is_public else LIMITS) for status, found in told["responses"].items()}
    if verb == "get" and slug in slugs and "{id}" in path:
        made["responses"][MERGED] = {"$ref": f"#/components/responses/problem-{MERGED}"}
    return made


def called(path: str, verb: str) -> str:
    """The id of an operation: ``get_leads``, ``post_leads_id_qualify``."""
    return re.sub(r"\W+", "_", f"{verb} {path.removeprefix('/api/v1/')}").strip("_")


def answered(path: str, found: Schema, schemas: dict[str, Schema], limits: tuple[str, ...]) -> Schema:
    """A response with its headers, those of the limits among them, and an example; a refusal is the same everywhere."""
    if "$ref" in found:
        return found
    names = ("ETag", *limits) if path.endswith("/{id}/") else limits
    made: Schema = {**found, "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names}}
    if "content" in found:
        made["content"] = exemplified(found["content"], schemas)
    return made


def exemplified(content: dict[str, Any], schemas: dict[str, Schema]) -> dict[str, Any]:
    """Each kind of content with an example."""
    return {kind: {**media, "example": example(media["schema"], schemas)} for kind, media in content.items()}
