"""Fields that hold several values: two records keep those of both, and each of the values can be told apart again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType

LISTS = {"tags", "choices", "links", "file", "ids", "abouts"}
PRIMARY = "primary"
SAID = {PRIMARY, "kind"}
"""Parts of an entry that say something about it, not which one it is."""


def is_joined(kind: RecordType, spec: FieldSpec) -> bool:
    """Whether two records keep the values of both. The rows of a document are not added up, save where one of them is the primary one."""
    if spec.kind == "lines":
        return spec.name in kind.twins
    return spec.kind in LISTS or bool(spec.parts)


def entries(value: Any) -> dict[Any, Any]:
    """The entries of a list or an object by what each of them is, in order."""
    if isinstance(value, dict):
        return dict(value)
    return {identity(entry): entry for entry in value or []}


def identity(entry: Any) -> Any:
    """What an entry is, whatever is said about it."""
    if not isinstance(entry, dict):
        return str(entry)
    if "id" in entry:
        return entry["id"]
    return tuple(sorted((name, str(value).casefold()) for name, value in entry.items() if name not in SAID and value))


def joined(mine: Any, others: Any, *, leads: bool) -> Any:
    """The entries of both; what is in both is kept as the first has it.

    Args:
        leads: the primary one, or where none is marked the first, is that of the other record.
    """
    if isinstance(mine, dict):
        return {**others, **mine}
    if not others:
        return mine
    marked = is_marked(mine) or is_marked(others)
    first, second = (others, mine) if leads and not marked else (mine, others)
    known = entries(first)
    found = [*known.values(), *(entry for key, entry in entries(second).items() if key not in known)]
    return with_primary(found, primary_of(others if leads or not mine else mine)) if marked else found


def is_marked(value: Any) -> bool:
    """One of the entries is marked as the primary one."""
    return isinstance(value, list) and any(isinstance(entry, dict) and PRIMARY in entry for entry in value)


def primary_of(value: Iterable[Any]) -> Any:
    """Which entry is the primary one."""
    return next((identity(entry) for entry in value if entry.get(PRIMARY)), None)


def with_primary(value: list[Any], chosen: Any) -> list[Any]:
    """Exactly one entry is primary: the chosen one, or the first."""
    keys = [identity(entry) for entry in value]
    place = keys.index(chosen) if chosen in keys else 0
    return [{**entry, PRIMARY: at == place} for at, entry in enumerate(value)]


def taken_back(now: Any, was: Any, became: Any, held: Iterable[Any] = ()) -> Any:
    """What a field of several values holds without what a merge did to it.

    Args:
        now: what it holds.
        was, became: what it held before and after the merge.
        held: what records that are still merged into this one hold: that stays.
    """
    if now == became and not held:
        return was
    before, after, kept = entries(was), entries(became), {key for value in held for key in entries(value)}
    found: dict[Any, Any] = {}
    for key, entry in entries(now).items():
        if key not in after or _bare(entry) != _bare(after[key]):
            found[key] = entry
        elif key in before or key in kept:
            found[key] = before.get(key, entry)
    found |= {key: entry for key, entry in before.items() if key not in after and key not in found}
    if isinstance(now, dict):
        return found
    left = list(found.values())
    if not is_marked(left):
        return left
    chosen = primary_of(was) if primary_of(now) == primary_of(became) else primary_of(now)
    return with_primary(left, chosen)


def _bare(entry: Any) -> Any:
    return {name: value for name, value in entry.items() if name != PRIMARY} if isinstance(entry, dict) else entry
