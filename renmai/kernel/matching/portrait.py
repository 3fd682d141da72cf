"""What of a record is compared with others, and by which keys it is found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from renmai.kernel.matching.values import Values, keys, values
from renmai.kernel.records.indexed import texts

if TYPE_CHECKING:
    from renmai.kernel.matching.rule import Rule, Trait
    from renmai.kernel.records.types import RecordType

Portrait = tuple[Values, ...]
MOST_KEYS = 30


def portrait(kind: RecordType, rule: Rule, record: Any) -> Portrait:
    """The values of each trait of a record, in order of the rule."""
    return tuple(values(trait.kind, _texts(kind, trait, record)) for trait in rule.traits)


def keys_of(kind: RecordType, rule: Rule, record: Any) -> list[str]:
    """The keys by which a record and those that may be the same are found together."""
    found = [key for trait in rule.traits if trait.finds for key in keys(trait.kind, _texts(kind, trait, record), trait.mark)]
    return list(dict.fromkeys(found))[:MOST_KEYS]


def _texts(kind: RecordType, trait: Trait, record: Any) -> Iterable[str]:
    """Each text once: the main one of a list stands beside it, too."""
    fields = kind.fields
    held = [value for name in trait.fields if name in fields and (value := fields[name].reader(record))]
    return dict.fromkeys(text for value in held for text in texts(value))
