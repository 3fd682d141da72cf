"""The database column that holds search text, and the one way to ask it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from renmai.kernel.search.text import lexemes, query

if TYPE_CHECKING:
    _Field = models.Field[Sequence[str] | None, list[str] | None]
    _Lookup = models.Lookup[Any]
else:
    _Field, _Lookup = models.Field, models.Lookup

__all__ = ["Matches", "SearchField", "lexemes", "query"]

_LEXEME = re.compile(r"'((?:[^'\\]|''|\\.)*)'")
_ESCAPE = re.compile(r"''|\\(.)")


class SearchField(_Field):
    """A `tsvector` column whose Python value is a list of lexemes, as `lexemes()` makes them.

    The list is stored as it is by `array_to_tsvector`, without a text search configuration: what a word is was
    already decided in Python. Index it with GIN and ask it with `matches`:

        Person.objects.filter(search__matches=query("王伟"))
    """

    empty_strings_allowed = False

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("default", list)
        options.setdefault("editable", False)
        super().__init__(*args, **options)

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """The column's type in PostgreSQL."""
        return "tsvector"

    def get_placeholder(self, value: Any, compiler: Any, connection: BaseDatabaseWrapper) -> str:
        """Turn a list into a tsvector on its way in."""
        return "%s" if hasattr(value, "as_sql") else "array_to_tsvector(%s::text[])"

    def get_prep_value(self, value: Any) -> Any:
        """The lexemes as a list, which psycopg sends as an array."""
        return value if value is None or hasattr(value, "as_sql") else list(value)

    def from_db_value(self, value: str | None, expression: Any, connection: BaseDatabaseWrapper) -> list[str] | None:
        """The stored lexemes, in PostgreSQL's order."""
        return None if value is None else parse_tsvector(value)


@SearchField.register_lookup
class Matches(_Lookup):
    """`field__matches=tsquery`: rows whose search text answers a query made by `query()`; an empty query finds nothing."""

    lookup_name = "matches"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """Send the query as text; it needs no `array_to_tsvector`."""
        return "%s::tsquery", (value,)

    def process_rhs(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """The right side, without the placeholder that the field uses for writing."""
        return self.get_db_prep_lookup(self.rhs, connection)

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """`column @@ query`."""
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} @@ {right}", (*left_params, *right_params)


def parse_tsvector(text: str) -> list[str]:
    """The lexemes in PostgreSQL's text form of a tsvector without positions, such as `'a' 'o''clock'`."""
    return [_ESCAPE.sub(lambda found: found[1] or "'", quoted) for quoted in _LEXEME.findall(text)]
