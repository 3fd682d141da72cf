"""How notes look."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renmai.activity.note.model import Note
from renmai.kernel.records.types import RecordType, register


@register
class NoteType(RecordType):
    model = Note
    icon, rank = "note", 42
    columns = ["title", "about", "owner", "created_at"]
    layout = {_("Note"): ["subject", "body", "about"]}
    search = ["subject", "body"]
    composer = ["body"]
    phrases = {"created": _("%(by)s noted: %(title)s")}
