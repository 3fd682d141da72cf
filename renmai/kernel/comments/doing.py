"""Commenting: who may see a record may say something about it, and take back their own words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renmai.kernel.access.user import User
from renmai.kernel.actions.action import REQUIRED
from renmai.kernel.actions.errors import Forbidden, Invalid, Missing
from renmai.kernel.api.records import visible
from renmai.kernel.comments.model import SIGNS, Comment, Reaction
from renmai.kernel.facts import say
from renmai.kernel.records.clean import identity
from renmai.kernel.records.store import refs

if TYPE_CHECKING:
    from renmai.kernel.records.record import Record
    from renmai.kernel.records.types import RecordType

LONGEST = 10_000


def write(kind: RecordType, key: Any, body: Any, mentions: Any, by: User) -> Comment:
    """Say something about a record.

    Args:
        body: plain text.
        mentions: ids of people whose ``@name`` stands in it; of others nothing is kept.

    Raises:
        Missing: the record may not be seen.
        Invalid: nothing is said, too much, or somebody is mentioned who may not see the record.
    """
    with transaction.atomic():
        record = visible(kind, key, by)
        text = _text(body)
        people = _people(kind, record, text, mentions)
        made = Comment.objects.create(type=kind.slug, record_id=record.pk, body=text, mentions=[one.pk for one in people], by=by)
        said = {"comment": str(made.pk), "mentions": [str(one.pk) for one in people]}
        say(f"{kind.noun}.commented", about=refs(kind, record), by=by, data=said)
    return made


def change(kind: RecordType, key: Any, comment: Any, body: Any, mentions: Any, by: User) -> Comment:
    """Say it in other words; see ``write``.

    Raises:
        Forbidden: they are somebody else's words.
    """
    with transaction.atomic():
        record = visible(kind, key, by)
        found = _own(record, comment, by)
        text = _text(body)
        found.mentions = [one.pk for one in _people(kind, record, text, mentions)]
        found.body, found.edited_at = text, timezone.now()
        found.save(update_fields=["body", "mentions", "edited_at"])
        _let_look(kind, record, "comment_changed", found, by)
    return found


def remove(kind: RecordType, key: Any, comment: Any, by: User) -> None:
    """Take a comment back: its writer may, and an administrator.

    Raises:
        Missing, Forbidden: there is none for this person, or it is somebody else's.
    """
    with transaction.atomic():
        record = visible(kind, key, by)
        found = _own(record, comment, by, admins=True)
        found.body, found.mentions, found.removed_at = "", [], timezone.now()
        found.save(update_fields=["body", "mentions", "removed_at"])
        Reaction.objects.filter(comment=found).delete()
        _let_look(kind, record, "comment_removed", found, by)


def react(kind: RecordType, key: Any, comment: Any, sign: Any, by: User, *, on: bool | None = None) -> Comment:
    """Put a sign on a comment or take it away.

    Args:
        on: whether it shall be there; the reverse of what is if not given.

    Raises:
        Missing, Invalid: there is no such comment for this person, or no such sign.
    """
    if sign not in SIGNS:
        raise Invalid({"sign": [_("These signs can be used: %(signs)s") % {"signs": " ".join(SIGNS)}]})
    with transaction.atomic():
        record = visible(kind, key, by)
        found = _one(record, comment)
        mine = Reaction.objects.filter(comment=found, user=by, sign=sign)
        if on is False or (on is None and mine.exists()):
            mine.delete()
        else:
            Reaction.objects.get_or_create(comment=found, user=by, sign=sign)
        _let_look(kind, record, "reacted", found, by)
    return found


def may_see(kind: RecordType, record: Record, people: Iterable[User]) -> list[User]:
    """Those of the people who may see a record."""
    return [one for one in people if kind.model.objects.visible_to(one).filter(pk=record.pk).exists()]


def _let_look(kind: RecordType, record: Record, verb: str, comment: Comment, by: User) -> None:
    """Say it, so that open pages look again; without a time it stands on no timeline, where the card of the comment shows it."""
    say(f"{kind.noun}.{verb}", about=refs(kind, record), by=by, data={"comment": str(comment.pk)}, at=None)


def _text(body: Any) -> str:
    if not isinstance(body, str):
        raise Invalid({"body": [_("Text is expected here.")]})
    text = body.replace("\x00", "").replace("\r\n", "\n").strip()
    if not text:
        raise Invalid({"body": [REQUIRED]})
    if len(text) > LONGEST:
        raise Invalid({"body": [_("A comment has at most %(most)s characters.") % {"most": LONGEST}]})
    return text


def _people(kind: RecordType, record: Record, text: str, mentions: Any) -> list[User]:
    """The mentioned people whose name stands in the text."""
    if not isinstance(mentions, list):
        raise Invalid({"mentions": [_("A list of ids is expected here.")]})
    try:
        keys = [identity(key) for key in mentions]
    except (ValueError, TypeError):
        raise Invalid({"mentions": [_("A list of ids is expected here.")]}) from None
    named = [one for one in User.objects.live().filter(pk__in=keys, active=True) if f"@{one.title}" in text]
    seeing = may_see(kind, record, named)
    if blind := [one.title for one in named if one not in seeing]:
        raise Invalid({"mentions": [_("%(names)s may not see this record: share it first.") % {"names": ", ".join(blind)}]})
    return seeing


def _one(record: Record, key: Any) -> Comment:
    found = Comment.objects.filter(pk=key, record_id=record.pk, removed_at=None).first()
    if found is None:
        raise Missing(_("There is no such comment."))
    return found


def _own(record: Record, key: Any, by: User, *, admins: bool = False) -> Comment:
    found = _one(record, key)
    if not found.is_by(by) and not (admins and by.access.is_admin):
        raise Forbidden(_("These are somebody else's words."))
    return found
