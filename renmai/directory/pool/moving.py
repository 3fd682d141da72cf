"""What a change of owner or pool comes to: the fact that tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from renmai.directory.pool.pooled import Pooled


class How(models.TextChoices):
    """In which way a record came into a pool, out of it or from one to another: the verbs of the facts that tell it."""

    ENTERED = "entered", _("Came in")
    CLAIMED = "claimed", _("Claimed")
    GIVEN_BACK = "given-back", _("Given back")
    ASSIGNED = "assigned", _("Assigned")
    TRANSFERRED = "transferred", _("Passed on")
    RECYCLED = "recycled", _("Went back by a rule")
    INVALID = "invalid", _("Taken out of circulation")


MOVES: dict[str, Any] = {
    How.ENTERED.value: _("%(title)s came into the pool “%(pool)s”"),
    How.CLAIMED.value: _("%(by)s claimed %(title)s"),
    How.GIVEN_BACK.value: _("%(by)s gave %(title)s back to the pool “%(pool)s”. %(reason)s"),
    How.TRANSFERRED.value: _("%(by)s passed %(title)s on. %(reason)s"),
    How.INVALID.value: _("%(by)s took %(title)s out of circulation. %(reason)s"),
}
MOVINGS: dict[str, Any] = {how.value: how.label for how in How if how != How.RECYCLED}


def moved(record: Pooled, before: dict[str, Any]) -> list[tuple[str, dict[str, Any], Any]]:
    """The fact of a new owner, and of a change of owner or pool where a pool has to do with it.

    Args:
        before: the old values of what changed; empty for a new record.
    """
    told: dict[str, Any] = record.__dict__.pop("_moving", {})
    if told.get("how") == How.RECYCLED:  # the rule that takes it back tells so itself
        return []
    is_new = not before and record.version == 1
    if not (told or before.keys() & {"owner", "pool"} or (is_new and record.pool_id)):
        return []
    owner, pool = (None, None) if is_new else (before.get("owner", record.owner), before.get("pool", record.pool))
    if record.pool is None and pool is None and record.owner is None:
        return []
    how = told.pop("how", "") or _how(record, owner, pool)
    data = {"pool": ref(record.pool or pool), "owner": ref(record.owner), "former": ref(owner), "from_pool": ref(pool), **told}
    data["former_team"] = str(owner.team_id) if owner is not None and owner.team_id else ""
    return [(str(how), {name: value for name, value in data.items() if value not in (None, "")}, None)]


def _how(record: Pooled, owner: Any, pool: Any) -> How:
    if record.owner is not None:
        return How.ASSIGNED
    if owner is not None:
        return How.GIVEN_BACK
    return How.ENTERED if pool is None else How.TRANSFERRED


def ref(record: Any) -> dict[str, str] | None:
    """A record as facts name it."""
    if record is None:
        return None
    from renmai.kernel.records.types import registry

    return {"id": str(record.pk), "type": registry.of(record).slug, "title": record.title}
