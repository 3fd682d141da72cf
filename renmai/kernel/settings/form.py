"""A small form that asks for settings: the same fields, inputs and sentences as a record's form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import models
from django.http import QueryDict

from renmai.kernel.actions.errors import Invalid
from renmai.kernel.records.clean import Errors, clean_values
from renmai.kernel.records.pages.inputs import Inputs
from renmai.kernel.records.pages.typing import typed_values
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.ui.inputs import Input

if TYPE_CHECKING:
    from renmai.kernel.access.user import User


class Form:
    """Asks for a few values.

    Args:
        asks: name → field, as an action's arguments.
        by: who fills it in.
    """

    def __init__(self, asks: Mapping[str, models.Field[Any, Any]], by: User) -> None:
        self.specs = {name: FieldSpec.of(name, ask) for name, ask in asks.items()}
        self.by = by

    def inputs(self, values: Mapping[str, Any], errors: Errors | None = None) -> list[Input]:
        """The inputs, with what stands in them and what is wrong with it."""
        return Inputs(self.by).of(self.specs.values(), values, errors)

    def clean(self, typed: QueryDict) -> dict[str, Any]:
        """What was typed, as it is stored.

        Raises:
            Invalid: with every field that does not do.
        """
        raw, errors = typed_values(self.specs.values(), typed)
        values, problems = clean_values(self.specs, raw, self.by)
        if errors or problems:
            raise Invalid({**problems, **errors})
        return values
