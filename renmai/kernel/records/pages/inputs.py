"""Fields of a record, or arguments of an action, as inputs of a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from renmai.kernel.files.field import shown
from renmai.kernel.locale.countries import countries, country_name
from renmai.kernel.locale.reader import locale_of
from renmai.kernel.money.currencies import currencies, currency_name
from renmai.kernel.overlay.company import company
from renmai.kernel.records.address import LABELS
from renmai.kernel.records.pages.typing import Errors, written
from renmai.kernel.records.reading import titles_of
from renmai.kernel.records.ready import spoken
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import registry
from renmai.kernel.ui.inputs import Input
from renmai.kernel.ui.reader import current

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

UNITS = {"percent": "%"}
KIND_OF_PART = {"lines": "long_text", "country": "country"}
AUTOCOMPLETE = {
    "lines": "street-address",
    "district": "address-level3",
    "city": "address-level2",
    "region": "address-level1",
    "postcode": "postal-code",
    "country": "country",
}
Shown = dict[str, dict[str, str]]


class Inputs:
    """Makes the inputs of one form.

    Args:
        by: who fills it in.
        prefix: keeps ids apart where a page holds several forms.
        titles: of everything that the values link to, where several forms read them together (see ``titles_in``).
    """

    def __init__(self, by: User, prefix: str = "f", titles: Shown | None = None) -> None:
        self.by, self.prefix, self.titles = by, prefix, titles

    def of(self, specs: Iterable[FieldSpec], values: Mapping[str, Any], errors: Errors | None = None) -> list[Input]:
        """One input per field.

        Args:
            values: what stands in them: text that was typed, or ``typing.written`` of stored values.
            errors: sentences by field name.
        """
        wanted = list(specs)
        titles = titles_in(wanted, [values], self.by) if self.titles is None else self.titles
        return [self._input(spec, values.get(spec.name, ""), (errors or {}).get(spec.name, []), titles) for spec in wanted]

    def _input(self, spec: FieldSpec, value: Any, errors: list[Any], titles: Shown) -> Input:
        made = Input(spec.name, spec.label, spec.kind, value, errors=errors, required=spec.required, help=spec.help, prefix=self.prefix)
        made.native = current().era == "ce"
        made.unit = UNITS.get(spec.kind, "")
        made.choices = choices_of(spec, value)
        if spec.kind in {"link", "links"}:
            made.target = spec.target
            known = titles.get(str(spec.target), {})
            made.shown = known.get(str(value), "")
            made.choices = [(key, known.get(key, key)) for key in value or []] if spec.kind == "links" else []
        if spec.kind == "file":
            made.choices = [(str(file.pk), file) for file in shown(value or [], self.by)]
        if spec.kind == "address":
            made.parts = self._parts(spec, value or {})
        if spec.kind == "any":
            slug, _slash, key = str(value).partition("/")
            made.kind, made.shown = "link", titles.get(slug, {}).get(key, "")
        if spec.kind == "choices":
            made.kind = "checks"
        if spec.kind == "tags":
            made.choices = [(tag, tag) for tag in value or []]
        return made

    def _parts(self, spec: FieldSpec, value: Mapping[str, str]) -> list[Input]:
        """One input for each part of an address."""
        made = []
        for part, label in LABELS.items():
            name, kind = f"{spec.name}.{part}", KIND_OF_PART.get(part, "text")
            made.append(Input(name, label, kind, value.get(part, ""), prefix=self.prefix, autocomplete=AUTOCOMPLETE[part]))
        made[-1].choices = country_choices()
        return made


def titles_in(specs: Iterable[FieldSpec], filled: Iterable[Mapping[str, Any]], by: User) -> Shown:
    """Titles of what the values of forms link to, by type and id as text."""
    forms = list(filled)
    wanted: dict[str, set[Any]] = {}
    for spec in specs:
        if spec.kind in {"link", "links"}:
            given = [values[spec.name] for values in forms if values.get(spec.name)]
            keys = {key for value in given for key in (value if isinstance(value, list) else [value])}
            wanted.setdefault(str(spec.target), set()).update(filter(is_id, keys))
        if spec.kind == "any":
            for slug, _slash, key in (str(values.get(spec.name, "")).partition("/") for values in forms):
                if is_id(key) and registry.get(slug):
                    wanted.setdefault(slug, set()).add(key)
    return {slug: {str(key): spoken(slug, title) for key, title in titles.items()} for slug, titles in titles_of(wanted, by).items()}


def is_id(text: Any) -> bool:
    """Whether it has the shape of a record's id."""
    return len(str(text)) == 36 and str(text).count("-") == 4


def choices_of(spec: FieldSpec, value: Any = "") -> list[tuple[str, Any]]:
    """Value and label of everything that can be chosen; the company's own country and currency stand first.

    Args:
        value: what is chosen now, which stays possible.
    """
    if spec.kind == "country":
        return country_choices()
    if spec.kind == "currency":
        names = [(code, f"{code} – {currency_name(code, locale_of(current().language))}") for code in currencies()]
        return sorted(names, key=lambda pair: pair[0] != company().currency)
    now = value if isinstance(value, list) else [value]
    return [pair for pair in spec.choices if pair in spec.offered or pair[0] in now]


def country_choices() -> list[tuple[str, Any]]:
    """Code and name of every country; the company's own stands first."""
    names = sorted(((code, country_name(code, current().language)) for code in countries()), key=lambda pair: pair[1])
    return sorted(names, key=lambda pair: pair[0] != company().country)


def stored(specs: Iterable[FieldSpec], record: Any) -> dict[str, Any]:
    """What a record holds, as it stands in a form."""
    return {spec.name: written(spec, getattr(record, spec.field.attname if spec.kind == "link" else spec.column)) for spec in specs}
