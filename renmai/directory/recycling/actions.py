"""More time for a record, and locks: asked for by its owner, decided by who answers for its pool."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.directory.pool.pooled import Pooled
from renmai.directory.recycling.forecast import Due, forecast
from renmai.directory.recycling.model import MOST_DAYS, Reprieve, ReprieveKind, ReprieveState
from renmai.directory.recycling.sieve import clocks
from renmai.kernel.access.user import User
from renmai.kernel.actions.action import action
from renmai.kernel.actions.errors import Invalid, Refused
from renmai.kernel.actions.run import note
from renmai.kernel.records.fields import Integer, LongText, Moment
from renmai.kernel.records.types import RecordType, registry

NONE_ASKED = gettext_lazy("Nobody has asked for more time.")


def is_pooled(kind: RecordType) -> bool:
    """Records of the type may wait in pools."""
    return issubclass(kind.model, Pooled)


def decides(record: Any, by: User) -> bool:
    """Whether a person answers for the pool of a record."""
    return by.access.is_admin or (record.pool_id is not None and by.pk in record.pool.admins)


def open_request(record: Any) -> Reprieve | None:
    """The owner's request for more time that nobody has answered."""
    mine = Reprieve.objects.filter(record_id=record.pk, kind=ReprieveKind.EXTENSION, state=ReprieveState.ASKED)
    return mine.filter(owner=record.owner_id).order_by("-asked_at").first()


def lock_of(record: Any) -> Reprieve | None:
    """The lock that holds now."""
    mine = Reprieve.objects.filter(record_id=record.pk, kind=ReprieveKind.LOCK, state=ReprieveState.GRANTED).order_by("-asked_at")
    return next((one for one in mine if one.until is None or one.until > timezone.now()), None)


def _goes_back(record: Any) -> bool:
    return record.goes_back_at is not None


def _is_mine(record: Any, by: User) -> bool:
    return bool(record.owner_id == by.pk)


def _is_asked(record: Any) -> bool:
    return record.goes_back_at is not None and open_request(record) is not None


def _is_locked(record: Any) -> bool:
    return bool(record.is_held() and record.goes_back_at is None and lock_of(record) is not None)


def due_of(record: Any) -> Due:
    """When a record goes back.

    Raises:
        Refused: by no rule.
    """
    found = forecast(registry.of(record), [record.pk], timezone.now()).get(record.pk)
    if found is None:
        raise Refused(_("No rule takes this back."))
    return found


@action(
    gettext_lazy("Ask for more time"),
    icon="clock-plus",
    may="edit",
    when=_goes_back,
    whose=_is_mine,
    refusal=gettext_lazy("No rule takes this back."),
    fact="extension_asked",
    asks={"days": Integer(gettext_lazy("Days more")), "reason": LongText(gettext_lazy("Why"))},
    fits=is_pooled,
)
def ask_extension(record: Any, *, by: User, days: int, reason: str) -> None:
    """Ask those who answer for the pool for more days; one request at a time.

    Raises:
        Invalid: not a number of days.
        Refused: somebody else’s, asked already, or no rule takes it back.
    """
    if not _is_mine(record, by):
        raise Refused(_("Only who has it asks for more time."))
    if not 1 <= days <= MOST_DAYS:
        raise Invalid({"days": [_("This is a number from 1 to %(most)s.") % {"most": MOST_DAYS}]})
    due_of(record)
    if open_request(record) is not None:
        raise Refused(_("You have asked for more time already."))
    Reprieve.objects.create(
        type=registry.of(record).slug,
        record_id=record.pk,
        kind=ReprieveKind.EXTENSION,
        state=ReprieveState.ASKED,
        owner=by,
        days=days,
        reason=reason,
        asked_by=by,
        asked_at=timezone.now(),
    )


@action(
    gettext_lazy("Give more time"),
    icon="clock-check",
    may="view",
    when=_is_asked,
    whose=decides,
    refusal=NONE_ASKED,
    fact="extension_granted",
    asks={"days": Integer(gettext_lazy("Days more"), blank=True, help_text=gettext_lazy("Empty: as many as were asked for."))},
    fits=is_pooled,
)
def grant_extension(record: Any, *, by: User, days: int | None = None) -> None:
    """Give the owner so many more days, counted from when it would go back, or from now if that is past.

    Raises:
        Invalid: not a number of days.
        Refused: not theirs to decide, or nobody asked.
    """
    asked = _decided(record, by)
    if not 1 <= (days or asked.days or 0) <= MOST_DAYS:
        raise Invalid({"days": [_("This is a number from 1 to %(most)s.") % {"most": MOST_DAYS}]})
    due, given = due_of(record), int(days or asked.days or 0)
    clock = clocks([record.owner])[0]
    asked.days, asked.until = given, clock.due_at(due.rule, max(due.at, timezone.now()), given)
    _close(asked, ReprieveState.GRANTED, by)
    note(days=given, until=asked.until.isoformat(), owner_id=str(record.owner_id))


@action(
    gettext_lazy("Give no more time"),
    icon="clock-x",
    may="view",
    when=_is_asked,
    whose=decides,
    refusal=NONE_ASKED,
    fact="extension_refused",
    asks={"answer": LongText(gettext_lazy("Why"))},
    fits=is_pooled,
)
def refuse_extension(record: Any, *, by: User, answer: str) -> None:
    """Say no.

    Raises:
        Refused: not theirs to decide, or nobody asked.
    """
    asked = _decided(record, by)
    asked.answer = answer
    _close(asked, ReprieveState.REFUSED, by)
    note(owner_id=str(record.owner_id))


@action(
    gettext_lazy("Lock, so that it stays"),
    icon="lock",
    may="view",
    when=Pooled.is_held,
    whose=decides,
    refusal=gettext_lazy("Only what somebody has from a pool can be locked."),
    fact="locked",
    asks={"reason": LongText(gettext_lazy("Why")), "until": Moment(gettext_lazy("Until"), blank=True)},
    fits=is_pooled,
)
def lock(record: Any, *, by: User, reason: str, until: dt.datetime | None = None) -> None:
    """Let no rule take it back.

    Raises:
        Invalid: the end is past.
        Refused: not theirs to decide, or locked already.
    """
    _require_decides(record, by)
    if until is not None and until <= timezone.now():
        raise Invalid({"until": [_("This is past.")]})
    if lock_of(record) is not None:
        raise Refused(_("This is locked already."))
    now = timezone.now()
    made = Reprieve(type=registry.of(record).slug, record_id=record.pk, kind=ReprieveKind.LOCK, until=until, reason=reason)
    made.asked_by, made.asked_at = by, now
    _close(made, ReprieveState.GRANTED, by)


@action(
    gettext_lazy("Unlock"),
    icon="lock-open",
    may="view",
    when=_is_locked,
    whose=decides,
    refusal=gettext_lazy("This is not locked."),
    fact="unlocked",
    fits=is_pooled,
)
def unlock(record: Any, *, by: User) -> None:
    """Let the rules take it back again.

    Raises:
        Refused: not theirs to decide.
    """
    _require_decides(record, by)
    found = lock_of(record)
    if found is not None:
        _close(found, ReprieveState.ENDED, by)


def _decided(record: Any, by: User) -> Reprieve:
    _require_decides(record, by)
    asked = open_request(record)
    if asked is None:
        raise Refused(str(NONE_ASKED))
    return asked


def _require_decides(record: Any, by: User) -> None:
    if not decides(record, by):
        raise Refused(_("Only an administrator of its pool decides this."))


def _close(reprieve: Reprieve, state: str, by: User) -> None:
    reprieve.state, reprieve.decided_by, reprieve.decided_at = state, by, timezone.now()
    reprieve.save()


ACTIONS = (ask_extension, grant_extension, refuse_extension, lock, unlock)
