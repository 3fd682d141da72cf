"""``POST /api/v1/imports/`` and ``/api/v1/exports/``: long work that is queued and told about by ``/api/v1/jobs/<id>/``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Forbidden, Invalid, Missing
from renmai.kernel.api.http import answer, api, body
from renmai.kernel.api.records import limit
from renmai.kernel.files.model import StoredFile
from renmai.kernel.files.store import keep
from renmai.kernel.jobs.work import later
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.transfer.exporting import export_of
from renmai.kernel.transfer.model import ChangeSet, ChangeSetState, Mode, RowAction
from renmai.kernel.transfer.moves import is_archive
from renmai.kernel.transfer.moving import prepare_move, sets_of, start_move
from renmai.kernel.transfer.plan import Plan, open_columns
from renmai.kernel.transfer.propose import Proposal, propose
from renmai.kernel.transfer.read import Unreadable, look
from renmai.kernel.transfer.run import in_pool, prepare, start, start_rehearsal
from renmai.kernel.transfer.shown import RowLine, foreseen_lines, foreseen_rows, row_lines, rows_of
from renmai.kernel.transfer.unmoving import undo_move

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

ACTIONS = {
    str(RowAction.CREATED): "create",
    str(RowAction.UPDATED): "update",
    str(RowAction.SKIPPED): "unchanged",
    str(RowAction.FAILED): "refused",
    str(RowAction.ALSO_MADE): "also_made",
    str(RowAction.JOINED): "joined",
}
LAYOUT = ("encoding", "delimiter", "quote", "escape", "header_row", "sheet")


@api("POST")
def imports(request: HttpRequest, by: User) -> HttpResponse:
    """Import a file.

    The body is JSON with ``file`` (id of a stored file), ``type`` and, if wanted, ``map``, ``key``, ``mode``, ``layout``, ``pool``,
    ``make_missing`` and ``dry_run``; or a form with the file as its part ``file`` and the same names. An archive without a type is a move
    from another system.
    """
    given = _given(request)
    stored = _file(request, by, given)
    if not given.get("type") and is_archive(stored.path, stored.name):
        return _move(stored, by)
    kind = _kind(given)
    try:
        found = look(stored.path, **{name: value for name, value in _object(given, "layout").items() if name in LAYOUT})
    except (Unreadable, LookupError, TypeError, ValueError) as problem:
        raise Invalid({"file": [str(problem)]}) from None
    change_set = prepare(kind, stored, _plan(kind, given, propose(kind, found), by), found.layout, by=by)
    job = start_rehearsal(change_set, by=by) if given.get("dry_run") in {True, "1", "true"} else start(change_set, by=by)
    return answer({"job": str(job.pk), "change_set": str(change_set.pk)}, 202)


def _move(stored: StoredFile, by: User) -> HttpResponse:
    """An archive with the export of another system: every file of it."""
    try:
        key, _found = prepare_move(stored.path, by=by)
    except Unreadable as problem:
        raise Invalid({"file": [str(problem)]}) from None
    job = start_move(key, by=by)
    return answer({"job": str(job.pk), "move": str(key), "change_sets": [str(one.pk) for one in sets_of(key, by)]}, 202)


@api("POST")
def undo_of_move(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Take back everything that a move did, its last file first."""
    return answer({"job": str(undo_move(key, by=by).pk)}, 202)


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


def _plan(kind: RecordType, given: dict[str, Any], proposal: Proposal, by: User) -> Plan:
    """The map with the other arguments on top; without a map, what is proposed."""
    told = _object(given, "map") or {"columns": open_columns(kind, proposal.mapping, by), "name_template": proposal.name_template}
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


@api("GET")
def rows_of_set(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """What each row of a change set did; before an import has started, what it would do by the last dry run.

    ``action`` is one of ``create``, ``update``, ``unchanged``, ``refused`` and ``also_made``; pages go on behind ``after``.
    """
    change_set = ChangeSet.objects.visible_to(by).filter(pk=key).first()
    if change_set is None:
        raise Missing(_("There is no such change set."))
    action, after, wanted = request.GET.get("action", ""), request.GET.get("after", ""), limit(request)
    if action and action not in ACTIONS.values():
        raise Invalid({"action": [_("“%(value)s” is not one of: %(valid)s.") % {"value": action, "valid": ", ".join(ACTIONS.values())}]})
    chosen = next((value for value, name in ACTIONS.items() if name == action), "")
    is_draft = change_set.state == ChangeSetState.DRAFT
    rows: list[Any] = list((foreseen_rows if is_draft else rows_of)(change_set, chosen, after)[: wanted + 1])
    lines = foreseen_lines(rows[:wanted], by) if is_draft else row_lines(change_set, rows[:wanted], by, undoable=False)
    last = f"{rows[wanted - 1].number}.{rows[wanted - 1].pk}" if len(rows) > wanted else None
    return answer({"items": [_row_json(line) for line in lines], "next": last, "dry_run": is_draft})


def _row_json(line: RowLine) -> dict[str, Any]:
    row = line.row
    told = {"row": row.number, "action": ACTIONS[row.action], "type": row.type or None, "title": line.title, "reason": row.reason}
    return {**told, "id": str(row.record_id) if line.href else None, "changes": line.changes}


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
