"""Fields of a record, or arguments of an action, as inputs of a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from renmai.kernel.locale.countries import countries, country_name
from renmai.kernel.locale.reader import locale_of
from renmai.kernel.money.currencies import currencies, currency_name
from renmai.kernel.overlay.company import company
from renmai.kernel.records.pages.typing import Errors, written
from renmai.kernel.records.reading import titles_of
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.ui.inputs import Input
from renmai.kernel.ui.reader import current

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

UNITS = {"percent": "%"}


class Inputs:
    """Makes the inputs of one form; what they link to is read in one query per type.

    Args:
        by: who fills it in.
        prefix: keeps ids apart where a page holds several forms.
    """

    def __init__(self, by: User, prefix: str = "f") -> None:
        self.by, self.prefix = by, prefix

    def of(self, specs: Iterable[FieldSpec], values: Mapping[str, Any], errors: Errors | None = None) -> list[Input]:
        """One input per field.

        Args:
            values: what stands in them: text that was typed, or ``typing.written`` of stored values.
            errors: sentences by field name.
        """
        wanted = list(specs)
        titles = self._titles(wanted, values)
        return [self._input(spec, values.get(spec.name, ""), (errors or {}).get(spec.name, []), titles) for spec in wanted]

    def _titles(self, specs: list[FieldSpec], values: Mapping[str, Any]) -> dict[str, dict[str, str]]:
        wanted: dict[str, set[Any]] = {}
        for spec in specs:
            value = values.get(spec.name)
            if spec.kind in {"link", "links"} and value:
                wanted.setdefault(str(spec.target), set()).update(value if isinstance(value, list) else [value])
        found = titles_of({slug: {key for key in keys if is_id(key)} for slug, keys in wanted.items()}, self.by)
        return {slug: {str(key): title for key, title in titles.items()} for slug, titles in found.items()}

    def _input(self, spec: FieldSpec, value: Any, errors: list[Any], titles: dict[str, dict[str, str]]) -> Input:
        made = Input(spec.name, spec.label, spec.kind, value, errors=errors, required=spec.required, help=spec.help, prefix=self.prefix)
        made.native = current().era == "ce"
        made.unit = UNITS.get(spec.kind, "")
        made.choices = choices_of(spec)
        if spec.kind in {"link", "links"}:
            made.target = spec.target
            known = titles.get(str(spec.target), {})
            made.shown = known.get(str(value), "")
            made.choices = [(key, known.get(key, key)) for key in value or []] if spec.kind == "links" else []
        if spec.kind == "tags":
            made.choices = [(tag, tag) for tag in value or []]
        return made


def is_id(text: Any) -> bool:
    """Whether it has the shape of a record's id."""
    return len(str(text)) == 36 and str(text).count("-") == 4


def choices_of(spec: FieldSpec) -> list[tuple[str, Any]]:
    """Value and label of everything that can be chosen; the company's own country and currency stand first."""
    if spec.kind == "country":
        names = sorted(((code, country_name(code, current().language)) for code in countries()), key=lambda pair: pair[1])
        return sorted(names, key=lambda pair: pair[0] != company().country)
    if spec.kind == "currency":
        names = [(code, f"{code} – {currency_name(code, locale_of(current().language))}") for code in currencies()]
        return sorted(names, key=lambda pair: pair[0] != company().currency)
    return spec.choices


def stored(specs: Iterable[FieldSpec], record: Any) -> dict[str, Any]:
    """What a record holds, as it stands in a form."""
    return {spec.name: written(spec, getattr(record, spec.field.attname if spec.kind == "link" else spec.column)) for spec in specs}
