"""Who may hear of what: the doors of ``visible_to``, asked once per type for everybody who listens."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.db.models import Q

from renmai.kernel.access.sign_in.required import lacks_second_step
from renmai.kernel.access.user import Share, User
from renmai.kernel.access.visible import openings
from renmai.kernel.live.stream import Notice
from renmai.kernel.overlay import version as overlay
from renmai.kernel.records.types import RecordType, registry

KEPT_FOR = 20.0


def person_of(cookie: str) -> User | None:
    """The active person whose session this is.

    Args:
        cookie: the value of the session cookie.
    """
    store = import_module(settings.SESSION_ENGINE).SessionStore
    request: Any = SimpleNamespace(session=store(cookie))
    user = get_user(request)
    return user if isinstance(user, User) and user.is_active and not lacks_second_step(user) else None


def cookie_of(header: str) -> str:
    """The session's cookie among all that the browser sent."""
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return next((value for name, _sep, value in pairs if name == settings.SESSION_COOKIE_NAME), "")


class Audience:
    """Those who listen, with their rights kept for some seconds."""

    def __init__(self) -> None:
        self._people: dict[Any, tuple[float, User, bool]] = {}

    def heard(self, notices: Iterable[Notice], keys: Iterable[Any]) -> dict[Any, list[Notice]]:
        """Which of the notices each person may hear.

        Args:
            keys: ids of the people.

        Returns:
            By person's id, in the order of the notices; nothing for who may hear none.
        """
        told: dict[Any, list[Notice]] = defaultdict(list)
        by_type: dict[str, list[Notice]] = defaultdict(list)
        for notice in notices:
            by_type[notice.type].append(notice)
        people = [self._person(key) for key in set(keys)]
        for slug, news in by_type.items():
            kind = registry.get(slug)
            if kind is None:
                overlay.refresh()
                kind = registry.get(slug)
            if kind is not None:
                self._hear(kind, news, people, told)
        return told

    def _person(self, key: Any) -> tuple[User, bool]:
        """The person, and whether something was shared with them."""
        known = self._people.get(key)
        if known is None or time.monotonic() - known[0] > KEPT_FOR:
            user = User.objects.get(pk=key)
            shared = Share.objects.filter(Q(user=key) | Q(team=user.team_id, team__isnull=False)).exists()
            known = self._people[key] = (time.monotonic(), user, shared)
        return known[1], known[2]

    def _hear(self, kind: RecordType, news: list[Notice], people: list[tuple[User, bool]], told: dict[Any, list[Notice]]) -> None:
        keys = [notice.id for notice in news if notice.id]
        rows = kind.model.objects.filter(pk__in=keys).values_list("pk", "owner_id", "team_id")
        held = {str(key): (owner, team) for key, owner, team in rows}
        for user, shared in people:
            open_ids = self._open(kind, held, user, shared)
            for notice in news:
                if notice.id in open_ids or (not notice.id and user.may("view", kind)):
                    told[user.pk].append(_told(notice, kind, user))

    def _open(self, kind: RecordType, held: dict[str, tuple[Any, Any]], user: User, shared: bool) -> set[str]:
        """Ids of the records, deleted ones too, to which the person has a door."""
        if kind.own_doors(user, "view") is not None:
            return _by_doors(kind, held, user)
        scope = user.access.scope(kind.slug, "view")
        if scope.level == "all":
            return set(held)
        if shared or scope.criteria or user.access.territories or kind.further_ways(user, "view"):
            return _by_doors(kind, held, user)
        teams = {"team": [user.team_id] if user.team_id else [], "branch": user.access.branch}.get(scope.level, [])
        return {key for key, (owner, team) in held.items() if scope.level != "none" and (owner == user.pk or team in teams)}


def _told(notice: Notice, kind: RecordType, user: User) -> Notice:
    """The notice without the verb where that tells of a field that is hidden from the person."""
    verb = notice.kind.partition(".")[2]
    is_hidden = kind.reveals.get(verb) in user.access.hidden(kind)
    return replace(notice, kind=f"{kind.noun}.updated") if is_hidden else notice


def _by_doors(kind: RecordType, held: dict[str, tuple[Any, Any]], user: User) -> set[str]:
    anywhere = Q(pk__in=[])
    for opening in openings(user, kind.model):
        anywhere |= opening
    return {str(key) for key in kind.model.objects.filter(anywhere, pk__in=list(held)).values_list("pk", flat=True)}
