"""Rows of an import that are there already, where the rule of their type says that they are not simply made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from renmai.kernel.matching.find import duplicates_of, known_elsewhere
from renmai.kernel.matching.rule import Also, AtImport
from renmai.kernel.records.ready import called
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.matching.find import Twin
    from renmai.kernel.records.types import RecordType
    from renmai.kernel.transfer.store_many import New


def set_apart(rt: RecordType, news: list[New], by: User | None) -> list[New]:
    """Those of some new records, settled and not yet stored, that repeat nothing.

    The others get the record that they repeat, where the rule wants it changed and the importer may, or the sentence why they come back.
    What somebody may not be told of is made, as it would be by hand.
    """
    rule = rt.duplicates
    if rule is None or rule.at_import == AtImport.CREATE:
        return news
    likeliest = [found[0] if found else None for found in duplicates_of(rt, [new.record for new in news if new.record is not None])]
    elsewhere = _elsewhere(rt, news, by)
    keys = {twin.record.pk for twin in likeliest if twin is not None and twin.record is not None}
    seen, changeable = _among(rt, keys, by, "view"), _among(rt, keys, by, "edit")
    fresh = []
    for new, twin, known in zip(news, likeliest, elsewhere, strict=True):
        if known:
            new.record, new.problem = None, known
            continue
        if twin is None or (_is_hidden(twin, seen) and not rule.tells_of_hidden):
            fresh.append(new)
            continue
        new.record = None
        if rule.at_import == AtImport.UPDATE and twin.record is not None and twin.record.pk in changeable:
            new.repeats = changeable[twin.record.pk]
        else:
            new.problem = _why(twin, seen)
    return fresh


def _elsewhere(rt: RecordType, news: list[New], by: User | None) -> list[str]:
    """Per new record why it comes back, where it is known as one of another type that the importer sees; else nothing."""
    stops = [slug for slug, way in rt.duplicates.also.items() if way == Also.STOP] if rt.duplicates is not None else []
    drafts = [new.record for new in news if new.record is not None]
    found: list[list[Any]] = [[twin.record for twin in twins] for twins in known_elsewhere(rt, drafts)] if stops else [[] for _new in news]
    seen: dict[Any, Any] = {}
    for slug in stops:
        keys = {record.pk for records in found for record in records if registry.of(record).slug == slug}
        seen |= _among(registry[slug], keys, by, "view")
    named = [next((called(record) for record in records if record.pk in seen), None) for records in found]
    return ["" if name is None else _("This is known already: %(title)s.") % {"title": name or _("Without a name")} for name in named]


def _among(rt: RecordType, keys: set[Any], by: User | None, verb: str) -> dict[Any, Any]:
    """Those of some records that the importer may see, or may change; what may be changed is locked."""
    if not keys:
        return {}
    rows = rt.model.objects.live() if by is None else rt.model.objects.visible_to(by, verb)
    found = rows.filter(pk__in=keys)
    return {record.pk: record for record in (found.select_for_update(of=("self",)) if verb == "edit" else found)}


def _is_hidden(twin: Twin, seen: dict[Any, Any]) -> bool:
    return twin.record is not None and twin.record.pk not in seen


def _why(twin: Twin, seen: dict[Any, Any]) -> str:
    if twin.record is None:
        return _("An earlier row says the same.")
    if _is_hidden(twin, seen):
        return _("This may be there already.")
    return _("This may be there already: %(title)s.") % {"title": called(twin.record) or _("Without a name")}
