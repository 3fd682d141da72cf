"""Layouts as a file: taken out of one installation, looked at, kept with other papers, and put into another."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from renmai.kernel.access.user import Role
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.overlay.layout import Layout
from renmai.kernel.records import store
from renmai.kernel.records.refusals import sentence
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

FORMAT = "renmai-layouts"
VERSION = 1
LARGEST = 2_000_000  # bytes


def written(layouts: Iterable[Layout]) -> str:
    """Layouts as the text of a file; roles by name, since ids differ from one installation to another."""
    items = [
        {
            "type": layout.type,
            "role": layout.role.name if layout.role is not None else None,
            "position": layout.position,
            "sections": layout.sections,
            "rules": layout.rules,
        }
        for layout in layouts
    ]
    return json.dumps({"format": FORMAT, "version": VERSION, "layouts": items}, ensure_ascii=False, indent=2) + "\n"


def take_in(text: bytes, by: User) -> int:
    """Put the layouts of a file in the place of those of the same types and roles.

    Returns:
        How many there were.

    Raises:
        Invalid: everything that does not fit, by name; nothing is changed then.
    """
    items = _read(text)
    problems: list[str] = []
    with transaction.atomic():
        for place, item in enumerate(items, 1):
            try:
                _take(item, by)
            except Invalid as problem:
                problems.append(_("Layout %(number)s (%(type)s): %(why)s") % _told(place, item, problem))
        if problems:
            raise Invalid({"file": problems})
    return len(items)


def _told(place: int, item: Any, problem: Invalid) -> dict[str, Any]:
    named = item.get("type") if isinstance(item, dict) else ""
    return {"number": place, "type": named or "?", "why": sentence(registry["layouts"], problem)}


def _read(text: bytes) -> list[Any]:
    try:
        found = json.loads(text) if len(text) <= LARGEST else None
    except ValueError:
        found = None
    if not isinstance(found, dict) or found.get("format") != FORMAT or not isinstance(found.get("layouts"), list):
        raise Invalid({"file": [_("This is not a file of layouts.")]})
    if found.get("version") != VERSION:
        raise Invalid({"file": [_("This file was written by a newer Renmai.")]})
    layouts: list[Any] = found["layouts"]
    return layouts


def _take(item: Any, by: User) -> None:
    if not isinstance(item, dict):
        raise Invalid({"": [_("A JSON object is expected.")]})
    role = _role(item.get("role"))
    layouts, slug = registry["layouts"], str(item.get("type", ""))
    values = {name: item[name] for name in ("position", "sections", "rules") if name in item}
    standing = Layout.objects.live().filter(type=slug, role=role).first()
    if standing is not None:
        store.update(layouts, standing.pk, {"sections": [], "rules": {}, **values}, by)
    else:
        store.create(layouts, {"type": slug, "role": role, **values}, by)


def _role(name: Any) -> Role | None:
    if name is None:
        return None
    found = Role.objects.live().filter(name=name).first()
    if found is None:
        raise Invalid({"role": [_("There is no role “%(name)s”.") % {"name": name}]})
    return found  # type: ignore[no-any-return]
