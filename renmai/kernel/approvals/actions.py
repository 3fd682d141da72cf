"""What is done with approvals, and how one asks for them."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.access.user import User
from renmai.kernel.actions.action import action
from renmai.kernel.actions.errors import Refused
from renmai.kernel.actions.run import made
from renmai.kernel.approvals import asking
from renmai.kernel.approvals.held import is_governed
from renmai.kernel.approvals.mail import write_to
from renmai.kernel.approvals.model import Approval, ApprovalStatus, FlowLevel, Need, Seat, SeatState
from renmai.kernel.records.fields import Link, LongText
from renmai.kernel.records.record import Record
from renmai.kernel.records.store import change
from renmai.kernel.records.types import registry

OVER = gettext_lazy("This approval has been decided.")
COMMENT = LongText(gettext_lazy("Comment"), blank=True)
WHY = LongText(gettext_lazy("Why"))


@action(
    gettext_lazy("Ask for approval"),
    icon="rubber-stamp",
    when=is_governed,
    refusal=gettext_lazy("No approval flow is in use for this."),
    fact="approval_asked",
    asks={"note": LongText(gettext_lazy("Note"), blank=True)},
)
def ask_approval(record: Record, *, by: User, note: str = "") -> None:
    """Ask those whom the first fitting flow names.

    Raises:
        Refused: no flow fits the record, or it finds nobody to ask.
    """
    flow = asking.flow_for(registry.of(record), record, by)
    if flow is None:
        raise Refused(_("None of the approval flows fits this record."))
    made(asking.begin(record, flow, by=by, note=note))


def _answering(approval: Approval, by: User) -> bool:
    return approval.asks(by)


@action(
    gettext_lazy("Approve"),
    icon="check",
    may="answer",
    when=Approval.is_waiting,
    whose=_answering,
    refusal=OVER,
    fact="agreed",
    asks={"comment": COMMENT},
)
def approve(approval: Approval, *, by: User, comment: str = "") -> None:
    """Agree."""
    asking.answer(approval, SeatState.APPROVED, by=by, comment=comment)


@action(
    gettext_lazy("Reject"),
    icon="x",
    may="answer",
    when=Approval.is_waiting,
    whose=_answering,
    refusal=OVER,
    danger=True,
    fact="rejected",
    asks={"comment": WHY},
)
def reject(approval: Approval, *, by: User, comment: str) -> None:
    """Say no. One is enough."""
    asking.answer(approval, SeatState.REJECTED, by=by, comment=comment)


@action(
    gettext_lazy("Send back"),
    icon="arrow-back-up",
    may="answer",
    when=Approval.is_waiting,
    whose=_answering,
    refusal=OVER,
    fact="sent_back",
    asks={"comment": WHY},
)
def send_back(approval: Approval, *, by: User, comment: str) -> None:
    """Give it back to be mended; whoever asked may ask again."""
    asking.answer(approval, SeatState.SENT_BACK, by=by, comment=comment)


def _require_new(approval: Approval, mine: Seat | None, user: User) -> None:
    if mine is None:
        raise Refused(_("You are not asked at this step."))
    if not user.is_active:
        raise Refused(_("%(name)s cannot sign in.") % {"name": user.title})
    if user.pk == approval.owner_id or any(seat.user_id == user.pk and seat.step == mine.step for seat in approval.rows("seats")):
        raise Refused(_("%(name)s asked for this or is asked already.") % {"name": user.title})


def _sit(approval: Approval, by: User, seats: list[Seat]) -> None:
    before = set(approval.waiting_for)
    asking.seat(approval, seats)
    change(approval, by=by)
    asking.invite(approval, by=by, only=set(approval.waiting_for) - before)


@action(
    gettext_lazy("Pass on"),
    icon="user-share",
    may="answer",
    when=Approval.is_waiting,
    whose=_answering,
    refusal=OVER,
    fact="delegated",
    asks={"to": Link(User, gettext_lazy("To whom"))},
)
def delegate(approval: Approval, *, by: User, to: User) -> None:
    """Let somebody else answer in one's place."""
    mine = approval.seat_of(by)
    _require_new(approval, mine, to)
    seats: list[Seat] = list(approval.rows("seats"))
    place = next(place for place, seat in enumerate(seats) if seat.pk == mine.pk)
    seats[place].state, seats[place].decided_at = SeatState.DELEGATED, timezone.now()
    seats.insert(place + 1, Seat(approval=approval, step=mine.step, level=mine.level, user=to, instead_of=by))
    _sit(approval, by, seats)


@action(
    gettext_lazy("Ask one more person"),
    icon="user-plus",
    may="answer",
    when=Approval.is_waiting,
    whose=_answering,
    refusal=OVER,
    fact="signer_added",
    asks={"who": Link(User, gettext_lazy("Whom"))},
)
def add_signer(approval: Approval, *, by: User, who: User) -> None:
    """Ask one more person at the same step, who must agree, too: on a level of their own beside the one of who asks."""
    mine = approval.seat_of(by)
    _require_new(approval, mine, who)
    level = FlowLevel(step=mine.step, users=[who.pk], need=Need.ALL)
    approval.levels = [*approval.levels, level.told()]
    seat = Seat(approval=approval, step=mine.step, level=len(approval.levels) - 1, user=who)
    _sit(approval, by, [*approval.rows("seats"), seat])


@action(
    gettext_lazy("Recall"),
    icon="arrow-back",
    may="answer",
    when=Approval.is_waiting,
    whose=Approval.is_asked_by,
    refusal=OVER,
    fact="recalled",
)
def recall(approval: Approval, *, by: User) -> None:
    """Take the question back; the record is free again.

    Raises:
        Refused: somebody else asked.
    """
    if not approval.is_asked_by(by):
        raise Refused(_("Only who asked can recall it."))
    asking.finish(approval, ApprovalStatus.RECALLED)
    change(approval, by=by)


@action(
    gettext_lazy("Remind"),
    icon="bell-ringing",
    may="answer",
    when=Approval.is_waiting,
    whose=Approval.is_asked_by,
    refusal=OVER,
    fact="reminded",
)
def remind(approval: Approval, *, by: User) -> None:
    """Write once more to those who have not answered."""
    change(approval, by=by, reminded_at=timezone.now())
    for key in approval.waiting_for:
        write_to(approval, key, by=by)


registry.contribute("*", ask_approval)
