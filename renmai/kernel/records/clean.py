"""From what was given to what is stored: one place for API, forms, imports and actions."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.actions.action import REQUIRED
from renmai.kernel.actions.errors import Forbidden, Invalid
from renmai.kernel.overlay.company import company
from renmai.kernel.records.about import about_of
from renmai.kernel.records.asked import NOT_ASKED, NOTHING, is_changed, left_out
from renmai.kernel.records.custom import folded, spread
from renmai.kernel.records.kinds import EMPTY
from renmai.kernel.records.reading import as_json
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType, Rows, registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

Errors = dict[str, list[Any]]
Who = tuple["Record | None", "User | None"]
MAX_ROWS = 500
READ_ONLY = {"id", "type", "version"}
FOLLOWS = gettext_lazy("This field cannot be written.")


@dataclass
class Cleaned:
    """What is to be stored: columns by name, rows by collection, and what it is about."""

    columns: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    about: list[Record] | None = None


def clean_values(specs: Mapping[str, FieldSpec], raw: Mapping[str, Any], by: User | None) -> tuple[dict[str, Any], Errors]:
    """Clean each value by its field; links become records.

    Returns:
        The clean values and, by name, the sentences about the others.
    """
    values: dict[str, Any] = {}
    errors: Errors = {}
    for name, given in raw.items():
        spec = specs.get(name)
        if spec is None:
            errors[name] = [_("There is no field “%(name)s”. Fields: %(valid)s.") % {"name": name, "valid": ", ".join(sorted(specs))}]
            continue
        try:
            values[name] = clean_value(spec, given, by)
        except ValueError as problem:
            errors[name] = [str(problem)]
    return values, errors


def clean_value(spec: FieldSpec, given: Any, by: User | None) -> Any:
    """One value.

    Raises:
        ValueError: with a sentence.
    """
    asked = BY_PERSON.get(spec.kind)
    return asked(spec, given, by) if asked is not None else spec.clean(given)


def identity(given: Any) -> uuid.UUID | None:
    """The id in what a link was given as: an id, or the object as it is read."""
    value = given.get("id", given) if isinstance(given, dict) else given
    if value in EMPTY:
        return None
    if isinstance(value, uuid.UUID):
        return value
    try:
        return uuid.UUID(str(value))
    except ValueError:
        raise ValueError(_("A link is written as the id of a record.")) from None


def linked(spec: FieldSpec, given: Any, by: User | None) -> Record | None:
    """The record a link names, if the person may see it."""
    model = spec.target_model
    if isinstance(given, model):
        return given
    key = identity(given)
    if key is None:
        return None
    rows = model.objects.visible_to(by) if by is not None else model.objects.live()
    found = rows.filter(pk=key).first()
    if found is None:
        raise ValueError(_("There is no such record."))
    return found  # type: ignore[no-any-return]


def linked_many(spec: FieldSpec, given: Any, by: User | None) -> list[uuid.UUID]:
    """The ids of several records that the person may see."""
    if given in EMPTY:
        return []
    if not isinstance(given, list):
        raise ValueError(_("A list of ids is expected here."))
    keys = [key for item in given if (key := identity(getattr(item, "pk", item))) is not None]
    rows = spec.target_model.objects.visible_to(by) if by is not None else spec.target_model.objects.live()
    if rows.filter(pk__in=keys).count() != len(set(keys)):
        raise ValueError(_("There is no such record."))
    return list(dict.fromkeys(keys))


def is_hidden(given: Any) -> bool:
    """A link to what the person may not see, sent back as it was read: it stays as it is."""
    return isinstance(given, dict) and given.get("hidden") is True and given.get("id") is None


def abouts(given: Any, by: User | None) -> list[Record]:
    """The records that an activity is about: ``[{"type", "id"}]``, the main one first."""
    if given in EMPTY:
        return []
    if not isinstance(given, list) or len(given) > 50:
        raise ValueError(_('What it is about is written as a list of {"type", "id"}.'))
    found = []
    for item in given:
        if is_hidden(item):
            continue
        kind = registry.get(str(item.get("type"))) if isinstance(item, dict) else None
        if kind is None:
            raise ValueError(_('What it is about is written as a list of {"type", "id"}.'))
        rows = kind.model.objects.visible_to(by) if by is not None else kind.model.objects.live()
        record = rows.filter(pk=identity(item)).first()
        if record is None:
            raise ValueError(_("There is no such record."))
        found.append(record)
    return found


BY_PERSON: dict[str, Callable[[FieldSpec, Any, User | None], Any]] = {
    "link": linked,
    "links": linked_many,
    "abouts": lambda _spec, given, by: abouts(given, by),
}
"""The kinds of field whose values depend on what a person may see."""


def clean(kind: RecordType, raw: Mapping[str, Any], by: User | None, record: Record | None = None) -> Cleaned:
    """Everything given for a new record, or for a change of one. Custom fields come by name or inside ``custom``.

    Raises:
        Invalid: with every field that does not do, not just the first.
        Forbidden: a field that the person may only read.
    """
    specs = kind.writable
    try:
        raw = spread(raw)
    except ValueError:
        raise Invalid({"custom": [_("A JSON object is expected.")]}) from None
    raw = raw if record is None else _without_echo(kind, raw, by, record)
    given = {name: value for name, value in raw.items() if name not in kind.collections}
    if by is not None:
        _require_writable(kind, raw, by)
    values, errors = clean_values(specs, given, by)
    if record is None:
        values = _begun(kind, specs, given, by) | values
    errors |= {name: [FOLLOWS] for name in given if name not in specs and (name in READ_ONLY or name in kind.fields)}
    if local := [name for name in values if specs[name].is_local]:
        country = home(kind, values, record)
        values |= {name: specs[name].at_home(values[name], country) for name in local}
    cleaned = Cleaned(columns=values)
    if "about" in values and kind.fields["about"].kind == "abouts":
        cleaned.about = cleaned.columns.pop("about") + _hidden_abouts(raw["about"], record, by)
    for name, rows in kind.collections.items():
        if name in raw:
            cleaned.rows[name], problems = clean_rows(rows, raw[name], by)
            errors |= problems
    _take_asked(kind, cleaned.columns, given, errors, (record, by))
    if errors:
        raise Invalid(errors)
    if by is not None:
        kind.require_allowed(cleaned.columns, by)
    cleaned.columns = fold_custom(kind, cleaned.columns, record.custom if record is not None else {})
    return cleaned


def home(kind: RecordType, values: Mapping[str, Any], record: Record | None) -> str:
    """The country that a record is in: as given, as stored, or the company's."""
    names = [spec.name for spec in kind.of_kind("country")]
    named = (values.get(name) or getattr(record, name, "") for name in names)
    return next((country for country in named if country), company().country)


def fold_custom(kind: RecordType, values: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """The clean values with those of custom fields put into their column.

    Args:
        before: the column as it stands.
    """
    own = {kind.custom[name]: value for name, value in values.items() if name in kind.custom}
    rest = {name: value for name, value in values.items() if name not in kind.custom}
    return {**rest, "custom": folded(before, own)} if own else rest


def _without_echo(kind: RecordType, raw: Mapping[str, Any], by: User | None, record: Record) -> dict[str, Any]:
    """What is left to change without hidden links, and without rows and fields closed to the person that come back as they were read."""
    compared = {
        name
        for name in raw
        if name in READ_ONLY
        or (name in kind.fields and (not kind.fields[name].editable or kind.fields[name].kind in {"lines", "abouts"}))
        or (by is not None and by.access.field(kind.slug, name) == "read")
    }
    now = as_json(kind, [record], by, compared)[0] if compared else {}
    same = {name for name in compared if name in now and raw[name] == now[name]}
    return {name: value for name, value in raw.items() if name not in same and not is_hidden(value)}


def _hidden_abouts(given: Any, record: Record | None, by: User | None) -> list[Record]:
    """The records that an activity is about and that the person may not see, if these were sent back."""
    if record is None or by is None or not isinstance(given, list) or not any(is_hidden(item) for item in given):
        return []
    targets = [registry[about.target_type].model.objects.filter(pk=about.target_id).first() for about in about_of([record])[record.pk]]
    return [target for target in targets if target is not None and not by.may("view", target)]


def _require_writable(kind: RecordType, raw: Mapping[str, Any], by: User) -> None:
    closed = {name: [_("You may not change this field.")] for name in raw if by.access.field(kind.slug, name) != "write"}
    if closed:
        raise Forbidden(_("You may not change this field."), errors=closed)


def _begun(kind: RecordType, specs: Mapping[str, FieldSpec], given: Mapping[str, Any], by: User | None) -> dict[str, Any]:
    """What the person's layout lets a new record begin with; what does no longer is left out."""
    defaults = {name: value for name, value in kind.arranged(by).defaults.items() if name in specs and name not in given}
    return clean_values(specs, defaults, by)[0] if defaults else {}


def _take_asked(kind: RecordType, columns: dict[str, Any], given: Mapping[str, Any], errors: Errors, who: Who) -> None:
    """Leave out what the person's layout does not ask for of such a record, and miss what it needs."""
    record, by = who
    unshown, newly = left_out(kind, columns, record, by)
    for name in unshown:
        if name in given and (name in errors or is_changed(kind, name, columns[name], record)):
            errors[name] = [NOT_ASKED]
        columns.pop(name, None)
    for name in kind.arranged(by).needed:
        if name not in unshown and name not in errors and _is_missing(kind, name, columns, record, newly):
            errors[name] = [REQUIRED]


def _is_missing(kind: RecordType, name: str, values: Mapping[str, Any], record: Record | None, newly: set[str]) -> bool:
    """A needed field holds nothing: it was emptied, or never given."""
    if name in values:
        return values[name] in NOTHING and not can_derive(kind, name, values)
    if record is None:
        return not can_derive(kind, name, values)
    return name in newly and getattr(record, kind.fields[name].column) in NOTHING


def can_derive(kind: RecordType, name: str, values: Mapping[str, Any]) -> bool:
    """Whether other given fields make this one, as given and family name make a name."""
    parts = getattr(kind.model, "derived_from", {}).get(name, ())
    return any(values.get(part) not in (None, "") for part in parts)


def clean_rows(rows: Rows, given: Any, by: User | None) -> tuple[list[dict[str, Any]], Errors]:
    """The rows of a document. Errors are named ``lines.2.quantity``, counted from zero."""
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        return [], {rows.name: [_("A list of rows is expected here.")]}
    if len(given) > MAX_ROWS:
        return [], {rows.name: [_("More than %(limit)s rows are not possible.") % {"limit": MAX_ROWS}]}
    cleaned: list[dict[str, Any]] = []
    errors: Errors = {}
    writable = {name: spec for name, spec in rows.fields.items() if spec.editable}
    for index, item in enumerate(given):
        known = {name: value for name, value in item.items() if name in writable and not is_hidden(value)}
        strange = [name for name in item if name not in rows.fields and name != "id"]
        values, problems = clean_values(writable, known, by)
        problems |= {name: [_("There is no such field.")] for name in strange}
        for name, spec in writable.items():
            if spec.required and values.get(name) in (None, "") and name not in problems and not is_hidden(item.get(name)):
                problems[name] = [REQUIRED]
        try:
            values["id"] = identity(item.get("id"))
        except ValueError as problem:
            problems["id"] = [str(problem)]
        if values.get("id") is not None and values["id"] in {other.get("id") for other in cleaned}:
            problems["id"] = [_("This row is given twice.")]
        cleaned.append(values)
        errors |= {f"{rows.name}.{index}.{name}": sentences for name, sentences in problems.items()}
    return cleaned, errors
