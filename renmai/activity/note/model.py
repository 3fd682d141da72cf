"""Something worth remembering about a record."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renmai.activity.base import Activity
from renmai.kernel.records.fields import LongText


class Note(Activity):
    """A note."""

    body = LongText(_("Text"))

    class Meta:
        verbose_name, verbose_name_plural = _("note"), _("notes")
