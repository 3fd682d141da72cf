"""The functions that a formula may call: what they take, what they give, and how the database works them out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

NUMBER, TEXT, DATE, MOMENT, BOOLEAN, ANY = "number", "text", "date", "moment", "boolean", "any"
SAME = "same"


@dataclass(frozen=True)
class Function:
    """One function.

    Attributes:
        takes: the kind of each argument; ``any`` takes each kind, ``same`` that of the first such one.
        gives: the kind of what comes out; ``same`` that of the arguments.
        sql: makes the SQL from that of the arguments.
        more: the last argument may be given any number of times.
        optional: how many of the last arguments may be left out.
    """

    takes: tuple[str, ...]
    gives: str
    sql: Callable[..., str]
    more: bool = False
    optional: int = 0


def _joined(*parts: str) -> str:
    return f"NULLIF(concat({', '.join(parts)}), '')"


def _rounded(value: str, places: str = "0") -> str:
    return f"round({value}, greatest(0, least(10, ({places})))::integer)"


def _chosen(condition: str, then: str, otherwise: str = "NULL") -> str:
    return f"CASE WHEN {condition} THEN {then} ELSE {otherwise} END"


FUNCTIONS: dict[str, Function] = {
    "if": Function((BOOLEAN, SAME, SAME), SAME, _chosen, optional=1),
    "coalesce": Function((SAME, SAME), SAME, lambda *values: f"coalesce({', '.join(values)})", more=True),
    "is_empty": Function((ANY,), BOOLEAN, lambda value: f"({value} IS NULL)"),
    "round": Function((NUMBER, NUMBER), NUMBER, _rounded, optional=1),
    "floor": Function((NUMBER,), NUMBER, lambda value: f"floor({value})"),
    "ceiling": Function((NUMBER,), NUMBER, lambda value: f"ceiling({value})"),
    "abs": Function((NUMBER,), NUMBER, lambda value: f"abs({value})"),
    "min": Function((SAME, SAME), SAME, lambda *values: f"least({', '.join(values)})", more=True),
    "max": Function((SAME, SAME), SAME, lambda *values: f"greatest({', '.join(values)})", more=True),
    "concat": Function((ANY,), TEXT, _joined, more=True),
    "upper": Function((TEXT,), TEXT, lambda text: f"upper({text})"),
    "lower": Function((TEXT,), TEXT, lambda text: f"lower({text})"),
    "length": Function((TEXT,), NUMBER, lambda text: f"coalesce(length({text}), 0)::numeric"),
    "left": Function((TEXT, NUMBER), TEXT, lambda text, count: f"NULLIF(left({text}, greatest(0, {count})::integer), '')"),
    "contains": Function(
        (TEXT, TEXT), BOOLEAN, lambda text, part: f"coalesce(position(renmai_fold({part}) IN renmai_fold({text})) > 0, false)"
    ),
    "today": Function((), DATE, lambda: "renmai_today()"),
    "date": Function((NUMBER, NUMBER, NUMBER), DATE, lambda *parts: f"make_date({', '.join(f'({part})::integer' for part in parts)})"),
    "days_between": Function((DATE, DATE), NUMBER, lambda first, last: f"({last} - {first})::numeric"),
    "add_days": Function((DATE, NUMBER), DATE, lambda day, count: f"({day} + ({count})::integer)"),
    "add_months": Function((DATE, NUMBER), DATE, lambda day, count: f"({day} + make_interval(months => ({count})::integer))::date"),
    "year": Function((DATE,), NUMBER, lambda day: f"extract(year FROM {day})"),
    "month": Function((DATE,), NUMBER, lambda day: f"extract(month FROM {day})"),
    "day": Function((DATE,), NUMBER, lambda day: f"extract(day FROM {day})"),
}
