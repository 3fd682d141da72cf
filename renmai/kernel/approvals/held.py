"""What waits for approval stays as it is, and what needs one does not go on without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Refusal, Refused
from renmai.kernel.approvals.model import Approval, ApprovalFlow, ApprovalStatus
from renmai.kernel.overlay.version import rebuilds
from renmai.kernel.records.guards import guards
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record
    from renmai.kernel.records.types import RecordType

FREE = {"share", "unshare"}
_known: set[str] = set()
_governed: dict[str, set[str]] = {}


@rebuilds
def look(is_any: bool) -> None:
    """Remember which types have or had flows, and before which of their actions, until the company changes one."""
    _governed.clear()
    _known.clear()
    for flow in ApprovalFlow.objects.all() if is_any else []:
        _known.add(flow.record_type)
        if flow.active and flow.deleted_at is None:
            _governed.setdefault(flow.record_type, set()).add(flow.before)


def is_governed(record: Record) -> bool:
    """A flow is in use for records of this type."""
    return registry.of(record).slug in _governed


def waiting(kind: RecordType, keys: list[Any]) -> Any:
    """The approvals that some records wait for; nothing is asked for a type that never had a flow."""
    if kind.slug not in _known:
        return Approval.objects.none()
    return Approval.objects.live().filter(target_id__in=keys, status=ApprovalStatus.WAITING)


def waited_for(record: Record, by: User) -> Approval | None:
    """The approval that a record waits for, if the person may see it."""
    return waiting(registry.of(record), [record.pk]).visible_to(by).first()  # type: ignore[no-any-return]


@guards
def hold(kind: RecordType, records: Sequence[Record], verb: str, by: User | None) -> dict[Any, Refusal]:
    """Refuse what would change records that wait for approval, or what needs an approval that is not there.

    Args:
        verb: ``edit``, ``delete``, or the name of an action.
    """
    if verb in FREE or kind.slug not in _known:
        return {}
    held = set(waiting(kind, [record.pk for record in records]).values_list("target_id", flat=True))
    stays = Refused(_("This waits for approval and stays as it is until then. Whoever asked can recall it."))
    refused: dict[Any, Refusal] = dict.fromkeys(held, stays)
    if verb in _governed.get(kind.slug, ()):
        needs = Refused(_("This needs an approval first. Ask for it."))
        asked = [record for record in records if record.pk not in held]
        refused |= {record.pk: needs for record in asked if not _is_approved(kind, record, verb, by)}
    return refused


def _is_approved(kind: RecordType, record: Record, verb: str, by: User | None) -> bool:
    """Nothing of the record has changed since it was approved by each flow that stands before the action."""
    from renmai.kernel.approvals.asking import holds

    flows = ApprovalFlow.objects.live().filter(record_type=kind.slug, active=True, before=verb)
    asker = by or record.owner
    needed = [flow.pk for flow in flows if asker is None or holds(flow.criteria, kind, record, asker)]
    given = Approval.objects.live().filter(target_id=record.pk, target_version=record.version, status=ApprovalStatus.APPROVED)
    return set(needed) <= set(given.values_list("flow_id", flat=True))
