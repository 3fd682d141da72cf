"""``/f/<token>/``: the form as people outside see it, on a page of its own, in a frame, or asked by a script."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from renmai.kernel.actions.errors import Invalid, Refusal
from renmai.kernel.api.contributed import describe_paths
from renmai.kernel.api.http import answer, problem
from renmai.kernel.api.rates import show, standing
from renmai.kernel.inbound.intake import note_failure
from renmai.kernel.overlay import version as overlay
from renmai.kernel.overlay.company import company
from renmai.kernel.ui.assets import built
from renmai.kernel.ui.middleware import policy
from renmai.kernel.ui.reader import accepted, become, current, tag
from renmai.marketing.form.asking import Asked
from renmai.marketing.form.describe import FOR_EVERYBODY
from renmai.marketing.form.model import Form, LandingLink, State, Submission
from renmai.marketing.form.proof import checked, pose
from renmai.marketing.form.taking import FORM, ORIGIN, Sending, confirm, keep_spam, submit

if TYPE_CHECKING:
    from collections.abc import Iterator

    View = Callable[..., HttpResponse]

PAGE = "marketing/form/public.jinja"
TOLD = "marketing/form/told.jinja"
TRAP = "company_fax"
PER_MINUTE, UNSOLVED_PER_MINUTE = 20, 3
MOST_BYTES = 200_000
describe_paths(FOR_EVERYBODY)


def public(view: View) -> View:
    """Open a view to everybody, with the form of its token, in the reader's language as far as the form speaks it."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def opened(request: HttpRequest, token: str, **where: Any) -> HttpResponse:
        overlay.refresh()
        form: Any = Form.objects.live().filter(token=token).first()
        if form is None or not (form.active or _may_test(request, form)):
            return told(request, None, _("This form is closed"), _("Whoever gave you this address can tell you more."), 404)
        with _speaking(_language(request, form)):
            response = view(request, form, **where)
        return _framed(_for_scripts(response, request, form), request, form)

    return opened


def _language(request: HttpRequest, form: Form) -> str:
    """The language that is asked for, else that of the browser, as far as the form speaks it."""
    wanted = [request.GET.get("lang", ""), request.POST.get("lang", ""), tag(accepted(request.headers.get("Accept-Language", "")) or "")]
    return next((code for code in [*wanted, company().language] if code in form.spoken), form.spoken[0])


@contextmanager
def _speaking(language: str) -> Iterator[None]:
    before = current()
    with translation.override(language.lower()):
        become(replace(before, language=language.lower()))
        try:
            yield
        finally:
            become(before)


def _framed(response: HttpResponse, request: HttpRequest, form: Form) -> HttpResponse:
    """Which pages may show it in a frame; a form may lead where its redirect leads."""
    hosts = " ".join(f"https://{host} http://{host}" for host in form.hosts)
    leads = urlsplit(form.redirect)
    to = f" {leads.scheme}://{leads.netloc}" if form.redirect else ""
    ruled = policy(request).replace("frame-ancestors 'none'", f"frame-ancestors {hosts}" if hosts else "frame-ancestors 'none'")
    response["Content-Security-Policy"] = ruled.replace("form-action 'self'", f"form-action 'self'{to}")
    response["Referrer-Policy"] = "strict-origin-when-cross-origin"
    response["Cache-Control"] = "no-store"
    response["Content-Language"] = tag(translation.get_language() or "en")
    return response


def _for_scripts(response: HttpResponse, request: HttpRequest, form: Form) -> HttpResponse:
    """Let scripts of the allowed hosts ask."""
    origin = request.headers.get("Origin", "")
    if origin and urlsplit(origin).netloc in form.hosts:
        response["Access-Control-Allow-Origin"], response["Vary"] = origin, "Origin"
        response["Access-Control-Allow-Headers"] = "Content-Type"
        response["Access-Control-Allow-Methods"] = "GET, POST"
    return response


def _may_test(request: HttpRequest, form: Form) -> bool:
    user: Any = request.user
    return bool(user.is_authenticated and user.may("edit", form))


@public
def hosted(request: HttpRequest, form: Form) -> HttpResponse:
    """The page with the form, and what becomes of it."""
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    is_program = request.content_type == "application/json"
    if request.method != "POST":
        return _page(request, form, Asked(form))
    found = standing(f"form {form.token} {sender_of(request)}", PER_MINUTE)
    if found is not None and found.is_over:
        sentence = _("Too many were sent from where you are. Wait a minute, then try again.")
        return show(problem(429, sentence) if is_program else told(request, form, sentence, "", 429), found)  # type: ignore[return-value]
    return by_program(request, form) if is_program else by_hand(request, form)


def by_hand(request: HttpRequest, form: Form) -> HttpResponse:
    """What a browser sends: what was typed is kept where it does not do."""
    asked = Asked(form, request.POST)
    sent = sending(request, form, request.POST)
    if request.POST.get(TRAP):
        keep_spam(form, request.POST.dict(), sent)
        return _thanks(request, form, None)
    try:
        values = asked.values()
        sent = _proven(request, form, request.POST, sent)
        kept, _secret = submit(form, values, sent)
    except Invalid as wrong:
        asked.errors |= wrong.errors
        return _page(request, form, asked, status=422)
    except Refusal as refused:
        note_failure(FORM, str(refused))
        asked.errors[""] = [str(refused)]
        return _page(request, form, asked, status=refused.status)
    return _thanks(request, form, kept)


def by_program(request: HttpRequest, form: Form) -> HttpResponse:
    """What a script sends as JSON: ``{values, consents, origin, challenge, solution}``."""
    try:
        given = json.loads(request.body) if len(request.body) <= MOST_BYTES else None
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict) or not isinstance(given.get("values"), dict) or b"\\u0000" in request.body:
        return problem(422, _("A JSON object is expected."), errors={"values": [_("A JSON object is expected.")]})
    values = {name: value for name, value in given["values"].items() if isinstance(value, (str, bool, int, float))}
    sent = sending(request, form, given)
    if given["values"].get(TRAP):
        keep_spam(form, values, sent)
        return answer({"state": State.TAKEN, "joined": False, "thanks": thanks(form)})
    try:
        kept, _secret = submit(form, values, _proven(request, form, given, sent))
    except Invalid as wrong:
        return problem(422, str(wrong), errors=wrong.errors)
    except Refusal as refused:
        note_failure(FORM, str(refused))
        return problem(refused.status, str(refused))
    return answer({"state": kept.state, "joined": kept.joined, "thanks": thanks(form), "redirect": form.redirect})


def _proven(request: HttpRequest, form: Form, given: Any, sent: Sending) -> Sending:
    """The sending with the nonce of its puzzle; a test of somebody who works here needs none."""
    if given.get("test") and _may_test(request, form):
        return sent
    solution = str(given.get("solution") or "")
    nonce = checked(form, str(given.get("challenge") or ""), solution)
    if not solution:
        found = standing(f"form unsolved {form.token} {sender_of(request)}", UNSOLVED_PER_MINUTE)
        if found is not None and found.is_over:
            raise Invalid({"challenge": [_("Too many were sent from where you are. Wait a minute, then try again.")]})
    return replace(sent, nonce=nonce)


def sending(request: HttpRequest, form: Form, given: Any) -> Sending:
    """What came besides the values, as a form or as JSON."""
    is_form = isinstance(given, QueryDict)
    agreed = given.getlist("consent") if is_form else given.get("consents") or []
    origin = {name: given.get(name, "") for name in ORIGIN} if is_form else given.get("origin") or {}
    code = str(given.get("link") or request.GET.get("l", ""))
    return Sending(
        agreed=[key for key in agreed if isinstance(key, str)] if isinstance(agreed, list) else [],
        origin=origin if isinstance(origin, dict) else {},
        language=tag(translation.get_language() or "en"),
        link=LandingLink.objects.filter(form=form, code=code).first() if code else None,
        sender=sender_of(request),
    )


def sender_of(request: HttpRequest) -> str:
    """The address of the sender's machine."""
    return str(get_adapter().get_client_ip(request))


def _page(request: HttpRequest, form: Form, asked: Asked, status: int = 200) -> HttpResponse:
    typed = request.POST if request.method == "POST" else request.GET
    origin = {name: typed.get(name, "") for name in ORIGIN}
    origin["first_page"] = origin["first_page"] or request.build_absolute_uri()[:2_000]
    origin["referrer"] = origin["referrer"] or ("" if request.method == "POST" else request.headers.get("Referer", "")[:2_000])
    shown = {
        "form": form,
        "asked": asked,
        "origin": {name: value for name, value in origin.items() if value},
        "link": typed.get("link", "") or typed.get("l", ""),
        "challenge": pose(form),
        "trap": TRAP,
        "is_test": bool(typed.get("test")) and _may_test(request, form),
        "is_embedded": bool(typed.get("embed")),
        "languages": [(code, name) for code, name in asked.languages],
    }
    return render(request, PAGE, shown, status=status)


def thanks(form: Form) -> str:
    """What is said to whoever has sent it."""
    said = form.words.get(tag(translation.get_language() or "en"), {})
    return said.get("thanks") or _("Thank you. We have it and will be in touch.")


def _thanks(request: HttpRequest, form: Form, kept: Submission | None) -> HttpResponse:
    if kept is not None and kept.state == State.PENDING:
        text = _("We have written to you. It counts once you open the link in that letter.")
        return told(request, form, _("One more step"), text, 200)
    if kept is not None and kept.state == State.TEST:
        return told(request, form, _("The test arrived"), _("It stands in the list of what was sent, and nothing else came of it."), 200)
    if form.redirect:
        return HttpResponse(status=303, headers={"Location": form.redirect})
    return told(request, form, _("Thank you"), thanks(form), 200)


def told(request: HttpRequest, form: Form | None, heading: str, text: str, status: int) -> HttpResponse:
    """A page that only says something."""
    return render(request, TOLD, {"form": form, "heading": heading, "text": text}, status=status)


@public
def challenge(request: HttpRequest, form: Form) -> HttpResponse:
    """A puzzle for a script that sends by itself."""
    posed = pose(form)
    return answer({"challenge": posed.text, "bits": posed.bits})


@public
def confirmed(request: HttpRequest, form: Form, secret: str) -> HttpResponse:
    """Somebody opens the link of the letter; once more changes nothing."""
    try:
        kept = confirm(form, secret) if request.method != "HEAD" else None
    except Refusal as problem:
        note_failure(FORM, str(problem))
        return told(request, form, _("That did not work"), str(problem), problem.status)
    if kept is None:
        return told(request, form, _("This link does not work any more"), _("Fill in the form once more, please."), 410)
    return told(request, form, _("Thank you"), thanks(form), 200)


@login_not_required
def embed(request: HttpRequest, token: str) -> HttpResponse:
    """The script of one line: it puts the form into the page where it stands."""
    response = HttpResponse(built("embed.js"), content_type="text/javascript; charset=utf-8")
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@login_not_required
def follow(request: HttpRequest, code: str) -> HttpResponse:
    """Count that somebody follows a landing link, and lead them on with what it says of where they come from."""
    link = LandingLink.objects.select_related("form").filter(code=code).first()
    if link is None or link.form.deleted_at is not None:
        return told(request, None, _("This form is closed"), _("Whoever gave you this address can tell you more."), 404)
    if request.method == "GET":
        LandingLink.objects.filter(pk=link.pk).update(visits=F("visits") + 1)
    query = urlencode({**link.origin, "l": link.code, **({"referrer": came} if (came := request.headers.get("Referer", "")) else {})})
    to = link.address or link.form.address
    return redirect(f"{to}{'&' if '?' in to else '?'}{query}")
