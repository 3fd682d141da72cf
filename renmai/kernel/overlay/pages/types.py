"""``/settings/types/``: nouns that a company makes itself."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Invalid, Missing
from renmai.kernel.actions.run import run
from renmai.kernel.overlay.pages.fields import FOLDER, require_admin
from renmai.kernel.overlay.type import CustomType, Icon
from renmai.kernel.records import store
from renmai.kernel.records.fields import Choice, Text
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.types import registry
from renmai.kernel.settings.cards import Card, Group, add_card, is_admin
from renmai.kernel.settings.form import Form

MAIN: dict[str, Any] = {
    "label_plural": Text(gettext_lazy("What are several called? (vehicles)")),
    "label": Text(gettext_lazy("What is one called? (vehicle)")),
    "icon": Choice(Icon, gettext_lazy("Icon")),
}
KEY = Text(gettext_lazy("Key"), blank=True, help_text=gettext_lazy("Its place in addresses; made from the name where it is left empty."))


def more(*, is_new: bool) -> dict[str, Any]:
    """What few people need to say: the names in other languages, and the key of a new type."""
    found: dict[str, Any] = {}
    for code, name in settings.LANGUAGES:
        found[f"labels_plural.{code}"] = Text(gettext_lazy("%(language)s, several") % {"language": name}, blank=True)
        found[f"labels.{code}"] = Text(gettext_lazy("%(language)s, one") % {"language": name}, blank=True)
    return {**found, "key": KEY} if is_new else found


@page
def index(request: HttpRequest, by: User) -> HttpResponse:
    """The company's types."""
    require_admin(by)
    found = list(CustomType.objects.order_by("sort_key"))
    alive = [(made, registry.get(made.key)) for made in found if made.deleted_at is None]
    return render(request, f"{FOLDER}/types.jinja", {"types": alive, "gone": [made for made in found if made.deleted_at]})


@page
def new(request: HttpRequest, by: User) -> HttpResponse:
    """Make a type."""
    require_admin(by)
    return _asked(request, by, None)


@page
def edit(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Call a type otherwise."""
    require_admin(by)
    return _asked(request, by, _type(key))


def _asked(request: HttpRequest, by: User, made: CustomType | None) -> HttpResponse:
    main, others = Form(MAIN, by), Form(more(is_new=made is None), by)
    if request.method != "POST":
        return _show(request, main, others, made, _standing(made))
    try:
        given = {**main.clean(request.POST), **_nested(others.clean(request.POST))}
        kept = _store(by, made, given)
    except Invalid as problem:
        return _show(request, main, others, made, request.POST.dict(), problem.errors)
    messages.success(request, _("“%(name)s” stand in the rail now. Add the fields that they need.") % {"name": capfirst(kept.label_plural)})
    return redirect("fields-of", slug=kept.key) if made is None else redirect("types")


def _store(by: User, made: CustomType | None, given: dict[str, Any]) -> Any:
    kind = registry["custom-types"]
    return store.create(kind, given, by, via="page") if made is None else store.update(kind, made.pk, given, by)


def _standing(made: CustomType | None) -> dict[str, Any]:
    if made is None:
        return {"icon": Icon.FOLDER}
    named = {f"{name}.{code}": word for name in ("labels", "labels_plural") for code, word in getattr(made, name).items()}
    return {name: getattr(made, name) for name in MAIN} | named


def _nested(given: dict[str, Any]) -> dict[str, Any]:
    """``labels.th`` into ``labels``."""
    found: dict[str, Any] = {"labels": {}, "labels_plural": {}}
    for name, value in given.items():
        whole, _dot, code = name.partition(".")
        if code:
            found[whole][code] = value
        else:
            found[name] = value
    return found


def _show(request: HttpRequest, main: Form, others: Form, made: Any, values: Any, errors: Any = None) -> HttpResponse:
    shown = {*main.specs, *others.specs}
    general = [sentence for name, found in (errors or {}).items() if name not in shown for sentence in found]
    about = {"made": made, "inputs": main.inputs(values, errors), "more": others.inputs(values, errors), "general": general}
    return render(request, f"{FOLDER}/type.jinja", about, status=422 if errors else 200)


@require_POST
@page
def remove(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Hide a type with its records, or bring it back."""
    require_admin(by)
    made = _type(key)
    if made.deleted_at is None:
        store.remove(registry["custom-types"], made.pk, by)
    else:
        run(registry["custom-types"], "restore", made.pk, by=by)
    return redirect("types")


def _type(key: Any) -> CustomType:
    found = CustomType.objects.filter(pk=key).first()
    if found is None:
        raise Missing(_("There is no such page."))
    return found  # type: ignore[no-any-return]


add_card(
    Card(
        Group.DATA,
        gettext_lazy("Record types"),
        gettext_lazy("Own kinds of record: vehicles, machines, contracts…"),
        icon="category-plus",
        address="/settings/types/",
        words=gettext_lazy("custom object, module, table, entity"),
        is_shown=is_admin,
    )
)
