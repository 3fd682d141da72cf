"""One language for "which ones": filters, views, segments, pools, rules, reports and rights ask in it.

``docs/reference/criteria.md`` tells what every operator means.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from renmai.kernel.criteria.errors import BadCriteria
from renmai.kernel.criteria.grammar import parse
from renmai.kernel.criteria.memory import matches
from renmai.kernel.criteria.reader import Reader
from renmai.kernel.criteria.sql import to_q
from renmai.kernel.criteria.stored import stored
from renmai.kernel.history.past import now

if TYPE_CHECKING:
    from django.db.models import Q

    from renmai.kernel.access.user import User
    from renmai.kernel.records.types import RecordType


def condition(tree: Any, kind: RecordType, user: User) -> Q:
    """The rows that a person asks for: hidden fields are refused, records that the person may not see count as absent.

    Args:
        tree: criteria as decoded JSON.
        kind: the type whose rows will be filtered.
        user: who asks.

    Raises:
        BadCriteria: says where and why.
    """
    return to_q(parse(tree, kind, user), replace(Reader.of(user), now=now()))


def kept(tree: Any, kind: RecordType, user: User) -> Q:
    """The rows of criteria that a person kept, in a view or a chart; what names something that is gone matches nothing.

    Args:
        tree: criteria as decoded JSON.
        kind: the type whose rows will be filtered.
        user: who asks.
    """
    return to_q(stored(tree, kind, user), replace(Reader.of(user), now=now()))


def right(tree: Any, kind: RecordType, user: User) -> Q:
    """The rows that a right by criteria opens to a person: it may look at all fields and all linked records.

    Args:
        tree: criteria as decoded JSON; those that name something that is gone open nothing.
        kind: the type whose rows will be filtered.
        user: who "me" is.
    """
    return to_q(stored(tree, kind), Reader.of(user, scoped=False))


__all__ = ["BadCriteria", "Reader", "condition", "kept", "matches", "parse", "right", "stored", "to_q"]
