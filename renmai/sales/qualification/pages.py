"""``/entry-rules/new/`` and ``…/edit/``: an entry rule by form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Forbidden
from renmai.kernel.api.records import visible
from renmai.kernel.criteria.form import CriteriaForm, sent_by
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.types import RecordType, registry
from renmai.sales.qualification.model import EntryRule

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

FORM = "sales/qualification/rule.jinja"


class RuleForm(CriteriaForm):
    """An entry rule on its way through the form."""

    asked = ("name", "step", "says", "active")

    def of(self) -> RecordType:
        return registry["leads"]


@page
def new(request: HttpRequest, by: User) -> HttpResponse:
    """Make one."""
    kind = registry.of(EntryRule)
    if not by.may("create", kind):
        raise Forbidden(_("You may not create this."))
    return RuleForm(kind, by, None, sent_by(request)).answer(request, FORM)


@page
def edit(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Change one."""
    found: Any = visible(registry.of(EntryRule), key, by)
    if not by.may("edit", found):
        raise Forbidden(_("You may see this but not change it."))
    return RuleForm(registry.of(EntryRule), by, found, sent_by(request)).answer(request, FORM)
