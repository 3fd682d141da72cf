"""One generic operation per verb, for every record type."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from renmai.kernel.access.asking import access_json, asked
from renmai.kernel.access.user import User
from renmai.kernel.actions.bulk import in_bulk
from renmai.kernel.actions.errors import Invalid, Missing
from renmai.kernel.actions.run import run
from renmai.kernel.api.http import answer, api, body, seen_version, typed, why
from renmai.kernel.criteria import condition, kept
from renmai.kernel.facts.timeline import timeline
from renmai.kernel.history.past import as_of, missing, past
from renmai.kernel.history.purge import purge
from renmai.kernel.matching.telling import require_once
from renmai.kernel.merging.survivors import absent
from renmai.kernel.records import groups as grouping
from renmai.kernel.records import store
from renmai.kernel.records.counting import total
from renmai.kernel.records.custom import PREFIX, gathered
from renmai.kernel.records.decode import decode
from renmai.kernel.records.kinds import moment
from renmai.kernel.records.listing import Question, page, sorts
from renmai.kernel.records.periods import split
from renmai.kernel.records.reading import as_json
from renmai.kernel.records.record import Record
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.records.view.using import saved_of, use

MAX_LIMIT = 200
COUNT_EXACTLY = 100_000


def where(kind: RecordType, request: HttpRequest, by: User, *, on_page: bool = False) -> Q | None:
    """The condition in ``?filter=``.

    Args:
        on_page: an address that people keep; criteria that name what is gone then match nothing.

    Raises:
        Invalid: it is no criteria of this type.
    """
    text = request.GET.get("filter", "")
    if not text:
        return None
    try:
        tree = decode(text)
    except (ValueError, RecursionError):
        raise Invalid({"filter": [_("The filter is not valid JSON.")]}) from None
    return kept(tree, kind, by) if on_page or saved_of(request) is not None else condition(tree, kind, by)


def question(kind: RecordType, request: HttpRequest, by: User, *, on_page: bool = False) -> Question:
    """What the query string asks of a list, completed by the view that it names; for the argument see ``where``."""
    use(request, by, kind)
    order = sorts(kind, request.GET.get("sort", ""), by)
    return Question(kind, by, where(kind, request, by, on_page=on_page), request.GET.get("q", ""), order, request.GET.get("deleted") == "1")


def limit(request: HttpRequest, default: int = 50) -> int:
    """Rows wanted, 1 to 200."""
    try:
        wanted = int(request.GET.get("limit", default))
    except ValueError:
        raise Invalid({"limit": [_("A whole number is expected here.")]}) from None
    if wanted < 1:
        raise Invalid({"limit": [_("At least one row is expected.")]})
    return min(wanted, MAX_LIMIT)


def wanted_fields(kind: RecordType, request: HttpRequest) -> list[str] | None:
    """Names in ``?fields=``."""
    text = request.GET.get("fields", "")
    if not text:
        return None
    names = [name.strip() for name in text.split(",") if name.strip()]
    if "custom" in names:
        names += kind.custom
    strange = sorted(set(names) - set(kind.fields) - {"id", "type"})
    if strange:
        raise Invalid({"fields": [_("There is no field “%(name)s”.") % {"name": ", ".join(strange)}]})
    return names


def item_json(kind: RecordType, record: Record, by: User) -> dict[str, Any]:
    """One record as the API reads it."""
    return as_json(kind, [record], by)[0]


@api("GET", "POST")
def records(request: HttpRequest, by: User, slug: str) -> HttpResponse:
    """A list, or a new record."""
    kind = typed(slug)
    if request.method == "POST":
        given = body(request)
        reason = why(given, kind.fields)
        if is_rehearsal(request, kind):
            return rehearsed(kind, request, by, None, lambda: store.create(kind, given, by, via="api", reason=reason))
        check = None if request.GET.get("allow_duplicate") == "1" else require_once
        record = store.create(kind, given, by, via="api", reason=reason, check=check)
        return answer(item_json(kind, record, by), 201, version=record.version)
    at = as_of(request.GET.get("as_of", ""))
    with past(at, by):
        asked = question(kind, request, by)
        after = request.GET.get("after") or None
        found, following = page(asked, limit=limit(request), after=after)
        is_wanted = request.GET.get("total") == "1"
        number, is_estimate = total(asked, found, following, after=after, cap=COUNT_EXACTLY) if is_wanted else (None, False)
        names = wanted_fields(kind, request)
        items = as_json(kind, found, by, names)
        items = items if names is None else [gathered(item) for item in items]
    listed = {"items": items, "next": following, "total": number, "total_is_estimate": is_estimate}
    return answer(listed | told_past(kind, items, at))


def told_past(kind: RecordType, items: list[dict[str, Any]], at: dt.datetime | None) -> dict[str, Any]:
    """What goes with records of the past: the moment, and which fields there were not yet; those are emptied."""
    if at is None:
        return {}
    absent = sorted(missing(kind, at))
    for item in items:
        item.update({name: None for name in absent if name in item})
        item.update({"custom": {key: None if f"{PREFIX}{key}" in absent else value for key, value in item.get("custom", {}).items()}})
    return {"as_of": moment(at), "missing": absent}


@api("GET", "PATCH", "DELETE")
def record(request: HttpRequest, by: User, slug: str, key: Any) -> HttpResponse:
    """One record: read, changed, moved to the recycle bin or, from there, deleted for good."""
    kind = typed(slug)
    if request.method == "PATCH":
        given = body(request)
        version, reason = seen_version(request, given), why(given, kind.fields)
        if is_rehearsal(request, kind):
            before = visible(kind, key, by)
            return rehearsed(kind, request, by, before, lambda: store.update(kind, key, given, by, version=version, reason=reason))
        changed = store.update(kind, key, given, by, version=version, reason=reason)
        return answer(item_json(kind, changed, by), version=changed.version)
    if request.method == "DELETE":
        if request.GET.get("for_good") == "1":
            purge(kind, key, by)
            return HttpResponse(status=204)
        given = body(request)
        store.remove(kind, key, by, version=seen_version(request, given), reason=why(given, ()))
        return HttpResponse(status=204)
    at = as_of(request.GET.get("as_of", ""))
    with past(at, by):
        found = visible(kind, key, by)
        item = item_json(kind, found, by)
    return answer(item | told_past(kind, [item], at), version=found.version if at is None else None)


def is_rehearsal(request: HttpRequest, kind: RecordType) -> bool:
    """Whether only the difference is asked for, by ``?dry_run=1``.

    Raises:
        Invalid: the type has none to tell.
    """
    if request.GET.get("dry_run") != "1":
        return False
    if type(kind).difference is RecordType.difference:
        raise Invalid({"dry_run": [_("What a change of these comes to cannot be told beforehand.")]})
    return True


def rehearsed(kind: RecordType, request: HttpRequest, by: User, before: Record | None, do: Callable[[], Record]) -> HttpResponse:
    """A record as it would be, and what the change comes to; nothing is kept."""
    with transaction.atomic():
        after = do()
        item = item_json(kind, after, by)
        transaction.set_rollback(True)
    return answer({"dry_run": True, "item": item, "difference": kind.difference(before, after, by, request.GET.dict())})


def visible(kind: RecordType, key: Any, by: User, **besides: Any) -> Record:
    """The record, if the person may see it.

    Args:
        besides: what is asked of the database in the same query, by the attribute that holds it.

    Raises:
        Missing: otherwise.
    """
    found = kind.model.objects.visible_to(by).filter(pk=key).annotate(**besides).first()
    if found is None:
        raise absent(kind, key, by)
    return found  # type: ignore[no-any-return]


def reachable(kind: RecordType, key: Any, by: User, **besides: Any) -> Record:
    """The record, if the person may see it, or may delete it where it is in the recycle bin.

    Args:
        besides: as for ``visible``; a record in the recycle bin lacks it.

    Raises:
        Missing: otherwise.
    """
    try:
        return visible(kind, key, by, **besides)
    except Missing:
        found = kind.model.objects.visible_to(by, "delete", deleted=True).filter(pk=key).first()
        if found is None:
            raise
        return found  # type: ignore[no-any-return]


@api("POST")
def act(request: HttpRequest, by: User, slug: str, key: Any, action: str) -> HttpResponse:
    """An action on one record."""
    kind, given = typed(slug), body(request)
    verb = kind.action(action)
    version, reason = seen_version(request, given), why(given, verb.asks if verb else ())
    outcome = run(kind, action, key, by=by, arguments=given, version=version, reason=reason)
    made = [as_json_brief(record) for record in outcome.made]
    return answer({"item": item_json(kind, outcome.item, by), "made": made}, version=outcome.item.version)


def as_json_brief(record: Record) -> dict[str, Any]:
    """A record as ``{"type", "id", "title"}``."""
    return {"type": registry.of(record).slug, "id": str(record.pk), "title": record.title}


@api("GET")
def groups(request: HttpRequest, by: User, slug: str) -> HttpResponse:
    """Rows counted and summed by a field."""
    kind = typed(slug)
    if grouping.hidden_among(kind, by, split(request.GET.get("by", ""))[0], request.GET.get("sum", "")):
        raise Invalid({"by": [_("There is no such field.")]})
    with past(as_of(request.GET.get("as_of", "")), by):
        found, is_cut = grouping.told(question(kind, request, by), request.GET.get("by", ""), request.GET.get("sum", ""))
    return answer({"items": found, "truncated": is_cut})


@api("GET")
def timeline_of(request: HttpRequest, by: User, slug: str, key: Any) -> HttpResponse:
    """What happened to a record, newest first."""
    kind = typed(slug)
    cards, following = timeline(visible(kind, key, by), by, limit=limit(request, 30), after=request.GET.get("after") or None)
    items = [
        {"at": moment(card.fact.at), "kind": card.fact.kind, "by": card.by, "about": card.about, "text": card.text, "data": card.data}
        | ({"why": card.why} if card.why else {})
        for card in cards
        if card.fact.at
    ]
    return answer({"items": items, "next": following})


@api("GET")
def access_of(request: HttpRequest, by: User, slug: str, key: Any) -> HttpResponse:
    """Why somebody sees a record: ``?user=``, or the caller."""
    record = visible(typed(slug), key, by)
    person = asked(record, request.GET.get("user"), by)
    return answer(access_json(record, person, by))


@api("POST")
def bulk(request: HttpRequest, by: User, slug: str) -> HttpResponse:
    """An action on many records, as a job."""
    kind, given = typed(slug), body(request)
    ids, arguments = given.get("ids"), given.get("arguments") or {}
    if ids is not None and not isinstance(ids, list):
        raise Invalid({"ids": [_("A list of ids is expected here.")]})
    if not isinstance(arguments, dict):
        raise Invalid({"arguments": [_("A JSON object is expected.")]})
    job = in_bulk(
        kind, str(given.get("action", "")), by, ids=ids, tree=given.get("filter"), arguments=arguments, notify=given.get("notify") is True
    )
    return answer({"job": str(job.pk)}, 202)
