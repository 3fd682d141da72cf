"""The form of a custom field: what it asks depends on what the field holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from renmai.kernel.criteria.builder.builder import Builder
from renmai.kernel.overlay.computed.rollup import LATEST, TAKES, fields_for, relations, times
from renmai.kernel.overlay.field import CHOOSING, COMPUTED, Aggregate, CustomField, CustomKind, Result
from renmai.kernel.records.clean import Errors
from renmai.kernel.records.fields import Boolean, Choice, Integer, LongText, Text
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.settings.form import Form
from renmai.kernel.ui.inputs import Input

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.criteria.tree import Many

OTHERS = "label_"
UNSORTED = {CustomKind.LONG_TEXT, CustomKind.FILE}


@dataclass(frozen=True)
class Offer:
    """How a kind of field is offered: a sign, and a sentence about what it is for."""

    icon: str
    hint: Any


OFFERS: dict[str, Offer] = {
    CustomKind.TEXT: Offer(icon="letter-case", hint=_("One line, such as a name or a number with letters")),
    CustomKind.LONG_TEXT: Offer(icon="align-left", hint=_("Several lines, such as a description")),
    CustomKind.NUMBER: Offer(icon="hash", hint=_("With up to four decimals")),
    CustomKind.MONEY: Offer(icon="coin", hint=_("An amount in the record's currency")),
    CustomKind.PERCENT: Offer(icon="percentage", hint=_("Between 0 and 100")),
    CustomKind.DATE: Offer(icon="calendar", hint=_("A day")),
    CustomKind.MOMENT: Offer(icon="clock", hint=_("A day and a time of day")),
    CustomKind.TIME: Offer(icon="clock-hour-4", hint=_("Hours and minutes, such as opening hours")),
    CustomKind.BOOLEAN: Offer(icon="checkbox", hint=_("A box to tick")),
    CustomKind.CHOICE: Offer(icon="selector", hint=_("One of a list; makes columns of a board")),
    CustomKind.CHOICES: Offer(icon="list-check", hint=_("Any number of a list")),
    CustomKind.PERSON: Offer(icon="user", hint=_("A colleague")),
    CustomKind.LINK: Offer(icon="link", hint=_("An account, a person or any other record")),
    CustomKind.EMAIL: Offer(icon="mail", hint=_("Opens the mail program")),
    CustomKind.PHONE: Offer(icon="phone", hint=_("Starts a call")),
    CustomKind.URL: Offer(icon="world", hint=_("Opens the page")),
    CustomKind.ADDRESS: Offer(icon="map-pin", hint=_("Street, city, postcode and country")),
    CustomKind.FILE: Offer(icon="paperclip", hint=_("One or several files, such as a signed form")),
    CustomKind.FORMULA: Offer(icon="math-function", hint=_("Worked out of other fields, such as the price without tax")),
    CustomKind.ROLL_UP: Offer(icon="sum", hint=_("Counted or added up over related records, such as the sum of won opportunities")),
}


def asks(kind: str, *, is_new: bool) -> dict[str, Any]:
    """What the form asks for a kind."""
    found: dict[str, Any] = {"label": Text(_("What is it called?"))}
    if kind in CHOOSING and is_new:
        found["choices"] = LongText(_("Choices, one on each line"))
    if kind == CustomKind.LINK and is_new:
        found["target"] = Choice(
            SimpleNamespace(choices=[(each.slug, capfirst(str(each.label_plural))) for each in linkable()]), _("Links to")
        )
    if kind == CustomKind.FORMULA:
        found |= formula_asks(is_new=is_new)
    if kind not in COMPUTED:
        found["required"] = Boolean(_("Every new record needs it"))
    if kind not in UNSORTED:
        found["filterable"] = Boolean(
            _("Sort and group lists by it"), help_text=_("An index is built behind the page, so that long lists stay quick.")
        )
    found["help"] = Text(_("Help below the field"), blank=True)
    found["position"] = Integer(_("Position among the own fields"), default=0)
    return found


def formula_asks(*, is_new: bool) -> dict[str, Any]:
    """What the form of a formula asks besides; what it gives stays as it was made."""
    given = [(value, label) for value, label in Result.choices if value != Result.MOMENT]
    result = Choice(
        SimpleNamespace(choices=given), _("Result"), blank=True, help_text=_("Follows from the formula where it is left empty.")
    )
    formula = LongText(_("Formula"), help_text=_("For example: if(amount > 1000, amount * 0.1, 0)"))
    return {"formula": formula, **({"result": result} if is_new else {})}


def rollup_asks(many: Many) -> dict[str, Any]:
    """What the form of a roll-up asks besides which related records they are."""
    taken = {name: spec.label for how in TAKES for name, spec in fields_for(many.kind, how).items()}
    moments = {name: spec.label for name, spec in times(many.kind).items()}
    return {
        "aggregate": Choice(Aggregate, _("What is worked out?")),
        "related_field": _names(taken, _("Of which field?"), _("Not needed where they are counted.")),
        "latest_by": _names(moments, _("Which date tells the newest?"), _("Only needed for what the newest one says.")),
    }


def _names(labels: Mapping[str, Any], label: Any, help_text: Any) -> Choice:
    choices = sorted(((name, capfirst(str(text))) for name, text in labels.items()), key=lambda pair: pair[1])
    return Choice(SimpleNamespace(choices=choices), label, blank=True, help_text=help_text)


def linkable() -> list[Any]:
    """Types that a field can link to."""
    return [kind for kind in registry.all() if kind.rail]


def more_asks(*, is_new: bool) -> dict[str, Any]:
    """What few people need to say: the label in other languages, and the key of a new field."""
    found: dict[str, Any] = {f"{OTHERS}{code}": Text(name, blank=True) for code, name in settings.LANGUAGES}
    if is_new:
        found["key"] = Text(
            _("Key"), blank=True, help_text=_("Its name for programs and files; made from the label where it is left empty.")
        )
    return found


class FieldForm:
    """The form of a new or of an existing field.

    Args:
        kind: of the field, one of ``CustomKind``.
        of: the type that has it, or gets it.
        made: the field, where it exists.
        relation: for a roll-up, the related records that it is over.
    """

    def __init__(self, kind: str, by: User, of: RecordType, made: CustomField | None = None, relation: str = "") -> None:
        self.kind, self.by, self.of, self.made = kind, by, of, made
        self.many = relations(of).get(made.relation if made is not None else relation) if kind == CustomKind.ROLL_UP else None
        rolled = rollup_asks(self.many) if self.many is not None else {}
        plain = asks(kind, is_new=made is None)
        self.main = Form({"label": plain.pop("label"), **rolled, **plain}, by)
        self.more = Form(more_asks(is_new=made is None), by)

    @property
    def standing(self) -> dict[str, Any]:
        """What stands in the form at first."""
        if self.made is None:
            return {"filterable": self.kind not in UNSORTED, "position": "0"}
        named = {f"{OTHERS}{code}": word for code, word in self.made.labels.items()}
        return (
            {name: getattr(self.made, name) for name in self.main.specs if name != "position"}
            | {"position": str(self.made.position)}
            | named
        )

    @cached_property
    def builder(self) -> Builder | None:
        """The builder of criteria of a roll-up; the rows of a document are taken all."""
        if self.many is None or not isinstance(self.many.kind, RecordType):
            return None
        tree = self.made.criteria if self.made is not None else None
        return Builder.of(self.many.kind, self.by, tree or None, company=True, related=False)

    def _criteria(self, typed: QueryDict) -> dict[str, Any]:
        """What a roll-up says besides what the inputs hold."""
        if self.many is None:
            return {}
        found: dict[str, Any] = {"relation": self.many.name}
        if self.builder is not None:
            self.builder = Builder.read(typed, self.builder.kind, self.by, company=True, related=False)
            found["criteria"] = self.builder.finished()
        return found

    def inputs(self, values: Mapping[str, Any], errors: Errors) -> tuple[list[Input], list[Input]]:
        """The inputs, and those that few people need."""
        return self.main.inputs(values, errors), self.more.inputs(values, errors)

    def clean(self, typed: QueryDict) -> dict[str, Any]:
        """What was typed, as the API would send it.

        Raises:
            Invalid: with every field that does not do.
        """
        given = {**self._criteria(typed), **self.main.clean(typed), **self.more.clean(typed)}
        if given.get("aggregate") == Aggregate.COUNT:
            given["related_field"] = ""
        if given.get("aggregate") != LATEST:
            given.pop("latest_by", None)
        labels = {name.removeprefix(OTHERS): given.pop(name) for name in list(given) if name.startswith(OTHERS)}
        if "choices" in given:
            given["choices"] = [line.strip() for line in given["choices"].splitlines() if line.strip()]
        given["position"] = given["position"] or 0
        return {**given, "labels": labels}
