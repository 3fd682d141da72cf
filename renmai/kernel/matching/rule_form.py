"""The form of a duplicate rule: fields picked from lists, criteria built, and what does not fit told beside where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.actions.action import REQUIRED
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.criteria.builder.builder import Builder
from renmai.kernel.matching.model import DuplicateRule, can_compare, matched
from renmai.kernel.matching.rule import Also, Strength, TraitKind
from renmai.kernel.records.fields import Boolean, Choice, Choices
from renmai.kernel.records.pages.door import version_seen
from renmai.kernel.records.pages.inputs import Inputs, stored
from renmai.kernel.records.pages.rows import Table
from renmai.kernel.records.pages.typing import Errors, typed_values
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.ui.inputs import Input

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

ASKED = ("name", "active", "warn_from", "at_import", "tells_of_hidden")


def comparable(kind: RecordType) -> list[FieldSpec]:
    """The fields of a type that can be compared in some way, those of the company's own too."""
    return [spec for spec in kind.fields.values() if spec.editable and any(can_compare(how, spec) for how in TraitKind)]


def coded_traits(kind: RecordType) -> list[dict[str, Any]]:
    """What the program compares, as a rule holds it."""
    rule = type(kind).duplicates
    told = rule.traits if rule is not None else ()
    return [{"kind": str(one.kind), "fields": " ".join(one.fields), "strength": str(one.strength), "finds": one.finds} for one in told]


class Traits(Table):
    """What a rule compares, one trait a row, its fields chosen from those of the type."""

    def __init__(self, of: RecordType, by: User) -> None:
        labels = {spec.name: capfirst(str(spec.label)) for spec in comparable(of)}
        asks = {
            "fields": Choices(gettext_lazy("Fields"), options=labels),
            "kind": Choice(TraitKind, gettext_lazy("Compared as")),
            "strength": Choice(Strength, gettext_lazy("What it says"), default=Strength.FAIR),
            "finds": Boolean(gettext_lazy("Finds pairs"), default=True),
        }
        fields = {name: FieldSpec.of(name, ask) for name, ask in asks.items()}
        super().__init__("traits", _("What makes two the same"), fields, by, _("Without a row they are compared as the program does it."))

    def of(self, record: Record) -> None:
        self.show(record.traits)  # type: ignore[attr-defined]

    def show(self, traits: list[dict[str, Any]]) -> None:
        """Show traits as a rule holds them."""
        self.keys = [str(number) for number, _trait in enumerate(traits, start=1)]
        self.values = [{**trait, "fields": trait["fields"].split()} for trait in traits]
        self.computed = [{} for _trait in traits]

    @property
    def is_open(self) -> bool:
        return True

    @property
    def lines(self) -> list[tuple[str, list[Input], dict[str, str]]]:
        """A type has many fields: those that are compared stand as chips, the others are offered."""
        found = super().lines
        for made in (made for _key, inputs, _computed in found for made in inputs if made.name == "fields"):
            made.kind = "chips"
        return found

    def read(self, form: QueryDict) -> tuple[list[dict[str, Any]], Errors]:
        """As every table, with all the fields that were chosen."""
        given, errors = super().read(form)
        for key, values in zip(self.keys, self.values, strict=True):
            values["fields"] = form.getlist(f"{self.name}.{key}.fields")
            values["finds"] = form.get(f"{self.name}.{key}.finds") == "true"
        return given, errors

    def given(self, key: str, values: dict[str, Any]) -> dict[str, Any]:
        """As a rule holds it."""
        return {**values, "fields": " ".join(values["fields"] or [])}

    def is_blank(self, raw: Mapping[str, Any]) -> bool:
        return not raw["fields"] and not raw["kind"]

    def misfits(self, values: Mapping[str, Any]) -> Errors:
        return {name: [REQUIRED] for name in ("fields", "kind") if not values.get(name)}


class RuleForm:
    """A rule on its way through the form.

    Args:
        of: the type that it is about.
        found: the rule, where it exists.
        sent: what was typed, once something was.
    """

    def __init__(self, of: RecordType, by: User, found: DuplicateRule | None, sent: QueryDict | None = None) -> None:
        self.of, self.by, self.found, self.sent = of, by, found, sent
        self.kind = registry.of(DuplicateRule)
        self.errors: Errors = {}
        self.traits = Traits(of, by)
        self.traits.show((found.traits if found is not None else None) or coded_traits(of))
        self.only = self._builder()

    def _builder(self) -> Builder:
        if self.sent is not None and any(name.startswith("filter") for name in self.sent):
            return Builder.read(self.sent, self.of, self.by, related=False, company=True)
        return Builder.of(self.of, self.by, (self.found.criteria if self.found else None) or None, related=False, company=True)

    @property
    def specs(self) -> list[FieldSpec]:
        """The plain fields."""
        return [self.kind.fields[name] for name in ASKED]

    @property
    def inputs(self) -> list[Input]:
        """The plain fields, with what stands in them."""
        if self.sent is not None:
            values: Any = self.sent.dict()
        else:
            values = stored(self.specs, self.found or DuplicateRule(name=capfirst(str(self.of.label_plural))))
        return Inputs(self.by).of(self.specs, values, self.errors)

    @property
    def others(self) -> list[Input]:
        """What is done about the same in each other type; what the program does stands there at first."""
        coded = type(self.of).duplicates
        now = {**(coded.also if coded else {}), **(self.found.also if self.found else {})}
        found = []
        for kind in matched():
            if kind is not self.of:
                name = f"also.{kind.slug}"
                value = self.sent.get(name, "") if self.sent is not None else now.get(kind.slug, Also.NOT)
                label = capfirst(str(kind.label_plural))
                found.append(
                    Input(name, label, "choice", str(value), choices=Also.choices, required=True, errors=self.errors.get(name, []))
                )
        return found

    @property
    def problems(self) -> list[str]:
        """What is wrong and belongs to no input."""
        beside = {*ASKED, "traits"}
        return [str(said) for name, found in self.errors.items() if name not in beside and not name.startswith("traits.") for said in found]

    def save(self) -> Any:
        """Keep it.

        Raises:
            Invalid: with every field that does not do.
            Conflict: somebody else has changed the rule meanwhile.
        """
        sent = self.sent or QueryDict()
        values, errors = typed_values(self.specs, sent)
        traits, wrong = self.traits.read(sent)
        if not self.only.is_whole:
            errors["criteria"] = [_("Complete the conditions first.")]
        if errors or wrong:
            raise Invalid({**errors, **wrong})
        given = {
            **values,
            "traits": [] if traits == coded_traits(self.of) else traits,
            "criteria": self.only.tree or {},
            "also": self._also(sent),
        }
        if self.found is None:
            return create(self.kind, {**given, "record_type": self.of.slug}, self.by)
        return update(self.kind, self.found.pk, given, self.by, version=version_seen(sent))

    def _also(self, sent: QueryDict) -> dict[str, str]:
        """What differs from the program's own ways, so that these may change with it."""
        coded = type(self.of).duplicates.also if type(self.of).duplicates else {}  # type: ignore[union-attr]
        given = {kind.slug: sent.get(f"also.{kind.slug}", "") for kind in matched() if kind is not self.of}
        return {slug: way for slug, way in given.items() if way and way != coded.get(slug, Also.NOT)}

    def refused(self, errors: Errors) -> None:
        """Take what the store said, each sentence to where it belongs."""
        self.errors = errors
        self.traits.errors |= errors
