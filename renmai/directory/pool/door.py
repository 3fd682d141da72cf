"""The way into a pool, and what those who come in by it alone do not see."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from renmai.directory.pool.fields import hideable
from renmai.directory.pool.known import pools_of
from renmai.directory.pool.pooled import of_pool, waiting
from renmai.kernel.access.visible import Way
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Q

    from renmai.directory.pool.model import Pool
    from renmai.kernel.access.user import User

OF_MEMBERS = {"view", "claim"}
OF_ADMINS = {"view", "claim", "edit", "assign", "transfer", "invalid"}


class PooledType(RecordType):
    """A type whose records may wait in pools: members of a pool see what waits there, whatever their own scope."""

    def further_ways(self, user: User, verb: str) -> list[Way]:
        """One for each pool; those that hide nothing come first."""
        if verb not in OF_ADMINS:
            return []
        member, administered = pools_of(user)
        keys = {pool.pk for pool in administered}
        asked = [pool for pool in member if pool.pk not in keys] if verb in OF_MEMBERS else []
        rows = of_pool if verb == "claim" else waiting  # who comes second is told that somebody was quicker
        return [*(_way(pool, rows) for pool in administered), *(_way(pool, rows, self._hidden(pool)) for pool in asked)]

    def _hidden(self, pool: Pool) -> frozenset[str]:
        """The fields that a pool hides, with the lists of which they are a part and what is worked out of them."""
        named = set(pool.hidden_fields) & hideable(self).keys()
        named |= {self.twins[name] for name in named if name in self.twins}
        read = {name for (slug, name), of in registry.reads.items() if slug == self.slug and any(one in named for _slug, one in of)}
        return frozenset(named | read)


def _way(pool: Pool, rows: Callable[[Any], Q], hides: frozenset[str] = frozenset()) -> Way:
    return Way("pool", rows([pool.pk]), pool.pk, hides=hides, words=partial(_said, pool))


def _said(pool: Pool, name: str) -> str:
    return _("It waits in the pool “%(pool)s”, to which %(name)s belongs.") % {"pool": pool.name, "name": name}
