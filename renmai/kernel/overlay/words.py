"""Words that a company gives to its own things, in each language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext as _

LONGEST = 200
LANGUAGES = {code.lower(): code for code, _name in settings.LANGUAGES}


def _spoken(word: Any, words: dict[str, str]) -> str:
    return words.get((get_language() or "").lower()) or str(word)


spoken = lazy(_spoken, str)
"""The word in the language of whoever reads it: ``spoken("Tier", {"th": "ระดับ"})``."""


def words(raw: Any) -> dict[str, str]:
    """A word by language, as ``{"th": "…"}``; what is empty is left out.

    Raises:
        ValueError: with a sentence for people.
    """
    if not isinstance(raw, dict) or not all(isinstance(word, str) for word in raw.values()):
        raise ValueError(_('Words are written by language: {"th": "…", "zh-Hant": "…"}.'))
    found = {str(code).lower(): " ".join(word.split())[:LONGEST] for code, word in raw.items()}
    if strange := sorted(set(found) - set(LANGUAGES)):
        raise ValueError(_("“%(value)s” is not one of: %(valid)s.") % {"value": strange[0], "valid": ", ".join(LANGUAGES)})
    return {code: word for code, word in found.items() if word}


def choices(raw: Any) -> list[dict[str, Any]]:
    """Choices in their order: ``[{"value", "label", "labels", "closed"}]``, or just their values.

    Raises:
        ValueError: with a sentence for people.
    """
    if not isinstance(raw, list):
        raise ValueError(_("A list of choices is expected here."))
    found = [_choice(item if isinstance(item, dict) else {"value": item}) for item in raw]
    values = [choice["value"] for choice in found]
    if twice := [value for value in values if values.count(value) > 1]:
        raise ValueError(_("The choice “%(value)s” is given twice.") % {"value": twice[0]})
    return found


def _choice(raw: dict[str, Any]) -> dict[str, Any]:
    value = " ".join(str(raw.get("value") or raw.get("label") or "").split())[:LONGEST]
    if not value:
        raise ValueError(_("A choice needs a value."))
    made = {"value": value, "label": " ".join(str(raw.get("label") or value).split())[:LONGEST]}
    named = words(raw.get("labels") or {})
    return {**made, **({"labels": named} if named else {}), **({"closed": True} if raw.get("closed") else {})}


def changes(raw: Any) -> list[dict[str, Any]]:
    """Choices as they differ from the code, in their order: ``[{"value", "label", "labels", "closed"}]``; an empty label leaves the code's.

    Raises:
        ValueError: with a sentence for people.
    """
    found = choices(raw)
    said = [item.get("label", "") if isinstance(item, dict) else "" for item in raw]
    return [{**choice, "label": " ".join(str(label or "").split())[:LONGEST]} for choice, label in zip(found, said, strict=True)]


def merged(changed: list[dict[str, Any]], coded: list[tuple[str, Any]], *, is_open: bool) -> list[tuple[str, Any]]:
    """Value and label of each choice: those that the company placed, then what else the code knows.

    Args:
        is_open: values that the code does not know are choices too.
    """
    known = dict(coded)
    placed = [choice for choice in changed if is_open or choice["value"] in known]
    made = [(each["value"], spoken(each["label"] or known.get(each["value"], each["value"]), each.get("labels", {}))) for each in placed]
    return made + [pair for pair in coded if pair[0] not in {value for value, _label in made}]


def labels_of(found: list[dict[str, Any]]) -> list[tuple[str, Any]]:
    """Value and label of each choice."""
    return [(choice["value"], spoken(choice["label"], choice.get("labels", {}))) for choice in found]


def closed(found: list[dict[str, Any]]) -> frozenset[str]:
    """Values that can be chosen no more."""
    return frozenset(choice["value"] for choice in found if choice.get("closed"))
