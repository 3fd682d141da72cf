"""``/roles/<id>/``: what a role may do, as a table of types and verbs."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from renmai.kernel.access.rights import VERBS, granted
from renmai.kernel.access.user import Role, User
from renmai.kernel.access.words import BY_RULE, CREATE_LEVELS, LEVELS
from renmai.kernel.access.words import VERBS as VERB_WORDS
from renmai.kernel.api.records import visible
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.ready import called
from renmai.kernel.records.store import update
from renmai.kernel.records.types import RecordType, registry

EVERY = "*"
RULE = "criteria"


@dataclass(frozen=True)
class Right:
    """One cell of the table.

    Attributes:
        name: of its input.
        value: a level, ``criteria`` for a rule, or empty where the type goes as every type.
        text: what the cell says to whoever may not change it.
        choices: value and label of what it can be set to; none where everybody may.
    """

    name: str
    verb: Any
    value: str
    text: Any
    choices: list[tuple[str, Any]]


@dataclass(frozen=True)
class Line:
    """One type, or every type, with its rights by verb."""

    label: Any
    icon: str
    rights: list[Right]


def lines(rights: dict[str, Any]) -> list[Line]:
    """The table of a role's rights."""
    types = [Line(kind.label_plural, kind.icon, [_right_of(rights, kind, verb) for verb in VERBS]) for kind in registry.all()]
    return [Line(_("Every type"), icon="asterisk", rights=[_right(rights, EVERY, verb) for verb in VERBS]), *types]


def _right_of(rights: dict[str, Any], kind: RecordType, verb: str) -> Right:
    if verb == "view" and kind.open_to_all:
        return Right(f"{kind.slug}.{verb}", VERB_WORDS[verb], "all", LEVELS["all"], [])
    return _right(rights, kind.slug, verb)


def _right(rights: dict[str, Any], slug: str, verb: str) -> Right:
    own = rights.get(slug, {})
    inherits = slug != EVERY and verb not in own and EVERY not in own
    general = _word(verb, granted(rights, EVERY, verb))
    value = "" if inherits else _value(granted(rights, slug, verb))
    choices: list[tuple[str, Any]] = list(_levels(verb).items())
    if value not in {"", *dict(choices)}:
        choices.append((value, _word(verb, value)))
    if slug != EVERY:
        choices.insert(0, ("", _("As above: %(level)s") % {"level": general}))
    return Right(f"{slug}.{verb}", VERB_WORDS[verb], value, general if inherits else _word(verb, value), choices)


def _levels(verb: str) -> dict[str, Any]:
    return CREATE_LEVELS if verb == "create" else LEVELS


def _value(grant: Any) -> str:
    return RULE if isinstance(grant, dict) else str(grant)


def _word(verb: str, grant: Any) -> Any:
    return _levels(verb).get(_value(grant)) or LEVELS.get(_value(grant), BY_RULE)


def changed_rights(rights: dict[str, Any], typed: QueryDict) -> dict[str, Any]:
    """The rights with every cell that was changed; what the table does not show stays as it is."""
    made = copy.deepcopy(rights)
    for line in lines(rights):
        for right in line.rights:
            wanted = typed.get(right.name, right.value)
            if wanted != right.value and wanted in dict(right.choices):
                slug, verb = right.name.rsplit(".", 1)
                _put(made, slug, verb, wanted)
    return made


def _put(rights: dict[str, Any], slug: str, verb: str, wanted: str) -> None:
    entry = rights.setdefault(slug, {})
    if wanted:
        entry[verb] = wanted
    else:
        entry.pop(verb, None)
        entry.pop(EVERY, None)
    if not entry:
        del rights[slug]


@page
def role(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """The table, to be read by everybody and changed by administrators."""
    kind = registry.of(Role)
    found: Any = visible(kind, key, by)
    if request.method == "POST":
        version = request.POST.get("version", "")
        values = {"name": request.POST.get("name", found.name), "rights": changed_rights(found.rights, request.POST)}
        update(kind, key, values, by, version=int(version) if version.isdigit() else None)
        messages.success(request, _("Saved."))
        return redirect(kind.path(found))
    about = {
        "role": found,
        "name": called(found),
        "lines": lines(found.rights),
        "may_edit": by.may("edit", found),
        "verbs": VERB_WORDS,
    }
    return render(request, "kernel/settings/role.jinja", {**about, "holders": _holders(found)})


def _holders(role: Role) -> list[User]:
    return list(User.objects.live().filter(active=True, roles__contains=[role.pk]).order_by("sort_key")[:50])
