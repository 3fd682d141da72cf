"""The kinds of field a noun is made of.

Each is a Django model field that also knows its *kind* (how it is read, written, compared and shown; see ``kinds.py``) and
whether lists may be sorted by it. Migrations see only Django's own fields, so that a kind may change without one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Transform

if TYPE_CHECKING:
    TextBase = models.TextField[Any, Any]
    IntegerBase = models.IntegerField[Any, Any]
    DecimalBase = models.DecimalField[Any, Any]
    DateBase = models.DateField[Any, Any]
    DateTimeBase = models.DateTimeField[Any, Any]
    TimeBase = models.TimeField[Any, Any]
    BooleanBase = models.BooleanField[Any, Any]
    ForeignKeyBase = models.ForeignKey[Any, Any]
    ArrayBase = ArrayField[Any, Any]
    FieldBase = models.Field[Any, Any]
else:
    TextBase, IntegerBase, DecimalBase = models.TextField, models.IntegerField, models.DecimalField
    DateBase, DateTimeBase, BooleanBase = models.DateField, models.DateTimeField, models.BooleanField
    TimeBase = models.TimeField
    ForeignKeyBase, ArrayBase, FieldBase = models.ForeignKey, ArrayField, object


class Kinded(FieldBase):
    """What every field of a record has besides being a column.

    Args:
        label: what people call it.
        sortable: lists may be sorted by it; it then gets an index that ends in the id.
        editable: False for what only actions and derivations write.
        known_as: its name in the API where that is no name in Python (``from``).
        unkept: its changes stand in no history; what is kept of them, whoever writes it keeps beside the record.
    """

    kind = "text"
    django_class: type[models.Field[Any, Any]]

    def __init__(self, label: Any = "", *, sortable: bool = False, known_as: str = "", unkept: bool = False, **options: Any) -> None:
        self.sortable, self.known_as, self.unkept = sortable, known_as, unkept
        super().__init__(verbose_name=label, **self.defaults(options))

    def defaults(self, options: dict[str, Any]) -> dict[str, Any]:
        """Options of the column that follow from the kind."""
        return options

    def deconstruct(self) -> Any:
        """Show migrations the plain Django field, without words and looks."""
        name, _, args, options = super().deconstruct()
        for word in ("verbose_name", "help_text", "choices", "editable", "blank"):
            options.pop(word, None)
        return name, f"django.db.models.{self.django_class.__name__}", args, options

    def clone(self) -> Any:
        """Migrations and the schema editor copy a field by its deconstruction: that of the plain one."""
        _, _, args, options = self.deconstruct()
        return self.django_class(*args, **options)

    @property
    def required(self) -> bool:
        """A new record must bring a value of its own."""
        field: Any = self
        return not field.blank and not field.has_default() and field.editable


class Text(Kinded, TextBase):
    """One line of text; empty text, never null."""

    kind = "text"
    django_class = models.TextField

    def defaults(self, options: dict[str, Any]) -> dict[str, Any]:
        return {"default": "", **options} if options.get("blank") or options.get("editable") is False else options


class LongText(Text):
    """Several lines of text."""

    kind = "long_text"


class Email(Text):
    """An e-mail address, in lower case."""

    kind = "email"


class Phone(Text):
    """A telephone number: E.164 where it is one, else as it was typed."""

    kind = "phone"


class Url(Text):
    """A web address."""

    kind = "url"


class Country(Text):
    """ISO 3166-1 alpha-2."""

    kind = "country"


class Currency(Text):
    """ISO 4217."""

    kind = "currency"


class Choice(Text):
    """One of a fixed set that programs rely on.

    Args:
        options: a ``TextChoices``.
    """

    kind = "choice"

    def __init__(self, options: Any, label: Any = "", **rest: Any) -> None:
        super().__init__(label, choices=options.choices, **rest)


class Pick(Text):
    """One of a list the company makes its own: known values have labels, others are kept as they are.

    Args:
        options: value → label of the values that come with the program.
    """

    kind = "pick"

    def __init__(self, label: Any = "", *, options: dict[str, Any] | None = None, **rest: Any) -> None:
        self.options = {} if options is None else options
        super().__init__(label, **rest)


class Choices(Kinded, ArrayBase):
    """Several of a fixed set, in the order in which they were chosen.

    Args:
        options: value → label.
    """

    kind = "choices"
    django_class = ArrayField

    def __init__(self, label: Any = "", *, options: dict[str, Any] | None = None, **rest: Any) -> None:
        self.options = {} if options is None else options
        super().__init__(label, **{"base_field": models.TextField(), "default": list, "blank": True, **rest})

    def deconstruct(self) -> Any:
        name, _, args, options = super().deconstruct()
        return name, "django.contrib.postgres.fields.ArrayField", args, options


class Integer(Kinded, IntegerBase):
    """A whole number."""

    kind = "integer"
    django_class = models.IntegerField

    def defaults(self, options: dict[str, Any]) -> dict[str, Any]:
        return {"null": True, **options} if options.get("blank") and "default" not in options else options


class Decimal(Kinded, DecimalBase):
    """An exact number of up to four places."""

    kind = "decimal"
    django_class = models.DecimalField

    def defaults(self, options: dict[str, Any]) -> dict[str, Any]:
        options = {"max_digits": 20, "decimal_places": 4, **options}
        return {"null": True, **options} if options.get("blank") and "default" not in options else options


class Percent(Decimal):
    """A percentage, 0 to 100."""

    kind = "percent"


class Money(Decimal):
    """An amount in the record's currency.

    Args:
        currency: name of the field that holds the ISO 4217 code.
    """

    kind = "money"

    def __init__(self, label: Any = "", *, currency: str = "currency", **rest: Any) -> None:
        self.currency_field = currency
        super().__init__(label, **rest)


class UnitPrice(Decimal):
    """What one piece costs in the record's currency: as exact as it is given, where an amount is rounded.

    Args:
        currency: name of the field that holds the ISO 4217 code.
    """

    def __init__(self, label: Any = "", *, currency: str = "currency", **rest: Any) -> None:
        self.currency_field = currency
        super().__init__(label, **rest)


class Date(Kinded, DateBase):
    """A day of the calendar."""

    kind = "date"
    django_class = models.DateField

    def defaults(self, options: dict[str, Any]) -> dict[str, Any]:
        return {"null": True, **options} if options.get("blank") else options


class Moment(Kinded, DateTimeBase):
    """A point in time, kept in UTC."""

    kind = "moment"
    django_class = models.DateTimeField

    def defaults(self, options: dict[str, Any]) -> dict[str, Any]:
        return {"null": True, **options} if options.get("blank") else options


class Time(Kinded, TimeBase):
    """A time of day, to the minute, in no zone."""

    kind = "time"
    django_class = models.TimeField

    def defaults(self, options: dict[str, Any]) -> dict[str, Any]:
        return {"null": True, **options} if options.get("blank") else options


class Boolean(Kinded, BooleanBase):
    """Yes or no.

    Args:
        alone: of the rows of a record only one says yes.
    """

    kind = "boolean"
    django_class = models.BooleanField

    def __init__(self, label: Any = "", *, alone: bool = False, **rest: Any) -> None:
        self.alone = alone
        super().__init__(label, **rest)

    def defaults(self, options: dict[str, Any]) -> dict[str, Any]:
        return {"default": False, **options}


class Json(Kinded, models.JSONField):
    """A small list or mapping that is kept whole.

    Args:
        shape: cleans the raw value or raises ``ValueError`` with a sentence.
        at_home: settles what depends on the country of the record, as telephone numbers do.
        parts: the fields of each entry of a list, by name: with them forms show its entries as rows.
    """

    kind = "json"
    django_class = models.JSONField

    def __init__(
        self,
        label: Any = "",
        *,
        shape: Callable[[Any], Any] | None = None,
        at_home: Callable[[Any, str], Any] | None = None,
        parts: Mapping[str, Kinded] | None = None,
        **rest: Any,
    ) -> None:
        self.shape, self.at_home, self.parts = shape, at_home, parts or {}
        super().__init__(label, **rest)

    def defaults(self, options: dict[str, Any]) -> dict[str, Any]:
        return {"default": list, "encoder": DjangoJSONEncoder, **options}


class Address(Json):
    """A postal address: ``{country, region, city, district, postcode, lines}``."""

    kind = "address"


class File(Json):
    """Files, each as ``{id, name, size, type}``: who may see the record and the field may fetch them."""

    kind = "file"

    def get_transform(self, lookup_name: str) -> Any:
        return NamesOfFiles if lookup_name == "names" else super().get_transform(lookup_name)


class NamesOfFiles(Transform):
    """What the files of a field are called, as text."""

    function, output_field = "renmai_names", models.TextField()


class Link(Kinded, ForeignKeyBase):
    """One record of another type (or of the same).

    Attributes:
        rare: most records have none, so that its index holds only those that do; the others cost it nothing when they are written.
    """

    kind = "link"
    django_class = models.ForeignKey

    def __init__(self, to: Any, label: Any = "", *, sortable: bool = False, rare: bool = False, **options: Any) -> None:
        self.sortable, self.rare = sortable, rare
        if rare:
            options |= {"db_index": False, "blank": True}
        options = {"on_delete": models.PROTECT, "related_name": "+", "verbose_name": label, **options}
        if options.get("blank"):
            options["null"] = True
        models.ForeignKey.__init__(self, to, **options)


class Links(Kinded, ArrayBase):
    """Several records of another type, in order: an array of their ids, so that history and imports see one value."""

    kind = "links"
    django_class = ArrayField

    def __init__(self, to: str, label: Any = "", **options: Any) -> None:
        self.to = to
        super().__init__(label, **{"base_field": models.UUIDField(), "default": list, "blank": True, **options})

    def deconstruct(self) -> Any:
        name, _, args, options = super().deconstruct()
        return name, "django.contrib.postgres.fields.ArrayField", args, options


class Parent(Link):
    """The document a row belongs to; rows live and die with it."""

    def __init__(self, to: Any, related_name: str = "lines", **options: Any) -> None:
        options.setdefault("on_delete", models.CASCADE)
        super().__init__(to, related_name=related_name, **options)
