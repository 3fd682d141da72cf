"""Rehearsing, keeping and doing what a program proposes: through the same store as everything else, as one change set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Invalid, Missing
from renmai.kernel.actions.run import run
from renmai.kernel.agents.model import Proposal, ProposalStatus
from renmai.kernel.facts.say import say
from renmai.kernel.history.acting import acting
from renmai.kernel.notify.making import tell
from renmai.kernel.notify.model import Reason
from renmai.kernel.records.reading import as_json
from renmai.kernel.records.store import change, create, settle, update
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.transfer.model import ChangeSet, ChangeSetRow, ChangeSetState, Mode, RowAction
from renmai.kernel.transfer.run import keep_set

if TYPE_CHECKING:
    from renmai.kernel.access.token import Token
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

CREATE, UPDATE = "create", "update"
BOOKKEEPING = {"updated_at", "updated_by", "version", "created_at", "created_by"}


@dataclass(frozen=True)
class Step:
    """One thing to do.

    Attributes:
        type: slug.
        verb: ``create``, ``update`` or the name of an action.
        id: of the record; empty for a new one.
        values: of fields, or the arguments of the action.
        version: of the record as the program saw it, so that nobody's later work is overwritten.
    """

    type: str
    verb: str
    id: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    version: int | None = None

    @property
    def kind(self) -> RecordType:
        """Its type.

        Raises:
            Missing: there is none.
        """
        found = registry.get(self.type)
        if found is None:
            raise Missing(_("There is no such type of record."))
        return found


@dataclass(frozen=True)
class Came:
    """What a step came to: its record, and those that were made along."""

    item: Record
    made: list[Record] = field(default_factory=list)


def do(step: Step, by: User) -> Came:
    """Do a step as the person would.

    Raises:
        Refusal: it may not be done, or not now.
    """
    if step.verb == CREATE:
        return Came(create(step.kind, step.values, by, via="proposal"))
    if step.verb == UPDATE:
        return Came(update(step.kind, step.id, step.values, by, version=step.version))
    outcome = run(step.kind, step.verb, step.id, by=by, arguments=step.values, version=step.version)
    return Came(outcome.item, outcome.made)


def read(step: Step, record: Record, by: User) -> dict[str, Any]:
    """A record as the preview compares it."""
    return as_json(step.kind, [record], by, step.kind.fields)[0]


def rehearse(step: Step, by: User) -> tuple[Step, dict[str, Any], str]:
    """What a step would come to; nothing of it stays.

    Returns:
        The step with the version that was seen, the preview, and the title of its record.

    Raises:
        Refusal: it may not be done, or not now.
    """
    rows = step.kind.model.objects.visible_to(by)
    seen = None if step.verb == CREATE else rows.filter(pk=step.id).first()
    before = read(step, seen, by) if seen is not None else {}
    with transaction.atomic():
        came = do(step, by)
        after = read(step, came.item, by)
        title, made = came.item.title, [{"type": registry.of(one).slug, "title": one.title} for one in came.made]
        transaction.set_rollback(True)
    names = [name for name in after if name in step.kind.fields and name not in BOOKKEEPING]
    changes = {name: [before.get(name), after[name]] for name in names if before.get(name) != after[name] and _says(before, after[name])}
    version = step.version if step.version is not None else getattr(seen, "version", None)
    return Step(step.type, step.verb, step.id, step.values, version), {"changes": changes, "made": made}, title


def _says(before: Mapping[str, Any], value: Any) -> bool:
    """Of a new record only what it holds is told."""
    return bool(before) or value not in (None, "", [], {}, False)


def named(step: Step, title: str) -> str:
    """A step in words."""
    if step.verb == CREATE:
        return _("Create: %(title)s") % {"title": title}
    if step.verb == UPDATE:
        return _("Change: %(title)s") % {"title": title}
    action = step.kind.action(step.verb)
    return f"{action.label if action else step.verb}: {title}"


def propose(step: Step, token: Token, *, key: str = "", why: str = "") -> Proposal:
    """Keep a proposal and tell its person; do it at once where the token says so.

    Args:
        key: the same one brings the same proposal again, whatever else is asked for.

    Raises:
        Refusal: it may not be done, or not now.
    """
    by: User = token.user
    if key and (known := Proposal.objects.filter(owner=by, key=key).first()):
        return known  # type: ignore[no-any-return]
    step, preview, title = rehearse(step, by)
    made = Proposal(name=named(step, title)[:200], target=step.type, program=token.name[:200], why=why[:1000], key=key[:200])
    made.step, made.preview = asdict(step), preview
    made.owner, made.team, made.created_by, made.updated_by = by, by.team, by, by
    try:
        with transaction.atomic(), acting(by):
            settle(registry.of(made), made, set())
            made.save(force_insert=True)
            fact = say("proposal.proposed", about=[made], by=by, data={"title": made.title, **made.told()})
            if token.at_once:
                carry_out(made, by)
            else:
                tell(by, fact, Reason.ASSIGNED)
    except IntegrityError:
        return Proposal.objects.get(owner=by, key=key)  # type: ignore[no-any-return]
    return made


def carry_out(proposal: Proposal, by: User) -> Came:
    """Do what a locked proposal says, in its own transaction, as one change set of the person.

    Raises:
        Refusal: it may not be done any more.
    """
    step = Step(**proposal.step)
    asked = {"action": None if step.verb == CREATE else step.verb, "arguments": step.values, "proposal": str(proposal.pk)}
    done = ChangeSet(name=proposal.name, target=step.type, mode=Mode.UPDATE, state=ChangeSetState.DONE, map=asked)
    done.total_rows = done.done_rows = 1
    done.created, done.updated, done.ended_at = int(step.verb == CREATE), int(step.verb != CREATE), timezone.now()
    keep_set(done, by)
    reason = _("Proposed by the program “%(name)s”") % {"name": proposal.program or "–"}
    with acting(by, reason, done.pk):
        came = do(step, by)
    rows = [(came.item, RowAction.CREATED if step.verb == CREATE else RowAction.UPDATED)]
    rows += [(one, RowAction.ALSO_MADE) for one in came.made]
    ChangeSetRow.objects.bulk_create(
        ChangeSetRow(change_set=done, number=1, action=what, type=registry.of(one).slug, record_id=one.pk, version=one.version)
        for one, what in rows
    )
    change(proposal, by=by, status=ProposalStatus.DONE, change_set=done, decided_at=timezone.now())
    return came


def decline(proposal: Proposal, by: User) -> None:
    """Close a locked proposal without doing it."""
    change(proposal, by=by, status=ProposalStatus.DECLINED, decided_at=timezone.now())


def require_key(key: Any) -> str:
    """The key of a proposal, checked.

    Raises:
        Invalid: it is no short text.
    """
    if not isinstance(key, str) or len(key) > 200 or "\0" in key:
        raise Invalid({"idempotency_key": [_("A short text is expected here.")]})
    return key
