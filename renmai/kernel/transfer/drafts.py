"""From a row of the file to the values of a record, and everything that is wrong with it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from renmai.kernel.transfer.guard import unguarded
from renmai.kernel.transfer.plan import Plan, Target, main_part, target_of
from renmai.kernel.transfer.values import Taken, as_text
from renmai.kernel.transfer.workbook import Cell, Row

if TYPE_CHECKING:
    from renmai.kernel.records.types import RecordType

STRUCTURED = {"json", "ids", "lines", "custom"}
SEVERAL = " ::: "
BESIDE = "*"
BY_ID = {"id", "external_id"}
_PLACE = re.compile(r"\{([^{}]+)\}")
_LOOSE_ENDS = re.compile(r"^[\s\-–—:,/|·]+|[\s\-–—:,/|·]+$")


@dataclass(slots=True)
class Draft:
    """What a row would become.

    Attributes:
        number: the row's number in the file.
        values: field → value for ``clean``.
        links: target → what the file names; resolved in bulk later.
        rows: collection → fields of the one row of the document that the file's row holds.
        entries: list → its entries as columns give them, by group.
        remarks: type → text of a record about the new one.
        is_passed: the plan leaves such rows alone.
        errors: sentences, each with the column it is about.
        wrong: the fields that they are about.
        is_named: its name was made by the template, for a new record.
        filled: fields that have a default because the row says nothing, for a new record.
    """

    number: int
    cells: Row
    values: dict[str, Any] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    entries: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)
    is_named: bool = False
    is_passed: bool = False
    filled: set[str] = field(default_factory=set)

    @property
    def reason(self) -> str:
        """All that is wrong, as one text."""
        return " ".join(self.errors)


@dataclass(frozen=True)
class _Step:
    """One column's way into the draft."""

    at: int
    header: str
    target: Target
    take: Taken

    @cached_property
    def is_plain(self) -> bool:
        """The value is the field's, as it is."""
        target = self.target
        return not (target.links_to or target.is_row or target.part or target.is_remark or target.spec.kind in STRUCTURED)


class Drafter:
    """Turns rows into drafts by a plan.

    Args:
        header: names of the file's columns.
        columns: position of each in a row.

    Raises:
        Invalid: the plan names what the type does not have.
    """

    def __init__(self, rt: RecordType, plan: Plan, header: list[str], columns: list[int]) -> None:
        self.rt, self.plan = rt, plan
        self.at = dict(zip(header, columns, strict=True))
        targets = _surest(plan.targets(rt))
        self.steps = [_Step(self.at[name], name, targets[name], self._taken(targets[name])) for name in header if name in targets]
        self.absent = sorted(set(targets) - set(header))
        self.defaults = [(target, self._taken(target), text) for target, text in self._default_targets()]
        self.only, self.skip = self._picked(plan.only), self._picked(plan.skip)
        self.heading = "name" if "name" in rt.fields else "subject"
        self.naming = [self.heading, *getattr(rt.model, "derived_from", {}).get(self.heading, ())]
        self.template = self._places(plan.name_template)

    @property
    def targets(self) -> dict[str, Target]:
        """Every target that a draft of this plan can hold, by name."""
        return {
            target.name: target for target in [*(step.target for step in self.steps), *(target for target, _take, _text in self.defaults)]
        }

    def draft(self, number: int, row: Row) -> Draft:
        """Read one row."""
        draft = Draft(number, row)
        if (self.only or self.skip) and self._passes(row):
            draft.is_passed = True
            return draft
        for step in self.steps:
            cell = row[step.at] if step.at < len(row) else None
            if cell is not None and cell != "":
                self._put(draft, step, cell)
        for target, take, text in self.defaults:
            if target.name not in draft.links and target.field not in draft.values:
                self._put_default(draft, target, take, text)
                draft.filled.add(target.field)
        for name, groups in draft.entries.items():
            self._gather(draft, name, groups)
        if self.template and not any(draft.values.get(name) for name in self.naming):
            draft.values[self.heading], draft.is_named = self._named(draft), True
        return draft

    def _passes(self, row: Row) -> bool:
        """Whether rows that say such things are left alone."""
        said = {at: as_text(row[at]).casefold() if at < len(row) else "" for at, _texts in (*self.only, *self.skip)}
        return any(said[at] not in texts for at, texts in self.only) or any(said[at] in texts for at, texts in self.skip)

    def _put_default(self, draft: Draft, target: Target, take: Taken, text: Any) -> None:
        """An empty default says that the field stays empty, where the type would fill it by itself (an owner)."""
        if text in (None, ""):
            draft.values[target.field] = None
        else:
            self._put(draft, _Step(0, target.name, target, take), text)

    def _picked(self, told: Mapping[str, list[str]]) -> list[tuple[int, set[str]]]:
        """Position of each column that decides, with its texts."""
        at = {header.casefold(): at for header, at in self.at.items()}
        return [(at[header.casefold()], {text.casefold() for text in texts}) for header, texts in told.items() if header.casefold() in at]

    def _taken(self, target: Target) -> Taken:
        return Taken(target.spec, self.plan.reading, self.plan.values.get(target.name) or self.plan.values.get(target.field) or {})

    def _default_targets(self) -> Iterable[tuple[Target, Any]]:
        for name, text in self.plan.defaults.items():
            target = target_of(self.rt, name)
            if target is not None:
                yield target, text

    def _put(self, draft: Draft, step: _Step, cell: Cell) -> None:
        target = step.target
        try:
            value = step.take(unguarded(cell) if isinstance(cell, str) else cell)
        except ValueError as problem:
            if target.group and step.target.spec.name != main_part(self.rt.fields[target.field]):
                self._put_beside(draft, target, as_text(cell))
                return
            if target.name not in self.plan.leave_missing:
                draft.errors.append(_("%(column)s: %(problem)s") % {"column": step.header, "problem": problem})
                draft.wrong.add(target.field)
            return
        if value is None:
            return
        if step.is_plain:
            draft.values[target.field] = value
        elif target.links_to:
            self._put_link(draft, target, as_text(value))
        elif target.is_remark:
            draft.remarks[target.field] = as_text(value)
        elif target.group:
            self._put_entry(draft, target, value)
        elif target.is_row:
            draft.rows.setdefault(target.field, {})[target.part] = value
        elif target.part:
            draft.values.setdefault(target.field, {})[target.part] = value
        else:
            draft.values[target.field] = _parsed(value)

    def _put_link(self, draft: Draft, target: Target, text: str) -> None:
        """Of two columns for one link, one that the map made a choice of (``kind=won``) rules: it says more than a name."""
        if "=" not in draft.links.get(target.name, ""):
            draft.links[target.name] = text

    def _put_entry(self, draft: Draft, target: Target, value: Any) -> None:
        """One part of an entry; some systems write several numbers into one cell, and a star before the one they prefer."""
        groups = draft.entries.setdefault(target.field, {})
        if target.spec.name == "kind":
            groups.setdefault(target.group, {}).update(kind=str(value).lstrip("* "), primary=str(value).startswith("*"))
            return
        for at, text in enumerate(str(value).split(SEVERAL) if target.spec.name == "value" else [value]):
            groups.setdefault(f"{target.group}{'' if at == 0 else f'+{at}'}", {})[target.spec.name] = text

    def _put_beside(self, draft: Draft, target: Target, text: str) -> None:
        """A part that cannot be read, such as a country by an unknown name, goes with the lines; what an address is for may be left."""
        main = main_part(self.rt.fields[target.field])
        if target.spec.name != "kind" and main == "lines":
            entry = draft.entries.setdefault(target.field, {}).setdefault(target.group, {})
            entry[BESIDE] = "\n".join(filter(None, [entry.get(BESIDE, ""), text]))

    def _gather(self, draft: Draft, name: str, groups: dict[str, dict[str, Any]]) -> None:
        """The entries of a list from its columns; the one that the field beside the list names comes first."""
        spec, single = self.rt.fields[name], self.rt.twins.get(name, "")
        main, kinds = main_part(spec), dict(spec.parts["kind"].choices)
        found: list[dict[str, Any]] = []
        if draft.values.get(single) and single in self.rt.fields and self.rt.fields[single].kind != "lines":
            found.append({main: draft.values.pop(single), "primary": True})
        for group, entry in sorted(groups.items(), key=lambda pair: pair[0] if pair[0].isdecimal() else "a"):
            beside = entry.pop(BESIDE, "")
            if beside:
                entry[main] = "\n".join(filter(None, [entry.get(main, ""), beside]))
            told = {part: value for part, value in entry.items() if value and part not in {"kind", "primary"}}
            if not (told.get(main) if main == "value" else told) or told.get(main) in [one.get(main) for one in found if main == "value"]:
                continue
            kind = kinds_by_word(kinds, str(entry.get("kind") or group))
            found.append({**told, **({"kind": kind} if kind else {}), **({"primary": True} if entry.get("primary") and not found else {})})
        if found:
            draft.values[name] = found

    def _places(self, template: str) -> list[str | Callable[[Draft], str]]:
        """The template cut into texts and places, each place looked up once."""
        parts: list[str | Callable[[Draft], str]] = []
        for index, part in enumerate(_PLACE.split(template)):
            parts.append(self._place(part.strip()) if index % 2 else part)
        return parts if template else []

    def _place(self, name: str) -> Callable[[Draft], str]:
        by_target = {step.target.name: step.at for step in reversed(self.steps)}
        by_header = {header.casefold(): at for header, at in self.at.items()}
        at = by_target.get(name, by_header.get(name.casefold()))
        if at is None:
            from renmai.kernel.actions.errors import Invalid

            raise Invalid({"name_template": [_("“%(name)s” is neither a field nor a column of the file.") % {"name": name}]})
        mapped = {old.casefold(): new for old, new in self.plan.values.get(name, {}).items()}

        def text_of(draft: Draft) -> str:
            text = as_text(draft.cells[at]) if at < len(draft.cells) else ""
            return mapped.get(text.casefold(), text)

        return text_of

    def _named(self, draft: Draft) -> str:
        """The name by the template; what stood between parts that are empty goes."""
        return _LOOSE_ENDS.sub("", "".join(part if isinstance(part, str) else part(draft) for part in self.template))


def kinds_by_word(kinds: Mapping[str, Any], word: str) -> str:
    """The kind of an entry that a word speaks of: ``Work Fax`` is a fax; nothing where it speaks of none."""
    words = re.findall(r"[a-z]+", word.casefold())
    found = [kind for kind in kinds if kind in words or (kind == "mobile" and {"cell", "iphone"} & set(words))]
    return next((kind for kind in ("fax", "mobile") if kind in found), found[0] if found else "")


def _surest(targets: dict[str, Target]) -> dict[str, Target]:
    """Of a link's name and its id in one file, as exports write them, the id rules."""
    ids = {target.field for target in targets.values() if target.part in BY_ID and target.spec.kind == "link" and not target.is_row}
    return {header: target for header, target in targets.items() if target.field not in ids or target.part in BY_ID}


def named(target: Target, text: str) -> list[str]:
    """What a cell names: an activity may be about several; of several ids of a link the first is meant."""
    if target.spec.kind == "abouts" or target.part == "external_id":
        found = [part.strip() for part in text.split(";") if part.strip()]
        return found if target.spec.kind == "abouts" else found[:1]
    return [text]


def _parsed(value: Any) -> Any:
    """A structured value is written as JSON in exports; anything else is a list of one."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return [{"value": value}]
