"""Files on the page of a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Missing
from renmai.kernel.api.records import visible
from renmai.kernel.files import attached
from renmai.kernel.files.sending import send
from renmai.kernel.files.store import receive
from renmai.kernel.records.pages.door import done, page

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record
    from renmai.kernel.records.types import RecordType

VERBS = {"remove": attached.remove, "restore": attached.bring_back}


@page
def download(request: HttpRequest, by: User, key: Any) -> HttpResponseBase:
    """A file; with ``?show=1`` a picture is shown."""
    return send(attached.readable(key, by), shown=request.GET.get("show") == "1")


@page
def files(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """The card with the files of a record; sent, the part ``file`` is hung on it."""
    record = visible(kind, key, by)
    if request.method == "POST":
        attached.attach(kind, key, receive(request.FILES.get("file"), by=by), by)
        return done()
    return render(request, "kernel/files/card.jinja", card(kind, record, by))


def card(kind: RecordType, record: Record, by: User) -> dict[str, Any]:
    """What the card shows."""
    may_edit = by.may("edit", record)
    removed = attached.files_of(record, removed=True) if may_edit else []
    return {"kind": kind, "record": record, "files": attached.files_of(record), "removed": removed, "may_edit": may_edit}


@page
def change(request: HttpRequest, by: User, kind: RecordType, key: Any, file: Any, verb: str) -> HttpResponse:
    """Take a file off, or bring it back."""
    if verb not in VERBS or request.method != "POST":
        raise Missing(_("There is no such page."))
    VERBS[verb](kind, key, file, by)
    return done(_("The file is in the bin of this record.") if verb == "remove" else "")
