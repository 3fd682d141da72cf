"""What the rows of a file name that does not exist: agents who are no users, stages and products that are not there, unknown choices."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language

from renmai.kernel.locale.countries import countries, country_name
from renmai.kernel.records.types import registry
from renmai.kernel.transfer.batch import Importer
from renmai.kernel.transfer.drafts import named as texts_named
from renmai.kernel.transfer.links import Ambiguous
from renmai.kernel.transfer.read import Layout, rows
from renmai.kernel.transfer.values import as_text

if TYPE_CHECKING:
    from pathlib import Path

    from renmai.kernel.access.user import User
    from renmai.kernel.transfer.plan import Target

LOOKED_AT = 50_000
SHOWN = 100
COMPARED = 1_000
NEAR = 0.72
CHOSEN = frozenset({"choice", "country", "boolean", "currency"})


@dataclass(frozen=True)
class Value:
    """A text that names nothing known.

    Attributes:
        count: rows that have it, among those looked at.
        near: value and label of what is probably meant, or nothing.
    """

    text: str
    count: int
    near: tuple[str, str] = ("", "")


@dataclass
class Unknown:
    """The unknown texts of one target.

    Attributes:
        values: the most frequent ones.
        more: how many others there are.
        links_to: slug of the type that they should name; empty for a choice.
        can_make: the person may make records of that type.
        choices: value and label of what a text can be taken for; empty where that is searched for.
    """

    target: Target
    values: list[Value]
    more: int
    links_to: str = ""
    can_make: bool = False
    choices: Sequence[tuple[str, Any]] = field(default_factory=list)


def unknowns(importer: Importer, path: Path, layout: Layout, by: User | None) -> list[Unknown]:
    """What the first rows of a file name that is not known.

    Args:
        importer: made from a plan; texts that the plan maps count as known.
    """
    named: dict[str, Counter[str]] = {name: Counter() for name in importer.targets}
    brought: set[str] = set()
    for number, row in islice(rows(path, layout), LOOKED_AT):
        draft = importer.drafter.draft(number, row)
        brought.add(str(draft.values.get(importer.drafter.heading, "")))
        for name, text in draft.links.items():
            named[name].update(texts_named(importer.targets[name], text))
        for step in importer.drafter.steps if draft.errors else []:
            if step.target.spec.kind in CHOSEN and step.at < len(row) and not _reads(step.take, row[step.at]):
                named[step.target.name][as_text(row[step.at])] += 1
    for name in importer.later:
        named[name] = Counter({text: count for text, count in named[name].items() if text not in brought})
    found = [_of_target(importer, target, named[name], by) for name, target in importer.targets.items() if named[name]]
    return [unknown for unknown in found if unknown.values]


def _reads(take: Any, cell: Any) -> bool:
    try:
        take(cell)
    except ValueError:
        return False
    return True


def _of_target(importer: Importer, target: Target, counts: Counter[str], by: User | None) -> Unknown:
    if not target.links_to:
        labels = _labels(target)
        values = [Value(text, count, _near(text, labels)) for text, count in counts.most_common(SHOWN)]
        return Unknown(target, values, max(0, len(counts) - SHOWN), choices=labels)
    known = importer.finder(target).find(counts)
    absent = Counter({text: count for text, count in counts.items() if text not in known or isinstance(known[text], Ambiguous)})
    titles = _titles(target.links_to, by)
    values = [Value(text, count, _near(text, titles)) for text, count in absent.most_common(SHOWN)]
    can_make = target.links_to != "*" and (by is None or by.may("create", target.links_to))
    return Unknown(target, values, max(0, len(absent) - SHOWN), target.links_to, can_make)


def _labels(target: Target) -> list[tuple[str, str]]:
    """Value and label of what a text can be taken for."""
    if target.spec.kind == "country":
        language = get_language() or "en"
        return sorted(((code, country_name(code, language)) for code in countries()), key=lambda pair: pair[1])
    return [(value, str(label)) for value, label in target.spec.choices]


def _titles(slug: str, by: User | None) -> list[tuple[str, str]]:
    """Id and title of the records that a text may be misspelt from; of large types none."""
    if slug == "*":
        return []
    model = registry[slug].model
    visible = model.objects.visible_to(by) if by is not None else model.objects.live()
    found = [(str(key), title) for key, title in visible.values_list("pk", "title")[: COMPARED + 1]]
    return found if len(found) <= COMPARED else []


def _near(text: str, choices: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """The choice that is nearly the same text, as ``GTXPro`` and ``GTX Pro`` are."""
    by_label = {label.casefold(): (value, label) for value, label in choices}
    found = difflib.get_close_matches(text.casefold(), by_label, 1, NEAR)
    return by_label[found[0]] if found else ("", "")
