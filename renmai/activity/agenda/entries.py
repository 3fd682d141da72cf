"""What stands in calendars and in a day: tasks, follow-ups, calls, meetings and visits by the time at which they are, or were."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from renmai.kernel.records.about import about_of
from renmai.kernel.records.reading import link_json, titles_of
from renmai.kernel.records.ready import spoken
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from uuid import UUID

    from renmai.kernel.access.user import User

SLUGS = ("tasks", "follow-ups", "calls", "meetings", "visits")
MOST = 500  # of a type at a time; whoever has more narrows them by type or person
LONGEST = dt.timedelta(days=31)  # what began earlier than that and still lasts is not looked for
TIMES = ("due_at", "happened_at")
END = "ends_at"


@dataclass(frozen=True)
class Entry:
    """One activity at its time.

    Attributes:
        start: when it took place, else when it is planned for, else since when it is there; ``end`` None where it says none.
        about: what it is about, as links are read; what the reader may not see is left out.
        who: the assignee, as a link is read; None for nobody.
    """

    kind: RecordType
    record: Any
    start: dt.datetime
    end: dt.datetime | None
    about: tuple[dict[str, Any], ...]
    who: dict[str, Any] | None

    @property
    def title(self) -> str:
        """What it is called for its reader."""
        return spoken(self.kind.slug, self.record.title)

    @property
    def is_done(self) -> bool:
        """It is behind one."""
        return self.record.done_at is not None

    @property
    def asks(self) -> bool:
        """There is something to be said when it is done: what came of a contact."""
        return self.kind.slug != "tasks"

    @property
    def is_planned(self) -> bool:
        """It has not begun, so that its time can still be chosen."""
        return self.record.done_at is None and self.record.happened_at is None

    def is_late(self, now: dt.datetime) -> bool:
        """Its time has passed and it is not done."""
        return not self.is_done and self.start < now


def kinds(by: User, slugs: Collection[str] = ()) -> list[RecordType]:
    """The types whose times a person may see.

    Args:
        slugs: only these; all of them if it names none.
    """
    wanted = [registry[slug] for slug in SLUGS if registry.get(slug) is not None and (not slugs or slug in slugs)]
    return [kind for kind in wanted if by.may("view", kind) and not by.access.hidden(kind) & {*TIMES, "done_at"}]


def lasts(kind: RecordType) -> bool:
    """Whether records of the type say until when they last."""
    return END in kind.fields


def within(kind: RecordType, first: dt.datetime, last: dt.datetime) -> Q:
    """Activities that stand between two moments: by when they took place, else by when they are planned."""
    took = Q(happened_at__gte=first, happened_at__lt=last)
    planned = Q(due_at__gte=first, due_at__lt=last)
    if lasts(kind):
        planned |= Q(due_at__gte=first - LONGEST, due_at__lt=first, ends_at__gt=first)
    return took | (Q(happened_at=None) & planned)


def of(kind: RecordType, people: Collection[UUID] | None) -> Q:
    """Activities that are somebody's to do; None means everybody's."""
    if people is None:
        return Q()
    mine = Q(assignee__in=people)
    return mine | Q(participants__overlap=list(people)) if "participants" in kind.fields else mine


def entries(rows: Iterable[tuple[RecordType, Sequence[Any]]], by: User) -> list[Entry]:
    """Records as entries, in order of time, with what they are about: two queries, however many there are.

    Args:
        rows: type → records with a time.
    """
    read = list(rows)
    everything = [record for _kind, records in read for record in records]
    abouts = about_of(everything) if everything else {}
    wanted: dict[str, set[Any]] = defaultdict(set)
    for found in abouts.values():
        for about in found:
            wanted[about.target_type].add(about.target_id)
    wanted["users"] |= {record.assignee_id for record in everything}
    titles = titles_of(wanted, by) if everything else {}
    hidden = {kind.slug: by.access.hidden(kind) for kind, _records in read}

    def entry(kind: RecordType, record: Any) -> Entry:
        shown = [] if "about" in hidden[kind.slug] else abouts.get(record.pk, [])
        links = [link_json(about.target_type, about.target_id, titles) for about in shown]
        who = None if "assignee" in hidden[kind.slug] else link_json("users", record.assignee_id, titles)
        start = record.happened_at or record.due_at or record.done_at or record.created_at
        return Entry(kind, record, start, ending(kind, record), tuple(link for link in links if link and link["id"]), who)

    made = [entry(kind, record) for kind, records in read for record in records]
    return sorted(made, key=lambda one: (one.start, one.record.pk))


def ending(kind: RecordType, record: Any) -> dt.datetime | None:
    """Until when it lasts, or lasted."""
    if not lasts(kind) or record.ends_at is None:
        return None
    return record.ends_at if record.happened_at is None or record.ends_at > record.happened_at else None


def between(
    by: User, found: Sequence[RecordType], first: dt.datetime, last: dt.datetime, people: Collection[UUID] | None
) -> tuple[list[Entry], bool]:
    """What stands between two moments and may be seen.

    Args:
        found: types, see ``kinds``.
        people: whose; None means everybody's.

    Returns:
        Entries in order of time, and whether there are more of some type than ``MOST``.
    """
    read = []
    for kind in found:
        rows = kind.model.objects.visible_to(by).filter(within(kind, first, last), of(kind, people))
        read.append((kind, list(rows.order_by("due_at", "id")[: MOST + 1])))
    return entries(((kind, records[:MOST]) for kind, records in read), by), any(len(records) > MOST for _kind, records in read)
