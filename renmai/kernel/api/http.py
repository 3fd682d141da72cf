"""The door for programs: who calls, what they sent, and every refusal as ``application/problem+json``."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Container
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt

from renmai.kernel.access.reading import read_as
from renmai.kernel.access.sign_in.required import lacks_second_step
from renmai.kernel.access.token import Token
from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Invalid, Merged, Missing, Refusal
from renmai.kernel.api.rates import show, standing
from renmai.kernel.records.decode import decode
from renmai.kernel.records.types import RecordType, registry

ANSWERS_LAST = dt.timedelta(hours=24)
MAX_BODY = 5_000_000
MAX_REASON = 1_000
LONGEST_VERSION = 10
SAFE = {"GET", "HEAD", "OPTIONS"}
NO_VERSION = -1
View = Callable[..., HttpResponseBase]
TITLES = {
    301: gettext_lazy("Merged"),
    400: gettext_lazy("Bad request"),
    401: gettext_lazy("Not signed in"),
    403: gettext_lazy("Not allowed"),
    404: gettext_lazy("Not found"),
    405: gettext_lazy("Method not allowed"),
    409: gettext_lazy("Refused"),
    412: gettext_lazy("Changed meanwhile"),
    413: gettext_lazy("Too large"),
    422: gettext_lazy("Invalid"),
    429: gettext_lazy("Too many requests"),
}
KEY = re.compile(r"[!-~]{1,200}")


class IdempotentAnswer(models.Model):
    """What a request with an ``Idempotency-Key`` was answered, so that the same request again has no second effect."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.TextField()
    digest = models.TextField()
    status = models.SmallIntegerField(null=True)
    etag = models.TextField(default="")
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once")]


def problem(status: int, detail: Any = "", *, errors: dict[str, list[Any]] | None = None, **more: Any) -> JsonResponse:
    """A refusal as RFC 9457 has it, with the sentences by field."""
    listed = [{"field": name, "message": str(sentence)} for name, sentences in (errors or {}).items() for sentence in sentences]
    body = {"type": "about:blank", "title": str(TITLES.get(status, "")), "status": status, "detail": str(detail), "errors": listed, **more}
    return JsonResponse(body, status=status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False})


def refusal(error: Refusal) -> JsonResponse:
    """The answer to a refusal of the house."""
    if isinstance(error, Invalid):
        return problem(error.status, str(error), errors=error.errors)
    return problem(error.status, error.sentence, **error.details)


def moved(request: HttpRequest, error: Merged, where: dict[str, Any]) -> HttpResponse:
    """The answer about a record that was merged into another: reading goes on there, nothing else is done to that unasked."""
    if request.method not in SAFE:
        return refusal(error)
    response = problem(301, error.sentence, **error.details)
    response["Location"] = request.get_full_path().replace(str(where["key"]), str(error.key))
    return response


def answer(body: Any, status: int = 200, *, version: int | None = None) -> JsonResponse:
    """A JSON answer; the record's version is its ETag."""
    response = JsonResponse(body, status=status, safe=False, json_dumps_params={"ensure_ascii": False})
    if version is not None:
        response["ETag"] = f'"{version}"'
    return response


def _no_view(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def bearer(request: HttpRequest) -> str:
    """The token that a request brings, or nothing."""
    scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def caller(request: HttpRequest) -> User | None:
    """The person behind a bearer token, or behind the session of a page of ours (then with CSRF protection)."""
    if key := bearer(request):
        return Token.bearer(key)
    if "Authorization" in request.headers:
        return None
    user = request.user
    if isinstance(user, User) and user.is_active and CsrfViewMiddleware(_no_view).process_view(request, _no_view, (), {}) is None:
        return user
    return None


def closed(request: HttpRequest, by: User, where: dict[str, Any]) -> HttpResponse | None:
    """The refusal of a caller whose sign-in or token does not reach here, whatever the person's rights are."""
    if lacks_second_step(by):
        return problem(403, _("Your role asks for a second step to sign in. Set it up on your settings page first."))
    reach = by.access.reach
    if reach is not None and reach.read_only and request.method not in SAFE:
        return problem(403, _("This token may only read."))
    if reach is not None and reach.types and where.get("slug", next(iter(reach.types))) not in reach.types and request.method not in SAFE:
        return problem(403, _("This token does not reach this type."))
    return None


def api(*methods: str) -> Callable[[View], View]:
    """Make a function ``(request, by, …)`` a view of the API for these methods."""

    def declare(view: View) -> View:
        @csrf_exempt
        @login_not_required
        @wraps(view)
        def answered(request: HttpRequest, **where: Any) -> HttpResponseBase:
            by = caller(request)
            if by is None:
                response = problem(401, _("Send a token: Authorization: Bearer TOKEN."))
                response["WWW-Authenticate"] = "Bearer"
                return response
            read_as(by)
            found = standing(Token.digest_of(bearer(request)) if bearer(request) else str(by.pk))
            if found is not None and found.is_over:
                return show(problem(429, _("Too many requests this minute. The next ones are answered after it.")), found)
            return show(heard(request, by, where), found)

        def heard(request: HttpRequest, by: User, where: dict[str, Any]) -> HttpResponseBase:
            if problem_of_caller := closed(request, by, where):
                return problem_of_caller
            if request.method not in methods:
                response = problem(405, _("Methods here: %(methods)s.") % {"methods": ", ".join(methods)})
                response["Allow"] = ", ".join(methods)
                return response
            try:
                return once(request, by, lambda: view(request, by, **where))
            except Merged as error:
                return moved(request, error, where)
            except Refusal as error:
                return refusal(error)
            except Http404:
                return problem(404, _("There is no such page."))

        return answered

    return declare


def once(request: HttpRequest, by: User, do: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Answer a repeated ``Idempotency-Key`` with the first answer, without doing it again."""
    key = request.headers.get("Idempotency-Key")
    if key is None or request.method != "POST":
        return do()
    if not KEY.fullmatch(key):  # cut short, it might be another one's
        wrong = _("An Idempotency-Key has 1 to 200 letters, digits and signs of ASCII, without blanks.")
        return problem(422, wrong, errors={"Idempotency-Key": [wrong]})
    asked = f"{request.method} {request.get_full_path()} {by.access.reach_told or ''}\n"
    digest = hashlib.sha256(asked.encode() + request.body).hexdigest()
    with transaction.atomic():
        IdempotentAnswer.objects.filter(user=by, key=key, created_at__lt=timezone.now() - ANSWERS_LAST).delete()
        try:
            with transaction.atomic():
                kept = IdempotentAnswer.objects.create(user=by, key=key, digest=digest)
        except IntegrityError:
            return _again(IdempotentAnswer.objects.select_for_update().get(user=by, key=key), digest)
        response = do()
        kept.status, kept.body = response.status_code, getattr(response, "content", b"")
        kept.etag = response.headers.get("ETag", "")
        kept.save(update_fields=["status", "body", "etag"])
    return response


def _again(kept: IdempotentAnswer, digest: str) -> HttpResponse:
    if kept.digest != digest:
        return problem(422, _("This Idempotency-Key was used for another request."))
    response = HttpResponse(bytes(kept.body), status=kept.status or 200, content_type="application/json")
    response["Idempotent-Replayed"] = "true"
    if kept.etag:
        response["ETag"] = kept.etag
    return response


def body(request: HttpRequest) -> dict[str, Any]:
    """The JSON object that was sent.

    Raises:
        Invalid: it is none.
    """
    if len(request.body) > MAX_BODY:
        raise Invalid({"": [_("The request is larger than 5 MB.")]})
    try:
        given = decode(request.body or b"{}")
    except (ValueError, RecursionError):
        raise Invalid({"": [_("The request is not valid JSON.")]}) from None
    if not isinstance(given, dict):
        raise Invalid({"": [_("A JSON object is expected.")]})
    return given


def typed(slug: str) -> RecordType:
    """The record type of an address.

    Raises:
        Missing: there is none.
    """
    kind = registry.get(slug)
    if kind is None:
        raise Missing(_("There is no such type of record."))
    return kind


def seen_version(request: HttpRequest, given: dict[str, Any]) -> int | None:
    """The version that the caller saw, from ``If-Match`` or from ``version`` in the body, which is taken out of it."""
    raw = given.pop("version", None)
    header = request.headers.get("If-Match", "").strip()
    if header and header != "*":
        tag = header.removeprefix("W/").strip('"')
        return int(tag) if tag.isascii() and tag.isdecimal() and len(tag) < LONGEST_VERSION else NO_VERSION
    if raw is None:
        return None
    try:
        return int(raw)
    except (TypeError, ValueError, OverflowError):
        raise Invalid({"version": [_("A whole number is expected here.")]}) from None


def why(given: dict[str, Any], known: Container[str]) -> str:
    """The reason for a change, in ``reason`` of the body, which is taken out of it; where a field is called so, that field is meant.

    Raises:
        Invalid: it is no text.
    """
    if "reason" in known:
        return ""
    reason = given.pop("reason", None) or ""
    if not isinstance(reason, str) or len(reason) > MAX_REASON or "\0" in reason:
        raise Invalid({"reason": [_("A short text is expected here.")]})
    return reason.strip()
