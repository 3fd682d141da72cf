"""Rehearsing, keeping and doing what a program proposes: through the same store as everything else, as one change set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

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


class Rehearsed(NamedTuple):
    """A step with the version that was seen, what it would come to, and the title of its record."""

    step: Step
    preview: dict[str, Any]
    title: str

    def as_json(self) -> dict[str, Any]:
        """One of several, as their preview tells it."""
        return {"type": self.step.type, "id": self.step.id or None, "title": self.title, **self.preview}


def rehearse(steps: Sequence[Step], by: User) -> list[Rehearsed]:
    """What steps would come to, one after the other; nothing of it stays.

    Raises:
        Refusal: one may not be done, or not now.
    """
    found: list[Rehearsed] = []
    with transaction.atomic():
        for place, step in enumerate(steps):
            try:
                found.append(_rehearsed(step, by))
            except Invalid as problem:
                where = f"changes.{place}." if len(steps) > 1 else ""
                raise Invalid({f"{where}{name}": told for name, told in problem.errors.items()}) from None
        transaction.set_rollback(True)
    return found


def _rehearsed(step: Step, by: User) -> Rehearsed:
    rows = step.kind.model.objects.visible_to(by)
    seen = None if step.verb == CREATE else rows.filter(pk=step.id).first()
    before = read(step, seen, by) if seen is not None else {}
    came = do(step, by)
    after = read(step, came.item, by)
    made = [{"type": registry.of(one).slug, "title": one.title} for one in came.made]
    names = [name for name in after if name in step.kind.fields and name not in BOOKKEEPING]
    changes = {name: [before.get(name), after[name]] for name in names if before.get(name) != after[name] and _says(before, after[name])}
    version = step.version if step.version is not None else getattr(seen, "version", None)
    return Rehearsed(replace(step, version=version), {"changes": changes, "made": made}, came.item.title)


def _says(before: Mapping[str, Any], value: Any) -> bool:
    """Of a new record only what it holds is told."""
    return bool(before) or value not in (None, "", [], {}, False)


def named(found: Sequence[Rehearsed]) -> str:
    """What is to be done, in words."""
    first = _named(found[0].step, found[0].title)
    return _("%(first)s, and %(count)s more") % {"first": first[:150], "count": len(found) - 1} if len(found) > 1 else first


def _named(step: Step, title: str) -> str:
    if step.verb == CREATE:
        return _("Create: %(title)s") % {"title": title}
    if step.verb == UPDATE:
        return _("Change: %(title)s") % {"title": title}
    action = step.kind.action(step.verb)
    return f"{action.label if action else step.verb}: {title}"


def propose(steps: Sequence[Step], token: Token, *, key: str = "", why: str = "") -> Proposal:
    """Keep a proposal and tell its person; do it at once where the token says so.

    Args:
        steps: all of them or none; several only make records and set their fields.
        key: the same one brings the same proposal again, whatever else is asked for.

    Raises:
        Refusal: it may not be done, or not now.
    """
    by: User = token.user
    if key and (known := Proposal.objects.filter(owner=by, key=key).first()):
        return known  # type: ignore[no-any-return]
    found = rehearse(steps, by)
    made = Proposal(name=named(found)[:200], target=steps[0].type, program=token.name[:200], why=why[:1000], key=key[:200])
    is_one = len(found) == 1
    made.step = asdict(found[0].step) if is_one else {"steps": [asdict(one.step) for one in found]}
    made.preview = found[0].preview if is_one else {"steps": [one.as_json() for one in found]}
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


def carry_out(proposal: Proposal, by: User) -> list[Came]:
    """Do what a locked proposal says, in its own transaction, as one change set of the person.

    Raises:
        Refusal: it may not be done any more.
    """
    steps = [Step(**one) for one in proposal.steps]
    done = _change_set(proposal, steps)
    keep_set(done, by)
    reason = _("Proposed by the program “%(name)s”") % {"name": proposal.program or "–"}
    with acting(by, reason, done.pk):
        came = [do(step, by) for step in steps]
    ChangeSetRow.objects.bulk_create(
        ChangeSetRow(change_set=done, number=number, action=what, type=registry.of(one).slug, record_id=one.pk, version=one.version)
        for number, (step, outcome) in enumerate(zip(steps, came, strict=True), start=1)
        for one, what in _touched(step, outcome)
    )
    change(proposal, by=by, status=ProposalStatus.DONE, change_set=done, decided_at=timezone.now())
    return came


def _change_set(proposal: Proposal, steps: Sequence[Step]) -> ChangeSet:
    """Several steps make records and set fields, as an import does; one may be an action, by which it is told whether it can be undone."""
    verb = steps[0].verb if len(steps) == 1 and steps[0].verb != CREATE else None
    asked = {"action": verb, "proposal": str(proposal.pk), **({"arguments": steps[0].values} if len(steps) == 1 else proposal.step)}
    done = ChangeSet(name=proposal.name, target=proposal.target, mode=Mode.UPDATE, state=ChangeSetState.DONE, map=asked)
    done.total_rows = done.done_rows = len(steps)
    done.created = sum(step.verb == CREATE for step in steps)
    done.updated, done.ended_at = len(steps) - done.created, timezone.now()
    return done


def _touched(step: Step, came: Came) -> list[tuple[Record, RowAction]]:
    first = RowAction.CREATED if step.verb == CREATE else RowAction.UPDATED
    return [(came.item, first), *((one, RowAction.ALSO_MADE) for one in came.made)]


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
