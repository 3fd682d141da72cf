"""A type of record that the company made itself: no table of its own, but everything else that a noun has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar
from uuid import UUID

from django.apps.registry import Apps
from django.db import models
from django.urls import resolve
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.matching.model import Matched
from renmai.kernel.overlay import words
from renmai.kernel.records import fields
from renmai.kernel.records.custom import LONGEST_KEY
from renmai.kernel.records.record import Record, RecordManager, RecordQuerySet
from renmai.kernel.records.types import RecordType, registry

OWN = Apps()  # models made while running are kept apart, so that no migration looks for them


class Icon(models.TextChoices):
    """What stands before its name."""

    FOLDER = "folder", gettext_lazy("Folder")
    CAR = "car", gettext_lazy("Car")
    HOME = "home", gettext_lazy("House")
    TOOL = "tool", gettext_lazy("Tool")
    SCHOOL = "school", gettext_lazy("School")
    HEART = "heart", gettext_lazy("Heart")
    STAR = "star", gettext_lazy("Star")
    MAP_PIN = "map-pin", gettext_lazy("Place")
    CALENDAR = "calendar", gettext_lazy("Calendar")
    SHIELD = "shield", gettext_lazy("Shield")
    PLANT = "plant", gettext_lazy("Plant")
    DEVICE = "device-desktop", gettext_lazy("Device")


class CustomType(Record):
    """A noun of the company's own."""

    label_plural = fields.Text(gettext_lazy("Name of several"))
    label = fields.Text(gettext_lazy("Name of one"))
    key = fields.Text(
        gettext_lazy("Key"), blank=True, help_text=gettext_lazy("Its place in addresses; made from the name where it is left empty.")
    )
    icon = fields.Choice(Icon, gettext_lazy("Icon"), default=Icon.FOLDER)
    labels = fields.Json(gettext_lazy("Name of one by language"), shape=words.words, default=dict, blank=True)
    labels_plural = fields.Json(gettext_lazy("Name of several by language"), shape=words.words, default=dict, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = gettext_lazy("custom type"), gettext_lazy("custom types")
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                name="custom_type_key_once",
                violation_error_message=gettext_lazy("There is a type of that key already; a deleted one keeps its key."),
            )
        ]

    def heading(self) -> str:
        return str(self.label_plural)

    def derive(self, changed: set[str]) -> None:
        """The key follows from the name."""
        if not self.key:
            self.key = slugify(self.label_plural)[:LONGEST_KEY].strip("-_") or "records"

    def problems(self) -> Iterator[tuple[str, Any]]:
        """Its address is free."""
        if slugify(self.key) != self.key or not is_free(self.key, self):
            yield "key", _("A key has small letters, digits and hyphens, and no page has its name already.")


def is_free(key: str, made: CustomType) -> bool:
    """Whether no page and no other type stands at ``/<key>/``."""
    taken = registry.get(key)
    if taken is not None and getattr(taken, "made_id", None) != made.pk:
        return False
    return resolve(f"/{key}/").kwargs == {"slug": key}


class CustomRecord(Matched):
    """A record of any of those types; ``of`` is the key of its own."""

    name = fields.Text(gettext_lazy("Name"), sortable=True)
    of = models.TextField(editable=False)

    class Meta:
        verbose_name, verbose_name_plural = gettext_lazy("own record"), gettext_lazy("own records")
        indexes = [models.Index(fields=["of", "created_at", "id"], name="customrecord_of", condition=models.Q(deleted_at=None))]


class OfType(RecordManager):
    """The records of one type."""

    def __init__(self, key: str = "") -> None:
        super().__init__()
        self.key = key

    def get_queryset(self) -> RecordQuerySet:
        rows: Any = super().get_queryset()
        return rows.filter(of=self.key)  # type: ignore[no-any-return]


_models: dict[UUID, type[Record]] = {}


def model_of(made: CustomType) -> type[Record]:
    """The class of a type's records: one for as long as the process lives, whatever the type is called."""
    if made.pk not in _models:
        meta = type("Meta", (), {"proxy": True, "app_label": "kernel", "apps": OWN})
        body = {"__module__": __name__, "__doc__": CustomRecord.__doc__, "Meta": meta, "objects": OfType(made.key)}
        _models[made.pk] = type(f"Custom{made.pk.hex}", (CustomRecord,), body)
    return _models[made.pk]


class CustomRecordType(RecordType):
    """What a custom type declares."""

    columns: ClassVar[list[str]] = ["name", "owner", "created_at"]
    layout: ClassVar[dict[Any, list[str]]] = {gettext_lazy("Facts"): ["name"]}
    search: ClassVar[list[str]] = ["name"]
    rank = 80

    def __init__(self, made: CustomType) -> None:
        self.made_id = made.pk
        self._slug = str(made.key)
        self._labels = words.spoken(made.label, made.labels), words.spoken(made.label_plural, made.labels_plural)
        self.model = model_of(made)  # type: ignore[misc]
        self.icon = made.icon  # type: ignore[misc]

    @cached_property
    def slug(self) -> str:
        """Its key."""
        return self._slug

    @cached_property
    def noun(self) -> str:
        """Its key too: it is nobody else's, so that its facts are taken for nobody else's."""
        return self._slug

    @property
    def label(self) -> Any:
        return self._labels[0]

    @property
    def label_plural(self) -> Any:
        return self._labels[1]

    def complete(self, values: dict[str, Any]) -> None:
        """It is of this type."""
        values["of"] = self.slug
