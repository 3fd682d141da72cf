"""``/settings/layouts/<type>/<id>/fields/<name>/``: what a layout says of one field."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Invalid, Missing
from renmai.kernel.criteria.builder.builder import Builder
from renmai.kernel.overlay.layout import Layout
from renmai.kernel.overlay.pages.fields import FOLDER
from renmai.kernel.overlay.pages.forms import OTHERS
from renmai.kernel.overlay.pages.layouts import layout_of, require_admin
from renmai.kernel.records import store
from renmai.kernel.records.arrangement import NEVER_NEEDED, WHOLE
from renmai.kernel.records.clean import clean_values
from renmai.kernel.records.fields import Boolean, Text
from renmai.kernel.records.pages.cells import INLINE
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.pages.inputs import Inputs, stored
from renmai.kernel.records.pages.typing import Errors, as_typed, typed_values
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.settings.form import Form
from renmai.kernel.ui.inputs import Input

DEFAULT = "default"


class RuleForm:
    """The form of one field of a layout.

    Args:
        spec: the field as the type has it, without the layout.
        said: what the layout says of it.
    """

    def __init__(self, kind: RecordType, spec: FieldSpec, said: dict[str, Any], by: User) -> None:
        self.kind, self.spec, self.said, self.by = kind, spec, said, by
        self.switches = Form(_switches(spec), by)
        self.words = Form({"help": Text(_("Help below the field"), blank=True), **_languages()}, by)
        self.builder = Builder.of(kind, by, said.get("shown_when"), related=False, company=True)
        self.errors: Errors = {}
        self.typed: dict[str, Any] | None = None

    @property
    def has_default(self) -> bool:
        """A new record can begin with a value of it."""
        return self.spec.editable and self.spec.kind in INLINE and self.spec.kind not in {"links", "file"}

    @property
    def has_condition(self) -> bool:
        """It can be left out of some records."""
        return not self.spec.required and self.spec.kind not in WHOLE

    @property
    def inputs(self) -> list[Input]:
        """The switches."""
        return self.switches.inputs(self.typed or self.said, self.errors)

    @property
    def help_inputs(self) -> list[Input]:
        """The sentence, then the same in each language."""
        said = {"help": self.said.get("help", ""), **{f"{OTHERS}{code}": word for code, word in self.said.get("helps", {}).items()}}
        return self.words.inputs(self.typed or said, self.errors)

    @property
    def default_input(self) -> Input:
        """What a new record begins with, asked for as in the record's own form."""
        made = Inputs(self.by, prefix=DEFAULT).of(
            [self.spec], {self.spec.name: self._begins}, {self.spec.name: self.errors.get(DEFAULT, [])}
        )[0]
        made.label, made.required, made.help = _("A new record begins with"), False, ""
        if made.kind == "boolean":
            made.label = _("A new record begins with yes")
        return made

    @property
    def _begins(self) -> Any:
        if self.typed is not None:
            return self.typed[DEFAULT]
        if self.said.get(DEFAULT) is None:
            return [] if self.spec.many else ""
        values, _errors = clean_values({self.spec.name: self.spec}, {self.spec.name: self.said[DEFAULT]}, self.by)
        blank = self.kind.model()
        for value in values.values():
            self.spec.put(blank, value)
        return stored([self.spec], blank)[self.spec.name]

    def read(self, request: HttpRequest) -> dict[str, Any]:
        """What was typed, as the layout keeps it.

        Raises:
            Invalid: with everything that does not do.
        """
        sent = request.POST
        self.typed = {**sent.dict(), DEFAULT: as_typed(self.spec, sent)}
        rule = {**self.switches.clean(sent), **self._helps(self.words.clean(sent))}
        if self.has_default:
            values, errors = typed_values([self.spec], sent)
            if errors:
                raise Invalid({DEFAULT: errors[self.spec.name]})
            rule[DEFAULT] = values[self.spec.name] or None
        if self.has_condition:
            self.builder = Builder.read(sent, self.kind, self.by, related=False, company=True)
            rule["shown_when"] = self.builder.finished() if self.builder.root.parts else None
        return rule

    @staticmethod
    def _helps(clean: dict[str, Any]) -> dict[str, Any]:
        words = {name.removeprefix(OTHERS): clean.pop(name) for name in list(clean) if name.startswith(OTHERS)}
        return {**clean, "helps": words}


def _switches(spec: FieldSpec) -> dict[str, Any]:
    found: dict[str, Any] = {"hidden": Boolean(_("Left out of the form and the page"))}
    if spec.editable and not spec.required and spec.kind not in NEVER_NEEDED:
        found["required"] = Boolean(_("Every new record needs it"))
    if spec.editable:
        found["read_only"] = Boolean(_("Can be looked at, not changed"))
    return found


def _languages() -> dict[str, Any]:
    return {f"{OTHERS}{code.lower()}": Text(name, blank=True) for code, name in settings.LANGUAGES}


@page
def rule(request: HttpRequest, by: User, kind: RecordType, key: Any, name: str) -> HttpResponse:
    """Say what holds of one field: needed, fixed, begun with, shown only in some cases, explained."""
    require_admin(by)
    layout = layout_of(kind, key)
    if name not in {field for part in layout.arrangement(kind).parts for field in part.names}:
        raise Missing(_("There is no such page."))
    form = RuleForm(kind, kind.fields[name], layout.rules.get(name, {}), by)
    if request.method != "POST":
        return _show(request, kind, layout, form)
    try:
        _keep(layout, name, form.read(request), by)
    except Invalid as problem:
        form.errors = problem.errors
        return _show(request, kind, layout, form)
    messages.success(request, _("Saved."))
    return redirect("layout", slug=kind.slug, key=layout.pk)


def _keep(layout: Layout, name: str, said: dict[str, Any], by: User) -> None:
    store.update(registry["layouts"], layout.pk, {"rules": {**layout.rules, name: said}}, by)


def _show(request: HttpRequest, kind: RecordType, layout: Layout, form: RuleForm) -> HttpResponse:
    beside = {made.name for made in form.inputs} | {DEFAULT}
    general = [text for name, found in form.errors.items() if name not in beside for text in found]
    about = {"kind": kind, "layout": layout, "form": form, "spec": form.spec, "general": general}
    return render(request, f"{FOLDER}/layout_field.jinja", about, status=422 if form.errors else 200)
