"""How a type stands on pages and in forms, and what is asked of each of its fields: what the code says, with a company's differences.

A difference names only what is otherwise: a field or section that the code gains later appears by itself at its place.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from renmai.kernel.criteria.memory import matches
from renmai.kernel.criteria.reader import Reader
from renmai.kernel.criteria.stored import conditions, stored
from renmai.kernel.criteria.tree import Broken, Node
from renmai.kernel.overlay.words import spoken
from renmai.kernel.records.spec import FieldSpec

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record
    from renmai.kernel.records.types import RecordType

OWN, BELONGS, FACTS = "own-fields", "belongs-to", "facts"
ALWAYS = ["owner", "tags"]
NEVER_NEEDED = {"boolean", "lines", "abouts"}
WHOLE = {"lines", "abouts"}
LINKED = {"link", "links"}


@dataclass(frozen=True)
class Part:
    """A heading and the names of the fields below it.

    Attributes:
        key: its name in differences, which stays whatever it is called.
        title, titles: what the company calls it, in general and by language; empty where the code's word stands.
    """

    key: str
    label: Any
    names: list[str]
    title: str = ""
    titles: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def shown(self) -> Any:
        """What it is called."""
        return spoken(self.title or self.label, dict(self.titles)) if self.title or self.titles else self.label


@dataclass(frozen=True)
class Rule:
    """What a layout says of one field.

    Attributes:
        hidden: stands neither on the page nor in the form.
        required: a new record needs it.
        read_only: nobody writes it.
        default: what a new record has that is given nothing, as the API takes it.
        shown_when: criteria for which it is asked for; None for always.
        help, helps: a sentence that explains it, in general and by language.
    """

    hidden: bool = False
    required: bool = False
    read_only: bool = False
    default: Any = None
    shown_when: Mapping[str, Any] | None = None
    help: str = ""
    helps: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def told(self) -> Any:
        """The sentence in the language of whoever reads it."""
        return spoken(self.help, dict(self.helps)) if self.help or self.helps else ""


RULED = {field.name for field in dataclasses.fields(Rule)}


def coded(kind: RecordType) -> list[Part]:
    """The sections of the code, then the company's own fields, owner and tags; every field that people write where the code names none."""
    parts = [Part(_key(label, place), label, list(names)) for place, (label, names) in enumerate(kind.layout.items(), 1)]
    if not parts:
        left = {"team", *ALWAYS, *kind.custom}
        names = [name for name, spec in kind.fields.items() if spec.editable and name not in left]
        parts = [Part(FACTS, gettext_lazy("Facts"), names)]
    listed = {name for part in parts for name in part.names}
    own = [name for name in kind.custom if name not in listed]
    rest = [name for name in ALWAYS if name not in listed and name in kind.fields and not (name == "owner" and kind.ownerless)]
    parts += [Part(OWN, gettext_lazy("Own fields"), own)] if own else []
    return parts + ([Part(BELONGS, gettext_lazy("Belongs to"), rest)] if rest else [])


def _key(label: Any, place: int) -> str:
    with override("en"):
        return slugify(str(label)) or f"section-{place}"


def woven(placed: Sequence[str], coded: Sequence[str]) -> list[str]:
    """The placed ones in their order, and each of the code's others behind the one that it follows there."""
    found = list(placed)
    for place, name in enumerate(coded):
        if name not in found:
            before = next((one for one in reversed(coded[:place]) if one in found), None)
            found.insert(found.index(before) + 1 if before is not None else 0, name)
    return found


def merged(coded: Sequence[Part], said: Iterable[Mapping[str, Any]]) -> list[Part]:
    """The sections of the code with a company's differences.

    Args:
        said: ``{"key", "title", "titles", "fields"}`` of each section that differs, in order; fields that are gone are left out.
    """
    by_key = {part.key: part for part in coded}
    known = {name for part in coded for name in part.names}
    entries = {str(entry["key"]): entry for entry in said if entry["key"] in by_key or entry.get("title")}
    home: dict[str, str] = {}
    for key, entry in entries.items():
        for name in entry.get("fields", []):
            if name in known:
                home.setdefault(name, key)
    made = []
    for key in woven(list(entries), list(by_key)):
        entry, part = entries.get(key, {}), by_key.get(key)
        named = [name for name in dict.fromkeys(entry.get("fields", [])) if home.get(name) == key]
        left = [name for name in part.names if home.get(name, key) == key] if part else []
        label = part.label if part else entry["title"]
        made.append(Part(key, label, woven(named, left), entry.get("title", "") if part else "", entry.get("titles", {})))
    return made


def difference(coded: Sequence[Part], wanted: Sequence[Part]) -> list[dict[str, Any]]:
    """What has to be said so that ``merged`` gives the wanted sections; fields that stand in none of them keep their place."""
    by_key = {part.key: part for part in coded}
    home = {name: part.key for part in wanted for name in part.names}
    entries = [_entry(part, by_key.get(part.key), home) for part in wanted]
    changed = [entry for entry in entries if len(entry) > 1]
    keys = [part.key for part in wanted]
    return changed if [part.key for part in merged(coded, changed)] == keys else entries


def _entry(part: Part, coded: Part | None, home: Mapping[str, str]) -> dict[str, Any]:
    title = part.title if coded else part.title or str(part.label)
    said: dict[str, Any] = {
        "key": part.key,
        **({"title": title} if title else {}),
        **({"titles": dict(part.titles)} if part.titles else {}),
    }
    if part.names != [name for name in (coded.names if coded else []) if home.get(name) == part.key]:
        said["fields"] = list(part.names)
    return said


class Arrangement:
    """One type as the people with one layout have it; without differences, as everybody has it.

    Args:
        said: differences of the sections (see ``merged``).
        rules: what is said of fields, by name. What does not fit changes nothing (see ``misfits``).
    """

    def __init__(
        self, kind: RecordType, said: Sequence[Mapping[str, Any]] = (), rules: Mapping[str, Mapping[str, Any]] | None = None
    ) -> None:
        self.kind, self.said = kind, said
        self.given = {name: Rule(**{word: value for word, value in rule.items() if word in RULED}) for name, rule in (rules or {}).items()}

    @cached_property
    def parts(self) -> list[Part]:
        """All sections with all of their fields."""
        return merged(coded(self.kind), self.said)

    @cached_property
    def sections(self) -> list[tuple[Any, list[str]]]:
        """Headings with the fields that stand below them."""
        found = [(part.shown, [name for name in part.names if name not in self.hidden]) for part in self.parts]
        return [(label, names) for label, names in found if names]

    @cached_property
    def names(self) -> list[str]:
        """The fields of page and form, in order."""
        return list(dict.fromkeys(name for _label, names in self.sections for name in names))

    def rule(self, name: str) -> Rule:
        """What holds of a field."""
        return self._checked.get(name, FREE)

    @cached_property
    def _checked(self) -> dict[str, Rule]:
        return {name: self._fitting(name, rule) for name, rule in self.given.items() if name in self.kind.fields}

    def _fitting(self, name: str, rule: Rule) -> Rule:
        wrong: dict[str, Any] = {word: getattr(FREE, word) for word, _why in self._misfit(name, rule)}
        return dataclasses.replace(rule, **wrong)

    @property
    def fitting(self) -> dict[str, dict[str, Any]]:
        """The rules without what no longer fits, as they are kept."""
        said = {name: dataclasses.asdict(rule) for name, rule in self._checked.items()}
        return {name: {word: value for word, value in rule.items() if value != getattr(FREE, word)} for name, rule in said.items()}

    def _misfit(self, name: str, rule: Rule) -> list[tuple[str, str]]:
        """Parts of a rule that do not fit its field, each with a sentence."""
        spec, found = self.kind.fields[name], []
        if rule.required and (not spec.editable or spec.kind in NEVER_NEEDED):
            found.append(("required", _("This field cannot be needed: nobody leaves it empty, or nobody writes it.")))
        if rule.default is not None and (why := _unfit_default(spec, rule.default)):
            found.append(("default", why))
        is_given = rule.default is not None and "default" not in dict(found)
        if (spec.required or rule.required) and not is_given:
            found += [
                (word, _("Every new record needs this field: let people fill it in, or say what it begins with."))
                for word in ("hidden", "read_only")
                if getattr(rule, word)
            ]
        return found + self._misfit_condition(spec, rule)

    def _misfit_condition(self, spec: FieldSpec, rule: Rule) -> list[tuple[str, str]]:
        if not rule.shown_when:
            return []
        if spec.required:
            return [("shown_when", _("Every new record needs this field, so it is always shown."))]
        if spec.kind in WHOLE:
            return [("shown_when", _("What stands below a record as a whole is always shown."))]
        node = stored(rule.shown_when, self.kind)
        return [("shown_when", node.reason)] if isinstance(node, Broken) else []

    def misfits(self) -> list[tuple[str, str]]:
        """Name of the field or section and a sentence, for every difference that no longer fits and so changes nothing."""
        found = [(name, _("There is no such field any more.")) for name in self.given if name not in self.kind.fields]
        placed = {name for entry in self.said for name in entry.get("fields", [])}
        known = {name for part in coded(self.kind) for name in part.names}
        found += [(name, _("There is no such field any more.")) for name in sorted(placed - known - set(self.given))]
        return found + [
            (name, why) for name, rule in self.given.items() if name in self.kind.fields for _word, why in self._misfit(name, rule)
        ]

    @cached_property
    def specs(self) -> dict[str, FieldSpec]:
        """Every field of the type as it is asked for here."""
        return self.kind.fields | {name: self._spec(self.kind.fields[name], rule) for name, rule in self._checked.items()}

    @staticmethod
    def _spec(spec: FieldSpec, rule: Rule) -> FieldSpec:
        if not rule.required and not rule.told:
            return spec
        return dataclasses.replace(spec, must=spec.must or rule.required, told=rule.told or spec.told)

    @cached_property
    def needed(self) -> list[str]:
        """Names of the fields for which a new record must bring a value of its own, where they are asked for."""
        return [name for name, spec in self.specs.items() if spec.required]

    @cached_property
    def always_needed(self) -> list[str]:
        """Those of them that are asked for of every record."""
        return [name for name in self.needed if name not in self.conditions]

    @cached_property
    def read_only(self) -> frozenset[str]:
        """Names of the fields that nobody writes."""
        return self._with_twins(name for name, rule in self._checked.items() if rule.read_only)

    @cached_property
    def hidden(self) -> frozenset[str]:
        """Names of the fields that stand neither on the page nor in the form."""
        return self._with_twins(name for name, rule in self._checked.items() if rule.hidden)

    def _with_twins(self, names: Iterable[str]) -> frozenset[str]:
        """A list and the field that is its primary entry go together."""
        return frozenset(twin for name in names for twin in (name, self.kind.twins.get(name, name)))

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """What a new record has that is given nothing, as the API takes it."""
        return {name: rule.default for name, rule in self._checked.items() if rule.default is not None}

    @cached_property
    def conditions(self) -> dict[str, Node]:
        """Criteria of the fields that are asked for only in some cases."""
        return {name: stored(rule.shown_when, self.kind) for name, rule in self._checked.items() if rule.shown_when}

    @cached_property
    def watched(self) -> list[str]:
        """Names of the fields on which it depends what is asked for."""
        asked = (condition for node in self.conditions.values() for condition in conditions(node))
        return sorted({(condition.links[0] if condition.links else condition.field).name for condition in asked})

    def unshown(self, record: Record, by: User | None) -> set[str]:
        """Names of the fields that are not asked for of a record as it stands."""
        if not self.conditions or by is None:
            return set()
        reader = Reader.of(by, scoped=False)
        return {name for name, node in self.conditions.items() if not matches(node, record, reader)}


FREE = Rule()
SWITCHES = {"hidden", "required", "read_only"}


def _unfit_default(spec: FieldSpec, given: Any) -> str:
    """Why a field cannot begin with a value; whether a linked record is still there is asked when it is used."""
    if not spec.editable:
        return _("This field cannot be written.")
    if spec.kind in LINKED:
        return ""
    try:
        spec.clean(given)
    except (ValueError, KeyError) as problem:
        return str(problem)
    return ""
