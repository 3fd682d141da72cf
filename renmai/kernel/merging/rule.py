"""The company's rules for which of several values survives."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.records.fields import Choice, LongText, Text
from renmai.kernel.records.record import Record
from renmai.kernel.records.types import registry


class Best(models.TextChoices):
    """Which value is the best."""

    RECENT = "recent", gettext_lazy("The one written last")
    TRUSTED = "trusted", gettext_lazy("The one of the most trusted source")
    LONGEST = "longest", gettext_lazy("The longest")
    FREQUENT = "frequent", gettext_lazy("The one that most records have")


class SurvivorRule(Record):
    """For one field of a type, or for all that no other rule names, which value is proposed when records are merged.

    Attributes:
        sources: the order of trust, one source a line: ``people``, ``api``, ``import``, ``renmai``, or a part of the name of a
            file, a token or a person.
    """

    record_type = Text(gettext_lazy("Record type"))
    field = Text(
        gettext_lazy("Field"), blank=True, help_text=gettext_lazy("By its name at the API, such as job_title; empty for all others.")
    )
    best = Choice(Best, gettext_lazy("Which value survives"), default=Best.RECENT)
    sources = LongText(
        gettext_lazy("Trusted sources"),
        blank=True,
        help_text=gettext_lazy(
            "One a line, the most trusted first: people, api, import, renmai, or a part of the name of a file, a token or a person."
        ),
    )

    titled_by: ClassVar[tuple[str, ...]] = ("record_type", "field")

    class Meta:
        verbose_name, verbose_name_plural = gettext_lazy("survivorship rule"), gettext_lazy("survivorship rules")
        constraints = [
            models.UniqueConstraint(
                fields=["record_type", "field"],
                condition=models.Q(deleted_at=None),
                name="survivor_rule_once",
                violation_error_message=gettext_lazy("There is a rule for this field already."),
            )
        ]

    def heading(self) -> str:
        """The type and the field."""
        return f"{self.record_type} · {self.field or '*'}"

    def validate_constraints(self, exclude: Any = None) -> None:
        """Also that there are such a type and such a field."""
        from django.core.exceptions import ValidationError

        kind = registry.get(self.record_type)
        if kind is None:
            raise ValidationError({"record_type": [_("There is no such type of record.")]})
        if self.field and self.field not in kind.fields:
            raise ValidationError({"field": [_("There is no field “%(name)s”.") % {"name": self.field}]})
        super().validate_constraints(exclude)

    def trust(self) -> list[str]:
        """The sources in their order, folded."""
        return [line.strip().casefold() for line in self.sources.splitlines() if line.strip()]
