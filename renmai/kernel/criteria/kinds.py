"""Which operators go with which kind of field."""

from __future__ import annotations

TEXT = frozenset({"text", "long_text", "email", "phone", "url", "pick", "address", "file"})
CODE = frozenset({"choice", "country", "currency"})
NUMBER = frozenset({"integer", "decimal", "money", "percent"})

PRESENCE = ("is_set", "is_empty")
EQUALITY = ("eq", "ne")
MEMBERSHIP = ("in", "not_in")
ORDER = ("lt", "lte", "gt", "gte", "between")
CALENDAR = ("before", "after", "within")
QUANTIFIERS = ("any", "none")

NEGATED = {"ne": "eq", "not_in": "in", "is_empty": "is_set", "none": "any"}
SAME_AS = {"before": "lt", "after": "gt"}

OPERATORS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(TEXT, (*EQUALITY, *MEMBERSHIP, "contains", "starts_with", *PRESENCE)),
    **dict.fromkeys(CODE, (*EQUALITY, *MEMBERSHIP, *PRESENCE)),
    **dict.fromkeys(NUMBER, (*EQUALITY, *MEMBERSHIP, *ORDER, *PRESENCE)),
    "date": (*EQUALITY, *MEMBERSHIP, *ORDER, *CALENDAR, *PRESENCE),
    "moment": (*EQUALITY, *ORDER, *CALENDAR, *PRESENCE),
    "time": (*EQUALITY, *MEMBERSHIP, *ORDER, "before", "after", *PRESENCE),
    **dict.fromkeys(("address", "file"), ("contains", *PRESENCE)),
    "boolean": (*EQUALITY, *MEMBERSHIP, *PRESENCE),
    "link": (*EQUALITY, *MEMBERSHIP, *PRESENCE),
    "choices": ("contains", *MEMBERSHIP, *PRESENCE),
    "tags": ("contains", *MEMBERSHIP, *PRESENCE),
    "links": ("contains", *MEMBERSHIP, *PRESENCE),
    "id": (*EQUALITY, *MEMBERSHIP, *PRESENCE),
    "abouts": ("contains", *PRESENCE),
    "ids": PRESENCE,
    "json": PRESENCE,
    "custom": PRESENCE,
}
AGGREGATE_OPERATORS = (*EQUALITY, *ORDER)
