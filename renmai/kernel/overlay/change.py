"""What a company says otherwise than the code: the label of a field, its help, what can be chosen. Only the difference is kept."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.overlay import words
from renmai.kernel.records import fields
from renmai.kernel.records.record import Record
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import registry

CHOSEN = {"choice", "pick"}


class FieldChange(Record):
    """How one field of a type differs from what the code says."""

    type = fields.Text(gettext_lazy("Record type"))
    field = fields.Text(gettext_lazy("Field"))
    label = fields.Text(gettext_lazy("Label"), blank=True)
    labels = fields.Json(gettext_lazy("Labels by language"), shape=words.words, default=dict, blank=True)
    help = fields.Text(gettext_lazy("Help"), blank=True)
    required = fields.Boolean(gettext_lazy("Needed in every new record"))
    choices = fields.Json(gettext_lazy("Choices"), shape=words.changes, default=list, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = gettext_lazy("field change"), gettext_lazy("field changes")
        constraints = [
            models.UniqueConstraint(
                fields=["type", "field"],
                condition=models.Q(deleted_at=None),
                name="field_change_once",
                violation_error_message=gettext_lazy("This field is changed already: change that."),
            )
        ]

    def heading(self) -> str:
        return f"{self.type}: {self.field}"

    def problems(self) -> Iterator[tuple[str, Any]]:
        """There is such a field, and it is none of the company's own."""
        kind = registry.get(self.type)
        if kind is None:
            yield "type", _("There is no such type of record.")
        elif self.field not in kind.fields or self.field in kind.custom:
            yield "field", _("There is no such field.")

    @property
    def is_broken(self) -> bool:
        """Names a type or field that is gone; it then changes nothing."""
        kind = registry.get(self.type)
        return kind is None or self.field not in kind.fields

    def apply(self, spec: FieldSpec) -> FieldSpec:
        """The field with the difference."""
        label = words.spoken(self.label or spec.label, self.labels) if self.label or self.labels else spec.label
        made = dataclasses.replace(spec, label=label, told=self.help, must=self.required and spec.editable)
        if self.choices and spec.kind in CHOSEN:
            chosen = tuple(words.merged(self.choices, spec.choices, is_open=spec.kind == "pick"))
            return dataclasses.replace(made, chosen=chosen, closed=words.closed(self.choices))
        return made
