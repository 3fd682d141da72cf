"""The four ways in which the house says no; each door (page, API, command) shows them in its own manner."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """Something asked for cannot be done; ``sentence`` tells a person why."""

    status = 400

    def __init__(self, sentence: Any = "", **details: Any) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.details = details


class Missing(Refusal):
    """There is no such record for this person: it does not exist, is deleted, or may not be seen."""

    status = 404


class Merged(Missing):
    """The record was merged into another one, which the person may see. ``kind`` is the slug of its type, ``key`` its id."""

    status = 409

    def __init__(self, sentence: Any, kind: str, key: Any, title: str) -> None:
        super().__init__(sentence, candidates=[{"type": kind, "id": str(key), "title": title}])
        self.kind, self.key = kind, key


class Forbidden(Refusal):
    """The person may see it but not do this."""

    status = 403


class Refused(Refusal):
    """The action is not possible now; nothing has changed."""

    status = 409


class Conflict(Refusal):
    """Somebody else saved in between. ``details`` hold ``mine``, ``theirs`` and ``original`` by field."""

    status = 412


class Invalid(Refusal):
    """What was given does not do.

    Args:
        errors: field name → sentences. ``""`` holds what concerns no single field.
    """

    status = 422

    def __init__(self, errors: dict[str, list[Any]]) -> None:
        super().__init__(" ".join(str(sentence) for sentences in errors.values() for sentence in sentences))
        self.errors = errors
