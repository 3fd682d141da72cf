"""The description of what every record has besides its fields: files, comments, followers and stars."""

from __future__ import annotations

from typing import Any

from renmai.kernel.api.operations import ID, TEXT, Schema, form, listed, operation, query, without_answer

FILE: Schema = {
    "type": "object",
    "properties": {"id": {"type": "string", "format": "uuid"}, "name": TEXT, "size": {"type": "integer"}, "type": TEXT},
    "required": ["id", "name", "size", "type"],
}
SENT: Schema = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}, "required": ["file"]}
NAMED: Schema = {"type": "object", "properties": {"file": {"type": "string", "format": "uuid"}}, "required": ["file"]}
READ_FILE = operation("Read a file", {}, parameters=[ID])
READ_FILE["responses"]["200"]["content"] = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
UUID: Schema = {"type": "string", "format": "uuid"}
DELETED = query("deleted", {"type": "string", "enum": ["0", "1"]}, "those that were taken off")
PAGE = [
    query("limit", {"type": "integer", "minimum": 1, "maximum": 200}, "rows"),
    query("after", TEXT, "the cursor that the page before gave as next"),
]
COMMENT: Schema = {
    "type": "object",
    "properties": {
        "id": UUID,
        "body": TEXT,
        "by": {"type": "object"},
        "at": {"type": "string", "format": "date-time"},
        "edited_at": {"type": ["string", "null"], "format": "date-time"},
        "mentions": {"type": "array", "items": {"type": "object"}},
        "reactions": {"type": "array", "items": {"type": "object"}},
    },
    "required": ["id", "body", "by", "at"],
}
WORDS: Schema = {
    "type": "object",
    "properties": {"body": TEXT, "mentions": {"type": "array", "items": UUID}},
    "required": ["body"],
}
NOTIFICATION: Schema = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "at": {"type": "string", "format": "date-time"},
        "reason": {"type": "string", "enum": ["mentioned", "assigned", "owned", "followed"]},
        "read_at": {"type": ["string", "null"], "format": "date-time"},
        "kind": TEXT,
        "by": {"type": ["object", "null"]},
        "about": {"type": "array", "items": {"type": "object"}},
        "text": TEXT,
    },
    "required": ["id", "at", "reason", "read_at", "kind", "about", "text"],
}
INBOX = [
    *PAGE,
    query("unread", {"type": "string", "enum": ["0", "1"]}, "only unread ones"),
    query("reason", {"type": "string", "enum": ["mentioned", "assigned", "owned", "followed"]}, "only those for this reason"),
]
READ: Schema = {"type": "object", "properties": {"ids": {"type": "array", "items": {"type": "integer", "minimum": 0}}}}
BRIEF: Schema = {"type": "object", "properties": {"id": UUID, "type": TEXT, "title": TEXT}, "required": ["id", "type", "title"]}
DELIVERY: Schema = {
    "type": "object",
    "properties": {
        "id": UUID,
        "kind": TEXT,
        "state": {"type": "string", "enum": ["waiting", "delivered", "failed", "left_out"]},
        "at": {"type": "string", "format": "date-time"},
        "ended_at": {"type": ["string", "null"], "format": "date-time"},
        "next_at": {"type": ["string", "null"], "format": "date-time"},
        "attempts": {"type": "array", "items": {"type": "object"}},
    },
    "required": ["id", "kind", "state", "at", "attempts"],
}
SECRET: Schema = {"type": "object", "properties": {"secret": {"type": "string", "pattern": "^whsec_"}}, "required": ["secret"]}
AIDS: dict[str, Any] = {
    "/api/v1/files/": {"post": form(operation("Store a file", FILE, given=SENT, status="201"))},
    "/api/v1/files/{id}/": {"get": READ_FILE},
    "/api/v1/notifications/": {"get": operation("My notifications", listed(NOTIFICATION, unread={"type": "integer"}), parameters=INBOX)},
    "/api/v1/notifications/read/": {"post": operation("Mark as read; all where no ids are given", {"type": "object"}, given=READ)},
    "/api/v1/favourites/": {"get": operation("What I have starred", listed(BRIEF), parameters=PAGE[:1])},
    "/api/v1/recents/": {"get": operation("What I have seen lately", listed(BRIEF), parameters=PAGE[:1])},
}


def part(name: str) -> Schema:
    """An id in an address."""
    return {"name": name, "in": "path", "required": True, "schema": UUID}


def work_aids(base: str, *, may_edit: bool) -> dict[str, Any]:
    """The addresses below that of a record."""
    return files_paths(f"{base}files/", may_edit=may_edit) | comment_paths(f"{base}comments/") | mark_paths(base)


def webhook_paths() -> dict[str, Any]:
    """The addresses below that of a webhook, for who may change it."""
    base = "/api/v1/webhooks/{id}/"
    one = [ID, part("delivery")]
    state = query("state", {"type": "string", "enum": DELIVERY["properties"]["state"]["enum"]}, "only those that stand so")
    return {
        f"{base}secret/": {"post": operation("Make a new secret, which is shown once", SECRET, parameters=[ID], status="201")},
        f"{base}deliveries/": {"get": operation("What was sent", listed(DELIVERY), parameters=[ID, *PAGE, state])},
        f"{base}deliveries/{{delivery}}/": {"get": operation("One delivery", DELIVERY, parameters=one)},
        f"{base}deliveries/{{delivery}}/replay/": {"post": operation("Send it again", DELIVERY, parameters=one, status="202")},
    }


MESSAGE: Schema = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "at": {"type": "string", "format": "date-time"},
        "state": {"type": "string", "enum": ["done", "kept", "failed"]},
        "body": {"examples": [{"contact": {"name": "Somchai"}}]},
        "records": {"type": "array", "items": {"type": "object"}},
        "problem": {"type": "string", "examples": [""]},
    },
    "required": ["id", "at", "state", "body", "records", "problem"],
}
ADDRESS: Schema = {"type": "object", "properties": {"address": TEXT, **SECRET["properties"]}, "required": ["address", "secret"]}


def inbound_paths() -> dict[str, Any]:
    """The addresses below that of an inbound webhook, for who may change it."""
    base = "/api/v1/inbound-webhooks/{id}/"
    number = {"name": "number", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1, "maximum": 2**53}}
    return {
        f"{base}key/": {"post": operation("Make a new address and secret, which are shown once", ADDRESS, parameters=[ID], status="201")},
        f"{base}messages/": {"get": operation("What came", listed(MESSAGE), parameters=[ID, *PAGE])},
        f"{base}messages/{{number}}/replay/": {"post": operation("Do what a message says again", MESSAGE, parameters=[ID, number])},
    }


def mark_paths(base: str) -> dict[str, Any]:
    """The addresses of what a person keeps an eye on."""
    followers = {
        "get": operation("Who follows it", listed(BRIEF), parameters=[ID]),
        "put": operation("Follow it", listed(BRIEF), parameters=[ID]),
        "delete": without_answer(operation("Follow it no more", {}, parameters=[ID], status="204")),
    }
    verbs = {"put": "Star it", "delete": "Take the star away"}
    star = {verb: without_answer(operation(summary, {}, parameters=[ID], status="204")) for verb, summary in verbs.items()}
    return {f"{base}followers/": followers, f"{base}favourite/": star}


def comment_paths(base: str) -> dict[str, Any]:
    """The addresses of the comments on a record."""
    one = [ID, part("comment")]
    sign = [*one, {"name": "sign", "in": "path", "required": True, "schema": TEXT}]
    several = {
        "get": operation("Comments", listed(COMMENT), parameters=[ID, *PAGE]),
        "post": operation("Comment", COMMENT, parameters=[ID], given=WORDS, status="201"),
    }
    own = {
        "patch": operation("Say it in other words", COMMENT, parameters=one, given=WORDS),
        "delete": without_answer(operation("Take a comment back", {}, parameters=one, status="204")),
    }
    signs = {
        "put": operation("React to a comment", COMMENT, parameters=sign),
        "delete": operation("Take a reaction away", COMMENT, parameters=sign),
    }
    return {base: several, f"{base}{{comment}}/": own, f"{base}{{comment}}/reactions/{{sign}}/": signs}


def files_paths(base: str, *, may_edit: bool) -> dict[str, Any]:
    """The addresses of the files of a record."""
    several = {"get": operation("Files", listed(FILE), parameters=[ID, DELETED])}
    if not may_edit:
        return {base: several}
    several["post"] = operation("Attach a stored file, or send one as a form", FILE, parameters=[ID], given=NAMED, status="201")
    several["post"]["requestBody"]["content"]["multipart/form-data"] = {"schema": SENT}
    verbs = {"delete": "Take a file off", "post": "Bring a file back"}
    one = {verb: without_answer(operation(summary, {}, parameters=[ID, part("file")], status="204")) for verb, summary in verbs.items()}
    return {base: several, f"{base}{{file}}/": one}
