"""The ways in that need no set-up: what people write down themselves, the files they bring, and what their programs send."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.db.models import Count, Max, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from renmai.kernel.facts.model import Fact
from renmai.kernel.inbound.channel import Channel
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.transfer.model import ChangeSet


def arriving() -> list[RecordType]:
    """The types that come in from outside."""
    return [kind for kind in registry.all() if kind.arrives]


class Placed(Channel):
    """A way that has a page of its own among those of what comes in; there is nothing to try.

    Attributes:
        page: where it stands, below the first type that comes in.
    """

    is_tried = False
    page: ClassVar[str] = ""

    @property
    def place(self) -> str:  # type: ignore[override]
        """Its page of the first type that comes in."""
        return next((f"{kind.path()}{self.page}" for kind in arriving()), "/")


class Own(Placed):
    """A way of our own: it is counted by the facts that new records leave.

    Attributes:
        via: what the fact of a new record says of it.
    """

    via: ClassVar[str] = ""

    def counted(self, since: dt.datetime) -> dict[str, Any]:
        """New records by this way."""
        kinds = [f"{kind.noun}.created" for kind in arriving()]
        made = Fact.objects.filter(kind__in=kinds, at__gte=since, data__via=self.via)
        return made.aggregate(came=Count("seq"), last_at=Max("at"))


class ByHand(Own):
    """Somebody writes it down."""

    name, label = "hand", _("Hand entry")
    text = _("Somebody here writes down who called, came by or was met.")
    icon, page, via = "pencil", "new/", "page"


class ByProgram(Own):
    """A program makes it at the interface."""

    name, label = "api", _("API")
    text = _("A program of yours makes records with a token.")
    icon, via = "code", "api"
    place = "/settings/tokens/"


class ByFile(Own):
    """A file is imported."""

    name, label = "file", _("File")
    text = _("A spreadsheet or an address book, such as those who signed up for an event; also straight into a pool.")
    icon, page = "upload", "import/"

    def counted(self, since: dt.datetime) -> dict[str, Any]:
        """What imports have made: a file of a million rows is one line here."""
        files = ChangeSet.objects.filter(target__in=[kind.slug for kind in arriving()], created_at__gte=since).exclude(file="")
        sums = {name: Coalesce(Sum(column), 0) for name, column in (("came", "created"), ("failed", "failed"))}
        found: dict[str, Any] = files.aggregate(**sums, last_at=Max("ended_at"))
        return found
