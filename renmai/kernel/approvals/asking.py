"""From the question to its answer: steps are opened one after the other, those of the same number side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Refused
from renmai.kernel.actions.sharing import ShareMay, open_to
from renmai.kernel.approvals.mail import write_to
from renmai.kernel.approvals.model import Approval, ApprovalFlow, ApprovalStatus, Need, Seat, SeatState
from renmai.kernel.approvals.people import asked, instead
from renmai.kernel.criteria import right
from renmai.kernel.records.about import About
from renmai.kernel.records.clean import Cleaned
from renmai.kernel.records.store import build, change, insert, require_valid
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.records.record import Record


def flow_for(kind: RecordType, record: Record, by: User) -> ApprovalFlow | None:
    """The first flow in use, by name, whose criteria hold for a record."""
    flows = ApprovalFlow.objects.live().filter(record_type=kind.slug, active=True).order_by("sort_key")
    return next((flow for flow in flows if holds(flow.criteria, kind, record, by)), None)


def holds(criteria: Any, kind: RecordType, record: Record, by: User) -> bool:
    """Whether criteria of a flow hold for a record, and for whoever asks; those that are empty hold for all."""
    return not criteria or bool(kind.model.objects.filter(right(criteria, kind, by), pk=record.pk).exists())


def begin(record: Record, flow: ApprovalFlow, *, by: User, note: str) -> Approval:
    """Ask for a record, and open the first step.

    Raises:
        Refused: nobody could be asked.
    """
    kind, approvals = registry.of(record), registry.of(Approval)
    columns = {
        "subject": record.title,
        "flow": flow,
        "flow_version": flow.version,
        "levels": flow.plan(),
        "note": note,
        "target_type": kind.slug,
        "target_id": record.pk,
        "target_version": record.version,
        "owner": by,
    }
    made: Any = build(approvals, Cleaned(columns=columns), by)
    open_next(made, record)
    require_valid(made)
    insert(approvals, made, by)
    About.replace(approvals.slug, made, [record])
    if not made.is_waiting():
        raise Refused(_("This flow finds nobody to ask."))
    invite(made, by=by)
    return made  # type: ignore[no-any-return]


def open_next(approval: Any, record: Record) -> None:
    """Open the next step that has somebody to ask; after the last one the approval is there."""
    kind = registry.of(record)
    for step in sorted({level["step"] for level in approval.levels if level["step"] > approval.step}):
        approval.step = step
        seats = [
            Seat(approval=approval, step=step, level=place, user=user)
            for place, level in enumerate(approval.levels)
            if level["step"] == step and holds(level["criteria"], kind, record, approval.owner)
            for user in asked(level, record, besides=approval.owner_id) or instead(approval.flow.missing, besides=approval.owner_id)
        ]
        if seats:
            seat(approval, [*approval.rows("seats"), *seats])
            return
    finish(approval, ApprovalStatus.APPROVED)


def seat(approval: Approval, seats: list[Any]) -> None:
    """Let these be the seats, in their order."""
    for position, one in enumerate(seats):
        one.position = position
    approval.keep_rows("seats", seats)
    approval.waiting_for = list(dict.fromkeys(one.user_id for one in seats if one.is_waiting()))


def finish(approval: Approval, status: str) -> None:
    """Nobody has to answer any more."""
    approval.status, approval.decided_at = status, timezone.now()
    seats = approval.rows("seats")
    for one in seats:
        if one.is_waiting():
            one.state = SeatState.NOT_NEEDED
    seat(approval, seats)


def invite(approval: Approval, *, by: User, only: set[Any] | None = None) -> None:
    """Open record and approval to those who are asked, and write to them.

    Args:
        only: ids of those who are new; everybody who is asked if not given.
    """
    for user in User.objects.filter(pk__in=approval.waiting_for if only is None else only):
        open_to(user, subject(approval), by=by, may=ShareMay.VIEW)
        open_to(user, approval, by=by, may=ShareMay.EDIT)
        write_to(approval, user.pk, by=by)


def subject(approval: Approval) -> Record:
    """What it is about.

    Raises:
        Refused: the record, or its whole type, is gone.
    """
    kind = registry.get(approval.target_type)
    record: Record | None = kind.model.objects.filter(pk=approval.target_id).first() if kind is not None else None
    if record is None:
        raise Refused(_("There is no such record."))
    return record


def answer(approval: Approval, state: str, *, by: User, comment: str) -> None:
    """What one of those who are asked says.

    Raises:
        Refused: the person is not asked now.
    """
    mine = approval.seat_of(by)
    if mine is None:
        raise Refused(_("You are not asked at this step."))
    seats = approval.rows("seats")
    for one in seats:
        if one.user_id == by.pk and one.is_waiting():
            one.state, one.comment, one.decided_at = state, comment, timezone.now()
    seat(approval, seats)
    before = set(approval.waiting_for)
    _count(approval, state)
    change(approval, by=by)
    invite(approval, by=by, only=set(approval.waiting_for) - before)


def _count(approval: Approval, state: str) -> None:
    """What an answer comes to: one "no" ends it; a step is over when all of its levels have what they need."""
    if state != SeatState.APPROVED:
        finish(approval, ApprovalStatus.REJECTED if state == SeatState.REJECTED else ApprovalStatus.SENT_BACK)
        return
    seats = approval.rows("seats")
    here = {one.level for one in seats if one.step == approval.step}
    done = {level for level in here if _is_agreed(approval, level, seats)}
    for one in seats:
        if one.is_waiting() and one.level in done:
            one.state = SeatState.NOT_NEEDED
    seat(approval, seats)
    if done == here:
        open_next(approval, subject(approval))


def _is_agreed(approval: Approval, level: int, seats: list[Seat]) -> bool:
    states = [one.state for one in seats if one.level == level and one.state != SeatState.DELEGATED]
    if approval.levels[level]["need"] == Need.ALL:
        return SeatState.WAITING not in states
    return SeatState.APPROVED in states
