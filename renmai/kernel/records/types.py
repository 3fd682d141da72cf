"""The declaration of a noun, and the registry that every page, API call, import and search reads."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.apps import apps
from django.db import models
from django.utils.text import slugify
from django.utils.translation import override

from renmai.kernel.records.boards import Board as Board
from renmai.kernel.records.coded import coded
from renmai.kernel.records.custom import CustomSpec
from renmai.kernel.records.declared import Misdeclared, known
from renmai.kernel.records.fields import Kinded, Parent
from renmai.kernel.records.record import Record, Row
from renmai.kernel.records.spec import FieldSpec

if TYPE_CHECKING:
    from django.db.models import Q

    from renmai.kernel.access.user import User
    from renmai.kernel.access.visible import Way
    from renmai.kernel.actions.action import Action
    from renmai.kernel.matching.rule import Rule
    from renmai.kernel.records.arrangement import Arrangement

    Changes = dict[str, Callable[[FieldSpec], FieldSpec]]
    Layouts = list[tuple[Any, Arrangement]]

FROM_FIELDS = ["fields", "_by_kind", "writable", "relations", "computed", "as_coded"]
EVERY = "*"


@dataclass(frozen=True)
class Relation:
    """Records of another type that link to this one: ``target`` by its ``field``, which is kept in ``column``."""

    name: str
    target: str
    column: str
    field: str

    @property
    def kind(self) -> RecordType:
        """The other type."""
        return registry[self.target]


@dataclass(frozen=True)
class Rows:
    """The rows of a document."""

    name: str
    model: type[Row]
    parent: str
    fields: dict[str, FieldSpec] = field(default_factory=dict)


class RecordType:
    """One noun. Subclasses say only what differs.

    Attributes:
        model, icon: the noun's model, and the name of an icon of the sprite.
        columns: fields of the list, in order.
        layout: heading → fields of page and form.
        board: how its board is made, if it has one.
        search: fields whose text finds it.
        actions: what can be done with one of them, in order of the buttons.
        subtitle: field shown under the title in search and pick-lists.
        rail, rank: whether it stands in the rail of the shell, and in which order.
        tells: links whose records' timelines show this type's facts too.
        ownerless: a new one belongs to nobody unless somebody is named.
        takes: relations whose records go into the recycle bin with it, and come back with it.
        phrases: verb of a fact → the sentence on the timeline, with ``%(by)s``, ``%(title)s`` and the fact's data.
        happenings: verb of a fact → what that is called where such facts are chosen; without, as the action that makes it.
        reveals: verb or datum of a fact → the field that it tells of, so that it is not told to whom that field is hidden.
        begins: the date at which the life of an imported record begins, for its first fact.
        composer: fields of the short form on other records' timelines, for what is written down there.
        card: further fields that its card on other records' timelines shows.
        hint, found_by: what it is for, on its card among the settings, and other words by which people look for it; without, no card.
        ready: stored name of a record that comes with the program → label, which is shown in the reader's language while it is unchanged.
        rights: verbs besides those of its actions that a role may open or close, and the words for them.
        governs: rules how Renmai works: only administrators change it, whatever a role says of every type.
        lies_with: the link to what a record belongs to: it lies in that record's territory where no rule of its own says otherwise.
        acted: changes only by its actions: nobody writes one by hand.
        follows: links whose records derivation and events look at, read at once where many records change.
        duplicates: what makes two of them the same.
        beside: further parts of a record's page, each asked for by itself at the address of that name below the record's.
        arrives: what comes in from outside becomes one of these where nothing else is said.
        open_to_all: everyone with an account may view all of them (products, stages…), whatever the role says.
    """

    model: ClassVar[type[Record]]
    icon: ClassVar[str] = "file"
    columns: ClassVar[list[str]] = []
    layout: ClassVar[dict[Any, list[str]]] = {}
    board: ClassVar[Board | None] = None
    search: ClassVar[list[str]] = []
    actions: ClassVar[list[Action]] = []
    subtitle: ClassVar[str] = ""
    rail: ClassVar[bool] = True
    rank: ClassVar[int] = 50
    tells: ClassVar[list[str]] = []
    takes: ClassVar[list[str]] = []
    phrases: ClassVar[dict[str, Any]] = {}
    happenings: ClassVar[dict[str, Any]] = {}
    reveals: ClassVar[dict[str, str]] = {}
    ownerless: ClassVar[bool] = False
    follows: ClassVar[list[str]] = []
    hint: ClassVar[Any] = ""
    begins: ClassVar[str] = "created_at"
    acted: ClassVar[bool] = False
    open_to_all: ClassVar[bool] = False
    beside: ClassVar[list[str]] = []
    arrives: ClassVar[bool] = False
    governs: ClassVar[bool] = False
    lies_with: ClassVar[str] = ""
    composer: ClassVar[list[str]] = []
    card: ClassVar[list[str]] = []
    duplicates: ClassVar[Rule | None] = None
    rights: ClassVar[Mapping[str, Any]] = {}
    found_by: ClassVar[Any] = ""
    ready: ClassVar[dict[str, Any]] = {}

    @cached_property
    def slug(self) -> str:
        """The English plural in kebab case: its place in every address."""
        with override("en"):
            return slugify(str(self.model._meta.verbose_name_plural))

    @cached_property
    def noun(self) -> str:
        """The English singular in kebab case: the first half of its facts' kinds."""
        with override("en"):
            return slugify(str(self.model._meta.verbose_name))

    @property
    def label(self) -> Any:
        return self.model._meta.verbose_name

    @property
    def label_plural(self) -> Any:
        return self.model._meta.verbose_name_plural

    @property
    def domain(self) -> str:
        """The app that the noun lives in."""
        return self.model._meta.app_label

    @cached_property
    def custom(self) -> dict[str, CustomSpec]:
        """The fields that the company made itself, by name (``custom.budget``)."""
        return {}

    @cached_property
    def computed(self) -> list[CustomSpec]:
        """Those of the company's fields whose values the database works out."""
        return [spec for spec in self.custom.values() if spec.computed]

    @cached_property
    def changed(self) -> Changes:
        """What the company says otherwise of the code's fields, by name."""
        return {}

    def overlay(self, custom: dict[str, CustomSpec], changed: Changes, layouts: Layouts) -> None:
        """Take over what the company made of the type; all that was worked out from its fields is forgotten."""
        for name in FROM_FIELDS:
            self.__dict__.pop(name, None)
        self.__dict__.update(custom=custom, changed=changed, layouts=layouts)

    @cached_property
    def _coded(self) -> tuple[dict[str, FieldSpec], dict[str, FieldSpec]]:
        return coded(self.model, self.collections)

    @cached_property
    def fields(self) -> dict[str, FieldSpec]:
        """Every field by name: the noun's own, the company's, the common ones, its rows and what it is about."""
        own, common = self._coded
        found = own | self.custom | common
        return found | {name: change(found[name]) for name, change in self.changed.items() if name in found}

    @cached_property
    def twins(self) -> dict[str, str]:
        """A field that is the primary entry of a list, with that list, and the reverse: what is said of one holds for both."""
        primaries: dict[str, str] = getattr(self.model, "primaries", {})
        return primaries | {several: single for single, several in primaries.items()}

    @cached_property
    def as_coded(self) -> Arrangement:
        """How it stands on pages and in forms where no layout says otherwise."""
        from renmai.kernel.records.arrangement import Arrangement

        return Arrangement(self)

    @cached_property
    def layouts(self) -> Layouts:
        """The company's layouts, each with the id of its role, in their order; the one for everybody has none and comes last."""
        return []

    def arranged(self, by: User | None) -> Arrangement:
        """How it stands for a person; what the system does by itself follows no layout."""
        return self.arranged_for(by.access.roles) if self.layouts and by is not None else self.as_coded

    def arranged_for(self, roles: Iterable[Any]) -> Arrangement:
        """How it stands for whoever has these roles: by the first layout of one of them, else by everybody's."""
        held = {None, *(role.pk for role in roles)}
        return next((arranged for role, arranged in self.layouts if role in held), self.as_coded)

    def of_kind(self, kind: str) -> list[FieldSpec]:
        """The fields of a kind."""
        return self._by_kind.get(kind, [])

    @cached_property
    def writable(self) -> dict[str, FieldSpec]:
        """The fields that a value may be given for, each by itself."""
        return {name: spec for name, spec in self.fields.items() if spec.editable and spec.kind != "custom"}

    @cached_property
    def _by_kind(self) -> dict[str, list[FieldSpec]]:
        return {kind: [spec for spec in self.fields.values() if spec.kind == kind] for kind in {spec.kind for spec in self.fields.values()}}

    @cached_property
    def collections(self) -> dict[str, Rows]:
        """The rows that live and die with a record, by name."""
        found = {}
        for relation in self.model._meta.related_objects:
            if isinstance(relation.field, Parent):
                model: Any = relation.related_model
                own: list[Any] = [one for one in model._meta.fields if isinstance(one, Kinded) and not isinstance(one, Parent)]
                specs = {spec.name: spec for column in own if (spec := FieldSpec.of(column.name, column)).name != "position"}
                name = str(relation.get_accessor_name())
                found[name] = Rows(name, model, relation.field.name, specs)
        return found

    @cached_property
    def relations(self) -> dict[str, Relation]:
        """Records of other types that link here, by the name that criteria use (the other type's slug)."""
        found: dict[str, Relation] = {}
        for other in registry.all():
            for spec in other.fields.values():
                if spec.kind == "link" and spec.editable and spec.target_model is self.model and spec.name not in {"owner", "team"}:
                    plain = other.slug.replace("-", "_")
                    name = f"{plain}_{spec.key}" if isinstance(spec, CustomSpec) and plain in found else plain
                    found.setdefault(name, Relation(name, other.slug, spec.column, spec.name))
        return found

    def relations_for(self, user: User) -> list[Relation]:
        """The relations whose link is not hidden from a person: who may not see the link may not see what is linked, either."""
        return [relation for relation in self.relations.values() if relation.field not in user.access.hidden(relation.kind)]

    def action(self, name: str) -> Action | None:
        """The action of that name, with those that other domains contribute."""
        return next((action for action in self.all_actions if action.name == name), None)

    @cached_property
    def all_actions(self) -> list[Action]:
        """Own actions, then contributed ones, then those that every type has."""
        from renmai.kernel.actions.common import COMMON

        own = [*self.actions, *registry.contributed.get(self.slug, [])]
        names = {action.name for action in own}
        common = [action for action in [*COMMON, *registry.contributed.get(EVERY, [])] if action.name not in names]
        return [*own, *(action for action in common if action.fits is None or action.fits(self))]

    @property
    def verbs(self) -> list[str]:
        """What a role may open or close besides viewing, creating and the like: its actions, by name and by right."""
        return list(dict.fromkeys([*(word for action in self.all_actions for word in (action.name, action.may)), *self.rights]))

    def path(self, record: Record | None = None) -> str:
        """Address of the list, or of one record."""
        return f"/{self.slug}/{record.pk}/" if record is not None else f"/{self.slug}/"

    def place(self, record: Record | None = None, *, new: bool = False) -> str:
        """Address of the page that people use for the list, a new one or a live record, where that is not the generic one."""
        return ""

    def complete(self, values: dict[str, Any]) -> None:
        """Fill in what a new record was not given and no field has as its default."""

    def recall(self, values: dict[str, Any]) -> None:
        """Fill in what a file of another system leaves out of a record's life there; asked for imported records before they are cleaned."""

    def own_doors(self, user: User, verb: str) -> list[Q] | None:
        """The rows of a type that opens itself by rules of its own, as disjoint conditions; None where roles and shares open it."""
        return None

    def further_ways(self, user: User, verb: str) -> list[Way]:
        """Ways in that the type opens besides those of roles, territories and shares; a way may hide fields."""
        return []

    def require_allowed(self, values: dict[str, Any], by: User) -> None:
        """Raise ``Refusal`` where a person may not give such values, whatever the record."""

    def difference(self, before: Record | None, after: Record, by: User, given: Mapping[str, str]) -> dict[str, Any] | None:
        """What a change of ``before``, or a new record where that is None, comes to, for a dry run with the query ``given``."""
        return None

    def require_editable(self, record: Record, changed: dict[str, Any]) -> None:
        """Raise ``Refused`` where a record in this state keeps these fields."""

    def require_returnable(self, record: Record, changed: dict[str, Any]) -> None:
        """Raise ``Refused`` where a record in this state keeps these fields though what somebody did to it is taken back."""
        self.require_editable(record, changed)

    def require_fit(self, record: Record, by: User | None) -> None:
        """Raise ``Refusal`` where a new record, settled and not yet stored, may not begin so."""

    def check(self) -> None:
        """Raise ``Misdeclared`` for a name that does not exist."""
        who = type(self).__name__
        lists = {
            "columns": self.columns,
            "search": self.search,
            "duplicates": self.duplicates.names if self.duplicates is not None else [],
            "tells": self.tells,
            "reveals": list(self.reveals.values()),
            "titled_by": [name for name in self.model.titled_by if name != "name"],
            "layout": [name for names in self.layout.values() for name in names],
        }
        if self.board:
            lists["board"] = [name for name in (self.board.by, self.board.sum, self.board.within, *self.board.card) if name]
        lists |= {"composer": self.composer, "card": self.card, "follows": [path.partition("__")[0] for path in self.follows]}
        lists |= {where: [name] for where, name in (("subtitle", self.subtitle), ("lies_with", self.lies_with)) if name}
        for where, names in lists.items():
            for name in names:
                known(name, list(self.fields), f"{who}.{where}")
        for name in self.takes:
            known(name, list(self.relations), f"{who}.takes")
        if self.board and self.board.action:
            known(self.board.action, [action.name for action in self.all_actions], f"{who}.board.action")


class Registry:
    """Every record type by slug and by model."""

    def __init__(self) -> None:
        self._by_slug: dict[str, RecordType] = {}
        self._by_model: dict[type[models.Model], RecordType] = {}
        self._coded: dict[str, RecordType] = {}
        self.contributed: dict[str, list[Action]] = {}
        self.reads: dict[tuple[str, str], frozenset[tuple[str, str]]] = {}  # computed field → the fields that it looks at

    def add(self, kind: type[RecordType]) -> type[RecordType]:
        """Take a declaration in."""
        instance = kind()
        if instance.slug in self._by_slug:
            raise Misdeclared(f"{kind.__name__} is called {instance.slug!r}, as {type(self._by_slug[instance.slug]).__name__} is already.")
        self._by_slug[instance.slug] = self._by_model[instance.model] = self._coded[instance.slug] = instance
        return kind

    def overlay(self, made: list[RecordType]) -> None:
        """Take the types that the company made itself beside those of the code, in place of those that it had before."""
        self._by_slug = {**{kind.slug: kind for kind in made}, **self._coded}
        self._by_model = {kind.model: kind for kind in self._by_slug.values()}

    def coded(self) -> list[RecordType]:
        """The types of the code."""
        return list(self._coded.values())

    def contribute(self, slug: str, action: Action) -> None:
        """Give an action to a type of a lower domain, or with ``*`` to every type."""
        self.contributed.setdefault(slug, []).append(action)

    def __getitem__(self, slug: str) -> RecordType:
        return self._by_slug[slug]

    def get(self, slug: str) -> RecordType | None:
        """The type of that slug, or None."""
        return self._by_slug.get(slug)

    def of(self, model: type[models.Model] | models.Model) -> RecordType:
        """The type of a model or of one of its rows."""
        return self._by_model[model if isinstance(model, type) else model.__class__]  # a lazy request.user tells its class, not its type

    def all(self) -> list[RecordType]:
        """All types, in the order of the rail."""
        return sorted(self._by_slug.values(), key=lambda kind: (kind.rank, kind.slug))

    def discover(self) -> None:
        """Import every ``record``, ``listeners`` and ``panel`` module of the installed domains, then check what they declare."""
        for config in apps.get_app_configs():
            if config.name.startswith("renmai."):
                for module in pkgutil.walk_packages(config.module.__path__, f"{config.name}."):  # type: ignore[union-attr]
                    if module.name.rpartition(".")[2] in {"record", "listeners", "panel"}:
                        importlib.import_module(module.name)
        for kind in self.all():
            kind.check()


registry = Registry()
register = registry.add
