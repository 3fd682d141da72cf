"""What is done with whatever stands in a stage. The record's own events tell of moves, wins and losses."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from renmai.kernel.access.user import User
from renmai.kernel.actions.action import action
from renmai.kernel.actions.errors import Invalid, Refused
from renmai.kernel.records.fields import Link, Pick
from renmai.kernel.records.store import change
from renmai.sales.pipeline.model import Stage, StageKind
from renmai.sales.pipeline.staged import LOST_REASONS, Staged


@action(_("Move"), icon="arrow-right", fact="", asks={"stage": Link("sales.Stage", _("Stage"))})
def move(record: Staged, *, by: User, stage: Stage) -> None:
    """Put it into another stage of its pipeline.

    Raises:
        Invalid: the stage belongs to another pipeline.
    """
    if record.pipeline and stage.pipeline != record.pipeline:
        raise Invalid({"stage": [_("This stage belongs to another pipeline.")]})
    if stage != record.stage:
        change(record, by=by, stage=stage)


@action(_("Win"), icon="trophy", when=Staged.is_open, refusal=_("Only what is open can be won."), fact="")
def win(record: Staged, *, by: User) -> None:
    """Close it as won."""
    change(record, by=by, stage=_stage(record, StageKind.WON))


@action(
    _("Lose"),
    icon="mood-sad",
    when=Staged.is_open,
    refusal=_("Only what is open can be lost."),
    fact="",
    asks={"reason": Pick(_("Reason"), options=LOST_REASONS)},
    danger=True,
)
def lose(record: Staged, *, by: User, reason: str) -> None:
    """Close it as lost, for a reason."""
    change(record, by=by, stage=_stage(record, StageKind.LOST), lost_reason=reason)


@action(_("Reopen"), icon="refresh", when=Staged.is_closed, refusal=_("This is open already."), fact="")
def reopen(record: Staged, *, by: User) -> None:
    """Take what is closed back into the first stage."""
    change(record, by=by, stage=_stage(record, StageKind.OPEN), lost_reason="")


def _stage(record: Staged, kind: str) -> Any:
    stage = record.pipeline.first_stage(kind) if record.pipeline else None
    if stage is None:
        raise Refused(_("The pipeline has no such stage."))
    return stage
