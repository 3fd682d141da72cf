"""The one door for all that comes in: it is matched with what is there, made or joined, and said on the timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from renmai.kernel.facts import say
from renmai.kernel.history.acting import acting
from renmai.kernel.inbound.arrived import Arrived
from renmai.kernel.inbound.channel import Channel, Incoming, channel_of
from renmai.kernel.matching.find import known_elsewhere, twins_of
from renmai.kernel.matching.rule import Also
from renmai.kernel.records.kinds import TEXTUAL
from renmai.kernel.records.store import create, refs
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record
    from renmai.kernel.records.types import RecordType
    from renmai.kernel.transfer.store_many import New

LONGEST = 2_000
CALLED_BY = ("name", "company", "email", "mobile", "phone")


@dataclass(frozen=True)
class Arrival:
    """How something came in.

    Attributes:
        channel: name of the way.
        attribution: from where they came, kept in the fields of these names and in the fact.
        consents: to what they agreed, as ``{"key", "text", "version", "language"}``.
        data: what else the fact keeps.
        about: further records on whose timelines the fact stands.
    """

    channel: str
    attribution: Mapping[str, str] = field(default_factory=dict)
    consents: Sequence[Mapping[str, Any]] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    about: Sequence[Any] = ()

    @property
    def way(self) -> Channel:
        return channel_of(self.channel)

    @property
    def origin(self) -> dict[str, str]:
        """The attribution without what is empty, no text of it too long."""
        return {name: str(value)[:LONGEST] for name, value in self.attribution.items() if value}


@dataclass(frozen=True)
class Taken:
    """What became of it: a new record, or one that was there and is joined."""

    record: Record
    joined: bool

    def as_json(self, by: User | None = None) -> dict[str, Any]:
        """As programs are told; of a record that the reader may not see only that there is one."""
        return told(self.record, self.joined, by)


class _Known(Exception):
    """What came in is there already."""

    def __init__(self, record: Record, draft: Record) -> None:
        super().__init__()
        self.record, self.draft = record, draft


def take_in(kind: RecordType, values: Mapping[str, Any], arrival: Arrival, *, by: User | None = None) -> Taken:
    """Make a record of what came in, or join it to the one that it is about.

    What is there already stays as it was: the fact tells what came with other values, and to the owner.

    Args:
        kind: what it becomes where it is new.
        values: raw, by field of that type.
        by: with whose rights; None where it came from people outside.

    Raises:
        Invalid: with every field that does not do.
        Refusal: the person whose rights count may not make such a record.
    """
    given = completed(kind, values, arrival)
    with transaction.atomic(), acting(by, str(arrival.way.label)):
        try:
            record = create(kind, given, by, via=arrival.channel, check=_require_new)
        except _Known as known:
            tell(known.record, arrival, joined=True, by=by, differing=differing(known.record, known.draft))
            return Taken(known.record, joined=True)
        tell(record, arrival, joined=False, by=by)
    return Taken(record, joined=False)


def completed(kind: RecordType, values: Mapping[str, Any], arrival: Arrival) -> dict[str, Any]:
    """The values with those that the way they came by tells, as far as the type has such fields; a name is made of what there is."""
    told_by_way = {"source": arrival.way.source} if arrival.way.source else {}
    origin = {name: value for name, value in (told_by_way | arrival.origin).items() if name in kind.writable and not values.get(name)}
    given = {name: value for name, value in values.items() if value not in (None, "")}
    if "name" in kind.writable and not any(given.get(name) for name in ("name", *getattr(kind.model, "derived_from", {}).get("name", ()))):
        given["name"] = next((str(given[name]) for name in CALLED_BY if given.get(name)), "")
    return origin | given


def _require_new(kind: RecordType, record: Record, by: User | None) -> None:
    hold(kind, record)
    known = known_as(kind, record)
    if known is not None:
        raise _Known(known, record)


def hold(kind: RecordType, record: Record) -> None:
    """Let others wait who bring the same at this moment: without, two would both find nobody and both make one."""
    keys = sorted(f"{kind.slug} {key}" for key in record.__dict__.get("match_keys") or [])
    with connection.cursor() as cursor:
        for key in keys:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def known_as(kind: RecordType, record: Record) -> Record | None:
    """The record that a new one, settled and not yet stored, is the same as: one of its type, else one of a type that its rule stops at."""
    own = next((twin.record for twin in twins_of(kind, record) if twin.record is not None and twin.record.takes_more()), None)
    if own is not None or kind.duplicates is None:
        return own
    stops = {slug for slug, way in kind.duplicates.also.items() if way == Also.STOP}
    found = (twin.record for twin in known_elsewhere(kind, [record])[0] if twin.record is not None)
    return next((one for one in found if registry.of(one).slug in stops), None)


def differing(record: Record, draft: Record) -> dict[str, Any]:
    """What came with another value than the record has, by the name of its field, so that who may not see a field is not told of it."""
    theirs, ours = registry.of(draft).fields, registry.of(record).fields
    both = [name for name, spec in theirs.items() if spec.kind in TEXTUAL and spec.editable and name in ours]
    found = {name: getattr(draft, name, "") for name in both}
    return {name: value for name, value in found.items() if value and value != getattr(record, name, "")}


def tell(record: Record, arrival: Arrival, *, joined: bool, by: User | None, differing: Mapping[str, Any] | None = None) -> None:
    """Say on the record's timeline that it came in, and count it."""
    kind, way = registry.of(record), arrival.way
    consents = {"consents": list(arrival.consents)} if arrival.consents else {}
    data = {**(differing or {}), **arrival.origin, **arrival.data, **consents, "channel": way.name, "joined": joined}
    say(f"{kind.noun}.{way.verb}", about=[*refs(kind, record), *arrival.about], by=by, data=data)
    Arrived.objects.create(channel=way.name, type=kind.slug, record_id=record.pk, joined=joined)


def take_incoming(kind: RecordType, incoming: Incoming, channel: str, *, by: User | None = None, **arrival: Any) -> Taken:
    """Take in what a channel has read."""
    how = Arrival(channel, attribution=incoming.attribution, data=incoming.data, **arrival)
    return take_in(kind, incoming.values, how, by=by)


def note_failure(channel: str, problem: str) -> None:
    """Keep why something could not be taken in."""
    Arrived.objects.create(channel=channel, problem=problem[:LONGEST])


def told(record: Any, joined: bool, by: User | None) -> dict[str, Any]:
    """A record that came in, or was joined, as programs are told."""
    kind = registry.of(record)
    if by is not None and joined and not kind.model.objects.visible_to(by).filter(pk=record.pk).exists():
        return {"masked": True, "joined": True}
    return {"type": kind.slug, "id": str(record.pk), "title": record.title, "joined": joined}


def join_known(kind: RecordType, news: list[New], by: User | None) -> list[New]:
    """Of new records that come in as rows of an import, settled and not yet stored, those that are new; the others get what they join."""
    fresh = []
    for new in news:
        draft = new.record
        hold(kind, draft) if draft is not None else None
        new.joins = known_as(kind, draft) if draft is not None else None
        if new.joins is None:
            fresh.append(new)
            continue
        new.differing, new.record = differing(new.joins, draft), None  # type: ignore[arg-type]
    return fresh
