"""Deleting for good, and forgetting: what leaves no value behind."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from renmai.kernel.access.user import Share
from renmai.kernel.actions.errors import Forbidden, Missing, Refusal, Refused
from renmai.kernel.facts import say
from renmai.kernel.facts.say import Ref
from renmai.kernel.history.acting import acting
from renmai.kernel.history.model import ExternalId
from renmai.kernel.overlay.company import company
from renmai.kernel.records.about import About
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

PER_NIGHT = 5_000
log = logging.getLogger(__name__)


def purge(kind: RecordType, key: Any, by: User | None) -> None:
    """Delete a record in the recycle bin for good, with its rows and every value of its history; links to it are emptied.

    Whoever keeps more of it, files for one, listens to its fact ``purged``.

    Raises:
        Forbidden: only an administrator may.
        Missing: it is not in the recycle bin.
        Refused: others cannot be without it.
    """
    if by is not None and not by.access.is_admin:
        raise Forbidden(_("Only an administrator may do this."))
    with transaction.atomic(), acting(by):
        record = kind.model.objects.select_for_update(of=("self",)).filter(pk=key).exclude(deleted_at=None).first()
        if record is None:
            raise Missing(_("There is no such record in the recycle bin."))
        say(f"{kind.noun}.purged", about=[Ref(kind.slug, record.pk)], by=by)
        try:
            with transaction.atomic():
                _empty_links(kind, record.pk)
                record.delete()
        except IntegrityError:  # a ProtectedError is one
            raise Refused(_("Other records cannot be without “%(title)s”.") % {"title": record.title}) from None
        for leftover in (About.objects.filter(Q(source_id=key) | Q(target_id=key)), Share.objects.filter(record_id=key)):
            leftover.delete()
        ExternalId.objects.filter(record_id=key).delete()
        blank([key])


def _empty_links(kind: RecordType, key: Any) -> None:
    """Take a record out of every field that people fill in; a custom field that leads nowhere reads as empty by itself."""
    for other in registry.all():
        for model, specs in [(other.model, other.fields), *((rows.model, rows.fields) for rows in other.collections.values())]:
            for name, spec in specs.items():
                if spec.kind == "link" and spec.editable and spec.field.null and spec.target == kind.slug and name not in other.custom:
                    model._default_manager.filter(**{spec.column: key}).update(**{spec.column: None})


def blank(keys: Iterable[Any], names: Iterable[str] | None = None) -> None:
    """Forget what the history of records holds, and keep that something happened, when and by whom.

    What is shown as of an earlier day then is what stands in the record today.

    Args:
        keys: ids of the records; the rows that belong to them are forgotten with them.
        names: only these fields, own ones as ``custom.<key>``; rows that belong to the record by the name of their part.
    """
    wanted = None if names is None else sorted(names)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_history SET reason = NULL,"
            " changes = CASE WHEN %(names)s::text[] IS NULL OR part = ANY (%(names)s) THEN NULL"
            " WHEN part = '' THEN changes - %(names)s::text[] ELSE changes END WHERE record_id = ANY (%(keys)s::uuid[])",
            {"names": wanted, "keys": [str(key) for key in keys]},
        )


def due(kind: RecordType, now: dt.datetime) -> Any:
    """What has been in the recycle bin for longer than the company keeps it."""
    return kind.model.objects.binned().filter(deleted_at__lt=now - dt.timedelta(days=company().bin_days)).order_by("deleted_at")


def empty_bin() -> int:
    """Delete for good what has waited long enough; what others cannot be without stays.

    Returns:
        How many records were deleted.
    """
    if not company().bin_days:
        return 0
    done, now = 0, timezone.now()
    for kind in registry.all():
        for key in list(due(kind, now).values_list("pk", flat=True)[:PER_NIGHT]):
            try:
                purge(kind, key, None)
                done += 1
            except Refusal as refusal:
                log.info("%s %s stays in the recycle bin: %s", kind.noun, key, refusal)
    return done


@app.periodic(cron="41 2 * * *")
@app.task(name="renmai.empty-bin", queueing_lock="renmai.empty-bin")
def empty_bin_nightly(timestamp: int) -> None:
    """Every night."""
    empty_bin()
