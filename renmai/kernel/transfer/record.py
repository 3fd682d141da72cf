"""How change sets look: a list of what was imported and done in bulk, kept for ever, changed by nobody."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renmai.kernel.records.types import RecordType, register
from renmai.kernel.transfer.actions import undo
from renmai.kernel.transfer.model import ChangeSet


@register
class ChangeSetType(RecordType):
    model = ChangeSet
    icon = "table-import"
    columns = ["name", "target", "state", "created", "updated", "failed", "created_by", "created_at"]
    layout = {
        _("File"): ["name", "target", "mode", "state", "ended_at"],
        _("Rows"): ["total_rows", "done_rows", "created", "updated", "skipped", "failed"],
    }
    search = ["name"]
    subtitle = "target"
    actions = [undo]
    rail, rank, acted = False, 93, True
    hint = _("Files that were imported, and what became of their rows")
    found_by = _("import history, undo an import")
