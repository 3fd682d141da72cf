"""The bell, the inbox, what a person wants to hear of, and the end of letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from renmai.kernel.access.sign_in.views import told
from renmai.kernel.actions.errors import Invalid, Missing
from renmai.kernel.notify import inbox, letters, push
from renmai.kernel.notify.api import cursor
from renmai.kernel.notify.choices import Ways, choose, ways_of
from renmai.kernel.notify.model import Mail, Notification, Reason
from renmai.kernel.records.decode import decode
from renmai.kernel.records.pages.door import done, go, page, with_query

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

IN_TRAY = 8
ON_PAGE = 40
HERE = "kernel/notify"


@page
def notifications(request: HttpRequest, by: User) -> HttpResponse:
    """The inbox; ``?show=`` is ``unread`` or a reason."""
    show = request.GET.get("show", "")
    before = cursor(request.GET.get("before", ""))
    reason = show if show in Reason.values else ""
    found, following = inbox.inbox(by, limit=ON_PAGE, before=before, unread=show == "unread", reason=reason)
    more = with_query(request, {"before": str(following)}) if following else ""
    tabs = [("", _("All")), ("unread", _("Unread")), (Reason.MENTIONED.value, _("Mentions")), (Reason.ASSIGNED.value, _("Given to you"))]
    return render(request, f"{HERE}/inbox.jinja", {"items": found, "more": more, "show": show, "tabs": tabs, "unread": inbox.count(by)})


@page
def tray(request: HttpRequest, by: User) -> HttpResponse:
    """What the bell shows when it is opened."""
    found, _following = inbox.inbox(by, limit=IN_TRAY)
    return render(request, f"{HERE}/tray.jinja", {"items": found, "unread": inbox.count(by)})


@page
def count(request: HttpRequest, by: User) -> HttpResponse:
    """The number beside the bell; as JSON the newest unread one, for the browser that was knocked at."""
    unread = inbox.count(by)
    if request.GET.get("for") != "push":
        return render(request, f"{HERE}/count.jinja", {"unread": unread})
    (newest, *_rest) = [*inbox.inbox(by, limit=1, unread=True)[0], None]
    text = newest.card.text if newest is not None and unread == 1 else _("%(count)s unread notifications") % {"count": unread}
    return JsonResponse({"text": text, "path": newest.path if newest is not None and unread == 1 else "/notifications/"})


@page
def go_there(request: HttpRequest, by: User, key: int) -> HttpResponse:
    """Read one and go to its record.

    Raises:
        Missing: there is none, or its record may not be seen any more.
    """
    found = inbox.items(Notification.objects.inbox_of(by).filter(pk=key).select_related("fact"), by)
    if not found:
        raise Missing(_("There is no such record."))
    inbox.read(by, [key])
    return go(request, found[0].path)


@page
def read(request: HttpRequest, by: User) -> HttpResponse:
    """Mark as read: those that are sent as ``id``, or all."""
    if request.method != "POST":
        return redirect("/notifications/")
    keys = [key for key in request.POST.getlist("id") if key.isdecimal()]
    inbox.read(by, keys or None)
    return done()


@page
def settings(request: HttpRequest, by: User) -> HttpResponse:
    """How the person wants to hear of what."""
    if request.method == "POST":
        choose(by, {reason: _ways(request, reason) for reason in Reason})
        return render(request, f"{HERE}/settings.jinja", {**_settings(by), "saved": True})
    return render(request, f"{HERE}/settings.jinja", {**_settings(by), "saved": False})


def _ways(request: HttpRequest, reason: Reason) -> Ways:
    mail = request.POST.get(f"{reason}-mail", "")
    return Ways(
        app=f"{reason}-app" in request.POST, mail=mail if mail in Mail.values else Mail.NEVER, push=f"{reason}-push" in request.POST
    )


def _settings(by: User) -> dict[str, Any]:
    rows = [(reason.value, reason.label, ways_of(by, reason)) for reason in Reason]
    return {"rows": rows, "mails": Mail.choices, "hour": letters.HOUR, "key": push.public_key()}


@page
def subscription(request: HttpRequest, by: User) -> HttpResponse:
    """Keep or forget the browser that shows notifications while no page of ours is open."""
    try:
        given = decode(request.body.decode())
    except ValueError:
        raise Invalid({"": [_("This is not valid JSON.")]}) from None
    if request.method == "POST":
        push.subscribe(by, given)
    if request.method == "DELETE":
        push.unsubscribe(by, str(given.get("endpoint", "")) if isinstance(given, dict) else "")
    return HttpResponse(status=204)


@csrf_exempt
@never_cache
@login_not_required
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End letters of one kind: a mail program sends (RFC 8058), a person is asked first."""
    asked = letters.asked_to_stop(token)
    if asked is None:
        return told(
            request, _("This link does not work any more"), _("Sign in and choose under Settings what you are written to about."), 410
        )
    if request.method != "POST":
        return render(request, f"{HERE}/unsubscribe.jinja", {})
    user, what = asked
    reasons = [
        reason for reason in Reason if what in (reason, letters.DIGEST) and (what == reason or ways_of(user, reason).mail == Mail.DIGEST)
    ]
    kept = {reason: ways_of(user, reason) for reason in reasons}
    choose(user, {reason: Ways(app=ways.app, mail=Mail.NEVER, push=ways.push) for reason, ways in kept.items()})
    return told(request, _("Done"), _("You get no more letters of this kind. Under Settings you can have them back."), 200)


@login_not_required
def worker(_request: HttpRequest) -> HttpResponse:
    """The script that runs in the browser while no page of ours is open; it may stand for the whole house."""
    from renmai.kernel.ui.assets import built

    return HttpResponse(built("sw.js"), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})
