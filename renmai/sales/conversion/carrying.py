"""What is known of a lead stands on what it became, too: its timeline, activities, files and followers; and back, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.db.models import F
from django.utils import timezone

from renmai.kernel.facts.model import FactAbout
from renmai.kernel.files.attachment import Attachment
from renmai.kernel.following.model import Follow
from renmai.kernel.records.about import About
from renmai.kernel.records.types import registry
from renmai.sales.conversion.model import Carried

if TYPE_CHECKING:
    from collections.abc import Iterable

    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record
    from renmai.sales.conversion.model import Conversion
    from renmai.sales.lead.model import Lead

LAST = 100  # behind what the fact, or the activity, was about by itself
ADD = """
WITH added AS (
    INSERT INTO {table} ({columns}) SELECT {values} FROM {table} t WHERE {here} AND NOT EXISTS (
        SELECT FROM {table} other WHERE other.{target} = %(target)s::uuid AND {same}
    ) RETURNING id
) INSERT INTO sales_carried (conversion_id, place, row) SELECT %(conversion)s::uuid, %(place)s, id::text FROM added
"""


@dataclass(frozen=True)
class Place:
    """A table whose rows tell something of records of every type.

    Attributes:
        columns: column → what the new row holds there, as SQL.
        same: SQL that tells by an ``other`` row that the target has such a one already.
        target: the column that names the record.
        where: further SQL about the rows that are carried.
    """

    model: type[models.Model]
    columns: dict[str, str]
    same: str
    target: str = "record_id"
    where: str = "true"

    @property
    def name(self) -> str:
        return str(self.model._meta.model_name)

    def sql(self) -> str:
        """The statement that carries."""
        return ADD.format(
            table=connection.ops.quote_name(self.model._meta.db_table),
            columns=", ".join(self.columns),
            values=", ".join(self.columns.values()),
            here=f"t.{self.target} = %(lead)s::uuid AND {self.where}",
            target=self.target,
            same=self.same,
        )


TYPE, TARGET = "%(type)s", "%(target)s::uuid"
PLACES = [
    Place(
        FactAbout,
        {"fact_id": "t.fact_id", "type": TYPE, "record_id": TARGET, "at": "t.at", "position": f"t.position + {LAST}"},
        "other.fact_id = t.fact_id",
    ),
    Place(
        About,
        {
            "id": "gen_random_uuid()",
            "source_type": "t.source_type",
            "source_id": "t.source_id",
            "target_type": TYPE,
            "target_id": TARGET,
            "position": f"t.position + {LAST}",
        },
        "other.source_id = t.source_id",
        target="target_id",
    ),
    Place(
        Attachment,
        {
            "id": "gen_random_uuid()",
            "file_id": "t.file_id",
            "type": TYPE,
            "record_id": TARGET,
            "place": "t.place",
            "by_id": "t.by_id",
            "at": "t.at",
        },
        "other.file_id = t.file_id AND other.place = t.place",
        where="t.place = '' AND t.removed_at IS NULL",
    ),
    Place(
        Follow,
        {"user_id": "t.user_id", "type": TYPE, "record_id": TARGET, "at": "t.at", "stopped_at": "t.stopped_at"},
        "other.user_id = t.user_id",
    ),
]


def carry(conversion: Conversion, lead: Lead, targets: Iterable[Record], by: User) -> None:
    """Let all that stands on a lead stand on each of the targets, where it does not yet."""
    for target in targets:
        words = {"lead": str(lead.pk), "target": str(target.pk), "type": registry.of(target).slug, "conversion": str(conversion.pk)}
        for place in PLACES:
            with connection.cursor() as cursor:
                cursor.execute(place.sql(), {**words, "place": place.name})
    _touch_activities(conversion, by)


def carry_back(conversion: Conversion, by: User) -> None:
    """Take away what was carried and still stands; what was written since stays where it was written."""
    _touch_activities(conversion, by)
    for place in PLACES:
        rows = conversion.carried.filter(place=place.name)
        if place.model is About:
            _abouts_back(conversion)
        place.model._default_manager.filter(pk__in=list(rows.values_list("row", flat=True))).delete()
    conversion.carried.all().delete()


def _abouts_back(conversion: Conversion) -> None:
    """A form writes anew what an activity is about: the pair tells what was carried, the row may be another one by now."""
    pairs = conversion.carried.filter(place="pair").values_list("row", flat=True)
    for pair in pairs:
        source, target = pair.split("/")
        About.objects.filter(source_id=source, target_id=target).delete()


def _touch_activities(conversion: Conversion, by: User) -> None:
    """What an activity is about belongs to it: it goes one version on, and the pairs are kept."""
    keys = list(conversion.carried.filter(place=About._meta.model_name).values_list("row", flat=True))
    found: dict[str, set[Any]] = {}
    pairs = []
    for about in About.objects.filter(pk__in=keys):
        found.setdefault(about.source_type, set()).add(about.source_id)
        pairs.append(Carried(conversion=conversion, place="pair", row=f"{about.source_id}/{about.target_id}"))
    if not conversion.carried.filter(place="pair").exists():
        Carried.objects.bulk_create(pairs)
    for slug, sources in found.items():
        if (kind := registry.get(slug)) is not None:
            rows = kind.model._base_manager.filter(pk__in=sources)
            rows.update(version=F("version") + 1, updated_at=timezone.now(), updated_by=by)
