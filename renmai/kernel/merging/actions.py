"""Merge and unmerge, as every type whose records can turn out to be one has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.actions.action import action
from renmai.kernel.actions.errors import Invalid, Refused
from renmai.kernel.actions.run import becomes, made, note
from renmai.kernel.merging.golden import recompute as recompute_values
from renmai.kernel.merging.merge import Asked
from renmai.kernel.merging.merge import merge as merge_records
from renmai.kernel.merging.unmerge import take_apart
from renmai.kernel.records.fields import Json, Text
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record


def _key(raw: Any) -> UUID:
    try:
        return UUID(str(raw))
    except ValueError:
        raise ValueError(_("A link is written as the id of a record.")) from None


def _keys(raw: Any) -> list[UUID]:
    if not isinstance(raw, list):
        raise ValueError(_("A list of ids is expected here."))
    return [_key(one) for one in raw]


def _object(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise ValueError(_("A JSON object is expected."))
    return raw


def _choices(raw: Any) -> dict[str, UUID]:
    return {name: _key(key) for name, key in _object(raw).items()}


def _versions(raw: Any) -> dict[UUID, int]:
    found = {_key(key): version for key, version in _object(raw).items()}
    if not all(type(version) is int for version in found.values()):
        raise ValueError(_("A whole number is expected here."))
    return found


INTO: dict[str, models.Field[Any, Any]] = {
    "into": Text(gettext_lazy("Into which record")),
    "also": Json(gettext_lazy("Further records"), shape=_keys, blank=True),
    "choices": Json(gettext_lazy("Whose value is taken"), shape=_choices, default=dict, blank=True),
    "versions": Json(gettext_lazy("Versions that were seen"), shape=_versions, default=dict, blank=True),
}


def _others(given: Mapping[str, Any]) -> Iterator[UUID]:
    """The keys among raw arguments; what is none is refused when they are cleaned."""
    also = given.get("also")
    for one in (given.get("into"), *(also if isinstance(also, list) else ())):
        with suppress(ValueError):
            yield _key(one)


def can_merge(kind: RecordType) -> bool:
    """Whether two records of a type may turn out to be one: what people work with, not how Renmai is set up."""
    return kind.rail and not kind.acted and not kind.governs


@action(gettext_lazy("Merge"), icon="arrows-join", fact="", asks=INTO, fits=can_merge, place="merge/", holds=_others)
def merge(
    record: Record,
    *,
    by: User,
    into: str,
    also: list[UUID] | None = None,
    choices: dict[str, UUID] | None = None,
    versions: dict[UUID, int] | None = None,
) -> None:
    """Merge a record, and others, into another one, which from then on stands for them; see ``merge.merge`` for what is raised."""
    try:
        survivor = _key(into)
    except ValueError as problem:
        raise Invalid({"into": [str(problem)]}) from None
    asked = Asked(survivor, [record.pk, *(also or [])], choices or {}, versions or {})
    becomes(merge_records(registry.of(record), asked, by))


@action(
    gettext_lazy("Take apart"),
    icon="arrows-split",
    fact="",
    asks={"id": Text(gettext_lazy("Which record"))},
    fits=can_merge,
    on_page=False,
)
def unmerge(record: Record, *, by: User, id: str) -> None:
    """Take a merge apart: what was merged into the record is a record of its own again; see ``unmerge.take_apart`` for what is raised."""
    apart = take_apart(registry.of(record), record.pk, id, by)
    becomes(apart.survivor)
    made(apart.other)


@action(gettext_lazy("Choose the best values"), icon="crown", fact="recomputed", fits=can_merge, on_page=False)
def recompute(record: Record, *, by: User) -> None:
    """Give a record the best of what it and those that were merged into it say, by the company's rules.

    Raises:
        Refused: it holds the best values already.
    """
    changed = recompute_values(registry.of(record), record, by)
    if not changed:
        raise Refused(_("It holds the best values already."))
    note(fields=changed)
