"""A view: how somebody wants to see a list, kept under a name."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.records.fields import Choice, Integer, Json, Links, Pick, Text
from renmai.kernel.records.record import Record
from renmai.kernel.records.type_names import TypeNames

LONGEST = 60


class ViewKind(models.TextChoices):
    """As what a list is shown."""

    LIST = "list", gettext_lazy("List")
    BOARD = "board", gettext_lazy("Board")
    CALENDAR = "calendar", gettext_lazy("Calendar")
    GRAPH = "graph", gettext_lazy("Graph")


class Scope(models.TextChoices):
    """Whose view it is."""

    PUBLIC = "public", gettext_lazy("Everybody’s")
    TEAM = "team", gettext_lazy("My team’s")
    PERSONAL = "personal", gettext_lazy("Only mine")


def names(raw: Any) -> list[str]:
    """A list of fields' names.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(raw, list) or len(raw) > LONGEST or not all(isinstance(name, str) for name in raw):
        raise ValueError(_("A list of names of fields is expected here."))
    return list(dict.fromkeys(raw))


def criteria(raw: Any) -> dict[str, Any]:
    """Criteria, or nothing.

    Raises:
        ValueError: neither.
    """
    if not isinstance(raw, dict):
        raise ValueError(_("Criteria are written as a JSON object."))
    return raw


class View(Record):
    """A view of one type's list.

    Attributes:
        target: slug of the type.
        columns: names of the fields shown; empty for those that the type proposes.
        sort: as in ``?sort=``.
        group: field whose values make groups with subtotals.
        by: field that makes the columns of a board, or date of a calendar, from and until with a colon between, or links of a graph with
            commas between.
        sum: number that boards and groups add up.
        filter: criteria; empty for everything.
        roles: ids of the roles whose holders see this view first.
        position: place among the tabs.
    """

    name = Text(gettext_lazy("Name"), sortable=True)
    target = Pick(gettext_lazy("List of"), options=TypeNames())
    kind = Choice(ViewKind, gettext_lazy("Shown as"), default=ViewKind.LIST)
    columns = Json(gettext_lazy("Columns"), shape=names, default=list, blank=True)
    sort = Text(gettext_lazy("Order"), blank=True)
    group = Text(gettext_lazy("Groups by"), blank=True)
    by = Text(gettext_lazy("Arranged by"), blank=True)
    sum = Text(gettext_lazy("Sum of"), blank=True)
    filter = Json(gettext_lazy("Filter"), shape=criteria, default=dict, blank=True)
    scope = Choice(Scope, gettext_lazy("Whose"), default=Scope.PERSONAL)
    roles = Links("kernel.Role", gettext_lazy("First for the roles"))
    position = Integer(gettext_lazy("Position"), default=0)

    class Meta:
        verbose_name, verbose_name_plural = gettext_lazy("view"), gettext_lazy("views")

    def asked(self) -> dict[str, str]:
        """What an address would have to say for the same list, without what is empty."""
        said = {
            "filter": json.dumps(self.filter, ensure_ascii=False) if self.filter else "",
            "sort": self.sort,
            "columns": ",".join(self.columns),
            "group": self.group,
            "by": self.by,
            "sum": self.sum,
        }
        return {name: text for name, text in said.items() if text}
