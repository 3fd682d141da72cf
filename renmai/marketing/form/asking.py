"""A form as it asks: its inputs in one language, what was typed into them, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Invalid
from renmai.kernel.records.pages.inputs import choices_of
from renmai.kernel.records.pages.typing import typed_values
from renmai.kernel.ui.inputs import Input
from renmai.kernel.ui.reader import tag
from renmai.marketing.form.shapes import LANGUAGES, MESSAGE, in_language

if TYPE_CHECKING:
    from renmai.marketing.form.model import Form

Errors = dict[str, list[Any]]
AUTOCOMPLETE = {
    "name": "name",
    "given_name": "given-name",
    "family_name": "family-name",
    "email": "email",
    "phone": "tel",
    "mobile": "tel",
    "company": "organization",
    "job_title": "organization-title",
    "country": "country",
    "city": "address-level2",
}


@dataclass(frozen=True)
class Box:
    """A box of consent as it stands on the page."""

    key: str
    text: str
    required: bool
    is_ticked: bool
    errors: list[Any]


class Asked:
    """A form on its way through the hands of somebody outside.

    Args:
        sent: what was typed, once it was sent.
    """

    def __init__(self, form: Form, sent: QueryDict | None = None) -> None:
        self.form, self.sent = form, sent
        self.errors: Errors = {}
        self.language = tag(get_language() or "en")
        self.specs = {one["field"]: form.spec_of(one["field"]) for one in form.shown}

    @property
    def languages(self) -> list[tuple[str, str]]:
        """The other languages that it speaks."""
        return [(code, LANGUAGES[code]) for code in self.form.spoken if code != self.language]

    def word(self, name: str, otherwise: str) -> str:
        """What the form says in this language, else in another, else what we say."""
        said = self.form.words.get(self.language, {}).get(name)
        return said or otherwise

    @property
    def heading(self) -> str:
        return self.word(
            "heading", in_language({code: said.get("heading", "") for code, said in self.form.words.items()}, "") or self.form.name
        )

    @property
    def intro(self) -> str:
        return self.word("intro", "")

    @property
    def button(self) -> str:
        return self.word("button", _("Send"))

    def values(self) -> dict[str, Any]:
        """What was typed, as the API would send it.

        Raises:
            Invalid: with every field that cannot be read.
        """
        sent = self.sent or QueryDict()
        values, errors = typed_values([spec for spec in self.specs.values() if spec is not None], sent)
        if errors:
            raise Invalid(errors)
        return {**values, **({MESSAGE: sent[MESSAGE]} if sent.get(MESSAGE) else {})}

    @property
    def inputs(self) -> list[Input]:
        """An input for each field that people see, with what stands in it."""
        return [self._input(one) for one in self.form.shown]

    def _input(self, one: dict[str, Any]) -> Input:
        name, spec = one["field"], self.specs[one["field"]]
        label = one["labels"].get(self.language) or (_("Message") if spec is None else spec.label)
        typed = self.sent.get(name, "") if self.sent is not None else one["value"]
        made = Input(name, label, "long_text" if spec is None else spec.kind, typed, errors=self.errors.get(name, []))
        made.required, made.help = one["required"], one["helps"].get(self.language, "")
        made.autocomplete = AUTOCOMPLETE.get(name, "")
        if spec is not None:
            made.choices = choices_of(spec, typed)
        if one["choices"] and spec is not None:
            known = dict(made.choices)
            made.kind, made.choices = "select", [(choice, known.get(choice, choice)) for choice in one["choices"]]
        elif spec is not None and spec.kind == "pick" and made.choices:
            made.kind = "select"
        return made

    @property
    def boxes(self) -> list[Box]:
        """The boxes of consent."""
        ticked = set(self.sent.getlist("consent")) if self.sent is not None else set()
        return [
            Box(
                one["key"],
                in_language(one["texts"], self.language),
                one["required"],
                one["key"] in ticked,
                self.errors.get(f"consent.{one['key']}", []),
            )
            for one in self.form.consents
        ]

    @property
    def problems(self) -> list[str]:
        """What is wrong and stands beside no input."""
        beside = {*self.specs, *(f"consent.{one['key']}" for one in self.form.consents)}
        return [str(sentence) for name, said in self.errors.items() if name not in beside for sentence in said]
