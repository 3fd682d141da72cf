"""One field of a form as the page shows it: what it is called, what stands in it, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Input:
    """An input, whatever asks for it: a record's field, an action's argument, a setting.

    Attributes:
        name: its name in the form.
        label: what people call it.
        kind: of the kinds of ``kernel/records/kinds.py``; also ``select`` and ``password``.
        value: what stands in it, as text; for tags and links the list of values.
        shown: title of the record that a link holds.
        choices: value and label of each choice.
        errors: sentences about what was typed.
        unit: shown in an empty number field: a currency, a percent sign.
        native: dates are typed into the browser's own calendar, which knows the Common Era only.
        prefix: makes ``id`` unique where a page holds several forms.
        form_name: its name where that differs from the field's, as in the rows of a document.
        parts: of an address, an input each.
        hidden: it is not asked for as the form stands.
        theirs: what somebody else wrote there meanwhile, in words; ``theirs_value`` as a value, ``original`` what stood there before.
    """

    name: str
    label: Any
    kind: str = "text"
    value: Any = ""
    shown: str = ""
    choices: Sequence[tuple[str, Any]] = ()
    errors: Sequence[Any] = field(default_factory=list)
    required: bool = False
    help: Any = ""
    target: str | None = None
    unit: str = ""
    native: bool = True
    placeholder: Any = ""
    autocomplete: str = ""
    prefix: str = "f"
    form_name: str = ""
    parts: Sequence[Input] = ()
    hidden: bool = False
    theirs: str = ""
    theirs_value: Any = ""
    original: str = ""

    @property
    def id(self) -> str:
        return f"{self.prefix}-{self.name}"

    @property
    def key(self) -> str:
        """Its name in the form that is sent."""
        return self.form_name or self.name

    @property
    def described(self) -> str:
        """Ids of the elements that explain it."""
        return " ".join([f"{self.id}-help"] * bool(self.help) + [f"{self.id}-problem"] * bool(self.errors))
