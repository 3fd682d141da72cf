"""Records that may wait in a public pool."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from renmai.directory.pool.moving import moved
from renmai.kernel.records.fields import Link, Moment
from renmai.kernel.records.record import Record
from renmai.kernel.records.types import RecordType, registry

ALIVE = Q(deleted_at=None, pool__isnull=False)
BOOKKEEPING = frozenset({"pool", "waiting_since", "claimed_at", "goes_back_at"})


class Pooled(Record):
    """A record of a pool: it waits there while nobody owns it, and keeps its pool for life.

    Attributes:
        waiting_since: since when it has been nobody's; None while somebody has it, and outside of pools.
        goes_back_at: when it goes back to a pool by a rule, as things stand; None: by none.
        claimed_at: since when its owner has it, or when it was somebody's last; None: never anybody's.
        held: which of somebody's records they have in work, so that they count against what one may hold.
        won: which of them became customers: they count only where the pool says so.
    """

    pool = Link("directory.Pool", gettext_lazy("Pool"), blank=True, db_index=False)
    waiting_since = Moment(gettext_lazy("Waiting since"), blank=True, editable=False)
    claimed_at = Moment(gettext_lazy("Held since"), blank=True, editable=False)
    goes_back_at = Moment(gettext_lazy("Goes back on"), blank=True, editable=False, unkept=True)

    held: ClassVar[Q] = Q()
    won: ClassVar[Q] = Q(pk=None)

    class Meta:
        abstract = True

    def is_waiting(self) -> bool:
        """In a pool and nobody's; a claimed record keeps its pool, so that limits and recycling know it."""
        return self.pool_id is not None and self.owner_id is None

    def is_claimable(self) -> bool:
        """Waits, and is still in circulation."""
        return self.is_waiting() and self.circulates()

    def circulates(self) -> bool:
        """Is still of use to whoever would claim it."""
        return True

    def is_held(self) -> bool:
        """Of a pool, and somebody's."""
        return self.pool_id is not None and self.owner_id is not None

    def moves(self, how: str, reason: str = "", **more: Any) -> None:
        """Tell in which way the change that is being made moves it, where owner and pool alone do not tell.

        Args:
            how: one of ``How``.
            more: what else the fact says.
        """
        self.__dict__["_moving"] = {"how": how, "reason": reason, **more}

    def events(self, before: dict[str, Any]) -> list[tuple[str, dict[str, Any], Any]]:
        """Coming into a pool, going out of it, and going from hand to hand."""
        return [*super().events(before), *moved(self, before)]

    def derive(self, changed: set[str]) -> None:
        """What waits belongs to no team, either; since when it waits, or is held, is kept."""
        super().derive(changed)
        if self.owner_id is not None:
            self.waiting_since = None
            if self.claimed_at is None or "owner" in changed:
                self.claimed_at = timezone.now()
        elif self.pool_id is None:
            self.waiting_since = None
        else:
            self.team = None
            self.waiting_since = self.waiting_since or timezone.now()


def pooled() -> list[RecordType]:
    """The types whose records may wait in pools."""
    return [kind for kind in registry.all() if issubclass(kind.model, Pooled)]


def pool_indexes(noun: str) -> list[models.Index]:
    """What waits in a pool, newest first, and what somebody holds from it; all other records cost these nothing."""
    return [
        models.Index(fields=["pool", "created_at", "id"], name=f"{noun}_waits", condition=ALIVE & Q(owner__isnull=True)),
        models.Index(fields=["pool", "owner"], name=f"{noun}_held", condition=ALIVE & Q(owner__isnull=False)),
        models.Index(fields=["owner", "goes_back_at"], name=f"{noun}_goes", condition=Q(deleted_at=None, goes_back_at__isnull=False)),
    ]


def of_pool(pools: Any) -> Q:
    """The records of some pools, by their ids, whoever has them."""
    return Q(pool__in=pools)


def waiting(pools: Any) -> Q:
    """The records that wait in one of some pools, by their ids."""
    return Q(pool__in=pools, owner__isnull=True)
