"""What of a record is compared with others, and by which keys it is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from renmai.kernel.matching.values import Values, finder, values
from renmai.kernel.records.indexed import texts

if TYPE_CHECKING:
    from renmai.kernel.matching.rule import Rule, Trait
    from renmai.kernel.records.spec import FieldSpec
    from renmai.kernel.records.types import RecordType

Portrait = tuple[Values, ...]
Finding = tuple[Callable[[Iterable[str]], list[str]], "list[FieldSpec]"]
MOST_KEYS = 30


def portrait(kind: RecordType, rule: Rule, record: Any) -> Portrait:
    """The values of each trait of a record, in order of the rule."""
    return tuple(values(trait.kind, _texts(_specs(kind, trait), record)) for trait in rule.traits)


def keys_of(kind: RecordType, rule: Rule, record: Any) -> list[str]:
    """The keys by which a record and those that may be the same are found together."""
    found = [key for find, specs in _finding(kind, rule) for key in find(_texts(specs, record))]
    return list(dict.fromkeys(found))[:MOST_KEYS]


def _finding(kind: RecordType, rule: Rule) -> list[Finding]:
    """What finds by each trait, kept with the rule for as long as the type has these fields."""
    finding: list[Finding]
    fields, finding = rule.finding.get(kind.slug, (None, []))
    if fields is not kind.fields:
        finding = [(finder(trait.kind, trait.mark), _specs(kind, trait)) for trait in rule.traits if trait.finds]
        rule.finding[kind.slug] = kind.fields, finding
    return finding


def _specs(kind: RecordType, trait: Trait) -> list[FieldSpec]:
    return [kind.fields[name] for name in trait.fields if name in kind.fields]


def _texts(specs: list[FieldSpec], record: Any) -> Iterable[str]:
    """Each text once: the main one of a list stands beside it, too."""
    held = [value for spec in specs if (value := spec.reader(record))]
    return dict.fromkeys(text for value in held for text in texts(value))
