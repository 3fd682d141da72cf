"""What happens to files when a field that holds them changes, when their record is deleted for good, and at night."""

from __future__ import annotations

from procrastinate.contrib.django import app

from renmai.kernel.facts import Fact
from renmai.kernel.facts.say import listens_where
from renmai.kernel.files.attached import forget, forget_removed
from renmai.kernel.files.attachment import Attachment
from renmai.kernel.files.field import holds_files, keep, named
from renmai.kernel.overlay.company import company
from renmai.kernel.records.clean import BY_PERSON

BY_PERSON["file"] = named
listens_where(holds_files)(keep)


@listens_where(lambda kind: kind.endswith(".purged"))
def files_go_along(facts: list[Fact]) -> None:
    """Delete the files of records that are deleted for good."""
    keys = [record.pk for fact in facts for record in fact.subjects]  # type: ignore[attr-defined]
    forget(Attachment.objects.filter(record_id__in=keys))


@app.periodic(cron="43 2 * * *")
@app.task(name="renmai.empty-bins-of-files", queueing_lock="renmai.empty-bins-of-files")
def empty_bins_of_files(timestamp: int) -> None:
    """Every night."""
    if company().bin_days:
        forget_removed(company().bin_days)
