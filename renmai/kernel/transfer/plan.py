"""What an import has been told to do: a ``map.json``, read and checked against the type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Invalid
from renmai.kernel.records.custom import first_field
from renmai.kernel.records.types import registry
from renmai.kernel.transfer.model import Mode
from renmai.kernel.transfer.propose import fields_of
from renmai.kernel.transfer.values import Reading

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.spec import FieldSpec
    from renmai.kernel.records.types import RecordType


@dataclass(frozen=True)
class Target:
    """The field that a column fills.

    Attributes:
        name: as in the map file, ``account``, ``external_ids.zoho``, ``about.people``, ``lines.product``, ``account.id``.
        field: the field's own name, before the point.
        part: what stands behind the point, or empty.
        spec: the field; for a column of a document's rows, or of a list's entries, that of the row or entry.
        group: which entry of a list the column is of: what it is for, or its number (``emails.home``, ``addresses.1.city``).
        is_remark: the text becomes a record of its own about the new one, of the type that is named.
    """

    name: str
    field: str
    part: str
    spec: FieldSpec
    group: str = ""
    is_remark: bool = False

    @property
    def is_row(self) -> bool:
        """Fills a row of the document, such as a quote's line."""
        return bool(self.part) and self.spec.name == self.part and self.spec.name != self.field

    @property
    def links_to(self) -> str | None:
        """Slug of the type that the text names a record of; ``*`` when it may be of any type."""
        if self.spec.kind == "abouts":
            return self.part if self.part and not self.part.isdecimal() else "*"
        return self.spec.target if self.spec.kind == "link" else None


@dataclass(frozen=True)
class Plan:
    """The choices of an import.

    Attributes:
        columns: header → name of a target.
        values: name of a target → text in the file → text to take instead; empty text leaves the field empty.
        defaults: field → text taken where the file has nothing; empty text keeps the field empty.
        make_missing: slugs of types of which records are made when a row names one that does not exist.
        leave_missing: targets left empty when a row names a record or says a value that is not known.
        name_template: ``{target}`` or ``{Header}`` in braces make the name of rows that bring none.
        key: names of the targets by which existing records are found.
        mode: what rows may do.
        reading: how texts are taken.
        notify: people are told of each record that concerns them.
        only: header → texts; rows that say nothing of them are not of this type and left alone.
        skip: header → texts; rows that say one of them are left alone, such as those that were deleted.
    """

    columns: dict[str, str]
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    defaults: dict[str, Any] = field(default_factory=dict)
    make_missing: frozenset[str] = frozenset()
    leave_missing: frozenset[str] = frozenset()
    name_template: str = ""
    key: tuple[str, ...] = ()
    mode: str = Mode.CREATE
    reading: Reading = field(default_factory=Reading)
    notify: bool = False
    only: dict[str, list[str]] = field(default_factory=dict)
    skip: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Plan:
        """Read a map file.

        Raises:
            Invalid: it is none.
        """
        try:
            return cls(
                columns={str(header): str(name) for header, name in dict(given.get("columns", {})).items() if name},
                values={
                    str(name): {str(old): str(new or "") for old, new in dict(pairs).items()}
                    for name, pairs in dict(given.get("values", {})).items()
                },
                defaults=dict(given.get("defaults", {})),
                make_missing=frozenset(map(str, given.get("make_missing", []))),
                leave_missing=frozenset(map(str, given.get("leave_missing", []))),
                name_template=str(given.get("name_template") or ""),
                key=tuple(map(str, given.get("key", []))),
                mode=Mode(given.get("mode") or Mode.CREATE).value,
                reading=Reading.of(given.get("reading", {})),
                notify=given.get("notify") is True,
                only=_texts(given.get("only", {})),
                skip=_texts(given.get("skip", {})),
            )
        except (TypeError, ValueError, AttributeError) as problem:
            raise Invalid({"map": [_("This is no map of an import: %(problem)s") % {"problem": problem}]}) from None

    def as_json(self) -> dict[str, Any]:
        """The map file."""
        return {
            "columns": self.columns,
            "values": self.values,
            "defaults": self.defaults,
            "make_missing": sorted(self.make_missing),
            "leave_missing": sorted(self.leave_missing),
            "name_template": self.name_template,
            "key": list(self.key),
            "mode": str(self.mode),
            "reading": self.reading.as_json(),
            "notify": self.notify,
            "only": self.only,
            "skip": self.skip,
        }

    def with_(self, **changed: Any) -> Plan:
        """The same with some choices changed."""
        return replace(self, **changed)

    def targets(self, rt: RecordType) -> dict[str, Target]:
        """Header → target.

        Raises:
            Invalid: a column, default or key names no field that a file may fill.
        """
        found = {header: target_of(rt, name) for header, name in self.columns.items()}
        wrong = {name: [_unknown(rt, name)] for header, name in self.columns.items() if found[header] is None}
        wrong |= {name: [_unknown(rt, name)] for name in [*self.defaults, *self.key] if name != "id" and target_of(rt, name) is None}
        wrong |= {slug: [_("There is no type “%(type)s”.") % {"type": slug}] for slug in self.make_missing if registry.get(slug) is None}
        if self.mode != Mode.CREATE and not self.key:
            wrong["key"] = [_("Say by which field existing records are found.")]
        if not self.columns:
            wrong["columns"] = [_("No column of the file is used: choose a field for at least one.")]
        if wrong:
            raise Invalid(wrong)
        return {header: target for header, target in found.items() if target is not None}


def _texts(given: Mapping[str, Any]) -> dict[str, list[str]]:
    return {str(header): [str(text) for text in texts] for header, texts in dict(given).items()}


def target_of(rt: RecordType, name: str) -> Target | None:
    """The target of a name in a map file; None when there is no such field or a file may not fill it."""
    fields = fields_of(rt)
    if name in remark_types(rt):
        return Target(name, name, "", registry[name].fields["body"], is_remark=True)
    if name == "id":
        return Target("id", "id", "", _id_spec(rt))
    whole, part = first_field(name)
    spec = fields.get(whole)
    if spec is None:
        return None
    if not part:
        return Target(name, whole, "", spec)
    if whole in rt.collections:
        row = rt.collections[whole].fields.get(part)
        return Target(name, whole, part, row) if row else None
    if spec.parts:
        return _entry_target(name, whole, part, spec)
    allowed = {
        "ids": True,
        "custom": True,
        "abouts": registry.get(part) is not None or part.isdecimal(),
        "link": part in {"id", "external_id"},
    }
    return Target(name, whole, part, spec) if allowed.get(spec.kind) else None


def _entry_target(name: str, whole: str, part: str, spec: FieldSpec) -> Target | None:
    """``emails.home``, ``addresses.2.city``; the part that an entry is about need not be said."""
    group, _point, said = part.partition(".")
    known = spec.parts.get(said or main_part(spec))
    return Target(name, whole, part, known, group) if group.isalnum() and known is not None else None


def main_part(spec: FieldSpec) -> str:
    """The part of an entry without which it says nothing."""
    return "value" if "value" in spec.parts else "lines"


def remark_types(rt: RecordType) -> list[str]:
    """Slugs of the types whose records are a text about another one, for which a file may have a column."""
    if any(spec.kind == "abouts" for spec in rt.fields.values()):
        return []
    return [kind.slug for kind in registry.all() if kind.of_kind("abouts") and "body" in kind.fields and kind.fields["body"].required]


def open_columns(rt: RecordType, columns: Mapping[str, str], by: User | None) -> dict[str, str]:
    """Proposed columns without remarks that the person may not make."""
    closed = {slug for slug in remark_types(rt) if by is not None and not by.may("create", slug)}
    return {header: name for header, name in columns.items() if name not in closed}


def _id_spec(rt: RecordType) -> FieldSpec:
    from renmai.kernel.records.spec import FieldSpec

    return FieldSpec("id", "text", _("Id"), "id", rt.model._meta.pk)


def _unknown(rt: RecordType, name: str) -> str:
    spec = rt.fields.get(first_field(name)[0])
    if spec is not None and spec.kind == "file":
        return _("Files cannot come with a table: “%(field)s” is filled in on the page or through the API.") % {"field": spec.label}
    return _("There is no field “%(name)s”. Fields: %(valid)s.") % {"name": name, "valid": ", ".join(sorted(fields_of(rt)))}
