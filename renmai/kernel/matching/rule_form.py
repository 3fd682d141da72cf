"""The form of a duplicate rule: fields picked from lists, criteria built, and what does not fit told beside where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.actions.action import REQUIRED
from renmai.kernel.criteria.form import CriteriaForm
from renmai.kernel.matching.model import DuplicateRule, can_compare, matched
from renmai.kernel.matching.rule import Also, Strength, TraitKind
from renmai.kernel.records.fields import Boolean, Choice, Choices
from renmai.kernel.records.pages.rows import Table
from renmai.kernel.records.pages.typing import Errors
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.ui.inputs import Input

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record


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


class RuleForm(CriteriaForm):
    """A rule on its way through the form.

    Args:
        about: the type that it is about.
        found: the rule, where it exists.
        sent: what was typed, once something was.
    """

    asked = ("name", "active", "warn_from", "at_import", "tells_of_hidden")
    limits: ClassVar[Mapping[str, bool]] = {"related": False}

    def __init__(self, about: RecordType, by: User, found: DuplicateRule | None, sent: QueryDict | None) -> None:
        self.about = about
        self.traits = Traits(about, by)
        if sent is None:
            self.traits.show((found.traits if found is not None else None) or coded_traits(about))
        super().__init__(registry.of(DuplicateRule), by, found, sent)

    def of(self) -> RecordType:
        return self.about

    def blank(self) -> DuplicateRule:
        return DuplicateRule(name=capfirst(str(self.about.label_plural)))

    @property
    def others(self) -> list[Input]:
        """What is done about the same in each other type; what the program does stands there at first."""
        coded = type(self.about).duplicates
        now = {**(coded.also if coded else {}), **(self.found.also if self.found else {})}
        found = []
        for kind in matched():
            if kind is not self.about:
                name = f"also.{kind.slug}"
                value = self.sent.get(name, "") if self.sent is not None else now.get(kind.slug, Also.NOT)
                label = capfirst(str(kind.label_plural))
                found.append(
                    Input(name, label, "choice", str(value), choices=Also.choices, required=True, errors=self.errors.get(name, []))
                )
        return found

    def is_beside(self, name: str) -> bool:
        return super().is_beside(name) or name.partition(".")[0] == "traits"

    def more(self, sent: QueryDict) -> tuple[dict[str, Any], Errors]:
        traits, wrong = self.traits.read(sent)
        kept = [] if traits == coded_traits(self.about) else traits
        return {"traits": kept, "also": self._also(sent), "record_type": self.about.slug}, wrong

    def _also(self, sent: QueryDict) -> dict[str, str]:
        """What differs from the program's own ways, so that these may change with it."""
        coded = type(self.about).duplicates.also if type(self.about).duplicates else {}  # type: ignore[union-attr]
        given = {kind.slug: sent.get(f"also.{kind.slug}", "") for kind in matched() if kind is not self.about}
        return {slug: way for slug, way in given.items() if way and way != coded.get(slug, Also.NOT)}

    def refused(self, errors: Errors) -> None:
        """Take what the store said, each sentence to where it belongs."""
        super().refused(errors)
        self.traits.errors |= errors
