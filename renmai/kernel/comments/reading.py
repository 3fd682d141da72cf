"""Comments as a reader sees them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from renmai.kernel.comments.model import SIGNS, Comment, Reaction
from renmai.kernel.records.reading import titles_of

if TYPE_CHECKING:
    from renmai.kernel.access.user import User


@dataclass(frozen=True)
class Sign:
    """A sign on a comment, who put it there, and whether the reader did."""

    sign: str
    names: list[str]
    is_mine: bool


@dataclass(frozen=True)
class Said:
    """One comment.

    Attributes:
        parts: its text, each part with whether it is somebody's name.
        people: mentioned people, id → name.
        signs: in the order of ``SIGNS``.
    """

    comment: Comment
    by: str
    parts: list[tuple[str, bool]]
    people: dict[str, str]
    signs: list[Sign]
    may_change: bool
    may_remove: bool


def said(comments: Iterable[Comment], by: User) -> list[Said]:
    """Comments with the names that belong to them, in two questions whatever their number."""
    listed = list(comments)
    if not listed:
        return []
    reactions: dict[UUID, list[Reaction]] = defaultdict(list)
    for reaction in Reaction.objects.filter(comment__in=listed).order_by("at"):
        reactions[reaction.comment_id].append(reaction)
    keys = {key for one in listed for key in (one.by_id, *one.mentions)}
    keys |= {one.user_id for several in reactions.values() for one in several}
    names = titles_of({"users": keys}, by).get("users", {})
    return [_said(one, reactions[one.pk], names, by) for one in listed]


def of_facts(keys: Iterable[Any], by: User) -> dict[str, Said]:
    """The comments that facts tell of, by id."""
    wanted = list(keys)
    found = Comment.objects.filter(pk__in=wanted) if wanted else []
    return {str(one.comment.pk): one for one in said(found, by)}


def _said(comment: Comment, reactions: list[Reaction], names: dict[Any, Any], by: User) -> Said:
    people = {str(key): str(names[key]) for key in comment.mentions if names.get(key)}
    is_mine = comment.is_by(by)
    return Said(
        comment,
        str(names.get(comment.by_id) or ""),
        parts(comment.body, people.values()),
        people,
        _signs(reactions, names, by),
        may_change=is_mine,
        may_remove=is_mine or by.access.is_admin,
    )


def _signs(reactions: list[Reaction], names: dict[Any, Any], by: User) -> list[Sign]:
    people: dict[str, list[Any]] = defaultdict(list)
    for one in reactions:
        people[one.sign].append(one.user_id)
    return [Sign(sign, [str(names.get(key) or "") for key in people[sign]], by.pk in people[sign]) for sign in SIGNS if sign in people]


def parts(text: str, names: Iterable[str]) -> list[tuple[str, bool]]:
    """A text cut at the ``@names`` of people; each part with whether it is one."""
    known = sorted((f"@{name}" for name in names), key=len, reverse=True)
    if not known:
        return [(text, False)]
    cut = re.split(f"({'|'.join(re.escape(name) for name in known)})", text)
    return [(part, part in known) for part in cut if part]
