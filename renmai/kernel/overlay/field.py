"""A field that the company made itself, as a record: what it is called, what it holds, and how it becomes a ``FieldSpec``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from renmai.kernel.formula import BadFormula
from renmai.kernel.overlay import words
from renmai.kernel.overlay.computed.plan import Plan, cycle, plan_of, plans
from renmai.kernel.overlay.computed.rollup import BadRollUp
from renmai.kernel.overlay.erase import is_under_way
from renmai.kernel.records import fields
from renmai.kernel.records.custom import ID_OF_LINK, KEY, LONGEST_KEY, PREFIX, CustomSpec, column_of
from renmai.kernel.records.record import Record
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.records.types import RecordType


class CustomKind(models.TextChoices):
    """What a custom field holds."""

    TEXT = "text", gettext_lazy("Text")
    LONG_TEXT = "long_text", gettext_lazy("Long text")
    NUMBER = "number", pgettext_lazy("kind of field", "Number")
    MONEY = "money", gettext_lazy("Money")
    PERCENT = "percent", gettext_lazy("Percentage")
    DATE = "date", gettext_lazy("Date")
    MOMENT = "moment", gettext_lazy("Date and time")
    TIME = "time", gettext_lazy("Time of day")
    BOOLEAN = "boolean", gettext_lazy("Yes or no")
    CHOICE = "choice", gettext_lazy("Choice")
    CHOICES = "choices", gettext_lazy("Several choices")
    PERSON = "person", gettext_lazy("Person who works here")
    LINK = "link", gettext_lazy("Link to a record")
    EMAIL = "email", gettext_lazy("E-mail address")
    PHONE = "phone", gettext_lazy("Telephone number")
    URL = "url", gettext_lazy("Web address")
    ADDRESS = "address", gettext_lazy("Postal address")
    FILE = "file", gettext_lazy("Files")
    FORMULA = "formula", gettext_lazy("Formula")
    ROLL_UP = "roll_up", gettext_lazy("Roll-up")


class Result(models.TextChoices):
    """What a formula or a roll-up gives."""

    TEXT = "text", gettext_lazy("Text")
    NUMBER = "number", pgettext_lazy("kind of field", "Number")
    MONEY = "money", gettext_lazy("Money")
    DATE = "date", gettext_lazy("Date")
    MOMENT = "moment", gettext_lazy("Date and time")
    BOOLEAN = "boolean", gettext_lazy("Yes or no")


class Aggregate(models.TextChoices):
    """What a roll-up works out of related records."""

    COUNT = "count", gettext_lazy("How many there are")
    SUM = "sum", gettext_lazy("Their sum")
    MIN = "min", gettext_lazy("The smallest or earliest")
    MAX = "max", gettext_lazy("The largest or latest")
    LATEST = "latest", gettext_lazy("What the newest one says")


class IndexState(models.TextChoices):
    """How far the index of a filterable field is."""

    NONE = "", gettext_lazy("None")
    WAITING = "waiting", gettext_lazy("Waiting to be built")
    READY = "ready", gettext_lazy("Ready")
    FAILED = "failed", gettext_lazy("Could not be built")


SORTED = {"text", "email", "phone", "choice", "decimal", "money", "percent", "date", "moment", "time"}
CHOOSING = {CustomKind.CHOICE, CustomKind.CHOICES}
COMPUTED = {CustomKind.FORMULA, CustomKind.ROLL_UP}
KEPT = ("type", "key", "kind", "target", "result")
NAMELESS = "field"
COMPUTED_LOCK = 0x464F524D


class CustomField(Record):
    """A field that the company added to a type."""

    type = fields.Text(gettext_lazy("Record type"))
    label = fields.Text(gettext_lazy("Label"))
    kind = fields.Choice(CustomKind, gettext_lazy("Kind"))
    key = fields.Text(
        gettext_lazy("Key"),
        blank=True,
        help_text=gettext_lazy("Its name for programs and files; made from the label where it is left empty."),
    )
    labels = fields.Json(gettext_lazy("Labels by language"), shape=words.words, default=dict, blank=True)
    choices = fields.Json(gettext_lazy("Choices"), shape=words.choices, default=list, blank=True)
    target = fields.Text(gettext_lazy("Links to"), blank=True)
    formula = fields.LongText(gettext_lazy("Formula"), blank=True)
    result = fields.Choice(Result, gettext_lazy("Result"), blank=True)
    relation = fields.Text(gettext_lazy("Related records"), blank=True)
    aggregate = fields.Choice(Aggregate, gettext_lazy("What is worked out"), blank=True)
    related_field = fields.Text(gettext_lazy("Field of the related records"), blank=True)
    latest_by = fields.Text(gettext_lazy("Date that tells which is the newest"), blank=True)
    criteria = fields.Json(gettext_lazy("Which of them"), default=dict, blank=True)
    filterable = fields.Boolean(
        gettext_lazy("Lists can be sorted, grouped and quickly filtered by it"), help_text=gettext_lazy("It then gets an index.")
    )
    required = fields.Boolean(gettext_lazy("Needed in every new record"))
    help = fields.Text(gettext_lazy("Help"), blank=True)
    position = fields.Integer(gettext_lazy("Position"), default=0)
    index_state = fields.Choice(IndexState, gettext_lazy("Index"), default="", editable=False)

    class Meta:
        verbose_name, verbose_name_plural = gettext_lazy("custom field"), gettext_lazy("custom fields")
        constraints = [
            models.UniqueConstraint(
                fields=["type", "key"],
                name="custom_field_key_once",
                violation_error_message=gettext_lazy(
                    "This type has a field of that key already; a deleted one keeps its key until it is purged."
                ),
            )
        ]

    def heading(self) -> str:
        return str(self.label)

    def derive(self, changed: set[str]) -> None:
        """The key follows from the label, and what comes out from what is worked out."""
        if not self.key:
            self.key = key_of(self.label)
        if self.is_computed() and not self.result:
            self.result = _result(self)

    def problems(self) -> Iterator[tuple[str, Any]]:
        """What it says is there, goes together and, once that holds, can be worked out."""
        plain = list(_plain_problems(self))
        yield from plain
        if not plain and self.is_computed():
            yield from _problems_of_computed(self)

    def is_of_choices(self) -> bool:
        """One chooses from a list."""
        return self.kind in CHOOSING

    def is_computed(self) -> bool:
        """Nobody writes it: it follows from other fields."""
        return self.kind in COMPUTED

    @property
    def name(self) -> str:
        """As criteria, sorts and imports call it."""
        return f"{PREFIX}{self.key}"


def key_of(label: str) -> str:
    """A key made from a label; of one in another script only what can be written in Latin letters, else ``field``."""
    text = slugify(label).replace("-", "_").lstrip("_0123456789")[:LONGEST_KEY].strip("_")
    return text if KEY.fullmatch(text) else NAMELESS


def free_key(of: str, label: str) -> str:
    """A key for a new field; where the label says nothing in Latin letters, one that the type does not have yet."""
    key = key_of(label)
    taken = set(CustomField.objects.filter(type=of).values_list("key", flat=True)) if key == NAMELESS else set()
    return next(name for number in count(1) if (name := key if number == 1 else f"{key}_{number}") not in taken)


def _plain_problems(made: CustomField) -> Iterator[tuple[str, Any]]:
    if registry.get(made.type) is None:
        yield "type", _("There is no such type of record.")
    if not KEY.fullmatch(made.key) or len(made.key) > LONGEST_KEY:
        yield "key", _("A key has small letters, digits and single underscores, and begins with a letter: “contract_end”.")
    if made._state.adding and is_under_way(made.type, made.key):
        yield "key", _("The values of the field that had this key are still being erased. Try again in a moment.")
    if made.is_of_choices() and not made.choices:
        yield "choices", _("Say what can be chosen.")
    if made.kind == CustomKind.FILE and made.filterable:
        yield "filterable", _("Lists cannot be sorted or grouped by files.")
    if made.kind == CustomKind.LINK and registry.get(made.target) is None:
        yield "target", _("Say to which type of record it links.")


def _problems_of_computed(made: CustomField) -> Iterator[tuple[str, Any]]:
    """What a formula or a roll-up says wrongly; asked one after the other, so that two cannot close a circle at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [COMPUTED_LOCK])
    try:
        plan = plan_of(made)
    except BadFormula as problem:
        yield "formula", str(problem)
        return
    except BadRollUp as problem:
        yield problem.field, str(problem)
        return
    if made.result not in results(plan):
        yield "result", _("This does not give that: it gives %(result)s.") % {"result": str(Result(results(plan)[0]).label)}
    elif found := cycle(plan, plans(computed_fields().exclude(pk=made.pk))):
        where = "formula" if made.kind == CustomKind.FORMULA else "related_field"
        yield where, _("These fields would follow from each other: %(circle)s.") % {"circle": " → ".join(found)}


def results(plan: Plan) -> list[str]:
    """What a formula or a roll-up can give, the likeliest first."""
    if plan.roll is not None:
        return [plan.roll.result]
    assert plan.formula is not None
    return {"number": ["number", "money"], "moment": ["moment", "date"]}.get(plan.formula.kind, [plan.formula.kind])


def _result(made: CustomField) -> str:
    """What comes out, where nobody says; nothing where it makes no sense, which is told elsewhere."""
    try:
        return results(plan_of(made))[0]
    except (BadFormula, BadRollUp, KeyError):
        return ""


def computed_fields() -> Any:
    """The formulas and roll-ups that there are."""
    return CustomField.objects.live().filter(kind__in=COMPUTED).order_by("created_at")


Maker = Callable[[CustomField, "RecordType", dict[str, Any]], Any]
MAKERS: dict[str, Maker] = {
    CustomKind.TEXT: lambda _made, _of, options: fields.Text(**options),
    CustomKind.LONG_TEXT: lambda _made, _of, options: fields.LongText(**options),
    CustomKind.NUMBER: lambda _made, _of, options: fields.Decimal(**options),
    CustomKind.MONEY: lambda _made, of, options: fields.Money(currency="currency" if "currency" in columns(of) else "", **options),
    CustomKind.PERCENT: lambda _made, _of, options: fields.Percent(**options),
    CustomKind.DATE: lambda _made, _of, options: fields.Date(**options),
    CustomKind.MOMENT: lambda _made, _of, options: fields.Moment(**options),
    CustomKind.TIME: lambda _made, _of, options: fields.Time(**options),
    CustomKind.BOOLEAN: lambda _made, _of, options: fields.Boolean(**options),
    CustomKind.CHOICE: lambda made, _of, options: fields.Choice(SimpleNamespace(choices=words.labels_of(made.choices)), **options),
    CustomKind.CHOICES: lambda made, _of, options: fields.Choices(options=dict(words.labels_of(made.choices)), **options),
    CustomKind.PERSON: lambda _made, _of, options: fields.Link("kernel.User", **options),
    CustomKind.LINK: lambda made, _of, options: fields.Link(registry[made.target].model, **options),
    CustomKind.EMAIL: lambda _made, _of, options: fields.Email(**options),
    CustomKind.PHONE: lambda _made, _of, options: fields.Phone(**options),
    CustomKind.URL: lambda _made, _of, options: fields.Url(**options),
    CustomKind.ADDRESS: lambda _made, _of, options: fields.Address(**options),
    CustomKind.FILE: lambda _made, _of, options: fields.File(**options),
}


def columns(of: RecordType) -> set[str]:
    """Names of the real columns of a type."""
    return {column.name for column in of.model._meta.fields}


def spec_of(made: CustomField, of: RecordType) -> CustomSpec | None:
    """The field as the rest of the house sees it; None where it links to a type that is no more."""
    if (made.kind == CustomKind.LINK and registry.get(made.target) is None) or (made.is_computed() and not made.result):
        return None
    label = words.spoken(made.label, made.labels)
    options = {"label": label, "blank": not made.required or made.is_computed(), "null": True, "help_text": made.help}
    field = MAKERS[made.result if made.is_computed() else made.kind](made, of, options)
    column = column_of(field.kind, made.key)
    field.set_attributes_from_name(column)
    if field.kind == "link":
        field.attname = column_of("link", made.key).replace("__id_", f"__{ID_OF_LINK}_")
    is_sorted = made.filterable and field.kind in SORTED
    return CustomSpec(
        made.name,
        field.kind,
        label,
        column,
        field,
        editable=not made.is_computed(),
        sortable=is_sorted,
        key=made.key,
        filterable=made.filterable,
        closed=words.closed(made.choices),
        computed=made.is_computed(),
    )
