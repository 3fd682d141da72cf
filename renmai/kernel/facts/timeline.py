"""What stands on a record's timeline, newest first, in words."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.access.masks import masked, secrets_of
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.facts.model import Fact, FactAbout
from renmai.kernel.history.past import moment as moment_of_past
from renmai.kernel.inbound.channel import called_by
from renmai.kernel.merging.model import Moved
from renmai.kernel.records.reading import Titles, link_json, titles_of
from renmai.kernel.records.ready import spoken
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

PLAIN = {
    "created": gettext_lazy("%(by)s created %(title)s"),
    "updated": gettext_lazy("%(by)s changed %(fields)s of %(title)s"),
    "deleted": gettext_lazy("%(by)s deleted %(title)s"),
    "restored": gettext_lazy("%(by)s restored %(title)s"),
    "assigned": gettext_lazy("%(by)s gave %(title)s to %(owner)s"),
    "shared": gettext_lazy("%(by)s shared %(title)s with %(user)s%(team)s"),
    "unshared": gettext_lazy("%(by)s no longer shares %(title)s with %(user)s%(team)s"),
    "approval_asked": gettext_lazy("%(by)s asked for approval of %(title)s"),
    "tagged": gettext_lazy("%(by)s changed the tags of %(title)s"),
    "commented": gettext_lazy("%(by)s commented on %(title)s"),
    "attached": gettext_lazy("%(by)s attached %(file)s to %(title)s"),
    "detached": gettext_lazy("%(by)s removed the file %(file)s from %(title)s"),
    "imported": gettext_lazy("%(by)s imported %(title)s"),
    "merged": gettext_lazy("%(by)s merged %(other)s into %(title)s"),
    "recomputed": gettext_lazy("%(by)s let the rules choose %(fields)s of %(title)s"),
    "unmerged": gettext_lazy("%(by)s took %(other)s out of %(title)s again"),
    "arrived": gettext_lazy("%(title)s came in by %(channel)s"),
    "submitted": gettext_lazy("%(title)s filled in the form %(form)s"),
    "wrote": gettext_lazy("%(title)s wrote: %(subject)s"),
}
BEGINNINGS = {
    "created": gettext_lazy("%(by)s created %(title)s, which was merged into this one later"),
    "imported": gettext_lazy("%(by)s imported %(title)s, which was merged into this one later"),
}


Masks = dict[UUID, tuple[frozenset[str], list[str]]]  # what is hidden of a record: the names of fields, and what they hold


@dataclass(frozen=True)
class Card:
    """One thing on a timeline.

    Attributes:
        fact: what happened.
        by: who did it, as ``{"id", "type", "title"}``; None for the system.
        about: the records it is about that the reader may see, the main one first.
        text: one sentence.
        data: the fact's data.
        why: how it came about, where that is kept.
    """

    fact: Fact
    by: dict[str, Any] | None
    about: list[dict[str, Any]]
    text: str
    data: dict[str, Any]
    why: str = ""

    @property
    def comment(self) -> str:
        """Id of the comment that it tells of; other facts call words of their own a comment."""
        return str(self.data["comment"]) if self.fact.kind.endswith(".commented") else ""


ABOUTS = ArraySubquery(
    FactAbout.objects.filter(fact=OuterRef("fact")).order_by("position").values(about=JSONObject(type="type", id="record_id"))
)


Explain = Callable[[dict[str, Any]], str]
_explaining: dict[str, Explain] = {}


def explains(*kinds: str) -> Callable[[Explain], Explain]:
    """Say with the function how facts of these kinds came about, from what a reader sees of their data; nothing where it is not kept."""

    def keep(function: Explain) -> Explain:
        _explaining.update(dict.fromkeys(kinds, function))
        return function

    return keep


@dataclass(frozen=True)
class Told:
    """Facts as they were written, with what each is about, the main record first.

    Attributes:
        of: id of the record on whose timeline they stand, if it is that of one.
        merged: by fact that tells how a record began which was merged into that one, what it was called.
    """

    facts: list[Fact]
    abouts: dict[int, list[tuple[str, UUID]]]
    of: UUID | None = None
    merged: dict[int, str] = field(default_factory=dict)

    def links(self) -> dict[str, set[Any]]:
        """What the facts name, by type: what ``titles_of`` is to read."""
        wanted: dict[str, set[Any]] = defaultdict(set)
        for slug, key in (about for several in self.abouts.values() for about in several):
            wanted[slug].add(key)
        wanted["users"] |= {fact.by_id for fact in self.facts}
        for link in [value for fact in self.facts for value in fact.data.values() if _is_link(value)]:
            wanted[link["type"]].add(UUID(link["id"]))
        return {slug: keys for slug, keys in wanted.items() if registry.get(slug)}


def timeline(
    record: Record, by: User, *, limit: int = 30, after: str | None = None, kinds: list[str] | None = None
) -> tuple[list[Card], str | None]:
    """One page of a record's timeline.

    Facts whose main record the reader may not see are left out.

    Args:
        kinds: only these kinds of fact.
        after: the cursor that the page before gave.

    Returns:
        The cards, newest first, and the next cursor or None.
    """
    found, following = told_of(record, limit=limit, after=after, kinds=kinds)
    return cards_of(found, by, titles_of(found.links(), by)), following


def told_of(record: Record, *, limit: int, after: str | None = None, kinds: list[str] | None = None) -> tuple[Told, str | None]:
    """The facts of one page of a timeline, whoever reads them; see ``timeline`` for the arguments."""
    marks = FactAbout.objects.filter(record_id=record.pk, at__isnull=False)
    if moment_of_past() is not None:
        marks = marks.filter(at__lte=moment_of_past())
    if kinds:
        marks = marks.filter(fact__kind__in=kinds)
    if after:
        at, seq = _decode(after)
        marks = marks.filter(Q(at__lt=at) | Q(at=at, fact_id__lt=seq))
    found = list(marks.order_by("-at", "-fact_id").select_related("fact").annotate(abouts=ABOUTS)[: limit + 1])
    following = _encode(found[limit - 1]) if len(found) > limit else None
    shown = found[:limit]
    abouts = {mark.fact_id: [(about["type"], UUID(about["id"])) for about in mark.abouts] for mark in shown}
    return Told([mark.fact for mark in shown], abouts, record.pk, _merged(record.pk, shown)), following


def _merged(key: UUID, marks: Sequence[FactAbout]) -> dict[int, str]:
    """Which of the beginnings on a timeline are those of records that were merged; one alone is the record's own."""
    found = {str(mark.pk): mark.fact_id for mark in marks if mark.position == 0 and _verb(mark.fact) in BEGINNINGS}
    titles = Moved.titles(key, str(FactAbout._meta.model_name), found) if len(found) > 1 else {}
    return {found[row]: title for row, title in titles.items()}


def _verb(fact: Fact) -> str:
    return fact.kind.partition(".")[2]


def cards(facts: list[Fact], by: User) -> list[Card]:
    """Facts as the reader may see them, in the same order."""
    abouts: dict[int, list[tuple[str, UUID]]] = defaultdict(list)
    for mark in FactAbout.objects.filter(fact__in=facts).order_by("position"):
        abouts[mark.fact_id].append((mark.type, mark.record_id))
    told = Told(facts, abouts)
    return cards_of(told, by, titles_of(told.links(), by))


def cards_of(told: Told, by: User, titles: Titles) -> list[Card]:
    """Facts as the reader may see them, in the same order, with the titles of what they name."""
    masks = _masks(told, by)
    return [card for fact in told.facts if (card := _card(fact, told, by, titles, masks)) is not None]


def _masks(told: Told, by: User) -> Masks:
    """What is hidden from the reader of the records that the facts happened to."""
    mains: dict[str, set[UUID]] = defaultdict(set)
    for about in told.abouts.values():
        for slug, key in about[:1]:
            mains[slug].add(key)
    kinds = [(kind, keys) for slug, keys in mains.items() if (kind := registry.get(slug)) is not None]
    hidden = {(kind, key): names for kind, keys in kinds for key, names in masked(kind, list(keys), by).items()}
    return {key: (names, secrets_of(kind, key, names)) for (kind, key), names in hidden.items()}


def _card(fact: Fact, told: Told, by: User, titles: Titles, masks: Masks) -> Card | None:
    """A fact as the reader may see it; None where its main record, or all that it tells, is hidden from them."""
    abouts = told.abouts.get(fact.seq, [])
    kind = registry.get(abouts[0][0]) if abouts else None
    if kind is None or titles.get(kind.slug, {}).get(abouts[0][1]) is None:
        return None
    masks_of_it, secrets = masks.get(abouts[0][1], (frozenset(), []))
    hidden, verb = by.access.hidden(kind) | masks_of_it, _verb(fact)
    untold = {str(kind.fields[name].target) for name in kind.tells if name in hidden}
    known = [about for place, about in enumerate(abouts) if place == 0 or about[0] not in untold]
    data = _shown(fact, hidden | {name for name, field in kind.reveals.items() if field in hidden}, titles, secrets)
    if kind.reveals.get(verb) in hidden or (told.of and told.of not in {key for _slug, key in known}) or data.get("fields") == []:
        return None
    visible = [link for slug, key in known if (link := link_json(slug, key, titles)) and not link.get("hidden")]
    actor = link_json("users", fact.by_id, titles)
    main = visible[0]
    if fact.seq in told.merged:
        return Card(fact, actor, visible, _begun(fact, actor, {**main, "title": told.merged[fact.seq]}), data)
    explain = _explaining.get(fact.kind)
    return Card(fact, actor, visible, sentence(fact, data, actor, main), data, explain(data) if explain is not None else "")


def _is_link(value: Any) -> bool:
    """Whether a value in a fact's data names a record."""
    return isinstance(value, dict) and {"id", "type", "title"} <= value.keys() and registry.get(value["type"]) is not None


def _shown(fact: Fact, hidden: set[str], titles: Titles, secrets: list[str]) -> dict[str, Any]:
    """The fact's data without what is hidden, or holds it, and without titles of records that the reader may not see."""
    links = {name: _link(value, titles) for name, value in fact.data.items() if _is_link(value)}
    data = {name: value for name, value in (fact.data | links).items() if name not in hidden and not _holds(value, secrets)}
    if hidden and "fields" in data:
        data["fields"] = [name for name in data["fields"] if name not in hidden]
    return data


def _holds(value: Any, secrets: list[str]) -> bool:
    return bool(secrets) and any(secret in json.dumps(value, ensure_ascii=False, default=str) for secret in secrets)


def _link(value: dict[str, Any], titles: Titles) -> dict[str, Any] | None:
    """What a fact's data names, as it is called now, with whatever else the fact keeps of it."""
    link = link_json(value["type"], UUID(value["id"]), titles)
    return link if link is None or link.get("hidden") else {**value, **link}


def _begun(fact: Fact, actor: dict[str, Any] | None, main: dict[str, Any]) -> str:
    """How a record began that was merged into the one on whose timeline it stands."""
    return str(BEGINNINGS[_verb(fact)]) % {"by": _who(actor), "title": spoken(main["type"], main["title"])}


def _who(actor: dict[str, Any] | None) -> str:
    return actor["title"] if actor and actor["title"] else _("Renmai")


def _said(value: Any) -> Any:
    if isinstance(value, dict) and "title" in value:
        return spoken(value.get("type", ""), value["title"])
    return value


def sentence(fact: Fact, data: dict[str, Any], actor: dict[str, Any] | None, main: dict[str, Any]) -> str:
    """What happened, in one sentence of the reader's language."""
    kind = registry[main["type"]]
    verb, who = _verb(fact), _who(actor)
    words = {name: _said(value) for name, value in data.items()}
    labels = [str(kind.fields[name].label) for name in data.get("fields", []) if name in kind.fields]
    words |= {"by": who, "title": main["title"], "fields": ", ".join(labels)}
    words |= {"channel": called_by(data["channel"])} if "channel" in data else {}
    phrase = kind.phrases.get(verb) or PLAIN.get(verb)
    if phrase is None or any(f"%({name})s" in str(phrase) for name in kind.reveals if name not in words):
        action = next((action for action in kind.all_actions if action.fact == verb), None)
        words["action"] = str(action.label) if action else verb
        phrase = gettext_lazy("%(by)s: %(action)s – %(title)s")
    return str(phrase) % defaultdict(str, words)


def _encode(mark: FactAbout) -> str:
    return base64.urlsafe_b64encode(json.dumps([mark.at.isoformat() if mark.at else None, mark.fact_id]).encode()).decode()


def _decode(cursor: str) -> tuple[dt.datetime, int]:
    try:
        at, seq = json.loads(base64.urlsafe_b64decode(cursor))
        return dt.datetime.fromisoformat(at), int(seq)
    except (ValueError, TypeError, binascii.Error):
        raise Invalid({"after": [_("This cursor belongs to another list.")]}) from None
