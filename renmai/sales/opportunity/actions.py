"""What is done with opportunities. The record's own events tell of moves, wins and losses."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from renmai.kernel.access.user import User
from renmai.kernel.actions.action import action
from renmai.kernel.actions.errors import Invalid, Refused
from renmai.kernel.records.fields import Link, Pick
from renmai.kernel.records.store import change
from renmai.sales.opportunity.model import LOST_REASONS, Opportunity
from renmai.sales.pipeline.model import Stage, StageKind


@action(_("Move"), icon="arrow-right", fact="", asks={"stage": Link("sales.Stage", _("Stage"))})
def move(opportunity: Opportunity, *, by: User, stage: Stage) -> None:
    """Put an opportunity into another stage of its pipeline.

    Raises:
        Invalid: the stage belongs to another pipeline.
    """
    if opportunity.pipeline_id and stage.pipeline_id != opportunity.pipeline_id:
        raise Invalid({"stage": [_("This stage belongs to another pipeline.")]})
    if stage.pk != opportunity.stage_id:
        change(opportunity, by=by, stage=stage)


@action(_("Win"), icon="trophy", when=Opportunity.is_open, refusal=_("Only an open opportunity can be won."), fact="")
def win(opportunity: Opportunity, *, by: User) -> None:
    """Close an opportunity as won."""
    change(opportunity, by=by, stage=_stage(opportunity, StageKind.WON))


@action(
    _("Lose"),
    icon="mood-sad",
    when=Opportunity.is_open,
    refusal=_("Only an open opportunity can be lost."),
    fact="",
    asks={"reason": Pick(_("Reason"), options=LOST_REASONS)},
    danger=True,
)
def lose(opportunity: Opportunity, *, by: User, reason: str) -> None:
    """Close an opportunity as lost, for a reason."""
    change(opportunity, by=by, stage=_stage(opportunity, StageKind.LOST), lost_reason=reason)


@action(_("Reopen"), icon="refresh", when=Opportunity.is_closed, refusal=_("This opportunity is open."), fact="")
def reopen(opportunity: Opportunity, *, by: User) -> None:
    """Take a closed opportunity back into the first stage."""
    change(opportunity, by=by, stage=_stage(opportunity, StageKind.OPEN), lost_reason="")


def _stage(opportunity: Opportunity, kind: str) -> Any:
    stage = opportunity.pipeline.first_stage(kind) if opportunity.pipeline else None
    if stage is None:
        raise Refused(_("The pipeline has no such stage."))
    return stage
