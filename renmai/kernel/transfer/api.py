"""``POST /api/v1/imports/`` and ``/api/v1/exports/``: long work that is queued and told about by ``/api/v1/jobs/<id>/``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Forbidden, Invalid
from renmai.kernel.api.http import answer, api, body
from renmai.kernel.files.model import StoredFile
from renmai.kernel.files.store import keep
from renmai.kernel.jobs.work import later
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.transfer.exporting import export_of
from renmai.kernel.transfer.model import Mode
from renmai.kernel.transfer.plan import Plan
from renmai.kernel.transfer.propose import propose
from renmai.kernel.transfer.read import Unreadable, look
from renmai.kernel.transfer.run import in_pool, prepare, start, start_rehearsal

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

LAYOUT = ("encoding", "delimiter", "quote", "escape", "header_row", "sheet")


@api("POST")
def imports(request: HttpRequest, by: User) -> HttpResponse:
    """Import a file.

    The body is JSON with ``file`` (id of a stored file), ``type`` and, if wanted, ``map``, ``key``, ``mode``, ``layout``, ``pool``,
    ``make_missing`` and ``dry_run``; or a form with the file as its part ``file`` and the same names.
    """
    given = _given(request)
    kind = _kind(given)
    stored = _file(request, by, given)
    try:
        found = look(stored.path, **{name: value for name, value in _object(given, "layout").items() if name in LAYOUT})
    except (Unreadable, LookupError, TypeError, ValueError) as problem:
        raise Invalid({"file": [str(problem)]}) from None
    change_set = prepare(kind, stored, _plan(kind, given, propose(kind, found)), found.layout, by=by)
    job = start_rehearsal(change_set, by=by) if given.get("dry_run") in {True, "1", "true"} else start(change_set, by=by)
    return answer({"job": str(job.pk), "change_set": str(change_set.pk)}, 202)


def _kind(given: dict[str, Any]) -> RecordType:
    kind = registry.get(str(given.get("type", "")))
    if kind is None:
        raise Invalid({"type": [_("There is no such type of record.")]})
    return kind


def _given(request: HttpRequest) -> dict[str, Any]:
    if request.content_type == "multipart/form-data":
        return {name: _parsed(name, request.POST[name]) for name in request.POST}
    return body(request)


def _parsed(name: str, text: str) -> Any:
    if name not in {"map", "layout", "make_missing", "filter"}:
        return text
    try:
        return json.loads(text)
    except ValueError:
        raise Invalid({name: [_("This is not valid JSON.")]}) from None


def _object(given: dict[str, Any], name: str) -> dict[str, Any]:
    value = given.get(name) or {}
    if not isinstance(value, dict):
        raise Invalid({name: [_("A JSON object is expected.")]})
    return value


def _file(request: HttpRequest, by: User, given: dict[str, Any]) -> StoredFile:
    if (sent := request.FILES.get("file")) is not None:
        return keep(sent.name or "file", sent.chunks(), by=by)
    try:
        stored = StoredFile.objects.visible_to(by).filter(pk=str(given.get("file"))).first()
    except (ValueError, TypeError, ValidationError):
        stored = None
    if stored is None or not stored.is_here():
        raise Invalid({"file": [_("There is no such file.")]})
    return stored


def _plan(kind: RecordType, given: dict[str, Any], proposal: Any) -> Plan:
    """The map with the other arguments on top; without a map, what is proposed."""
    told = _object(given, "map") or {"columns": proposal.mapping, "name_template": proposal.name_template}
    plan = Plan.of({"reading": proposal.reading.as_json(), **told})
    key = tuple(_names(given.get("key"))) or plan.key
    mode = given.get("mode") or (Mode.UPSERT if given.get("key") else plan.mode)
    if mode not in Mode.values:
        raise Invalid({"mode": [_("“%(value)s” is not one of: %(valid)s.") % {"value": mode, "valid": ", ".join(Mode.values)}]})
    make = plan.make_missing | set(_names(given.get("make_missing")))
    return plan.with_(
        key=key,
        mode=mode,
        make_missing=make,
        notify=plan.notify or given.get("notify") in {True, "1", "true"},
        defaults=plan.defaults | in_pool(str(given.get("pool") or "")),
    )


def _names(given: Any) -> list[str]:
    names = given.split(",") if isinstance(given, str) else given or []
    if not isinstance(names, list):
        raise Invalid({"key": [_("A list of names is expected here.")]})
    return [str(name).strip() for name in names if str(name).strip()]


@api("POST")
def exports(request: HttpRequest, by: User) -> HttpResponse:
    """Export a list: ``type`` and, if wanted, ``filter``, ``q``, ``sort``, ``fields``, ``format`` (csv or xlsx) and ``for_people``."""
    given = body(request)
    kind = _kind(given)
    if not by.may("export", kind):
        raise Forbidden(_("You may not export this."))
    wanted = given.get("format", "csv")
    if wanted not in {"csv", "xlsx"}:
        raise Invalid({"format": [_("“%(value)s” is not one of: %(valid)s.") % {"value": wanted, "valid": "csv, xlsx"}]})
    asked: dict[str, Any] = {"filter": given.get("filter"), "q": str(given.get("q") or ""), "sort": str(given.get("sort") or "")}
    names = _names(given.get("fields"))
    export_of(kind.slug, by, **asked, fields=names, for_people=given.get("for_people") is True)
    job = later("export", by=by, slug=kind.slug, **asked, fields=names, format=wanted, for_people=given.get("for_people") is True)
    return answer({"job": str(job.pk)}, 202)
