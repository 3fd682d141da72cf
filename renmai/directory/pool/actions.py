"""What is done with what waits in pools, and with what came from there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from renmai.directory.pool.model import Pool
from renmai.directory.pool.moving import How
from renmai.directory.pool.pooled import Pooled
from renmai.directory.pool.rules import held, lock_quota, require_claimable, require_room, spend_quota
from renmai.kernel.access.user import User
from renmai.kernel.actions.action import REQUIRED, action
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.records.fields import Link, Pick
from renmai.kernel.records.store import change

REASONS = {
    "no_answer": _("No answer"),
    "no_interest": _("Not interested now"),
    "not_mine": _("Not my region or trade"),
    "no_time": _("No time for it"),
    "other": _("Other"),
}
WHY: dict[str, models.Field[Any, Any]] = {
    "reason": Pick(_("Reason"), options=REASONS, blank=True, help_text=_("One of the list, or in your own words."))
}
TAKEN = _("Somebody else was quicker: this has an owner by now.")


@action(_("Claim"), icon="hand-grab", may="claim", when=Pooled.is_claimable, refusal=TAKEN, fact="")
def claim(record: Pooled, *, by: User) -> None:
    """Take a waiting record.

    Raises:
        Refused: it is protected or cooling down, or the claimer has reached a limit of the pool; the sentence tells which and until when.
    """
    pool: Any = record.pool
    require_claimable(record, by)
    spend_quota(pool, by)
    record.moves(How.CLAIMED)
    change(record, by=by, owner=by)


@action(
    _("Give back"),
    icon="arrow-back-up",
    may="give-back",
    when=lambda record: record.owner_id is not None,
    refusal=_("This is nobody’s already."),
    asks={**WHY, "pool": Link("directory.Pool", _("Into the pool"), blank=True)},
    fact="",
)
def give_back(record: Pooled, *, by: User, reason: str = "", pool: Pool | None = None) -> None:
    """Let a record wait in its pool again, or in another one.

    Raises:
        Invalid: it has no pool, and none is named.
    """
    to = pool or record.pool
    if to is None:
        raise Invalid({"pool": [gettext("It has no pool yet: choose one.")]})
    record.moves(How.GIVEN_BACK, told(reason))
    change(record, by=by, owner=None, pool=to)


def told(reason: str) -> str:
    """A reason as people read it."""
    return str(REASONS.get(reason, reason))


def _room(*, by: User, owner: User) -> Callable[[Any], None]:
    """May another one be given to a person? Asked of each record that is about to be theirs."""

    counts: dict[Any, int] = {}

    def require(record: Any) -> None:
        pool = record.pool
        if pool is None or pool.holding_limit is None or record.owner_id == owner.pk:
            return
        if pool.pk not in counts:
            lock_quota(owner)
            counts[pool.pk] = held(pool, owner)
        require_room(pool, owner, counts[pool.pk], by=by)
        counts[pool.pk] += 1

    return require


def _new_owner(*, owner: User) -> dict[str, Any]:
    return {"owner": owner}


@action(
    _("Assign"),
    icon="user-share",
    may="assign",
    fact="",
    asks={"owner": Link("kernel.User", _("To whom"))},
    sets=_new_owner,
    allows=_room,
)
def assign(record: Pooled, *, by: User, owner: User) -> None:
    """Give a record to a person; its team follows.

    Raises:
        Refused: the person holds as many from the pool as it allows.
    """
    change(record, by=by, owner=owner)


@action(
    _("Pass on"),
    icon="arrow-forward-up",
    may="transfer",
    asks={
        "owner": Link("kernel.User", _("To whom"), blank=True),
        "pool": Link("directory.Pool", _("Or into the pool"), blank=True),
        **WHY,
    },
    fact="",
)
def transfer(record: Pooled, *, by: User, owner: User | None = None, pool: Pool | None = None, reason: str = "") -> None:
    """Pass a record on to a colleague, or into another pool, where it waits.

    Raises:
        Invalid: not one of both is named.
        Refused: the colleague holds as many from the pool as it allows.
    """
    if (owner is None) == (pool is None):
        raise Invalid({"owner": [REQUIRED if owner is None else gettext("Name a person or a pool, not both.")]})
    if owner is not None:
        _room(by=by, owner=owner)(record)
    record.moves(How.TRANSFERRED, told(reason))
    change(record, by=by, owner=owner, pool=pool or record.pool)
