"""Pairs that somebody has to look at, as far as they may see and change both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Invalid, Missing
from renmai.kernel.matching.model import Pair, Verdict
from renmai.kernel.matching.weigh import Weighed, reasons
from renmai.kernel.records.pages.cells import Line, lines
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record
    from renmai.kernel.records.types import RecordType

ALSO_SHOWN = ("owner", "created_at")


@dataclass(frozen=True)
class Shown:
    """A pair as its reader sees it: both records in the same fields, and why they may be the same."""

    pair: Pair
    weighed: Weighed
    reasons: list[str]
    sides: tuple[Line, Line]

    @property
    def likely(self) -> Decimal:
        """How likely it is, as a percentage."""
        return Decimal(self.weighed.percent)

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """The cells of both, side by side; what is empty in both is left out."""
        found = zip(self.sides[0].cells, self.sides[1].cells, strict=True)
        return [(one, other) for one, other in found if not one.is_empty or not other.is_empty]


def open_pairs(kind: RecordType, by: User) -> QuerySet[Pair]:
    """Those of a type whose both records the person may change, the likeliest first."""
    mine = kind.model.objects.visible_to(by, "edit").values("pk")
    found = Pair.objects.filter(type=kind.slug, verdict=Verdict.OPEN, one__in=mine, other__in=mine)
    return found.order_by("-probability", "id")


def page_of(kind: RecordType, by: User, *, after: str = "", limit: int) -> tuple[list[Pair], str]:
    """A page of pairs, and the cursor of the next.

    Raises:
        Invalid: the cursor is none.
    """
    found = open_pairs(kind, by)
    if after:
        likely, key = _cursor(after)
        found = found.filter(Q(probability__lt=likely) | Q(probability=likely, id__gt=key))
    some = list(found[: limit + 1])
    return some[:limit], f"{some[limit - 1].probability!r}~{some[limit - 1].pk}" if len(some) > limit else ""


def _cursor(text: str) -> tuple[float, int]:
    likely, _mark, key = text.partition("~")
    try:
        return float(likely), int(key)
    except ValueError:
        raise Invalid({"after": [_("This is no cursor.")]}) from None


def shown(kind: RecordType, pairs: Sequence[Pair], by: User) -> list[Shown]:
    """Pairs with both their records; read together."""
    rule = kind.duplicates
    records: dict[Any, Record] = kind.model.objects.in_bulk({key for pair in pairs for key in (pair.one, pair.other)})
    hidden = by.access.hidden(kind)
    names = dict.fromkeys([*(rule.names if rule is not None else ()), *ALSO_SHOWN])
    specs = [kind.fields[name] for name in names if name in kind.fields and name not in hidden and kind.fields[name].kind != "json"]
    made = dict(zip(records, lines(kind, list(records.values()), specs, by, editable=False), strict=True))
    found = []
    for pair in pairs:
        if pair.one in made and pair.other in made:
            weighed = Weighed(pair.probability, {int(place): level for place, level in pair.levels.items()})
            said = reasons(kind, rule, weighed, hidden) if rule is not None else []
            found.append(Shown(pair, weighed, said, (made[pair.one], made[pair.other])))
    return found


def pair_of(key: int, by: User) -> tuple[RecordType, Pair]:
    """An open pair that the person may decide about.

    Raises:
        Missing: there is none.
    """
    found = Pair.objects.filter(pk=key).first()
    kind = registry.get(found.type) if found is not None else None
    pair = open_pairs(kind, by).filter(pk=key).first() if kind is not None else None
    if kind is None or pair is None:
        raise Missing(_("There is no such pair."))
    return kind, pair
