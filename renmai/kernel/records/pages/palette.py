"""The command palette: records that were seen or are found, what can be done here, where to go, what to create."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from renmai.kernel.access.preferences import prefer
from renmai.kernel.access.verbs import open_verbs
from renmai.kernel.actions.errors import Missing
from renmai.kernel.actions.sharing import share, unshare
from renmai.kernel.api.records import reachable
from renmai.kernel.following import marks
from renmai.kernel.records.pages.door import PAGES, page
from renmai.kernel.records.ready import spoken
from renmai.kernel.records.types import registry
from renmai.kernel.search.find import find
from renmai.kernel.settings.cards import cards
from renmai.kernel.ui.shell import Shell

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record
    from renmai.kernel.records.types import RecordType

FOUND = 12
SEEN = 6
OFFERED = 24
RECORD = re.compile(r"/(?P<slug>[-\w]+)/(?P<key>[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})/")


@dataclass(frozen=True)
class Command:
    """One line that can be chosen.

    Attributes:
        icon: name of an icon of the sprite.
        href: where it leads; or
        ask: address of the dialog that it opens; or
        post: address of what it does at once.
        side: a soft word at its end.
    """

    icon: str
    label: str
    href: str = ""
    ask: str = ""
    post: str = ""
    side: str = ""

    def answers(self, words: str) -> bool:
        """Whether every typed word stands in it."""
        told = f"{self.label} {self.side}".casefold()
        return all(word in told for word in words.casefold().split())


@page
def palette(request: HttpRequest, by: User) -> HttpResponse:
    """What answers to ``q``; ``at`` is the path of the page from which it is asked."""
    words = request.GET.get("q", "").strip()
    hits = [(registry[hit.type], hit) for hit in find(words, by, limit=FOUND)] if words else []
    offered = [command for command in commands(request, by) if command.answers(words)][:OFFERED]
    seen = [] if words else list(lately(by, request.GET.get("at", "")))
    return render(request, f"{PAGES}/palette.jinja", {"words": words, "hits": hits, "commands": offered, "seen": seen})


def lately(by: User, at: str) -> Iterator[Command]:
    """Records that were looked at lately, without the one that is open."""
    for link in marks.recents(by, SEEN + 1):
        kind = registry[link["type"]]
        href = f"{kind.path()}{link['id']}/"
        if href != at:
            yield Command(kind.icon, str(spoken(kind.slug, link["title"]) or _("Without a name")), href=href, side=str(kind.label))


def commands(request: HttpRequest, by: User) -> Iterator[Command]:
    """Everything that can be done from here: first with the open record, then going, creating and setting."""
    yield from _here(request.GET.get("at", ""), by)
    frame = Shell(request).frame
    yield Command("home", _("Go to %(nouns)s") % {"nouns": _("Home")}, href="/")
    for place in frame.places:
        yield Command(place.icon, _("Go to %(nouns)s") % {"nouns": place.label}, href=place.address)
    for kind in frame.kinds:
        yield Command(kind.icon, _("Go to %(nouns)s") % {"nouns": kind.label_plural}, href=kind.path())
    for kind in frame.makeable:
        yield Command("plus", _("New %(noun)s") % {"noun": kind.label}, href=f"{kind.path()}new/")
    yield Command("bell", _("Notifications"), href="/notifications/")
    yield Command("keyboard", _("Keys"), ask="/keys/")
    for card in cards(by):
        yield Command(card.icon, capfirst(str(card.label)), href=card.address, side=_("Settings"))


def _here(at: str, by: User) -> Iterator[Command]:
    """What can be done with the record whose page is open."""
    match = RECORD.match(at)
    kind = registry.get(match["slug"]) if match else None
    if match is None or kind is None or not by.may("view", kind):
        return
    record = _open(kind, match["key"], by)
    if record is None:
        return
    title = str(record.title)
    for action in _possible(kind, record, by):
        if action.place:
            yield Command(action.icon, str(action.label), href=f"{kind.path()}{action.place}?ids={record.pk}", side=title)
            continue
        address = f"{kind.path(record)}do/{action.name}/"
        asks = action.asks or action.danger
        yield Command(action.icon, str(action.label), ask=address if asks else "", post="" if asks else address, side=title)
    if record.deleted_at is None and open_verbs(by, record, {"edit"}):
        yield Command("pencil", _("Edit"), href=f"{kind.path(record)}edit/", side=title)
    yield Command("list-details", _("History"), href=f"{kind.path(record)}history/", side=title)
    yield Command("eye-question", _("Who sees this, and why?"), ask=f"{kind.path(record)}access/", side=title)


def _open(kind: RecordType, key: Any, by: User) -> Record | None:
    try:
        return reachable(kind, key, by)
    except Missing:
        return None


def _possible(kind: RecordType, record: Record, by: User) -> list[Any]:
    """The actions that are the person's to do with the record as it stands."""
    deleted = record.deleted_at is not None
    shared = {share.name, unshare.name}
    possible = [
        action
        for action in kind.all_actions
        if action.on_page and action.on_deleted == deleted and action.name not in shared and action.is_for(record, by)
    ]
    allowed = open_verbs(by, record, {action.may for action in possible})
    return [action for action in possible if action.may in allowed]


@page
def keys(request: HttpRequest, by: User) -> HttpResponse:
    """The sheet of the keys; sent, ``on`` says whether single letters do something."""
    if request.method == "POST":
        prefer(by, "keys", request.POST.get("on") == "1")
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    frame = Shell(request).frame
    return render(request, f"{PAGES}/keys.jinja", {"frame": frame, "on": by.preferences.get("keys", True)})
