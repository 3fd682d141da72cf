"""``/territories/<id>/``: the rule of a territory, and what it would change before it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse

from renmai.kernel.access.territory.model import Territory, require_own_fields
from renmai.kernel.access.territory.trial import Trial, trial
from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.api.records import visible
from renmai.kernel.criteria.form import CriteriaForm, sent_by
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.types import RecordType, registry

PAGE = "kernel/access/territory/territory.jinja"


class Form(CriteriaForm):
    """The rule of a territory on its way through the form."""

    limits: ClassVar[Mapping[str, bool]] = {"related": False}

    def of(self) -> RecordType:
        return registry[self.found.covers]

    def tried(self) -> Trial | None:
        """What the rule would change as it stands; None where it does not do."""
        try:
            criteria = self.given()[self.keeps]
            require_own_fields(criteria, self.of())
        except Invalid as problem:
            self.refused(problem.errors)
            return None
        except ValueError as problem:
            self.refused({self.keeps: [str(problem)]})
            return None
        self.found.criteria = criteria
        return trial(self.found, self.by)


@page
def territory(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Show, try or save the rule."""
    kind = registry.of(Territory)
    found: Any = visible(kind, key, by)
    may_edit = by.may("edit", found)
    form = Form(kind, by, found, sent_by(request) if may_edit else None)
    if may_edit and "try" in request.POST:
        return form.show(request, PAGE, may_edit=may_edit, tried=form.tried())
    return form.answer(request, PAGE, may_edit=may_edit, tried=None)
