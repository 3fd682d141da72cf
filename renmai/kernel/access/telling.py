"""Why somebody sees a record, in words: the same for the dialog and for the API."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from renmai.kernel.access.user import Share, Team
from renmai.kernel.access.why import Answer, Door
from renmai.kernel.access.words import FIELD_LEVELS, LEVELS, role_name, verb_word
from renmai.kernel.criteria import BadCriteria, parse, stored
from renmai.kernel.criteria.tree import Broken
from renmai.kernel.criteria.words import in_words
from renmai.kernel.records.kinds import moment
from renmai.kernel.records.reading import link_json, titles_of
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.ui import show
from renmai.kernel.ui.reader import current

if TYPE_CHECKING:
    from renmai.kernel.access.user import Role, User

Link = dict[str, Any] | None


def told(answer: Answer, by: User) -> dict[str, Any]:
    """The answer as the API gives it and the page shows it.

    Args:
        by: who reads it; what they may not see is not named.
    """
    kind = registry.of(answer.record)
    return {
        "user": link("users", answer.person.pk, by),
        "sees": answer.sees,
        "doors": [_door(door, answer, by) for door in answer.open],
        "would_open": [{"by": what, "text": _would(what, answer)} for what in answer.would_open],
        "may": [{"verb": verb, "label": str(verb_word(kind, verb)), "may": may} for verb, may in answer.may.items()],
        "fields": [
            {
                "name": right.name,
                "label": str(kind.fields[right.name].label),
                "level": right.level,
                "level_label": str(FIELD_LEVELS[right.level]),
                "roles": [_role(role) for role in right.roles],
            }
            for right in answer.fields
        ],
    }


def link(slug: str, key: Any, by: User) -> Link:
    """A link as its reader may see it."""
    return link_json(slug, key, titles_of({slug: {key}}, by))


def _role(role: Role) -> dict[str, Any]:
    return {"id": str(role.pk), "type": "roles", "title": str(role_name(role.name))}


def share_json(share: Share, by: User) -> dict[str, Any]:
    """A share, as its record's people see it."""
    return {
        "with": party_of(share, by),
        "may": share.may,
        "until": moment(share.until) if share.until else None,
        "relations": share.relations,
        "by": link("users", share.created_by_id, by),
    }


def party_of(share: Share, by: User) -> Link:
    """The person or team that a record is shared with."""
    return link("users", share.user_id, by) if share.user_id else link("teams", share.team_id, by)


def open_shares(record: Any) -> list[Share]:
    """The shares of a record that have not ended, the newest first."""
    return list(Share.open().filter(record_id=record.pk).order_by("-created_at"))


def shares_of(record: Any, by: User) -> list[dict[str, Any]]:
    """Who has a record by a share."""
    return [share_json(share, by) for share in open_shares(record)]


def _door(door: Door, answer: Answer, by: User) -> dict[str, Any]:
    sentence = door.way.words(answer.person.title) if door.way.words else SENTENCES[door.way.name](door, answer, by)
    return {"way": door.way.name, "text": sentence, "roles": [_role(role) for role in door.roles]}


def _all(_door: Door, answer: Answer, _by: User) -> str:
    types = registry.of(answer.record).label_plural
    if answer.is_open_to_all:
        return _("Everybody sees all %(types)s.") % {"types": types}
    return _("%(name)s sees all %(types)s.") % {"name": answer.person.title, "types": types}


def _own(_door: Door, answer: Answer, _by: User) -> str:
    return _("%(name)s owns it.") % {"name": answer.person.title}


def _team(door: Door, answer: Answer, by: User) -> str:
    words = {"team": _title("teams", door.way.by, by), "name": answer.person.title}
    if door.way.by == answer.person.team_id:
        return _("It belongs to “%(team)s”, the team of %(name)s.") % words
    return _("It belongs to “%(team)s”, which is part of the team of %(name)s.") % words


def _territory(door: Door, answer: Answer, by: User) -> str:
    team = Team.objects.filter(pk=answer.person.access.territories[door.way.by]).first()
    words = {"territory": _title("territories", door.way.by, by), "team": team.title if team else ""}
    return _("It lies in the territory “%(territory)s” of “%(team)s”.") % words


def _shared(door: Door, answer: Answer, by: User) -> str:
    return " ".join(_share(share, answer, by) for share in door.shares)


def _share(share: Share, answer: Answer, by: User) -> str:
    words = {
        "by": _title("users", share.created_by_id, by) or "Renmai",
        "party": answer.person.title if share.user_id else _title("teams", share.team_id, by),
        "until": show.moment(share.until) if share.until else "",
        "title": _title(share.type, share.record_id, by),
    }
    if share.record_id == answer.record.pk:
        if share.until:
            return _("%(by)s shared it with %(party)s until %(until)s.") % words
        return _("%(by)s shared it with %(party)s.") % words
    if share.until:
        return _("%(by)s shared “%(title)s”, with what belongs to it, with %(party)s until %(until)s.") % words
    return _("%(by)s shared “%(title)s”, with what belongs to it, with %(party)s.") % words


def _rule(door: Door, answer: Answer, by: User) -> str:
    kind, tree = registry.of(answer.record), json.loads(door.way.by)
    if names_hidden(tree, kind, by):
        return _("It meets a rule about fields that are hidden from you.")
    return _("It meets a rule: %(rule)s.") % {"rule": rule_in_words(tree, kind, by)}


def names_hidden(tree: Any, kind: RecordType, by: User) -> bool:
    """Whether criteria that make sense look at a field that is hidden from their reader."""
    return not isinstance(stored(tree, kind), Broken) and isinstance(stored(tree, kind, by), Broken)


def rule_in_words(tree: Any, kind: RecordType, by: User) -> str:
    """The criteria of a right as a sentence; one that names what is no longer there says so."""
    try:
        return in_words(parse(tree, kind), current(), by)
    except BadCriteria as problem:
        return str(problem.message)


def _title(slug: str, key: Any, by: User) -> str:
    found = link(slug, key, by)
    return (found or {}).get("title") or ""


SENTENCES: dict[str, Callable[[Door, Answer, User], str]] = {
    "all": _all,
    "own": _own,
    "team": _team,
    "territory": _territory,
    "shared": _shared,
    "related": _shared,
    "rule": _rule,
}


def _would(what: str, answer: Answer) -> str:
    record, person = answer.record, answer.person
    words = {"name": person.title, "types": registry.of(record).label_plural}
    if what == "active":
        return _("The account of %(name)s is closed.") % words
    if what == "team":
        return _("A place in the team “%(team)s”.") % {"team": record.team.title}
    if what == "share":
        return _("A share with %(name)s.") % words
    level = LEVELS[what.partition(":")[2]]
    return _("A role that lets %(name)s see %(types)s to this extent: %(level)s.") % {**words, "level": level}
