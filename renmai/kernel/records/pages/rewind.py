"""Bringing a record back to how it was: first what would change, then the change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Forbidden, Invalid, Refusal
from renmai.kernel.api.records import visible
from renmai.kernel.history.past import as_of
from renmai.kernel.history.restore import Difference, difference
from renmai.kernel.history.restore import rewind as bring_back
from renmai.kernel.records.pages.door import PAGES, go, page, version_seen
from renmai.kernel.records.pages.history import Told, side_in_words
from renmai.kernel.records.types import RecordType

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record


@page
def rewind(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """Show the difference to a moment (``?to=``), of the whole record or of one ``field``; sent, bring it back."""
    record = visible(kind, key, by)
    if not by.may("edit", record):
        raise Forbidden(_("You may see this but not change it."))
    sent = request.POST if request.method == "POST" else request.GET
    name, text = sent.get("field", ""), sent.get("to", "")
    to = as_of(text)
    if to is None:
        raise Invalid({"to": [_("This is needed.")]})
    problem = ""
    if request.method == "POST":
        try:
            bring_back(kind, record, to, by, name=name, version=version_seen(sent, record.version))
            messages.success(request, _("“%(title)s” is as it was.") % {"title": record.title})
            return go(request, kind.path(record))
        except Refusal as refusal:
            problem = str(refusal)
            record = visible(kind, key, by)
    found = difference(kind, record, to, by, name)
    about = {"kind": kind, "record": record, "told": told(kind, record, found), "to": to, "text": text, "name": name, "problem": problem}
    return render(request, f"{PAGES}/rewind.jinja", about, status=409 if problem else 200)


def told(kind: RecordType, record: Record, found: Difference) -> list[Told]:
    """What would change, in words."""
    return [
        Told(name, kind.fields[name].label, *(side_in_words(kind, record, name, value) for value in pair)) for name, pair in found.items()
    ]
