"""``/forms/new/`` and ``/forms/<id>/edit/``: a form is put together from fields and consents, in the words of each language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Forbidden
from renmai.kernel.api.records import visible
from renmai.kernel.criteria.form import CriteriaForm, sent_by
from renmai.kernel.records.clean import Errors
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.types import registry
from renmai.kernel.ui.inputs import Input
from renmai.marketing.form.model import Form
from renmai.marketing.form.shapes import LANGUAGES, MESSAGE, WORDS

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

PAGE = "marketing/form/builder.jinja"
FIRST: list[dict[str, Any]] = [
    {"field": "name", "required": True},
    {"field": "email", "required": True},
    {"field": "phone"},
    {"field": "company"},
    {"field": MESSAGE},
]
DOES = {"add", "drop", "up", "down", "add_consent", "drop_consent"}
PLAIN = {"field": "", "required": False, "hidden": False, "value": "", "labels": {}, "helps": {}, "choices": []}


@dataclass
class Part:
    """One field, or one consent, as the page shows it."""

    place: int
    values: dict[str, Any]
    inputs: list[Input]
    words: list[Input]


class FormForm(CriteriaForm):
    """A form on its way through the form that makes it."""

    asked = ("name", "languages", "campaign", "source", "receiver", "pool", "double_opt_in", "redirect", "active")

    def __init__(self, by: User, found: Form | None, sent: QueryDict | None) -> None:
        super().__init__(registry.of(Form), by, found, sent)
        self.fields = self._standing("field", found.fields if found is not None else FIRST)
        self.consents = self._standing("consent", found.consents if found is not None else [])

    def is_beside(self, name: str) -> bool:
        return super().is_beside(name) or name == "hosts"

    # --- what stands in it

    def _standing(self, noun: str, kept: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The entries as they were sent, moved as was asked for, or else as they are kept."""
        if self.sent is None:
            return list(kept)
        reads = _field if noun == "field" else _consent
        found = [reads(self.sent, place) for place in self.sent.getlist(f"{noun}-place") if place.isdigit()]
        drop = self.sent.get("drop" if noun == "field" else "drop_consent", "")
        if drop.isdigit() and int(drop) < len(found):
            found.pop(int(drop))
        if noun == "field":
            _move(found, self.sent)
        if ("add" if noun == "field" else "add_consent") in self.sent:
            found.append({})
        return found

    @property
    def parts(self) -> list[Part]:
        """The fields, each with its inputs."""
        return [self._part(place, {**PLAIN, **one}) for place, one in enumerate(self.fields)]

    def _part(self, place: int, one: dict[str, Any]) -> Part:
        def made(name: str, label: str, kind: str = "text", value: Any = "", **more: Any) -> Input:
            return Input(name, label, kind, value, prefix=f"field-{place}", form_name=f"field-{place}-{name}", **more)

        inputs = [
            made("field", _("Field"), "select", one["field"], choices=self.offered, required=True),
            made("required", _("Needed"), "boolean", one["required"]),
            made("hidden", _("Hidden"), "boolean", one["hidden"]),
        ]
        more = [made("value", _("Begins with"), value=one["value"], help=_("A hidden field is always set to this."))]
        more.append(
            made("choices", _("Choices"), "long_text", "\n".join(one["choices"]), help=_("One per line; empty: all that there are."))
        )
        for code, name in LANGUAGES.items():
            more.append(made(f"label.{code}", _("Label: %(language)s") % {"language": name}, value=one["labels"].get(code, "")))
            more.append(made(f"help.{code}", _("Help: %(language)s") % {"language": name}, value=one["helps"].get(code, "")))
        return Part(place, one, inputs, more)

    @property
    def offered(self) -> list[tuple[str, str]]:
        """The fields that a form may ask for, or set."""
        form = self.found or Form(target=next((kind.slug for kind in registry.all() if kind.arrives), ""))
        kind = form.kind
        names = [name for name in (kind.writable if kind is not None else {}) if form.spec_of(name) is not None]
        return [(MESSAGE, _("Message")), *((name, capfirst(str(kind.fields[name].label))) for name in names if kind is not None)]

    @property
    def agreements(self) -> list[Part]:
        """The consents, each with its inputs."""
        found = []
        for place, one in enumerate(self.consents):
            key = Input(
                "key", _("Key"), value=one.get("key", ""), prefix=f"consent-{place}", form_name=f"consent-{place}-key", required=True
            )
            must = Input("required", _("Needed"), "boolean", one.get("required"), prefix=f"consent-{place}")
            must.form_name = f"consent-{place}-required"
            key.help = _("A short word in small letters, such as news: by it what was agreed to is found again.")
            words = [
                Input(f"text.{code}", name, "long_text", one.get("texts", {}).get(code, ""), prefix=f"consent-{place}")
                for code, name in LANGUAGES.items()
            ]
            for made in words:
                made.form_name = f"consent-{place}-{made.name}"
            found.append(Part(place, one, [key, must], words))
        return found

    @property
    def round(self) -> list[tuple[str, list[Input]]]:
        """The words round the fields, by language."""
        labels = {"heading": _("Heading"), "intro": _("Introduction"), "button": _("Button"), "thanks": _("Thanks")}
        kept = self.found.words if self.found is not None else {}
        shown = []
        for code, language in LANGUAGES.items():
            inputs = []
            for name in WORDS:
                key = f"words-{name}.{code}"
                value = self.sent.get(key, "") if self.sent is not None else kept.get(code, {}).get(name, "")
                inputs.append(Input(key, labels[name], "long_text" if name in {"intro", "thanks"} else "text", value))
            shown.append((language, inputs))
        return shown

    @property
    def hosts(self) -> Input:
        """The sites that may show it."""
        value = self.sent.get("hosts", "") if self.sent is not None else "\n".join(self.found.hosts if self.found else [])
        told = _("One host per line, such as www.example.com. Elsewhere it is not shown inside another page.")
        return Input("hosts", self.kind.fields["hosts"].label, "long_text", value, help=told, errors=self.errors.get("hosts", []))

    # --- what was typed

    def more(self, sent: QueryDict) -> tuple[dict[str, Any], Errors]:
        said: dict[str, dict[str, str]] = {}
        for code in LANGUAGES:
            words = {name: sent.get(f"words-{name}.{code}", "") for name in WORDS}
            if any(words.values()):
                said[code] = words
        fields = [one for one in self.fields if one.get("field")]
        return {"fields": fields, "consents": self.consents, "words": said, "hosts": sent.get("hosts", "").split()}, {}


def _move(found: list[dict[str, Any]], sent: QueryDict) -> None:
    for name, step in (("up", -1), ("down", 1)):
        place = sent.get(name, "")
        if place.isdigit() and 0 <= int(place) + step < len(found) and int(place) < len(found):
            found.insert(int(place) + step, found.pop(int(place)))


def _field(sent: QueryDict, place: str) -> dict[str, Any]:
    def get(name: str) -> str:
        return sent.get(f"field-{place}-{name}", "").strip()

    return {
        "field": get("field"),
        "required": get("required") == "true",
        "hidden": get("hidden") == "true",
        "value": get("value"),
        "choices": [line.strip() for line in get("choices").splitlines() if line.strip()],
        "labels": {code: said for code in LANGUAGES if (said := get(f"label.{code}"))},
        "helps": {code: said for code in LANGUAGES if (said := get(f"help.{code}"))},
    }


def _consent(sent: QueryDict, place: str) -> dict[str, Any]:
    texts = {code: said for code in LANGUAGES if (said := sent.get(f"consent-{place}-text.{code}", "").strip())}
    key, must = sent.get(f"consent-{place}-key", "").strip(), sent.get(f"consent-{place}-required") == "true"
    return {"key": key, "required": must, "texts": texts}


@page
def new(request: HttpRequest, by: User) -> HttpResponse:
    """Make one."""
    if not by.may("create", registry.of(Form)):
        raise Forbidden(_("You may not create this."))
    return _answer(request, FormForm(by, None, sent_by(request)))


@page
def edit(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Change one."""
    found: Any = visible(registry.of(Form), key, by)
    if not by.may("edit", found):
        raise Forbidden(_("You may see this but not change it."))
    return _answer(request, FormForm(by, found, sent_by(request)))


def _answer(request: HttpRequest, form: FormForm) -> HttpResponse:
    return form.show(request, PAGE) if DOES & set(request.POST) else form.answer(request, PAGE)
