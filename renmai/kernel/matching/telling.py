"""What is there already, as it may be told to a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from renmai.kernel.access.masks import masked
from renmai.kernel.actions.errors import Refused
from renmai.kernel.matching.find import Twin, known_elsewhere, twins_of
from renmai.kernel.matching.rule import Also
from renmai.kernel.matching.weigh import reasons
from renmai.kernel.records.ready import called
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record
    from renmai.kernel.records.types import RecordType

MOST_TOLD = 5


@dataclass(frozen=True)
class Told:
    """A record that may be the same.

    Attributes:
        record: None where the person may not see it: then only whose it is is told.
        owner, team: names, empty where it has none; told only of what may not be seen.
        percent: how likely it is.
        reasons: what speaks for it, in words.
    """

    record: Record | None = None
    owner: str = ""
    team: str = ""
    percent: int = 0
    reasons: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """As the API tells it."""
        if self.record is None:
            return {"masked": True}
        brief = {"type": self.record_type, "id": str(self.record.pk), "title": called(self.record)}
        return {**brief, "probability": self.percent / 100, "reasons": self.reasons}

    @property
    def likely(self) -> Decimal:
        """How likely it is, as a percentage for pages."""
        return Decimal(self.percent)

    @property
    def path(self) -> str:
        """The page of the record."""
        return registry.of(self.record).path(self.record) if self.record is not None else ""

    @property
    def noun(self) -> str:
        """What its type is called."""
        return str(registry.of(self.record).label) if self.record is not None else ""

    @property
    def record_type(self) -> str:
        """Slug of its type."""
        return registry.of(self.record).slug if self.record is not None else ""


class Duplicate(Refused):
    """It is there already; ``told`` says what."""

    def __init__(self, told: list[Told]) -> None:
        super().__init__(_("This may be there already."), candidates=[one.as_json() for one in told])
        self.told = told


def told(kind: RecordType, twins: Sequence[Twin], by: User) -> list[Told]:
    """The likeliest twins, those that the person may see with what speaks for them; of the others only as much as the rule lets be told."""
    rule = kind.duplicates
    records = [twin.record for twin in twins[:MOST_TOLD] if twin.record is not None]
    if rule is None or not records:
        return []
    seen = set(kind.model.objects.visible_to(by).filter(pk__in=[record.pk for record in records]).values_list("pk", flat=True))
    prefetch_related_objects([record for record in records if record.pk not in seen], "owner", "team")
    hidden, masks = by.access.hidden(kind), masked(kind, list(seen), by)
    found: list[Told] = []
    for twin in twins[:MOST_TOLD]:
        record: Any = twin.record
        if record is not None and record.pk in seen:
            found.append(
                Told(
                    record,
                    percent=twin.weighed.percent,
                    reasons=reasons(kind, rule, twin.weighed, hidden | masks.get(record.pk, frozenset())),
                )
            )
        elif record is not None and rule.tells_of_hidden:
            found.append(Told(None, str(record.owner or ""), str(record.team or "")))
    return found


def told_elsewhere(kind: RecordType, record: Record, by: User) -> list[Told]:
    """The records of other types that are the same, as far as the person may see them, with what speaks for it."""
    by_type: dict[RecordType, list[Twin]] = {}
    for twin in known_elsewhere(kind, [record])[0]:
        if twin.record is not None:
            by_type.setdefault(registry.of(twin.record), []).append(twin)
    told_of = (one for other, twins in by_type.items() if by.may("view", other) for one in told(other, twins, by))
    return [one for one in told_of if one.record is not None]


def require_once(kind: RecordType, record: Record, by: User | None) -> None:
    """Raise ``Duplicate`` where a new record, settled and not yet stored, may be there already, or is known as one of another type."""
    if by is None or kind.duplicates is None:
        return
    found, elsewhere = told(kind, twins_of(kind, record), by), told_elsewhere(kind, record, by)
    if found or any(kind.duplicates.also[one.record_type] == Also.STOP for one in elsewhere):
        raise Duplicate([*found, *elsewhere])
