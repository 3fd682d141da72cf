"""Cleansing as work in the background: one change set, written set by set as bulk edits are, and undone as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from renmai.kernel.actions.bulk import Begin, go_through, keys_of, queue, whose
from renmai.kernel.actions.many import AT_ONCE, Done, Verb, done
from renmai.kernel.cleansing.preview import chosen, rows
from renmai.kernel.cleansing.rules import rule_of, tidied
from renmai.kernel.jobs import later, work
from renmai.kernel.records.change_many import Change, change_many, lock_many, tell_many
from renmai.kernel.records.clean import fold_custom
from renmai.kernel.records.guards import gate
from renmai.kernel.records.store import named
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.transfer.model import ChangeSet

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.jobs.model import Job
    from renmai.kernel.records.record import Record
    from renmai.kernel.records.spec import FieldSpec


def cleanse(
    kind: RecordType,
    names: Sequence[str],
    by: User,
    *,
    tree: Any = None,
    ids: Sequence[Any] | None = None,
    besides: Sequence[Any] = (),
    begin: Begin = later,
) -> Job:
    """Queue the tidying of fields.

    Args:
        names: the fields.
        tree: criteria of the records, all of them where neither these nor ``ids`` are given.
        besides: ids of records that stay as they are.

    Raises:
        Forbidden, Invalid: the person may change no such record, fields that cannot be tidied, criteria or ids that do not do.
    """
    specs = chosen(kind, by, names)
    rows(kind, by, tree)
    asked = {"action": "tidy", "fields": list(names), "tree": tree, "besides": keys_of(besides)}
    change_set = ChangeSet(name=_("Tidy: %(fields)s") % {"fields": _in_words(kind, specs)}, target=kind.slug, map=asked)
    return queue("cleanse", change_set, by, begin, ids=None if ids is None else keys_of(ids))


def _in_words(kind: RecordType, specs: Sequence[FieldSpec]) -> str:
    """Which fields are tidied by which rule."""
    by_rule: dict[str, list[str]] = {}
    for spec in specs:
        rule = rule_of(kind, spec)
        by_rule.setdefault(str(rule.label) if rule is not None else "", []).append(str(spec.label))
    return "; ".join(f"{', '.join(labels)} ({label})" for label, labels in by_rule.items())


@work("cleanse")
def do_cleanse(job: Job, *, change_set: str, ids: list[str] | None) -> None:
    """Tidy one portion after the other. Which records need it is asked at the beginning, what they need when they are locked."""
    found, by = ChangeSet.objects.get(pk=change_set), whose(job)
    kind, asked = registry[found.target], found.map

    def plan() -> tuple[Verb, list[UUID]]:
        specs = chosen(kind, by, asked["fields"])
        among = rows(kind, by, asked["tree"], ids).exclude(pk__in=asked["besides"])
        keys = [record.pk for record in among.iterator(chunk_size=2_000) if tidied(kind, specs, record)]
        return Verb(lambda portion: _tidied(kind, specs, portion, by), AT_ONCE), keys

    go_through(job, found, plan)


def _tidied(kind: RecordType, specs: list[FieldSpec], keys: Sequence[UUID], by: User) -> list[Done]:
    found, refused = lock_many(kind, keys, by, "edit")
    changes = [Change(record, fold_custom(kind, tidied(kind, specs, record), record.custom)) for record in found]
    wanted = {change.record.pk: dict(change.values) for change in changes}

    require_free = gate(kind, found, "edit", by)

    def allow(record: Record) -> None:
        require_free(record)
        kind.require_editable(record, wanted[record.pk])

    stored = change_many(kind, changes, by, allow=allow)
    tell_many(kind, "updated", stored, by, lambda change: {"fields": sorted(named(change.record, change.before))})
    return done(changes, refused)
