"""Criteria once understood: a typed tree that SQL, memory and words walk alike."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models

from renmai.kernel.criteria.windows import Window

if TYPE_CHECKING:
    from renmai.kernel.records.spec import FieldSpec
    from renmai.kernel.records.types import RecordType, Rows


@dataclass(frozen=True, slots=True)
class Var:
    """A value known only when somebody asks: ``me``, ``my_team``, ``my_branch``, ``today``, ``now``."""

    name: str


Scalar = str | int | bool | Decimal | dt.date | dt.datetime | dt.time | UUID | Var
Operand = Scalar | Window | tuple[Scalar, ...] | None


@dataclass(frozen=True, slots=True)
class Many:
    """Rows that point at a record: by a foreign key, or as activities that are about it.

    Attributes:
        name: as criteria call them.
        label: as people call them.
        model: their Django model.
        column: the foreign key on them; empty for activities.
        kind: their record type or the rows' description.
        slug: of the record type; None for the rows of a document, which are seen with it.
    """

    name: str
    label: Any
    model: type[models.Model]
    column: str
    kind: RecordType | Rows
    slug: str | None


@dataclass(frozen=True, slots=True)
class And:
    """Every part holds; without parts, true."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Some part holds; without parts, false."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The exact complement."""

    part: Node


@dataclass(frozen=True, slots=True)
class Condition:
    """A field, reached over links to one, compared with a value.

    Attributes:
        links: links to follow first, in order.
        field: what is compared.
        op: one of ``kinds.OPERATORS``.
        value: typed by the field's kind; None for ``is_set`` and ``is_empty``.
    """

    links: tuple[FieldSpec, ...]
    field: FieldSpec
    op: str
    value: Operand


@dataclass(frozen=True, slots=True)
class Some:
    """At least one related row meets ``where``; with ``op`` none, not one does."""

    links: tuple[FieldSpec, ...]
    many: Many
    op: str
    where: Node


@dataclass(frozen=True, slots=True)
class Total:
    """The number of related rows that meet ``where``, or the sum of their field ``sum``, compared with numbers.

    Attributes:
        value: one number, or two for ``between``.
    """

    links: tuple[FieldSpec, ...]
    many: Many
    sum: FieldSpec | None
    where: Node
    op: str
    value: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """Stored criteria that no longer mean anything; always the whole, never a part. Matches nothing.

    Attributes:
        reason: a sentence for people.
    """

    reason: str


Node = And | Or | Not | Condition | Some | Total | Broken
EVERYTHING = And(())
