"""Following, starring and having seen."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from renmai.kernel.access.preferences import prefer
from renmai.kernel.access.user import User
from renmai.kernel.following.model import Favourite, Follow, Mark, Seen
from renmai.kernel.records.prepared import GIVEN, Prepared, prepared
from renmai.kernel.records.reading import link_json, titles_of
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.records.record import Record

KEPT_FOR = dt.timedelta(days=90)
SHOWN = 12
REMEMBERED = 200
IN_RAIL = 8
STARRED = "starred"


def followers(record: Record) -> list[User]:
    """Who hears of what happens to a record: its owner and those who follow it, without those who stopped."""
    marks = list(Follow.objects.filter(record_id=record.pk).order_by("at"))
    keys = following_ids(record.owner_id, marks)
    found = User.objects.live().filter(active=True).in_bulk(keys)
    return [found[key] for key in keys if key in found]


def following_ids(owner: Any, marks: Iterable[Follow]) -> list[Any]:
    """Ids of those who hear of a record of this owner with these marks, the owner first."""
    stopped = {mark.user_id for mark in marks if mark.stopped_at}
    keys = [owner, *(mark.user_id for mark in marks)]
    return [key for key in dict.fromkeys(keys) if key and key not in stopped]


def follow(kind: RecordType, record: Record, user: User) -> None:
    """Hear of what happens to a record from now on."""
    Follow.objects.update_or_create(record_id=record.pk, user=user, defaults={"type": kind.slug, "stopped_at": None})


def unfollow(kind: RecordType, record: Record, user: User) -> None:
    """Hear of it no more; an owner may, too."""
    Follow.objects.update_or_create(record_id=record.pk, user=user, defaults={"type": kind.slug, "stopped_at": timezone.now()})


def follow_by_itself(marks: Iterable[tuple[str, Any, Any]]) -> None:
    """Let people follow records because of what they do there, unless they have stopped once.

    Args:
        marks: type, record's id and user's id of each.
    """
    Follow.objects.bulk_create((Follow(type=slug, record_id=key, user_id=user) for slug, key, user in marks), ignore_conflicts=True)


def star(kind: RecordType, record: Record, user: User) -> None:
    """Make a record one of a person's favourites."""
    Favourite.objects.get_or_create(record_id=record.pk, user=user, defaults={"type": kind.slug})
    _note(user)


def unstar(record: Record, user: User) -> None:
    """Make it one of them no more."""
    Favourite.objects.filter(record_id=record.pk, user=user).delete()
    _note(user)


def is_starred(record: Record, user: User) -> bool:
    """Whether a record is one of a person's favourites; nothing is asked for who has none."""
    return bool(user.preferences.get(STARRED)) and Favourite.objects.filter(user=user, record_id=record.pk).exists()


def _note(user: User) -> None:
    """Keep with the person whether there are favourites: no page asks for those of who has none."""
    prefer(user, STARRED, Favourite.objects.filter(user=user).exists())


def saw(kind: RecordType, record: Record, user: User) -> None:
    """Note that a person looks at a record."""
    Seen.objects.bulk_create(
        [Seen(type=kind.slug, record_id=record.pk, user=user)],
        update_conflicts=True,
        unique_fields=["user", "record_id"],
        update_fields=["at"],
    )


def in_rail(user: User) -> list[dict[str, Any]]:
    """The favourites that stand in the rail; nothing is asked for who has none."""
    return favourites(user, IN_RAIL) if user.preferences.get(STARRED) else []


def favourites(user: User, limit: int | None = None) -> list[dict[str, Any]]:
    """A person's favourites, newest first, as links; those that they may not see any more are left out."""
    return links(Favourite.objects.filter(user=user).order_by("-at")[:limit], user)


def recents(user: User, limit: int = SHOWN) -> list[dict[str, Any]]:
    """What a person has looked at lately, the last first, as links."""
    return links(Seen.objects.filter(user=user).order_by("-at")[:limit], user)


def seen_lately(user: User) -> set[Any]:
    """Ids of what a person has looked at lately."""
    seen = prepared("seen", lambda: Prepared(Seen.objects.filter(user__among=GIVEN).order_by("-at").values_list("record_id")[:REMEMBERED]))
    return {key for (key,) in seen.values([user.pk])}


def links(marks: Iterable[Mark], user: User) -> list[dict[str, Any]]:
    """What the marks are on, ``{"id", "type", "title"}``, as far as the person may see it."""
    listed = [mark for mark in marks if registry.get(mark.type) is not None]
    wanted: dict[str, set[Any]] = defaultdict(set)
    for mark in listed:
        wanted[mark.type].add(mark.record_id)
    titles = titles_of(wanted, user)
    found = [link_json(mark.type, mark.record_id, titles) for mark in listed]
    return [link for link in found if link is not None and not link.get("hidden")]


def forget_seen() -> None:
    """Forget what was looked at long ago."""
    Seen.objects.filter(at__lt=timezone.now() - KEPT_FOR).delete()
