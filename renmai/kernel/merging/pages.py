"""The page on which records are compared and merged, and the dialog that takes a merge apart."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from renmai.kernel.actions.bulk import keys_of
from renmai.kernel.actions.errors import Conflict, Invalid, Missing, Refusal
from renmai.kernel.api.records import visible
from renmai.kernel.merging.actions import can_merge
from renmai.kernel.merging.cells import labels
from renmai.kernel.merging.merge import MOST, Asked
from renmai.kernel.merging.merge import merge as merge_records
from renmai.kernel.merging.model import Merge
from renmai.kernel.merging.preview import Comparing, parting
from renmai.kernel.merging.unmerge import take_apart
from renmai.kernel.records.pages.door import go, page, version_seen
from renmai.kernel.records.refusals import sentence
from renmai.kernel.ui.inputs import Input

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.types import RecordType

HERE = "kernel/merging"
CHOICE, VERSION = "choice-", "version-"


@page
def merge(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """Records side by side (``?ids=a,b&into=a``); sent, merge them."""
    if not can_merge(kind):
        raise Missing(_("There is no such page."))
    sent = request.POST if request.method == "POST" else request.GET
    keys = _keys(sent)
    wanted = str(sent.get("into", ""))
    into = UUID(wanted) if wanted in map(str, keys) else keys[0]
    order = [into, *(key for key in keys if key != into)]
    if len(order) == 1:
        return _ask(request, kind, visible(kind, into, by))
    chosen = {name.removeprefix(CHOICE): str(key) for name, key in sent.items() if name.startswith(CHOICE)}
    picked = {name: UUID(key) for name, key in chosen.items() if key in map(str, keys)}
    problem: Refusal | None = None
    if request.method == "POST":
        try:
            return _merged(request, kind, _asked(sent, order, picked), by)
        except Refusal as refusal:
            problem = refusal
    return _compare(request, by, kind, order, picked, problem)


def _keys(sent: QueryDict) -> list[UUID]:
    """The ids that are asked for, each once."""
    texts = [text for given in (*sent.getlist("ids"), sent.get("with", "")) for text in given.split(",") if text]
    keys = [UUID(key) for key in dict.fromkeys(keys_of(texts))]
    if not 1 <= len(keys) <= MOST:
        raise Invalid({"ids": [_("From 2 to %(most)s records can be merged at a time.") % {"most": MOST}]})
    return keys


def _ask(request: HttpRequest, kind: RecordType, record: Any) -> HttpResponse:
    """Which other record is it?"""
    other = Input("with", _("The other record"), "link", target=kind.slug, required=True)
    return render(request, f"{HERE}/ask.jinja", {"kind": kind, "record": record, "other": other})


def _asked(sent: QueryDict, order: list[UUID], picked: dict[str, UUID]) -> Asked:
    versions = {key: version_seen(sent, name=f"{VERSION}{key}") for key in order}
    return Asked(order[0], order[1:], picked, versions)


def _merged(request: HttpRequest, kind: RecordType, asked: Asked, by: User) -> HttpResponse:
    survivor = merge_records(kind, asked, by)
    messages.success(request, _("“%(title)s” is one record now. It can be taken apart at any time.") % {"title": survivor.title})
    return go(request, kind.path(survivor))


def _compare(
    request: HttpRequest, by: User, kind: RecordType, order: Iterable[UUID], picked: dict[str, UUID], problem: Refusal | None
) -> HttpResponse:
    records = [visible(kind, key, by) for key in order]
    told = ""
    if isinstance(problem, Conflict):
        told = _("Somebody else changed one of the records after you opened this page. Look at the values and merge again.")
    elif problem is not None:
        told = sentence(kind, problem)
    compared = Comparing(kind, records, by, picked)
    about = {"kind": kind, "compared": compared, "problem": told, "choice": CHOICE, "version": VERSION}
    return render(request, f"{HERE}/merge.jinja", about, status=problem.status if problem else 200)


@page
def apart(request: HttpRequest, by: User, kind: RecordType, key: Any, merge: Any) -> HttpResponse:
    """What taking a merge apart comes to; sent, take it apart."""
    record = visible(kind, key, by)
    made = Merge.objects.standing().filter(pk=merge, survivor_id=record.pk).first()
    if made is None:
        raise Missing(_("No such record is merged into this one."))
    if request.method != "POST":
        about = {"kind": kind, "record": record, "merge": made, "parting": parting(kind, record, made, by)}
        return render(request, f"{HERE}/apart.jinja", about)
    found = take_apart(kind, key, made.pk, by)
    told = _("“%(other)s” is a record of its own again.") % {"other": found.other.title}
    if found.kept:
        told += " " + _("Kept, since somebody has changed it: %(fields)s.") % {"fields": ", ".join(labels(kind, found.kept))}
    messages.success(request, told)
    return go(request, kind.path(found.other))
