"""``/calendar/feed/<secret>.ics``: a person's calendar for other programs, and a single entry as a file."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from renmai.activity.agenda.dialogs import standing
from renmai.activity.agenda.entries import Entry, entries, kinds, of, within
from renmai.activity.agenda.ics import written
from renmai.activity.agenda.link import CalendarLink
from renmai.kernel.access.reading import reading
from renmai.kernel.access.sign_in.required import lacks_second_step
from renmai.kernel.api.http import problem
from renmai.kernel.api.rates import standing as rate
from renmai.kernel.overlay import version as overlay
from renmai.kernel.overlay.company import company
from renmai.kernel.records.pages.door import page
from renmai.kernel.ui.reader import reader_of

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.types import RecordType

BEHIND, AHEAD = dt.timedelta(days=90), dt.timedelta(days=365)
TOLD_FOR = dt.timedelta(days=30)  # how long other programs are told that something was deleted
MOST = 2_000
KIND = "text/calendar; charset=utf-8"


@login_not_required
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar of a link; unchanged, it is not sent again."""
    link = CalendarLink.found(secret)
    if link is None or lacks_second_step(link.user):
        return problem(404, _("There is no such page."))
    found = rate(link.digest)
    if found is not None and found.is_over:
        return problem(429, _("Too many requests this minute. The next ones are answered after it."))
    link.note_use()
    overlay.refresh()
    with reading(link.user), translation.override(reader_of(link.user, "", company().language).language):
        text = written(
            told(link.user, link.types), link.user, name=_("Calendar of %(name)s") % {"name": link.user.title}, busy_only=link.busy_only
        )
    etag = f'"{hashlib.sha256(text).hexdigest()[:32]}"'
    response = HttpResponse(text, content_type=KIND, headers={"ETag": etag, "Cache-Control": "private, no-cache"})
    return get_conditional_response(request, etag=etag, response=response)  # type: ignore[return-value]


def told(by: User, slugs: list[str]) -> list[Entry]:
    """What is a person's own from some months ago to a year ahead; what was deleted lately is still among it."""
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    rows = [(kind, _of(kind, by, now)) for kind in kinds(by, slugs)]
    return entries(rows, by)


def _of(kind: RecordType, by: User, now: dt.datetime) -> list[Any]:
    mine = within(kind, now - BEHIND, now + AHEAD) & of(kind, [by.pk])
    live = kind.model.objects.visible_to(by).filter(mine).order_by("-due_at", "id")[:MOST]
    gone = kind.model.objects.visible_to(by, deleted=True).filter(mine, deleted_at__gte=now - TOLD_FOR)[:MOST]
    return [*live, *gone]


@page
def one(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """One entry as a file."""
    text = written(entries([(kind, [standing(kind, key, by)])], by), by)
    return HttpResponse(text, content_type=KIND, headers={"Content-Disposition": f'attachment; filename="{kind.noun}.ics"'})
