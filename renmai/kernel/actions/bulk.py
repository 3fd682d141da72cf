"""A verb done to many records: as work in the background, each record on its own, so that one refusal stops nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Invalid, Missing, Refusal
from renmai.kernel.actions.run import run
from renmai.kernel.criteria import condition
from renmai.kernel.jobs import later, work
from renmai.kernel.jobs.work import step
from renmai.kernel.records.clean import identity
from renmai.kernel.records.store import remove, update
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.jobs.model import Job

PLAIN = ("update", "delete")
PER_STEP = 100
MAX_REFUSALS_TOLD = 100


def in_bulk(
    kind: RecordType, action: str, by: User, *, ids: list[Any] | None = None, tree: Any = None, arguments: dict[str, Any] | None = None
) -> Job:
    """Queue an action on many records.

    Args:
        action: an action's name, or ``update`` (the arguments are field values) or ``delete``.
        ids: the records; or
        tree: the criteria that find them when the work begins.

    Raises:
        Invalid: neither ids nor criteria, or such that do not do.
        Missing: there is no such action.
    """
    if action not in PLAIN and kind.action(action) is None:
        raise Missing(_("There is no such action."))
    if (ids is None) == (tree is None):
        raise Invalid({"ids": [_("Name the records by “ids” or by “filter”, not both.")]})
    if tree is not None:
        condition(tree, kind, by)
    return later("bulk", by=by, slug=kind.slug, action=action, ids=_keys(ids), tree=tree, arguments=arguments or {})


def _keys(ids: list[Any] | None) -> list[str] | None:
    if ids is None:
        return None
    try:
        return [str(key) for given in ids if (key := identity(given)) is not None]
    except (ValueError, TypeError):
        raise Invalid({"ids": [_("A list of ids is expected here.")]}) from None


@work("bulk")
def do_in_bulk(job: Job, *, slug: str, action: str, ids: list[str] | None, tree: Any, arguments: dict[str, Any]) -> None:
    """Do it to one record after the other; a crash goes on behind the last step, since what is done is noted with it."""
    kind, by = registry[slug], job.by
    if not isinstance(by, User):
        raise Invalid({"": [_("Work in bulk is done in somebody's name.")]})
    rows = kind.model.objects.visible_to(by)
    found = rows.filter(pk__in=ids) if ids is not None else rows.filter(condition(tree, kind, by))
    keys = job.result.get("keys") or [str(key) for key in found.order_by("pk").values_list("pk", flat=True)]
    job.result = {"keys": keys, "done": job.result.get("done", 0), "refused": job.result.get("refused", [])}
    job.save(update_fields=["result"])
    for start in range(job.done, len(keys), PER_STEP):
        with transaction.atomic():
            for key in keys[start : start + PER_STEP]:
                _one(job, kind, action, key, by, arguments)
            job.save(update_fields=["result"])
            step(job, min(start + PER_STEP, len(keys)), len(keys))
    job.result.pop("keys")


def _one(job: Job, kind: RecordType, action: str, key: str, by: User, arguments: dict[str, Any]) -> None:
    try:
        with transaction.atomic():
            if action == "update":
                update(kind, key, arguments, by)
            elif action == "delete":
                remove(kind, key, by)
            else:
                run(kind, action, key, by=by, arguments=arguments)
        job.result["done"] += 1
    except Refusal as refusal:
        if len(job.result["refused"]) < MAX_REFUSALS_TOLD:
            job.result["refused"].append({"id": key, "detail": str(refusal)})
