"""Holidays and make-up working days that come with the program, and how they are taken over without losing what somebody changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

Day = dict[str, str]  # on, kind, name
Loaded = Mapping[str, list[str]]  # date → kind and name as they were taken over


@cache
def _data() -> dict[str, list[dict[str, Any]]]:
    return json.loads((resources.files(__package__) / "data" / "holidays.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def countries() -> list[str]:
    """ISO 3166-1 codes of those whose days are known."""
    return list(_data())


def days_of(country: str, language: str) -> list[Day]:
    """The special days of a country, none where they are not known.

    Args:
        language: in which they are called; English where nobody has translated them.
    """
    return [
        {"on": day["on"], "kind": day["kind"], "name": day["names"].get(language, day["names"]["en"])} for day in _data().get(country, [])
    ]


def loaded(days: Iterable[Day]) -> dict[str, list[str]]:
    """What to remember of days that were taken over."""
    return {day["on"]: [day["kind"], day["name"]] for day in days}


def merged(own: Iterable[Day], before: Loaded, provided: Iterable[Day]) -> list[Day]:
    """Special days with those that are provided now.

    A day that somebody added or changed stays as it is, and one that was taken out stays out; what was provided earlier, and is no
    longer, goes unless it was changed.

    Args:
        own: as they stand.
        before: what was taken over the last time.
        provided: what there is to take over.
    """
    now = {day["on"]: day for day in own}
    new = {day["on"]: day for day in provided}
    untouched = {on for on, day in now.items() if before.get(on) == [day["kind"], day["name"]]}
    kept = {on: day for on, day in now.items() if on not in untouched}
    taken = {on: day for on, day in new.items() if on in untouched or (on not in before and on not in now)}
    return [day for _on, day in sorted((kept | taken).items())]
