"""The form of a custom field: what it asks depends on what the field holds."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from renmai.kernel.overlay.field import CHOOSING, CustomField, CustomKind
from renmai.kernel.records.clean import Errors
from renmai.kernel.records.fields import Boolean, Choice, Integer, LongText, Text
from renmai.kernel.records.types import registry
from renmai.kernel.settings.form import Form
from renmai.kernel.ui.inputs import Input

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

OTHERS = "label_"
ICONS: dict[str, str] = {
    CustomKind.TEXT: "letter-case",
    CustomKind.LONG_TEXT: "align-left",
    CustomKind.NUMBER: "123",
    CustomKind.MONEY: "coin",
    CustomKind.PERCENT: "percentage",
    CustomKind.DATE: "calendar",
    CustomKind.MOMENT: "clock",
    CustomKind.TIME: "clock-hour-4",
    CustomKind.BOOLEAN: "checkbox",
    CustomKind.CHOICE: "selector",
    CustomKind.CHOICES: "list-check",
    CustomKind.PERSON: "user",
    CustomKind.LINK: "link",
    CustomKind.EMAIL: "mail",
    CustomKind.PHONE: "phone",
    CustomKind.URL: "world",
    CustomKind.ADDRESS: "map-pin",
    CustomKind.FORMULA: "math-function",
    CustomKind.ROLL_UP: "sum",
}
HINTS: dict[str, Any] = {
    CustomKind.TEXT: _("One line, such as a name or a number with letters"),
    CustomKind.LONG_TEXT: _("Several lines, such as a description"),
    CustomKind.NUMBER: _("With up to four decimals"),
    CustomKind.MONEY: _("An amount in the record's currency"),
    CustomKind.PERCENT: _("Between 0 and 100"),
    CustomKind.DATE: _("A day"),
    CustomKind.MOMENT: _("A day and a time of day"),
    CustomKind.TIME: _("Hours and minutes, such as opening hours"),
    CustomKind.BOOLEAN: _("A box to tick"),
    CustomKind.CHOICE: _("One of a list; makes columns of a board"),
    CustomKind.CHOICES: _("Any number of a list"),
    CustomKind.PERSON: _("A colleague"),
    CustomKind.LINK: _("An account, a person or any other record"),
    CustomKind.EMAIL: _("Opens the mail program"),
    CustomKind.PHONE: _("Starts a call"),
    CustomKind.URL: _("Opens the page"),
    CustomKind.ADDRESS: _("Street, city, postcode and country"),
    CustomKind.FORMULA: _("Worked out of other fields, such as the price without tax"),
    CustomKind.ROLL_UP: _("Counted or added up over related records, such as the sum of won opportunities"),
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
    found["required"] = Boolean(_("Every new record needs it"))
    if kind != CustomKind.LONG_TEXT:
        found["filterable"] = Boolean(
            _("Sort and group lists by it"), help_text=_("An index is built behind the page, so that long lists stay quick.")
        )
    found["help"] = Text(_("Help below the field"), blank=True)
    found["position"] = Integer(_("Position among the own fields"), default=0)
    return found


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
        made: the field, where it exists.
    """

    def __init__(self, kind: str, by: User, made: CustomField | None = None) -> None:
        self.kind, self.made = kind, made
        self.main = Form(asks(kind, is_new=made is None), by)
        self.more = Form(more_asks(is_new=made is None), by)

    @property
    def standing(self) -> dict[str, Any]:
        """What stands in the form at first."""
        if self.made is None:
            return {"filterable": self.kind != CustomKind.LONG_TEXT, "position": "0"}
        named = {f"{OTHERS}{code}": word for code, word in self.made.labels.items()}
        return (
            {name: getattr(self.made, name) for name in self.main.specs if name != "position"}
            | {"position": str(self.made.position)}
            | named
        )

    def inputs(self, values: Mapping[str, Any], errors: Errors) -> tuple[list[Input], list[Input]]:
        """The inputs, and those that few people need."""
        return self.main.inputs(values, errors), self.more.inputs(values, errors)

    def clean(self, typed: QueryDict) -> dict[str, Any]:
        """What was typed, as the API would send it.

        Raises:
            Invalid: with every field that does not do.
        """
        given = {**self.main.clean(typed), **self.more.clean(typed)}
        labels = {name.removeprefix(OTHERS): given.pop(name) for name in list(given) if name.startswith(OTHERS)}
        if "choices" in given:
            given["choices"] = [line.strip() for line in given["choices"].splitlines() if line.strip()]
        given["position"] = given["position"] or 0
        return {**given, "labels": labels}
