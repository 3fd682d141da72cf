"""How tags look."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renmai.kernel.records.tag import colours  # noqa: F401 - it listens to the version
from renmai.kernel.records.tag.model import Tag
from renmai.kernel.records.types import RecordType, register


@register
class TagType(RecordType):
    model = Tag
    icon, rank = "tag", 93
    columns = ["name", "colour", "created_at"]
    layout = {_("Tag"): ["name", "colour"]}
    search = ["name"]
    rail, open_to_all, ownerless = False, True, True
    hint = _("Words that people stick on records, and their colours")
    found_by = _("labels, keywords")
