"""Deterministic data of any size: the sample company, multiplied by COPY."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from bench import twins
from bench.past import give_past
from bench.scoped import people
from renmai.demo import is_loaded, load
from renmai.directory.account.model import Account
from renmai.directory.person.model import Person
from renmai.kernel.access.user import User
from renmai.kernel.records.bulk import copy_values
from renmai.sales.lead.model import Lead
from renmai.sales.opportunity.model import Opportunity

SINCE = dt.timedelta(days=730)
BATCH = 20_000


@dataclass(frozen=True)
class Scale:
    """How many rows there are to be.

    Attributes:
        twins: the people are none of the sample company copied, but all different, save those who are there twice.
    """

    leads: int
    opportunities: int
    people: int
    accounts: int = 0
    twins: bool = False


SCALES = {
    "small": Scale(10_000, 10_000, 50_000),
    "large": Scale(200_000, 200_000, 50_000),
    "million": Scale(1_000_000, 500_000, 1_000_000),
    "twins": Scale(0, 0, 100_000, accounts=12_500, twins=True),
}


def fill(scale: Scale) -> None:
    """Bring the database to a size; what is there already stays."""
    if not is_loaded():
        load("en")
    multiply(Account, scale.accounts)
    if scale.twins:
        twins.add(scale.people)
    for model, wanted in ((Person, scale.people), (Lead, scale.leads), (Opportunity, scale.opportunities)):
        multiply(model, wanted)
    people()
    give_past()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def multiply(model: type[models.Model], wanted: int) -> None:
    """Copy the rows of a table, each with an id, a time and an owner of its own, until there are enough."""
    missing = wanted - model._base_manager.count()
    fields = [field.attname for field in model._meta.concrete_fields]
    patterns = [tuple(row) for row in model._base_manager.order_by("created_at", "title").values_list(*fields)[:5000]]
    rng = random.Random(model._meta.db_table)  # noqa: S311
    owners = list(User.objects.exclude(team=None).order_by("email").values_list("pk", "team_id"))
    rows = _rows(rng, fields, patterns, owners)
    while missing > 0:
        with transaction.atomic():
            copy_values(model, fields, (next(rows) for _ in range(min(BATCH, missing))))
        missing -= BATCH


def _rows(
    rng: random.Random, fields: list[str], patterns: list[tuple[Any, ...]], owners: list[tuple[Any, Any]]
) -> Iterator[tuple[Any, ...]]:
    now = timezone.now()
    while True:
        values = dict(zip(fields, rng.choice(patterns), strict=True))
        owner, team = rng.choice(owners)
        at = now - SINCE * rng.random()
        yield tuple(
            {**values, "id": uuid7(), "external_ids": {}, "owner_id": owner, "team_id": team, "created_at": at, "updated_at": at}.values()
        )
