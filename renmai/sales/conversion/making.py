"""What a lead becomes: records that are made of it, or that it is joined to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Invalid
from renmai.kernel.records.custom import PREFIX
from renmai.kernel.records.store import change, update
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record
    from renmai.sales.lead.model import Lead

COMPANY = {
    "industry": "industry",
    "employees": "employees",
    "country": "country",
    "region": "region",
    "city": "city",
    "currency": "currency",
}
HUMAN = {
    name: name
    for name in ("name", "family_name", "given_name", "job_title", "email", "phone", "mobile", "country", "region", "city", "source")
}
GIVES: dict[str, dict[str, str]] = {"accounts": {"name": "company", **COMPANY}, "people": HUMAN}
"""Per type its field → the field of the lead that is set against it when the two are joined."""


def own_values(lead: Lead, kind: RecordType) -> dict[str, Any]:
    """The lead's own fields that a type has under the same name and of the same kind, with what stands in them."""
    known = registry.of(lead).custom
    found = {}
    for name, spec in kind.custom.items():
        mine = known.get(name)
        value = lead.custom.get(name.removeprefix(PREFIX))
        if mine is not None and mine.kind == spec.kind and not spec.computed and value not in (None, "", []):
            found[name] = value
    return found


def offered(lead: Lead, joined: Record) -> dict[str, Any]:
    """What a lead says otherwise than a record that it is joined to: field of the record → the lead's value."""
    kind = registry.of(joined)
    given = {name: getattr(lead, of) for name, of in GIVES[kind.slug].items()} | own_values(lead, kind)
    stood = {name: getattr(joined, name) if not name.startswith(PREFIX) else joined.custom.get(name.removeprefix(PREFIX)) for name in given}
    return {name: value for name, value in given.items() if value not in (None, "", []) and value != stood[name]}


def join(lead: Lead, joined: Record, names: Iterable[str], by: User) -> bool:
    """Give a record those of the lead's values that were chosen, and its tags; what nobody chose stays as it is.

    Returns:
        Whether it changed.

    Raises:
        Invalid: a field of which the lead has nothing to give.
        Forbidden, Invalid: the record may not be changed so.
    """
    kind, version, given = registry.of(joined), joined.version, offered(lead, joined)
    names = list(names)
    if strange := [name for name in names if name not in GIVES[kind.slug] and name not in own_values(lead, kind)]:
        raise Invalid({"take": [_("The lead has nothing to give for “%(name)s”.") % {"name": strange[0]}]})
    chosen = {name: given[name] for name in names if name in given}
    if chosen:
        joined.__dict__.update(update(kind, joined.pk, chosen, by).__dict__)
    tags = list(dict.fromkeys([*joined.tags, *lead.tags]))
    if tags != joined.tags:
        locked: Any = kind.model.objects.select_for_update(of=("self",)).get(pk=joined.pk)
        change(locked, by=by, tags=tags)
        joined.__dict__.update(locked.__dict__)
    return joined.version != version


def take_shape(raw: Any) -> dict[str, list[str]]:
    """``{"account": [fields], "person": [fields]}``.

    Raises:
        ValueError: something else.
    """
    whole = isinstance(raw, Mapping) and set(raw) <= {"account", "person"}
    if not whole or not all(isinstance(names, list) and all(isinstance(one, str) for one in names) for names in raw.values()):
        raise ValueError(_('Write {"account": [fields], "person": [fields]}.'))
    return dict(raw)
