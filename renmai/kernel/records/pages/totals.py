"""Totals under a list: sum, average, least and most of every number shown, over all that the filter finds, as far as time allows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from renmai.kernel.api.records import question
from renmai.kernel.overlay.company import company
from renmai.kernel.records.listing import Question
from renmai.kernel.records.pages.board import numbers
from renmai.kernel.records.pages.door import PAGES, page
from renmai.kernel.records.pages.listing import chosen
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType
from renmai.kernel.ui import show

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

CAP = 200_000
PATIENCE = "2s"


@dataclass(frozen=True)
class Total:
    """The totals of one number, in one currency where it is money."""

    label: Any
    sum: str
    average: str
    least: str
    most: str


def totals(asked: Question, specs: Iterable[FieldSpec]) -> tuple[list[Total], bool]:
    """The totals of numbers.

    Returns:
        One per number and currency, and whether only the first ``CAP`` rows were added up.

    Raises:
        OperationalError: it takes too long.
    """
    made: list[Total] = []
    capped = False
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = '{PATIENCE}'")
        for spec in specs:
            for currency, count, values in _added(cursor, asked, spec):
                capped = capped or count > CAP
                if values[0] is not None:
                    made.append(Total(spec.label, *(_written(spec, value, currency) for value in values)))
        cursor.execute("SET LOCAL statement_timeout = DEFAULT")
    return made, capped


def _added(cursor: Any, asked: Question, spec: FieldSpec) -> list[tuple[str, int, list[Any]]]:
    """Currency, rows looked at, and the four figures; one line per currency."""
    named = {"figure": F(spec.column)}
    if spec.kind == "money" and spec.field.currency_field:
        named["unit"] = F(spec.field.currency_field)
    sql, params = asked.rows().order_by().values(**named)[: CAP + 1].query.sql_with_params()
    group = "COALESCE(NULLIF(unit, ''), %s)" if "unit" in named else "%s"
    figures = ", ".join(f"{function}(figure)" for function in ("sum", "avg", "min", "max"))
    cursor.execute(
        f"SELECT {group} AS total_unit, sum(count(*)) OVER (), {figures} FROM ({sql}) AS rows GROUP BY 1 ORDER BY 2 DESC, 1",  # noqa: S608
        [company().currency, *params],
    )
    return [(unit, int(count), list(values)) for unit, count, *values in cursor.fetchall()]


def _written(spec: FieldSpec, value: Any, currency: str) -> str:
    if spec.kind == "money":
        return show.money(value, currency)
    rounded = round(Decimal(value), 2)
    return show.percent(rounded) if spec.kind == "percent" else show.number(rounded)


@page
def below(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """The part of the page with the totals of the numbers that the list shows; of all that the code knows of where it shows none."""
    asked = question(kind, request, by)
    possible = [spec for spec in numbers(kind, by) if spec.field is not None]
    shown = [spec for spec in chosen(by, kind, request.GET.get("columns", "")) if spec in possible]
    try:
        found, capped = totals(asked, shown or [spec for spec in possible if spec.name not in kind.custom])
    except OperationalError:
        return render(request, f"{PAGES}/totals.jinja", {"totals": [], "capped": False, "late": True, "cap": CAP})
    is_mixed = len({total.label for total in found}) < len(found)
    return render(request, f"{PAGES}/totals.jinja", {"totals": found, "capped": capped, "late": False, "cap": CAP, "mixed": is_mixed})
