"""What opportunities tell the rules of recycling: whether a customer has one, and when the last was made or won."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from renmai.directory.recycling.bases import Basis, Spare, add_basis, add_spare, add_standing
from renmai.kernel.records.types import RecordType
from renmai.sales.opportunity.model import Opportunity
from renmai.sales.pipeline.model import StageKind


def _of_account(kind: RecordType) -> Any:
    return Opportunity.objects.live().filter(account=OuterRef("pk")) if kind.slug == "accounts" else None


def _made(kind: RecordType) -> Any:
    """Of a lead none is made without converting it."""
    rows = _of_account(kind)
    return None if rows is None else Subquery(rows.order_by().values("account").annotate(last=Max("created_at")).values("last"))


def _won(kind: RecordType) -> Any:
    rows = _of_account(kind)
    if rows is None:
        return None
    won = rows.filter(stage__kind=StageKind.WON).order_by().values("account")
    return Subquery(won.annotate(last=Max("closed_at")).values("last"))


def _has_open(kind: RecordType) -> Any:
    rows = _of_account(kind)
    return None if rows is None else Q(Exists(rows.filter(stage__kind=StageKind.OPEN)))


add_basis(Basis("no_opportunity", _("No new opportunity"), _made, ("accounts", "leads")))
add_basis(Basis("no_deal", _("No deal won"), _won, ("accounts", "leads")))
add_spare(Spare("open_opportunity", _("Customers with an open opportunity"), _has_open))
add_standing(
    "leads",
    disqualified=("closed", True),
    invalid=("closed", True),
    reopened=("closed", False),
    converted=("won", True),
    unconverted=("won", False),
)
