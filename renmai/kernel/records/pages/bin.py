"""The recycle bin of everything: what was deleted, by whom and when; brought back or deleted for good."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import TextField, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renmai.kernel.actions.errors import Missing, Refusal
from renmai.kernel.actions.run import run
from renmai.kernel.files.attached import lying_about
from renmai.kernel.history.purge import purge
from renmai.kernel.overlay.company import company
from renmai.kernel.records.pages.door import PAGES, go, page
from renmai.kernel.records.reading import Titles, titles_of
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.files.attachment import Attachment

SHOWN = 100
MOST = 200
SENTENCES = 2
FILES = "files"


@dataclass(frozen=True)
class Deleted:
    """One record in the bin."""

    kind: RecordType
    id: Any
    title: str
    at: dt.datetime
    by: str


@dataclass(frozen=True)
class Removed:
    """One file in the bin, and the record that it was taken off."""

    kind: RecordType
    record: Any
    title: str
    file: Any
    at: dt.datetime
    by: str


class Bin:
    """What one person may bring back, newest first."""

    def __init__(self, request: HttpRequest, by: User) -> None:
        self.by = by
        self.words, self.slug = request.GET.get("q", "").strip()[:100], request.GET.get("type", "")
        self.kinds = [kind for kind in registry.all() if by.may("delete", kind)]
        found = self._rows()
        self.rows, self.has_more = self._named(found[:SHOWN]), len(found) > SHOWN
        self.files = self._files() if self.slug in ("", FILES) else []
        self.days = company().bin_days
        self.may_purge = by.access.is_admin

    def _rows(self) -> list[tuple[Any, ...]]:
        asked = [self._of(kind) for kind in self.kinds if self.slug in ("", kind.slug)]
        if len(asked) < 2:
            return list(asked[0]) if asked else []
        return list(asked[0].union(*asked[1:], all=True).order_by("-deleted_at", "pk")[: SHOWN + 1])

    def _of(self, kind: RecordType) -> Any:
        rows = kind.model.objects.visible_to(self.by, "delete", deleted=True)
        if self.words:
            rows = rows.filter(title__icontains=self.words)
        told = rows.order_by("-deleted_at").values_list(Value(kind.slug, TextField()), "pk", "title", "deleted_at", "deleted_by")
        return told[: SHOWN + 1]

    def _named(self, rows: list[tuple[Any, ...]]) -> list[Deleted]:
        people = titles_of({"users": {row[4] for row in rows} - {None}}, self.by).get("users", {})
        return [Deleted(registry[slug], key, title, at, people.get(who, "") or "") for slug, key, title, at, who in rows]

    def _files(self) -> list[Removed]:
        """The files that were taken off records, newest first."""
        lying = lying_about(self.by, self.words, SHOWN)
        wanted: dict[str, set[Any]] = defaultdict(set)
        for one in lying:
            wanted[one.type].add(one.record_id)
            wanted["users"].add(one.removed_by_id)
        titles = titles_of(wanted, self.by)
        return [self._removed(one, titles) for one in lying]

    def _removed(self, one: Attachment, titles: Titles) -> Removed:
        title, by = (titles.get(slug, {}).get(key) or "" for slug, key in ((one.type, one.record_id), ("users", one.removed_by_id)))
        return Removed(registry[one.type], one.record_id, title, one.file, one.removed_at or one.at, by)

    @property
    def choices(self) -> list[tuple[str, Any]]:
        """The types to choose from."""
        return [("", _("All types")), (FILES, _("Removed files")), *((kind.slug, kind.label_plural) for kind in self.kinds)]


def address(kind: RecordType) -> str:
    """The recycle bin of one type."""
    return f"/recycle-bin/?{urlencode({'type': kind.slug})}"


@page
def recycle_bin(request: HttpRequest, by: User) -> HttpResponse:
    """The bin; sent, ``do`` (``restore`` or ``purge``) is done to each of the ticked ``item``s, ``type/id``."""
    if request.method != "POST":
        return render(request, f"{PAGES}/bin.jinja", {"bin": Bin(request, by)})
    verb = {"restore": _restore, "purge": purge}.get(request.POST.get("do", ""))
    if verb is None:
        raise Missing(_("There is no such action."))
    items = [item.partition("/") for item in request.POST.getlist("item")[:MOST]]
    return _each(request, [(registry.get(slug), key) for slug, _slash, key in items], verb, by)


def _restore(kind: RecordType, key: Any, by: User) -> None:
    run(kind, "restore", key, by=by)


def _each(
    request: HttpRequest, items: list[tuple[RecordType | None, str]], verb: Callable[[RecordType, Any, User], Any], by: User
) -> HttpResponse:
    """Do it to one after the other; say how many went and why others did not."""
    refused: list[str] = []
    for kind, key in items:
        try:
            if kind is not None:
                verb(kind, key, by)
        except Refusal as refusal:
            refused.append(str(refusal))
    went = len(items) - len(refused)
    sentence = ngettext("Done for %(count)s.", "Done for %(count)s.", went) % {"count": went}
    if refused:
        sentence = " ".join([sentence, *dict.fromkeys(refused[:SENTENCES])])
    tell = messages.success if went else messages.error
    tell(request, sentence)
    return go(request, "/recycle-bin/")
