"""What a rule of recycling waits for, and what it spares: a few ready ones, and those that higher domains bring along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from renmai.kernel.facts.model import FactAbout
from renmai.kernel.records.types import RecordType

Expression = Any


@dataclass(frozen=True)
class Basis:
    """What starts the clock anew; without it the clock runs from the day on which somebody got the record.

    Attributes:
        since: of a type, the expression of the last moment at which it happened; None where nothing does.
        types: slugs of the types that it is for; empty: every type of pools.
    """

    name: str
    label: Any
    since: Callable[[RecordType], Expression | None]
    types: tuple[str, ...] = ()

    def fits(self, kind: RecordType) -> bool:
        """A rule about the type may wait for it."""
        return not self.types or kind.slug in self.types


@dataclass(frozen=True)
class Spare:
    """Records that a rule leaves alone.

    Attributes:
        rows: of a type, the condition of those; None where there are none.
    """

    name: str
    label: Any
    rows: Callable[[RecordType], Any]


_bases: dict[str, Basis] = {}
_spares: dict[str, Spare] = {}


class Bases(dict[str, Any]):
    """Names and labels, read when asked: higher domains add theirs."""

    def items(self) -> Any:
        return [(basis.name, basis.label) for basis in _bases.values()]


class Spares(dict[str, Any]):
    """Names and labels, read when asked."""

    def items(self) -> Any:
        return [(spare.name, spare.label) for spare in _spares.values()]


def add_basis(basis: Basis) -> None:
    """Let rules wait for something more."""
    _bases[basis.name] = basis


def add_spare(spare: Spare) -> None:
    """Let rules spare something more."""
    _spares[spare.name] = spare


def basis(name: str) -> Basis:
    """The basis of that name."""
    return _bases[name]


def bases_of(kind: RecordType) -> list[Basis]:
    """Those that rules about a type may name."""
    return [found for found in _bases.values() if found.fits(kind)]


def spared(name: str, kind: RecordType) -> Any:
    """The condition of what a rule spares; None where the type has none of it."""
    return _spares[name].rows(kind) if name in _spares else None


def started(name: str, kind: RecordType) -> list[Expression]:
    """What the clock of a rule runs from: the latest of these."""
    since = basis(name).since(kind)
    return [Coalesce(F("claimed_at"), F("created_at")), *([] if since is None else [since])]


def _touched(kind: RecordType) -> Expression | None:
    return F("last_touch_at") if "last_touch_at" in kind.fields else None


def stands(kind: RecordType) -> str:
    """The field that says how far a record has come."""
    return next((name for name in ("status", "lifecycle") if name in kind.fields), "")


def _stepped(kind: RecordType) -> Expression | None:
    name = stands(kind)
    verbs = [f"{kind.noun}.{verb}" for verb, field in kind.reveals.items() if field == name]
    told = Q(fact__kind__in=verbs) | Q(fact__kind=f"{kind.noun}.updated", fact__data__fields__contains=[name])
    rows = FactAbout.objects.filter(told, record_id=OuterRef("pk"), position=0).order_by().values("record_id")
    return Subquery(rows.annotate(latest=Max("at")).values("latest")) if name else None


add_basis(Basis("no_follow_up", _("No follow-up"), _touched))
add_basis(Basis("no_change", _("Status unchanged"), _stepped))
add_basis(Basis("protection", _("Held so long, whatever happens"), lambda kind: None))
add_spare(Spare("won", _("Won customers"), lambda kind: kind.model.won))  # type: ignore[attr-defined]


_touching: list[str] = []
_standings: dict[str, dict[str, tuple[str, bool]]] = {}


def add_touching(*slugs: str) -> None:
    """Records of these types, once they have taken place, are contacts."""
    _touching.extend(slugs)


def touching() -> list[str]:
    """The types whose records are contacts."""
    return list(_touching)


def add_standing(slug: str, **verbs: tuple[str, bool]) -> None:
    """What facts of a type tell about where a record stands: by verb, ``closed`` or ``won``, and whether it is so from then on."""
    _standings[slug] = verbs


def standings(slug: str) -> dict[str, tuple[str, bool]]:
    """The verbs of those facts; where none tells of a customer won, what is won today counts."""
    return _standings.get(slug, {})
