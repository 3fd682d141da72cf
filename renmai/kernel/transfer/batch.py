"""One batch of rows: links found or made, existing records found by the key, and everything stored in a few statements."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Invalid, Refusal
from renmai.kernel.history.model import ExternalId
from renmai.kernel.locale.sorting import sort_key
from renmai.kernel.records.about import about_of
from renmai.kernel.records.asked import NOTHING
from renmai.kernel.records.clean import clean, home
from renmai.kernel.records.custom import first_field
from renmai.kernel.records.reading import Titles, as_json
from renmai.kernel.records.refusals import sentence
from renmai.kernel.records.store import apply
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.transfer.drafts import Draft, Drafter, named
from renmai.kernel.transfer.links import Ambiguous, Finder, values_for_missing
from renmai.kernel.transfer.model import Mode, RowAction
from renmai.kernel.transfer.plan import Plan, Target, main_part
from renmai.kernel.transfer.store_many import New, create_many
from renmai.kernel.transfer.twins import set_apart

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record


@dataclass(slots=True)
class Result:
    """What became of a row, or of a record that a row made necessary.

    Attributes:
        changes: field → its value before and after as the API reads it, where that was asked for.
        told: what a row that joined a record has of another value.
    """

    number: int
    action: str
    type: str = ""
    record: Record | None = None
    reason: str = ""
    changes: dict[str, list[Any]] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)


@dataclass
class Importer:
    """Turns drafts into records, batch by batch; what it finds is kept from one batch to the next.

    Attributes:
        by: whose rights count; None for the system.
        drafter: made from the plan for the file at hand.
        compares: results tell each field before and after.
        apart: chooses, of new records that are settled, those that are stored.
    """

    rt: RecordType
    plan: Plan
    drafter: Drafter
    by: User | None
    compares: bool = False
    apart: Callable[[RecordType, list[New], User | None], list[New]] = set_apart
    finders: dict[str, Finder] = field(default_factory=dict)
    titles: Titles = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.targets = self.drafter.targets
        self.source = next((target.part for target in self.targets.values() if target.field == "external_ids"), "")
        self.dated = frozenset(target.field for target in self.targets.values())
        self.later = {name for name, target in self.targets.items() if target.spec.kind == "link" and target.links_to == self.rt.slug}

    def process(self, drafts: list[Draft]) -> list[Result]:
        """Store a batch in the caller's transaction.

        Returns:
            One result per draft, and one per record that was made because a draft names it.
        """
        results = [Result(draft.number, RowAction.SKIPPED, reason=_("Such rows are left alone.")) for draft in drafts if draft.is_passed]
        drafts = [draft for draft in drafts if not draft.is_passed]
        results += self._resolve(drafts)
        for draft in drafts:
            draft.errors += self._also_wrong(draft) if draft.errors else []
        good = [draft for draft in drafts if not draft.errors]
        existing = self._existing(good) if self.plan.key else {}
        news: list[tuple[Draft, New]] = []
        for draft in good:
            found = existing.get(draft.number)
            if isinstance(found, Ambiguous):
                draft.errors.append(str(found))
            elif found is not None and self.plan.mode != Mode.CREATE:
                results += self._update(draft, found)
            elif found is not None:
                results.append(Result(draft.number, RowAction.SKIPPED, self.rt.slug, found, reason=_("There is such a record already.")))
            elif self.plan.mode == Mode.UPDATE:
                draft.errors.append(_("No record has this key."))
            else:
                news.append((draft, self._new(draft)))
        create_many(self.rt, [new for _draft, new in news], self.by, lambda ready: self.apart(self.rt, ready, self.by))
        for draft, new in news:
            results += self._update(draft, new.repeats) if new.repeats is not None else []
        joined = [(draft, new, new.joins) for draft, new in news if new.joins is not None]
        results += [Result(draft.number, RowAction.JOINED, registry.of(one).slug, one, told=new.differing) for draft, new, one in joined]
        results += self._created([(draft, new) for draft, new in news if new.repeats is None and new.joins is None])
        results += self._remarked([(draft, new.record) for draft, new in news if draft.remarks and new.record is not None])
        return results + [Result(draft.number, RowAction.FAILED, reason=draft.reason) for draft in drafts if draft.errors]

    def link_later(self, draft: Draft, record: Record) -> Result:
        """Set a record's links to others of its own type, once all of them are there; the result's reason says why it cannot be done."""
        result = Result(draft.number, "", self.rt.slug, record)
        names = {name: draft.links[name] for name in self.later if name in draft.links}
        values: dict[str, Any] = {}
        for name, text in names.items():
            found = self.finder(self.targets[name]).find([text]).get(text)
            if found is None or isinstance(found, Ambiguous):
                result.reason = str(found or self._missing(self.targets[name], text))
                return result
            values[self.targets[name].field] = found
        if values:
            before = self._read([record], values)
            cleaned = clean(self.rt, values, self.by, record)
            self.rt.require_editable(record, {**cleaned.columns, **cleaned.rows})
            apply(self.rt, record, cleaned, self.by)
            result.changes = self._since(before, record, values)
        return result

    # --- links

    def finder(self, target: Target) -> Finder:
        """The finder of a target's records, kept for the next batch."""
        slug = str(target.links_to)
        how = target.part if target.spec.kind == "link" and not target.is_row else ""
        return self.finders.setdefault(f"{slug}.{how}", Finder(slug, self.by, how, self.source))

    def _resolve(self, drafts: list[Draft]) -> list[Result]:
        """Put records in place of names; make the missing where asked, but not for rows that come back."""
        made: list[Result] = []
        for name, target in self.targets.items():
            if not target.links_to or name in self.later:
                continue
            naming: dict[str, list[Draft]] = defaultdict(list)
            for draft in drafts:
                for text in named(target, draft.links[name]) if name in draft.links else []:
                    naming[text].append(draft)
            found = self.finder(target).find(naming)
            if str(target.links_to) in self.plan.make_missing:
                naming = {text: users for text, users in naming.items() if text in found or any(not draft.errors for draft in users)}
                absent = [text for text in naming if text not in found]
                made += self._make(target, absent, naming, found) if absent else []
            for text, users in naming.items():
                self._put(target, text, found.get(text), users)
        return made

    def _also_wrong(self, draft: Draft) -> list[str]:
        """What else is wrong with a row that comes back, to be mended at once; of what may be there already, only what the row says."""
        values = dict(self._new(draft).values)
        self.rt.recall(values)
        try:
            clean(self.rt, values, self.by)
        except Invalid as problem:
            asked = draft.values if self.plan.key else self.rt.fields
            told = {
                name: texts
                for name, texts in problem.errors.items()
                if (whole := name.partition(".")[0]) in asked and whole not in draft.wrong
            }
            return [sentence(self.rt, Invalid(told))] if told else []
        except (Refusal, ValueError):
            return []
        return []

    def _make(self, target: Target, texts: list[str], naming: dict[str, list[Draft]], found: dict[str, Any]) -> list[Result]:
        rt = registry[str(target.links_to)]
        news = [New(values_for_missing(rt, text)) for text in texts]
        create_many(rt, news, self.by)
        results = []
        for text, new in zip(texts, news, strict=True):
            if new.record is None:
                found[text] = Ambiguous(new.problem)
                continue
            found[text] = new.record
            self.finder(target).learn(text, new.record)
            first = next(draft for draft in naming[text] if not draft.errors)
            results.append(Result(first.number, RowAction.ALSO_MADE, rt.slug, new.record, reason=text))
        return results

    def _put(self, target: Target, text: str, found: Any, drafts: list[Draft]) -> None:
        """Give every draft that names ``text`` its record, or its sentence."""
        if found is None and {target.name, target.field} & self.plan.leave_missing:
            return
        for draft in drafts:
            if found is None or isinstance(found, Ambiguous):
                draft.errors.append(str(found or self._missing(target, text)))
                draft.wrong.add(target.field)
            elif target.spec.kind == "abouts":
                draft.values.setdefault(target.field, []).append(found)
            elif target.is_row:
                draft.rows.setdefault(target.field, {})[target.part] = found
            else:
                draft.values[target.field] = found

    def _missing(self, target: Target, text: str) -> str:
        if target.links_to == "*":
            return _("%(field)s: no record has the id “%(name)s”.") % {"field": target.spec.label, "name": text}
        label = registry[str(target.links_to)].label
        return _("%(field)s: there is no %(type)s called “%(name)s”.") % {"field": target.spec.label, "type": label, "name": text}

    # --- keys

    def key_texts(self, draft: Draft) -> tuple[str, ...]:
        """The key as the file writes it, by which two rows of one batch are told apart."""
        return tuple(str(draft.links.get(name) or self._key_part(draft, name) or "") for name in self.plan.key)

    def _existing(self, drafts: list[Draft]) -> dict[int, Any]:
        """Draft number → the record that has its key, or an ``Ambiguous`` sentence."""
        keys = {draft.number: key for draft in drafts if (key := self._key(draft)) is not None}
        found: dict[tuple[Any, ...], list[Record]] = defaultdict(list)
        for record in self._candidates({key[0] for key in keys.values()}) if keys else []:
            found[tuple(_comparable(value_of(record, name)) for name in self.plan.key)].append(record)
        return {number: _only(found[key]) for number, key in keys.items() if key in found}

    def _key(self, draft: Draft) -> tuple[Any, ...] | None:
        """The draft's key as it would be stored; None when a part of it is empty or no value of its field."""
        try:
            parts = tuple(_comparable(self._stored(name, draft)) for name in self.plan.key)
        except ValueError:
            return None
        return None if any(part in (None, "") for part in parts) else parts

    def _key_part(self, draft: Draft, name: str) -> Any:
        whole, part = first_field(name)
        value = draft.values.get(whole)
        return value.get(part) if part and isinstance(value, dict) else value

    def _stored(self, name: str, draft: Draft) -> Any:
        spec, value = self.rt.fields.get(name), self._key_part(draft, name)
        if spec is None or spec.kind == "link" or value is None:
            return value
        return spec.at_home(spec.clean(value), home(self.rt, draft.values, None))

    def _candidates(self, wanted: set[Any]) -> Iterable[Record]:
        """Live records that may be changed and whose first part of the key is among the wanted."""
        rows = self.rt.model.objects.select_for_update(of=("self",))
        rows = rows.visible_to(self.by, "edit") if self.by is not None else rows.live()
        name = self.plan.key[0]
        whole, part = first_field(name)
        if whole == "external_ids":
            known = ExternalId.objects.filter(type=self.rt.slug, source=part, value__in=wanted)
            return rows.filter(pk__in=known.values("record_id"))  # type: ignore[no-any-return]
        if name == self.drafter.heading:
            return rows.filter(sort_key__in=[sort_key(text) for text in wanted])  # type: ignore[no-any-return]
        return rows.filter(**{f"{self.rt.fields[name].column if name in self.rt.fields else name}__in": wanted})  # type: ignore[no-any-return]

    def _update(self, draft: Draft, record: Record) -> list[Result]:
        """Change a found record; empty cells and defaults change nothing. No result where it cannot be: the draft then has the sentence."""
        kept = {"id", *draft.filled, *([self.drafter.heading] if draft.is_named else [])}
        names = [
            name for name in {**draft.values, **draft.rows} if name not in kept and name in self.rt.fields and self.rt.fields[name].editable
        ]
        version, before = record.version, self._read([record], names)
        try:
            values = {name: value for name, value in self._values(draft, record).items() if name in names}
            cleaned = clean(self.rt, values, self.by, record)
            self.rt.require_editable(record, {**cleaned.columns, **cleaned.rows})
            apply(self.rt, record, cleaned, self.by)
        except (Refusal, ValueError) as problem:
            draft.errors.append(sentence(self.rt, problem))
            return []
        if record.version == version:
            return [Result(draft.number, RowAction.SKIPPED, self.rt.slug, record, reason=_("Nothing differs."))]
        return [Result(draft.number, RowAction.UPDATED, self.rt.slug, record, changes=self._since(before, record, names))]

    def _since(self, before: list[dict[str, Any]], record: Record, names: Iterable[str]) -> dict[str, list[Any]]:
        """What of a record differs from before; nothing where nobody compares."""
        return differences(before, self._read([record], names))[0] if before else {}

    def _created(self, news: list[tuple[Draft, New]]) -> list[Result]:
        """What became of drafts of new records; those that the database refused have their sentence."""
        for draft, new in news:
            draft.errors += [new.problem] if new.record is None else []
        made = [(draft.number, new.record) for draft, new in news if new.record is not None]
        after = self._read([record for _number, record in made], self.dated & self.rt.fields.keys())
        told = differences([{}] * len(after), after) or [{}] * len(made)
        return [
            Result(number, RowAction.CREATED, self.rt.slug, record, changes=changes)
            for (number, record), changes in zip(made, told, strict=True)
        ]

    def _remarked(self, pairs: list[tuple[Draft, Record]]) -> list[Result]:
        """Records about the new ones, of what their rows remark."""
        told = [(slug, draft, New({"body": text}, {}, [record])) for draft, record in pairs for slug, text in draft.remarks.items()]
        for slug in {slug for slug, _draft, _new in told}:
            create_many(registry[slug], [new for other, _draft, new in told if other == slug], self.by)
        return [Result(draft.number, RowAction.ALSO_MADE, slug, new.record, new.problem) for slug, draft, new in told if new.record]

    def _read(self, records: list[Record], names: Iterable[str]) -> list[dict[str, Any]]:
        """The fields that a row may change as the API reads them; nothing where nobody compares."""
        if not self.compares:
            return []
        wanted = set(names)
        told = as_json(self.rt, records, self.by, wanted, known=self.titles)
        return [{name: one[name] for name in wanted & one.keys()} for one in told]

    # --- values

    def _values(self, draft: Draft, record: Record | None = None) -> dict[str, Any]:
        values = {**draft.values, **{name: [row] for name, row in draft.rows.items()}}
        if record is not None and "external_ids" in values:
            values["external_ids"] = {**record.external_ids, **values["external_ids"]}
        if record is not None and self.rt.of_kind("abouts") and "about" in values:
            values |= self._about(record, values.pop("about"))
        if record is not None:
            values |= {name: self._added(name, record, values[name]) for name in draft.entries if name in values}
        return values

    def _about(self, record: Record, given: list[Record]) -> dict[str, Any]:
        """What an activity is about, with what the row names besides; nothing where it names nothing else."""
        kept = [{"type": one.target_type, "id": str(one.target_id)} for one in about_of([record])[record.pk]]
        more = [one for one in ({"type": registry.of(one).slug, "id": str(one.pk)} for one in given) if one not in kept]
        return {"about": kept + more} if more else {}

    def _added(self, name: str, record: Record, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The entries that a record has, and those of the row that it has not."""
        spec, kept = self.rt.fields[name], list(getattr(record, name))
        main = main_part(spec)
        clean_entries = spec.at_home(spec.clean([{**entry, "primary": False} for entry in given]), home(self.rt, {}, record))
        known = [entry.get(main) for entry in kept]
        return kept + [
            {**entry, **({"primary": False} if "primary" in entry else {})} for entry in clean_entries if entry.get(main) not in known
        ]

    def _new(self, draft: Draft) -> New:
        values = self._values(draft)
        about = values.pop("about", []) if "about" in self.rt.fields and self.rt.fields["about"].kind == "abouts" else []
        past = {name: values.pop(name) for name in list(values) if name in self.rt.fields and not self.rt.fields[name].editable}
        values.pop("id", None)
        return New(values, past, about, self.dated)


def differences(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[dict[str, list[Any]]]:
    """Per record the fields that differ, each with its value before and after; what is new and empty is left out."""
    return [
        {name: [old.get(name), value] for name, value in sorted(new.items()) if old.get(name) != value and (old or value not in NOTHING)}
        for old, new in zip(before, after, strict=True)
    ]


def value_of(record: Record, name: str) -> Any:
    """A record's part of a key."""
    whole, part = first_field(name)
    value = getattr(record, "pk" if whole == "id" else registry.of(record).fields[whole].column)
    return value.get(part) if part and isinstance(value, dict) else value


def _comparable(value: Any) -> Any:
    """Records compare by their id, everything else as it is stored; ids as text."""
    value = getattr(value, "pk", value)
    return str(value) if isinstance(value, (uuid.UUID, int)) else value


def _only(records: list[Record]) -> Any:
    if len(records) == 1:
        return records[0]
    return Ambiguous(_("Several records have this key."))
