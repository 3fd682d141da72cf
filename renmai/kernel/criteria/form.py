"""A form with criteria: some fields of a record, and conditions that say which other records it is about.

class TerritoryForm(CriteriaForm):
    asked = ("name", "active")

    def of(self) -> RecordType: …                # what the conditions are about

return TerritoryForm(kind, by, found, sent_by(request)).answer(request, "…/form.jinja")

The template extends ``kernel/criteria/form.jinja``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Conflict, Invalid
from renmai.kernel.criteria.builder.builder import INCOMPLETE, Builder
from renmai.kernel.records.pages.door import version_seen
from renmai.kernel.records.pages.inputs import Inputs, stored
from renmai.kernel.records.pages.typing import Errors, as_typed, typed_values
from renmai.kernel.records.store import create, update

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.spec import FieldSpec
    from renmai.kernel.records.types import RecordType
    from renmai.kernel.ui.inputs import Input


def sent_by(request: HttpRequest) -> QueryDict | None:
    """What was typed, once a form was sent."""
    return request.POST if request.method == "POST" else None


class CriteriaForm:
    """A record that holds criteria, on its way through its form; what was typed stands in it until it is kept.

    Args:
        kind: its type.
        by: who fills the form in.
        found: the record, where it exists.
        sent: what was typed, once something was.

    Attributes:
        asked: the fields that are asked for as they are.
        keeps: the field that holds the criteria.
        limits: of the builder.
        only: the builder; None where the form as it stands asks for no conditions.
        errors: sentences by field.
    """

    asked: ClassVar[tuple[str, ...]] = ()
    keeps: ClassVar[str] = "criteria"
    limits: ClassVar[Mapping[str, bool]] = {}

    def __init__(self, kind: RecordType, by: User, found: Any = None, sent: QueryDict | None = None) -> None:
        self.kind, self.by, self.found, self.sent = kind, by, found, sent
        self.specs: list[FieldSpec] = [kind.fields[name] for name in self.asked]
        self.errors: Errors = {}
        of = self.of()
        self.only = None if of is None else self.builder(of, getattr(found, self.keeps, None))

    def of(self) -> RecordType | None:
        """What the conditions are about; None: there are none to be asked for."""
        return None

    def builder(self, of: RecordType, tree: Any, name: str = "filter", place: str = "") -> Builder:
        """A builder of conditions as they were sent, or else as they are kept.

        Args:
            tree: the criteria that are kept.
            name: of the builder in the form.
            place: under which it was sent, where that differs.
        """
        if self.sent is None or f"{place or name}.kind" not in self.sent:
            return Builder.of(of, self.by, tree or None, name=name, company=True, **self.limits)
        made = Builder.read(self.sent, of, self.by, name=place or name, company=True, **self.limits)
        made.name = name
        return made

    def blank(self) -> Any:
        """What stands in the form of a new record."""
        return self.kind.model()

    @property
    def inputs(self) -> list[Input]:
        """The plain fields, with what stands in them."""
        if self.sent is not None:
            values: Mapping[str, Any] = {spec.name: as_typed(spec, self.sent) for spec in self.specs}
        else:
            values = stored(self.specs, self.found or self.blank())
        return Inputs(self.by).of(self.specs, values, self.errors)

    def is_beside(self, name: str) -> bool:
        """Whether an error of that name is shown where it belongs."""
        return name in self.asked

    @property
    def problems(self) -> list[str]:
        """What is wrong and stands beside no input."""
        return [str(sentence) for name, said in self.errors.items() if not self.is_beside(name) for sentence in said]

    @property
    def builders(self) -> list[Builder]:
        """All the builders of the form."""
        return [self.only] if self.only is not None else []

    def more(self, sent: QueryDict) -> tuple[dict[str, Any], Errors]:
        """Values that the plain fields and the builder do not give, and what is wrong with them."""
        return {}, {}

    def given(self) -> dict[str, Any]:
        """What was typed, as the store takes it.

        Raises:
            Invalid: with every field that does not do.
        """
        sent = self.sent or QueryDict()
        values, errors = typed_values(self.specs, sent)
        more, wrong = self.more(sent)
        if not all(builder.is_whole for builder in self.builders):
            wrong[self.keeps] = [INCOMPLETE]
        if errors or wrong:
            raise Invalid({**errors, **wrong})
        held = {} if self.only is None else {self.keeps: self.only.tree or {}}
        return {**values, **held, **more}

    def save(self) -> Any:
        """Keep it.

        Raises:
            Invalid: with every field that does not do.
            Conflict: somebody else has changed it meanwhile.
        """
        given, sent = self.given(), self.sent or QueryDict()
        if self.found is None:
            return create(self.kind, given, self.by)
        return update(self.kind, self.found.pk, given, self.by, version=version_seen(sent) if "version" in sent else None)

    def refused(self, errors: Errors) -> None:
        """Take what the store said, each sentence to where it belongs."""
        self.errors = errors

    def answer(self, request: HttpRequest, template: str, **shown: Any) -> HttpResponse:
        """The record's page once it is kept, until then the form."""
        if self.sent is None:
            return self.show(request, template, **shown)
        try:
            saved = self.save()
        except Invalid as problem:
            self.refused(problem.errors)
        except Conflict as problem:
            self.refused({"": [str(problem)]})
        else:
            messages.success(request, _("Saved."))
            return redirect(self.kind.path(saved))
        return self.show(request, template, **shown)

    def show(self, request: HttpRequest, template: str, **shown: Any) -> HttpResponse:
        """The form as it stands."""
        return render(request, template, {"form": self, **shown}, status=422 if self.errors else 200)
