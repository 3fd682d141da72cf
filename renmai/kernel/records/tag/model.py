"""The words that a company sticks on its records."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from renmai.kernel.records.fields import Choice, Text
from renmai.kernel.records.record import Record


class Colour(models.TextChoices):
    """What colour a tag has on the screen."""

    GREY = "grey", _("Grey")
    RED = "red", _("Red")
    ORANGE = "orange", _("Orange")
    YELLOW = "yellow", _("Yellow")
    GREEN = "green", _("Green")
    TEAL = "teal", _("Teal")
    BLUE = "blue", _("Blue")
    PURPLE = "purple", _("Purple")


class Tag(Record):
    """A tag that people are offered. Records keep the names of their tags, so that any program may tag."""

    name = Text(_("Name"), sortable=True)
    colour = Choice(Colour, _("Colour"), default=Colour.GREY)

    class Meta:
        verbose_name, verbose_name_plural = _("tag"), _("tags")
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(deleted_at=None),
                name="tag_name_once",
                violation_error_message=_("There is a tag of this name."),
            )
        ]
