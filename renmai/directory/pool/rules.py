"""Who may take what waits, how much, and when."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from renmai.directory.pool.model import PoolMove
from renmai.directory.pool.moving import How
from renmai.directory.pool.pooled import Pooled, pooled
from renmai.kernel.actions.errors import Refused
from renmai.kernel.overlay.company import company
from renmai.kernel.records.types import registry
from renmai.kernel.ui import show

if TYPE_CHECKING:
    from renmai.directory.pool.model import Pool
    from renmai.kernel.access.user import User

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


def spend_quota(pool: Pool, by: User) -> None:
    """Take the person's lock until the transaction ends, so that two claims at once are counted one after the other.

    One lock for all pools: who claims many records from several of them waits for nobody who waits for him.
    """
    lock_quota(by)
    require_daily(pool, by)
    if pool.holding_limit is not None:
        require_room(pool, by, held(pool, by), by=by)


def lock_quota(owner: User) -> None:
    """Let nobody else give this person a record before the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [f"pool-quota {owner.pk}"])


def midnight(now: dt.datetime) -> dt.datetime:
    """The beginning of the day, in the company's zone: a rule of the company is the same for all who work there."""
    zone = zoneinfo.ZoneInfo(company().time_zone or "UTC")
    return dt.datetime.combine(now.astimezone(zone).date(), dt.time(), zone)


def claimed_today(pool: Pool, user: User) -> int:
    """How many a person has claimed from a pool since midnight."""
    return PoolMove.objects.filter(pool=pool, to_owner=user, how=How.CLAIMED, at__gte=midnight(timezone.now())).count()


def held(pool: Pool, user: User) -> int:
    """How many of a pool's records a person has in work."""
    total = 0
    for kind in pooled():
        model: Any = kind.model
        counting = model.held if pool.count_won else model.held & ~model.won
        total += model.objects.live().filter(counting, pool=pool, owner=user).count()
    return total


def require_daily(pool: Pool, by: User) -> None:
    """Raise ``Refused`` where a person has claimed as many today as the pool allows."""
    if pool.daily_limit is None:
        return
    done, again = claimed_today(pool, by), midnight(midnight(timezone.now()) + dt.timedelta(hours=36))
    if done >= pool.daily_limit:
        words = {"count": done, "limit": pool.daily_limit, "pool": pool.name, "moment": show.moment(again)}
        told = _("You have claimed %(count)s of %(limit)s from the pool “%(pool)s” today. You can go on from %(moment)s.") % words
        raise Refused(told, limit=pool.daily_limit, count=done, until=again.isoformat())


def require_room(pool: Pool, owner: User, count: int, *, by: User) -> None:
    """Raise ``Refused`` where a person holds as many from the pool as it allows.

    Args:
        count: how many they hold.
        by: who gives them another one, or takes it.
    """
    if pool.holding_limit is None or count < pool.holding_limit:
        return
    words = {"count": count, "limit": pool.holding_limit, "pool": pool.name, "name": owner.title}
    if by == owner:
        told = _("You hold %(count)s of %(limit)s from the pool “%(pool)s”. Give one back first.") % words
    else:
        told = _("%(name)s holds %(count)s of %(limit)s from the pool “%(pool)s”.") % words
    raise Refused(told, limit=pool.holding_limit, count=count)


def require_claimable(record: Pooled, by: User) -> None:
    """Raise ``Refused`` where the pool keeps a waiting record from this person for now."""
    pool: Any = record.pool
    if not pool.active and by.pk not in pool.admins:
        raise Refused(_("The pool “%(pool)s” is switched off.") % {"pool": pool.name})
    free = protected_until(record)
    if free is not None and free > timezone.now():
        told = _("This is new: it can be claimed from %(moment)s.") % {"moment": show.moment(free)}
        raise Refused(told, until=free.isoformat())
    _require_cool(record, pool, by)


def protected_until(record: Pooled) -> dt.datetime | None:
    """Until when nobody may claim it: what is new, and was never anybody’s."""
    days = record.pool.protect_days if record.pool is not None else None
    if not days or record.claimed_at is not None or record.waiting_since is None:
        return None
    return record.waiting_since + dt.timedelta(days=days)


def _require_cool(record: Pooled, pool: Pool, by: User) -> None:
    if not pool.cooldown_days:
        return
    since = timezone.now() - dt.timedelta(days=pool.cooldown_days)
    theirs = Q(from_owner=by)
    if pool.cooldown_team and by.team_id:
        theirs |= Q(from_team=by.team_id)
    lost = PoolMove.objects.filter(theirs, type=registry.of(record).slug, record_id=record.pk, to_owner=None, at__gt=since)
    last = lost.order_by("-at").select_related("from_owner").first()
    if last is None:
        return
    free = last.at + dt.timedelta(days=pool.cooldown_days)
    words = {"moment": show.moment(free), "name": last.from_owner.title if last.from_owner else ""}
    if last.from_owner_id == by.pk:
        told = _("This was yours before: you can claim it again from %(moment)s.") % words
    else:
        told = _("%(name)s of your team had this before: your team can claim it again from %(moment)s.") % words
    raise Refused(told, until=free.isoformat())
