"""Reading as of a moment: inside ``past`` every table stands as it did then, under today's permissions.

Nothing that asks the database knows of it. Each statement is sent with a common table expression per table that it names, of the
same name, so that lists, boards, criteria, groups and titles of links all read what was.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.sql.datastructures import BaseTable
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Invalid
from renmai.kernel.history.model import KnownField

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.history.tables import Past
    from renmai.kernel.records.types import RecordType

ARMS = ("same", "changed")
NAMED = re.compile(r'(?:FROM|JOIN) "([^"]+)"')
LIVE = re.compile(r'(FROM|JOIN) "')
EXPLAIN = re.compile(r"EXPLAIN \([^)]*\) ")
WRITES = ("INSERT", "UPDATE", "DELETE", "COPY")

_moment: ContextVar[dt.datetime | None] = ContextVar("as_of", default=None)


def moment() -> dt.datetime | None:
    """The moment as of which everything is read, or None in the present."""
    return _moment.get()


def now() -> dt.datetime:
    """What "now" and "today" mean in a question."""
    return _moment.get() or timezone.now()


def as_of(text: str) -> dt.datetime | None:
    """The moment in ``?as_of=``: a moment, or the end of a day in the reader's zone; None where nothing is asked.

    Raises:
        Invalid: it is neither, or lies ahead.
    """
    if not text:
        return None
    try:
        found = parse_datetime(text) if len(text) > 10 else None
        day = parse_date(text) if found is None else None
        if day is not None:
            found = dt.datetime.combine(day, dt.time.max)
        if found is None:
            raise ValueError
        aware = found if timezone.is_aware(found) else timezone.make_aware(found)
        utc = aware.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise Invalid({"as_of": [_("A past day is written as 2025-11-22, a moment as 2025-11-22T09:30:00+07:00.")]}) from None
    if utc > timezone.now() and not (day is not None and day <= timezone.localdate()):
        raise Invalid({"as_of": [_("This lies ahead.")]})
    return min(utc, timezone.now())


@contextmanager
def past(at: dt.datetime | None, by: User | None) -> Iterator[None]:
    """Read everything inside as of a moment; with None, read the present.

    Args:
        by: whose rights of today count; they are read before the past begins. None reads everything.
    """
    if at is None:
        yield
        return
    if by is not None:
        _know_rights(by)
    token = _moment.set(at)
    try:
        with connection.execute_wrapper(_Shadows(at)):
            yield
    finally:
        _moment.reset(token)


def _know_rights(by: User) -> None:
    """Read now what is read once: roles, teams, territories and shares of today."""
    by.access.read()


class _Shadows:
    """Gives each statement the tables of the past that it names."""

    def __init__(self, at: dt.datetime) -> None:
        self.at = f"'{at.isoformat()}'::timestamptz"

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        from renmai.kernel.records.types import registry

        if sql.startswith(WRITES):
            raise RuntimeError("The past cannot be written.")
        names, types = dict.fromkeys(NAMED.findall(sql)), tuple(kind.slug for kind in registry.all())
        tables = [f'"{name}" AS NOT MATERIALIZED ({_seen(name, text)})' for name in names if (text := _definition(name, types))]
        if not tables:
            return execute(sql, params, many, context)
        shadows = f"WITH {', '.join(tables)} ".replace("{at}", self.at)
        explain = EXPLAIN.match(sql)
        place = explain.end() if explain else 0
        return execute(sql[:place] + shadows + sql[place:], params, many, context)


def _seen(name: str, text: str) -> str:
    """A table of the past as whoever reads it sees it today."""
    from renmai.kernel.access.masks import present

    mask = present().get(name.partition("~")[0])
    return mask.over(f"({text})", of_past=True).replace("%", "%%") if mask is not None else text


@lru_cache(maxsize=512)
def _definition(name: str, types: tuple[str, ...]) -> str:
    """The table of that name as it was, or one of its two sets of rows; empty for what has no past.

    Args:
        types: slugs of all types there are now: a company makes types of its own.
    """
    table, _tilde, arm = name.partition("~")
    found = _tables(types).get(table)
    if found is None:
        return ""
    return {"same": found.same, "changed": found.changed}.get(arm, found.whole)


@lru_cache(maxsize=1)
def _tables(_types: tuple[str, ...]) -> dict[str, Past]:
    from renmai.kernel.history.tables import pasts

    return dict(pasts())


def arms(rows: QuerySet[Any]) -> list[QuerySet[Any]]:
    """The rows of the past as two disjoint sets, each of which can be asked for its first few alone: unchanged since, and changed."""
    return [_rooted(rows, f"{rows.model._meta.db_table}~{arm}") for arm in ARMS]


def _rooted(rows: QuerySet[Any], name: str) -> QuerySet[Any]:
    """The same question to another table, which keeps the first one's name inside it."""
    found = rows.all()
    alias = found.query.get_initial_alias()
    found.query.alias_map[alias] = BaseTable(name, alias)
    return found


def today(model: type[models.Model], condition: Q) -> Q:
    """A condition about rows as they are in the present, for a question to the past; in the present the condition itself."""
    if _moment.get() is None or condition == Q(pk__isnull=False):
        return condition
    rows: Any = model._base_manager.filter(condition).order_by().values("pk")
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return Q(pk__in=[])
    return Q(pk__in=RawSQL(LIVE.sub(rf'\1 "{schema()}"."', sql), params))  # noqa: S611 - made by Django itself


@lru_cache(maxsize=8)
def schema(_alias: str = "default") -> str:
    """Where the tables of the present stand, which a common table expression does not hide when it is named."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        return str(cursor.fetchone()[0])


def missing(kind: RecordType, at: dt.datetime | None) -> set[str]:
    """Names of the fields of a type that did not exist at a moment, custom ones among them, or of which no history is kept."""
    from renmai.kernel.records.custom import PREFIX
    from renmai.kernel.records.types import registry

    if at is None:
        return set()
    made = registry["custom-fields"].model.objects.filter(type=kind.slug, created_at__gt=at).values_list("key", flat=True)
    known = KnownField.objects.filter(type=kind.slug, since__gt=at).values_list("name", flat=True)
    unkept = (spec.name for spec in kind.fields.values() if getattr(spec.field, "unkept", False))
    return {*known, *unkept, *(f"{PREFIX}{key}" for key in made)}
