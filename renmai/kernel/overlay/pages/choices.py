"""Choices as a table of inputs: what each is called in each language, whether it is offered, and in which order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import QueryDict


@dataclass(frozen=True)
class ChoiceLine:
    """One choice.

    Attributes:
        coded: what it is called where the company says nothing.
        words: code and name of each language, with what is said there.
    """

    value: str
    label: str
    coded: Any
    words: list[tuple[str, str, str]]
    closed: bool


def choice_lines(found: list[dict[str, Any]], coded: Mapping[str, Any]) -> list[ChoiceLine]:
    """The choices in order: those that the company placed, then the code's others."""
    placed = {choice["value"]: choice for choice in found}
    return [
        _line(value, placed.get(value, {}), coded.get(value, value)) for value in [*placed, *(each for each in coded if each not in placed)]
    ]


def _line(value: str, choice: dict[str, Any], coded: Any) -> ChoiceLine:
    said = choice.get("labels", {})
    words = [(code, name, said.get(code, "")) for code, name in settings.LANGUAGES]
    return ChoiceLine(value, choice.get("label", ""), coded, words, bool(choice.get("closed")))


def typed_choices(form: QueryDict) -> list[dict[str, Any]]:
    """The table as it was sent, in the order of its numbers, then what was added below it."""
    lines = [name.removesuffix(".value") for name in form if name.startswith("choice.") and name.endswith(".value")]
    lines.sort(key=lambda line: (_number(form.get(f"{line}.order", "")), int(line.partition(".")[2])))
    added = [{"value": text.strip(), "label": ""} for text in form.get("more_choices", "").splitlines() if text.strip()]
    return [_typed(form, line) for line in lines] + added


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 10_000


def _typed(form: QueryDict, line: str) -> dict[str, Any]:
    words = {code: form.get(f"{line}.{code}", "") for code, _name in settings.LANGUAGES}
    return {
        "value": form[f"{line}.value"],
        "label": form.get(f"{line}.label", ""),
        "labels": words,
        "closed": form.get(f"{line}.offered") != "true",
    }
