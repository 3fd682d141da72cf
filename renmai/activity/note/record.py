"""How notes look."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renmai.activity.base import ActivityType
from renmai.activity.note.model import Note
from renmai.kernel.records.types import register


@register
class NoteType(ActivityType):
    model = Note
    icon, rank = "note", 42
    columns = ["title", "about", "owner", "created_at"]
    layout = {_("Note"): ["subject", "body", "about"], _("Time"): ["method", "happened_at", "due_at", "assignee", "done_at"]}
    composer = ["body"]
    phrases = {"created": _("%(by)s noted: %(title)s")}
