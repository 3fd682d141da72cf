"""A list in groups: each with its count and subtotals, its rows read when it is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from renmai.kernel.records.groups import GROUPABLE, told
from renmai.kernel.records.listing import Question
from renmai.kernel.records.pages.board import SUMMED, numbers
from renmai.kernel.records.pages.door import query_of, with_query
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType

if TYPE_CHECKING:
    from renmai.kernel.access.user import User


BIN = {"deleted_at", "deleted_by"}  # what the bin says of a row, says nothing of those in a list


def groupable(kind: RecordType, by: User) -> list[FieldSpec]:
    """The fields whose values make groups."""
    hidden = by.access.hidden(kind)
    return [
        spec for name, spec in kind.fields.items() if name not in hidden and spec.kind in GROUPABLE and spec.indexed and name not in BIN
    ]


def is_grouped(request: HttpRequest, by: User, kind: RecordType) -> bool:
    """Whether the list is asked for in groups."""
    return request.GET.get("group", "") in {spec.name for spec in groupable(kind, by)}


def ways(request: HttpRequest, by: User, kind: RecordType) -> list[tuple[Any, str, bool]]:
    """Every way to group the list: label, address, whether it is in force."""
    now = request.GET.get("group", "")
    made = [(_("No groups"), with_query(request, {"group": None}), not now)]
    rest = {"after": None, "limit": None}
    return made + [(spec.label, with_query(request, {"group": spec.name, **rest}), spec.name == now) for spec in groupable(kind, by)]


def groups_of(request: HttpRequest, asked: Question) -> tuple[list[dict[str, Any]], bool]:
    """The groups of a list, each with the address of its rows; money is added up by what the address, or the type's board, adds up.

    Returns:
        The groups, and whether there are more of them.
    """
    kind, by = asked.kind, asked.by
    adds = [spec.name for spec in numbers(kind, by) if spec.kind in SUMMED]
    wanted = (request.GET.get("sum", ""), kind.board.sum if kind.board else "")
    made, is_cut = told(asked, request.GET.get("group", ""), next((name for name in wanted if name in adds), ""))
    for group in made:
        key = "" if group["key"] is None else group["key"]
        group["rows"] = f"{kind.path()}group/?{urlencode(query_of(request, {}) | {'key': key})}"
    return made, is_cut
