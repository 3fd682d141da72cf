"""The state of an import while a person prepares it in the browser: the change set itself, a draft until it starts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Invalid
from renmai.kernel.files.store import destroy, keep
from renmai.kernel.records.pages.cells import Line, lines
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.transfer.batch import Importer
from renmai.kernel.transfer.drafts import Drafter
from renmai.kernel.transfer.foresee import forget
from renmai.kernel.transfer.model import ChangeSet, RowAction
from renmai.kernel.transfer.plan import Plan, open_columns, remark_types, target_of
from renmai.kernel.transfer.propose import SOURCE, Proposal, fields_of, propose
from renmai.kernel.transfer.read import Found, Layout, look, rows
from renmai.kernel.transfer.run import file_of, look_as, prepare
from renmai.kernel.transfer.unknown import Unknown, unknowns
from renmai.kernel.transfer.values import Reading

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from renmai.kernel.access.user import User

PREVIEWED = 20
NOT_OFFERED = frozenset({"version", "custom", "updated_by"})


@dataclass(frozen=True)
class Preview:
    """The first rows as they will be.

    Attributes:
        specs: fields that the rows fill.
        lines: the records, ready to be shown.
        problems: number of a row and why it would come back.
        made: what else would be made: type and name.
    """

    specs: list[FieldSpec]
    lines: list[Line]
    problems: list[tuple[int, str]]
    made: list[tuple[RecordType, str]]


@dataclass
class Wizard:
    """One import being prepared by one person."""

    change_set: ChangeSet
    by: User

    @classmethod
    def begin(cls, kind: RecordType, sent: UploadedFile[Any], by: User, defaults: Mapping[str, Any] | None = None) -> Wizard:
        """Store a file and propose everything about it.

        Args:
            defaults: field → text that every row gets where the file has nothing.

        Raises:
            Unreadable: it holds no table.
            Forbidden: the person may not create such records.
        """
        stored = keep(sent.name or "file", sent.chunks(), by=by)
        try:
            found = look(stored.path)
        except Exception:
            destroy(stored)
            raise
        plan = _proposed(kind, propose(kind, found), by).with_(defaults=dict(defaults or {}))
        return cls(prepare(kind, stored, plan if plan.columns else _first_column(kind, found, plan), found.layout, by=by), by)

    @property
    def kind(self) -> RecordType:
        """What the rows become."""
        return registry[self.change_set.target]

    @cached_property
    def layout(self) -> Layout:
        """How the file is laid out."""
        return Layout(**self.change_set.layout)

    @cached_property
    def found(self) -> Found:
        """The file, looked at by that layout."""
        return look_as(file_of(self.change_set).path, self.layout)

    @cached_property
    def plan(self) -> Plan:
        """The choices so far."""
        return Plan.of(self.change_set.map)

    @cached_property
    def proposal(self) -> Proposal:
        """What would be proposed, with the questions that are open."""
        return propose(self.kind, self.found)

    def correct(self, given: Mapping[str, str | int]) -> None:
        """Look again with parts of the layout set by the person; columns are proposed anew, since their names may have changed.

        Raises:
            Unreadable: with these there is no table.
        """
        found = look(file_of(self.change_set).path, **given)
        plan = _proposed(self.kind, propose(self.kind, found), self.by).with_(defaults=self.plan.defaults)
        self.change_set.layout, self.change_set.total_rows = asdict(found.layout), 0
        self._keep(plan if plan.columns else _first_column(self.kind, found, plan))

    def decide(self, plan: Plan) -> None:
        """Keep other choices.

        Raises:
            Invalid: they do not fit the type.
        """
        Drafter(self.kind, plan, self.found.header, self.found.columns)
        self._keep(plan)

    def _keep(self, plan: Plan) -> None:
        self.change_set.map, self.change_set.mode = plan.as_json(), plan.mode
        self.change_set.save(update_fields=["layout", "map", "mode", "total_rows"])
        forget(self.change_set)

    @property
    def importer(self) -> Importer:
        """A new importer for the choices so far."""
        return Importer(self.kind, self.plan, Drafter(self.kind, self.plan, self.found.header, self.found.columns), self.by)

    def unknowns(self) -> list[Unknown]:
        """What the file names that is not known."""
        return unknowns(self.importer, file_of(self.change_set).path, self.layout, self.by)

    def preview(self) -> Preview:
        """Import the first rows in a transaction that is rolled back, and show what came of them."""
        importer = self.importer
        names = {target.field for target in importer.targets.values()} - {"id", "name", "title"}
        specs = [spec for name, spec in self.kind.fields.items() if name in names and spec.kind not in {"lines"}]
        with transaction.atomic():
            results = importer.process([importer.drafter.draft(number, row) for number, row in _first(self)])
            records = [result.record for result in results if result.record is not None and result.action != RowAction.ALSO_MADE]
            shown = lines(self.kind, records, specs, self.by, editable=False)
            transaction.set_rollback(True)
        problems = [(result.number, result.reason) for result in results if result.action == RowAction.FAILED]
        made = [(registry[result.type], result.reason) for result in results if result.action == RowAction.ALSO_MADE]
        return Preview(specs, shown, problems, made)


def _first(wizard: Wizard) -> Iterator[tuple[int, Any]]:
    for taken, numbered in enumerate(rows(file_of(wizard.change_set).path, wizard.layout)):
        if taken == PREVIEWED:
            return
        yield numbered


def _proposed(kind: RecordType, proposal: Proposal, by: User) -> Plan:
    return Plan(open_columns(kind, proposal.mapping, by), name_template=proposal.name_template, reading=proposal.reading)


def _first_column(kind: RecordType, found: Found, plan: Plan) -> Plan:
    """A file of which nothing is recognised: its first column is taken for the name until somebody says otherwise."""
    return plan.with_(columns={found.header[0]: "name" if "name" in kind.fields else "subject"})


def offered(kind: RecordType, used: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Targets that a column can be given, with their labels.

    Args:
        used: targets that columns have already, which are offered too.
    """
    choices: list[tuple[str, str]] = []
    for name, spec in fields_of(kind).items():
        if name in NOT_OFFERED or spec.kind == "lines":
            continue
        if spec.kind == "ids":
            choices.append((f"{name}.{SOURCE}", str(_("Id in the other system"))))
        elif spec.kind == "abouts":
            choices += [(f"{name}.{other.slug}", _("About: %(type)s") % {"type": other.label}) for other in registry.all() if other.rail]
        else:
            choices.append((name, str(spec.label)))
    for name, collection in kind.collections.items():
        label = fields_of(kind)[name].label if name in fields_of(kind) else name
        choices += [(f"{name}.{part}", f"{label}: {spec.label}") for part, spec in collection.fields.items() if spec.editable]
    choices += [(slug, _("A record about it: %(type)s") % {"type": registry[slug].label}) for slug in remark_types(kind)]
    entries = [name for spec in kind.fields.values() if spec.parts and spec.editable for name in entry_names(spec)]
    choices += [(name, entry_label(kind, name)) for name in entries]
    known = {name for name, _label in choices}
    return choices + [(name, entry_label(kind, name)) for name in dict.fromkeys(used) if name not in known and target_of(kind, name)]


def entry_names(spec: FieldSpec) -> list[str]:
    """Targets of the columns of a list, one entry for each kind that there is."""
    parts = [name for name in spec.parts if name not in {"kind", "primary"}]
    return [f"{spec.name}.{kind}" + (f".{part}" if len(parts) > 1 else "") for kind, _label in spec.parts["kind"].choices for part in parts]


def entry_label(kind: RecordType, name: str) -> str:
    """What a column of a list is called: the list, which entry, and which part of it."""
    target = target_of(kind, name)
    if target is None or not target.group:
        return name
    whole = kind.fields[target.field]
    said = dict(whole.parts["kind"].choices).get(target.group, target.group)
    return f"{whole.label}: {said}" + (f" – {target.spec.label}" if len(whole.parts) > 3 or target.spec.name == "kind" else "")


def reading_of(given: Mapping[str, str], before: Reading) -> Reading:
    """The settings that a form sends, on top of those before."""
    known = {name: given[name] for name in ("date_order", "era", "decimal", "zone") if name in given}
    blanks = [word.strip().casefold() for word in given.get("blanks", "").split(",") if word.strip()]
    return Reading.of({**before.as_json(), **known, **({"blanks": blanks} if "blanks" in given else {})})


def require_once(kind: RecordType, columns: Mapping[str, str]) -> None:
    """Refuse two columns for one field that holds one value.

    Raises:
        Invalid: naming the field and both columns.
    """
    taken: dict[str, str] = {}
    for header, name in columns.items():
        target = target_of(kind, name)
        if target is not None and name in taken and target.spec.kind != "abouts":
            told = {"field": target.spec.label, "one": taken[name], "other": header}
            raise Invalid({name: [_("“%(one)s” and “%(other)s” cannot both become %(field)s.") % told]})
        taken[name] = header
