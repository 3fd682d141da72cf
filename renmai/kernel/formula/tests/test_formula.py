"""Formulas are read, typed and refused with the place of what is wrong."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from renmai.kernel.formula import BadFormula, compile_formula
from renmai.kernel.records.types import registry

LEADS = registry["leads"]


def worked_out(text: str, **values: Any) -> Any:
    """What a formula gives for a lead that was never stored."""
    made = compile_formula(text, LEADS)
    row = LEADS.model(**values)
    columns = {field.column: field.get_db_prep_save(field.pre_save(row, True), connection) for field in row._meta.concrete_fields}
    named = {name: value for name, value in columns.items() if f'r."{name}"' in made.sql}
    casts = {field.column: field.db_type(connection) for field in row._meta.concrete_fields}
    body = ", ".join(f'%s::{casts[name]} AS "{name}"' for name in named) or "1 AS one"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {made.sql.replace('%', '%%')} FROM (SELECT {body}) r", list(named.values()))
        return cursor.fetchone()[0]


VALUES: list[tuple[str, Any]] = [
    ("1 + 2 * 3", Decimal(7)),
    ("-(1 + 2) * 3", Decimal(-9)),
    ("1 - 2 - 3", Decimal(-4)),
    ("10 % 4 - 1", Decimal(1)),
    ("1 / 0", None),
    ("expected_amount / employees", None),
    ("round(0.1 + 0.2, 1) = 0.3", True),
    ("round(2 / 3, 3)", Decimal("0.667")),
    ("if(score >= 50 and not (country = 'TH'), 'yes', 'no')", "yes"),
    ("if(employees > 10, 1)", None),
    ("employees > 10 or employees <= 10", False),
    ("coalesce(employees, 3) + 1", Decimal(4)),
    ("is_empty(company)", False),
    ("company = 'ＳＩＡＭ foods'", True),
    ("contains(company, 'FOOD')", True),
    ("concat(upper(name), ' / ', score, ' / ', email)", "ANN / 70 / "),
    ("length(company) + length(email)", Decimal(10)),
    ("left(company, 4)", "Siam"),
    ("min(3, score, 5) + max(score, 1)", Decimal(73)),
    ("abs(-2) + floor(1.9) + ceiling(1.1)", Decimal(5)),
    ("year(date(2026, 2, 28) + 1) * 100 + month(add_days(date(2026, 2, 28), 1))", Decimal(202603)),
    ("day(add_months(date(2026, 1, 31), 1))", Decimal(28)),
    ("days_between(date(2026, 1, 1), date(2026, 3, 1)) = date(2026, 3, 1) - date(2026, 1, 1)", True),
    ("today() >= date(2026, 1, 1)", True),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "value"), VALUES, ids=[text for text, _value in VALUES])
def test_a_formula_gives(text: str, value: Any) -> None:
    assert worked_out(text, name="Ann", company="Siam Foods", score=70) == value


WRONG: list[tuple[str, int, str]] = [
    ("", 0, "missing at the end"),
    ("1 +", 3, "missing at the end"),
    ("1 + * 2", 4, "before “*”"),
    ("(1 + 2", 6, "“)” is missing"),
    ("1 2", 2, "before “2”"),
    ("score # 2", 6, "“#” means nothing"),
    ("scor + 1", 0, "Did you mean “score”?"),
    ("1 + campaign", 4, "say which field of it"),
    ("campaign.nam", 0, "Did you mean “name”?"),
    ("nothing.name", 0, "There is no field “nothing”"),
    ("score + name", 8, "a number is needed, and this is a text"),
    ("if(score, 1, 2)", 3, "yes or no is needed"),
    ("if(true, 1, 'a')", 12, "a number is needed"),
    ("name > 'a'", 5, "only be compared with = and !="),
    ("sqrt(2)", 0, "There is no function “sqrt”"),
    ("round()", 0, "needs 1 values"),
    ("upper('a', 'b')", 0, "no more than 1"),
    ("concat('a', true)", 0, "use if()"),
    ("(" * 40 + "1" + ")" * 40, 30, "nested too deeply"),
    ("1" * 3000, 2000, "longer than 2000"),
    ("tags", 0, "There is no field “tags”"),
]


@pytest.mark.parametrize(("text", "at", "problem"), WRONG, ids=[text[:20] for text, _at, _problem in WRONG])
def test_what_is_wrong_is_told_with_its_place(text: str, at: int, problem: str) -> None:
    with pytest.raises(BadFormula) as refused:
        compile_formula(text, LEADS)
    assert refused.value.at == at
    assert problem in refused.value.problem


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["'); DROP TABLE kernel_user; --", "$$ $renmai0$ \\ %s"])
def test_a_text_stays_a_text(text: str) -> None:
    assert worked_out(f'"{text}"') == text


def test_a_formula_tells_what_it_looks_at() -> None:
    made = compile_formula("campaign.cost + score + days_between(created_at, today())", LEADS)
    assert [(one.link.name if one.link else "", one.spec.name) for one in made.used] == [
        ("campaign", "cost"),
        ("", "score"),
        ("", "created_at"),
    ]
    assert (made.kind, made.is_daily) == ("number", True)
