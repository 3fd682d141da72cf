"""How forms look."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renmai.kernel.records.types import RecordType, register
from renmai.marketing.form.model import Form


@register
class FormType(RecordType):
    model = Form
    icon, rank = "forms", 45
    columns = ["name", "campaign", "active", "double_opt_in", "updated_at"]
    layout = {
        _("Form"): ["name", "target", "active", "languages", "double_opt_in", "redirect"],
        _("What is new"): ["campaign", "source", "receiver", "pool"],
    }
    search = ["name"]
    open_to_all, ownerless = True, True
    tells = ["campaign"]
    phrases = {"submitted": _("%(record)s filled in %(title)s")}
    hint = _("Web forms: fields, consents, hosted page, embedding, landing links")
    found_by = _("web form, landing page, contact form, sign-up, QR code, UTM, opt-in")
