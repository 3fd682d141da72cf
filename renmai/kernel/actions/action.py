"""The declaration of a verb. One declaration serves button, API, bulk, automation and keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from renmai.kernel.actions.errors import Invalid, Refused
from renmai.kernel.records.spec import FieldSpec

REQUIRED = _("This is needed.")
NOT_NOW = _("This is not possible now.")


@dataclass(frozen=True)
class Action:
    """A verb that changes a record.

    Attributes:
        name: in kebab case, as in the API.
        function: what happens; gets the locked record, ``by`` and the cleaned arguments.
        label: the word on the button.
        icon: name of an icon of the sprite.
        may: the verb that roles grant: its own name, which goes as ``edit`` where a role does not name it, unless another is given.
        when: a question to the record: is it possible now?
        whose: a question to record and person: is it theirs to do? Asked of those whose roles allow it.
        refusal: the sentence that is told when it is not.
        asks: argument → field.
        reads: turns other ways to write the arguments into these.
        sets: the field values that it sets for its arguments, where that is all that it does: then many records change at once.
        danger: asks for confirmation and stands apart.
        fact: the second half of the kind of its fact, in the past tense; empty where the record's own events tell it.
        on_deleted: it is done to a record in the recycle bin.
        fits: the types that have it, where it is there for every type.
        place: the page below a type's address where people do it, in place of a dialog; it is given the record's id as ``ids``.
        on_page: a record's page and the palette offer it; False where another place does.
        holds: from the raw arguments, the keys of further records of the type that it changes: they and its own are locked in one order
            for everybody, so that two who mean the same records wait for each other.
        allows: from who does it and the arguments, what is asked of each locked record right before it changes; it raises ``Refused``.
    """

    name: str
    function: Callable[..., Any]
    label: Any
    icon: str = "bolt"
    may: str = "edit"
    when: Callable[[Any], bool] | None = None
    whose: Callable[[Any, Any], bool] | None = None
    refusal: Any = ""
    asks: dict[str, models.Field[Any, Any]] = field(default_factory=dict)
    danger: bool = False
    fact: str = ""
    on_deleted: bool = False
    reads: Callable[[dict[str, Any]], dict[str, Any]] | None = None
    sets: Callable[..., dict[str, Any]] | None = None
    fits: Callable[[Any], bool] | None = None
    place: str = ""
    on_page: bool = True
    holds: Callable[[Mapping[str, Any]], Iterable[Any]] | None = None
    allows: Callable[..., Callable[[Any], None]] | None = None

    def __call__(self, record: Any, **arguments: Any) -> Any:
        """Do it to a record that the caller has locked, as one part of another action."""
        return self.function(record, **arguments)

    @cached_property
    def specs(self) -> dict[str, FieldSpec]:
        """The arguments, as fields."""
        return {name: FieldSpec.of(name, ask) for name, ask in self.asks.items()}

    def is_possible(self, record: Any) -> bool:
        """Whether the record is in a state for it."""
        return self.when is None or bool(self.when(record))

    def is_for(self, record: Any, by: Any) -> bool:
        """Whether it is this person's to do, where the record is in a state for it."""
        return self.is_possible(record) and (self.whose is None or bool(self.whose(record, by)))

    def require_possible(self, record: Any) -> None:
        """Refuse when the record is in no state for it."""
        if not self.is_possible(record):
            raise Refused(self.refusal)

    def gate(self, by: Any, arguments: Mapping[str, Any]) -> Callable[[Any], None]:
        """What each record is asked before it is done: is it possible now, and allowed with these arguments?"""
        allow = self.allows(by=by, **arguments) if self.allows is not None else None

        def require(record: Any) -> None:
            self.require_possible(record)
            if allow is not None:
                allow(record)

        return require

    def clean(self, raw: dict[str, Any], by: Any) -> dict[str, Any]:
        """The arguments, cleaned.

        Raises:
            Invalid: unknown, missing or bad arguments.
        """
        from renmai.kernel.records.clean import clean_values

        values, errors = clean_values(self.specs, self.reads(raw) if self.reads else raw, by)
        for name, spec in self.specs.items():
            if spec.required and values.get(name) in (None, "") and name not in errors:
                errors[name] = [REQUIRED]
        if errors:
            raise Invalid(errors)
        return values


def action(
    label: Any,
    *,
    icon: str = "bolt",
    may: str = "",
    when: Callable[[Any], bool] | None = None,
    whose: Callable[[Any, Any], bool] | None = None,
    refusal: Any = NOT_NOW,
    asks: dict[str, models.Field[Any, Any]] | None = None,
    danger: bool = False,
    fact: str | None = None,
    on_deleted: bool = False,
    reads: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
    sets: Callable[..., dict[str, Any]] | None = None,
    fits: Callable[[Any], bool] | None = None,
    place: str = "",
    on_page: bool = True,
    holds: Callable[[Mapping[str, Any]], Iterable[Any]] | None = None,
    allows: Callable[..., Callable[[Any], None]] | None = None,
) -> Callable[[Callable[..., Any]], Action]:
    """Declare a function as an action; see ``Action`` for the arguments."""

    def declare(function: Callable[..., Any]) -> Action:
        name = function.__name__.strip("_").replace("_", "-")
        past = f"{name}ed" if fact is None else fact
        common = name, function, label, icon, may or name, when, whose, refusal, asks or {}, danger, past, on_deleted, reads, sets
        return Action(*common, fits, place, on_page, holds, allows)

    return declare
