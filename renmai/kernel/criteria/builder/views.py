"""Addresses of the builder: its parts as they change, the size of what it finds, and the dialog over a list."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Missing
from renmai.kernel.criteria.builder.builder import Builder
from renmai.kernel.criteria.grammar import parse
from renmai.kernel.criteria.reader import Reader
from renmai.kernel.criteria.sql import to_q
from renmai.kernel.records.counting import count
from renmai.kernel.records.listing import Question
from renmai.kernel.records.pages import filters
from renmai.kernel.records.pages.door import go, page, query_of
from renmai.kernel.records.types import RecordType

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

HERE = "kernel/criteria/builder"
PATIENCE = "3s"
LIST_PARTS = ("place", "field", "op", "after", "limit", "deleted")


@page
def criteria(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """The dialog over a list; posted to, the builder after a change of its shape."""
    if request.method != "POST":
        found = filters.conditions(request)
        return _dialog(request, kind, Builder.of(kind, by, found[0] if len(found) == 1 else {"and": found}))
    builder = _sent(request, by, kind)
    try:
        builder.change(request.POST.get("do", ""), request.POST.get("place", "").removeprefix(builder.name))
    except (LookupError, ValueError):
        raise Missing(_("There is no such condition.")) from None
    return render(request, f"{HERE}/builder.jinja", {"builder": builder})


def _sent(request: HttpRequest, by: User, kind: RecordType) -> Builder:
    """The builder that a page sent, as that page had set it up; only who may change rights may name every field."""
    asked = request.GET
    company = asked.get("company") == "1" and by.access.is_admin
    limits = {"related": asked.get("related") != "0", "scopable": asked.get("scopable") == "1"}
    return Builder.read(request.POST, kind, by, name=asked.get("name", "filter"), company=company, **limits)


@page
def said(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """The criteria as a sentence, and how many of the records that the person may see they find."""
    builder = _sent(request, by, kind)
    total, is_estimate = _size(builder, by) if builder.is_whole else (None, False)
    return render(request, f"{HERE}/said.jinja", {"builder": builder, "total": total, "is_estimate": is_estimate})


def _size(builder: Builder, by: User) -> tuple[int | None, bool]:
    """The number found, and whether it is an estimate; None where counting takes too long."""
    node = parse(builder.tree, builder.kind, None if builder.company else by)
    asked = Question(builder.kind, by, to_q(node, Reader.of(by, scoped=not builder.company)))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = '{PATIENCE}'")
            found: tuple[int | None, bool] = count(asked)
            cursor.execute("SET LOCAL statement_timeout = DEFAULT")
            return found
    except OperationalError:
        return None, False


@page
def apply(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """Lead to the list with the criteria of the dialog, or back to the dialog where they make no sense yet."""
    builder = Builder.read(request.POST, kind, by)
    if not builder.is_whole:
        return _dialog(request, kind, builder, status=422)
    text = json.dumps(builder.tree, ensure_ascii=False) if builder.tree else ""
    query = query_of(request, {**dict.fromkeys(LIST_PARTS), "filter": text})
    return go(request, f"{kind.path()}?{urlencode(query)}")


def _dialog(request: HttpRequest, kind: RecordType, builder: Builder, status: int = 200) -> HttpResponse:
    about: dict[str, Any] = {"kind": kind, "builder": builder, "list_query": request.GET.urlencode()}
    return render(request, f"{HERE}/dialog.jinja", about, status=status)
