"""The Jinja2 environment: words, values as their reader writes them, icons and addresses."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined

from renmai.kernel.ui import show
from renmai.kernel.ui.assets import asset
from renmai.kernel.ui.reader import current, tag


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """Address of a named view."""
    return reverse(name, args=args, kwargs=kwargs)


def language_tag() -> str:
    """The page's language as ``<html lang>`` wants it."""
    return tag(get_language() or "en")


def environment(**options: Any) -> Environment:
    """Django asks for this once, at start."""
    ours = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True, "extensions": ["jinja2.ext.i18n", "jinja2.ext.do"]}
    made = Environment(**options | ours)  # noqa: S701 - Django passes autoescape
    made.install_gettext_callables(gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext)  # type: ignore[attr-defined]
    made.globals.update(asset=asset, url=url, language_tag=language_tag, reader=current)
    made.filters.update(show.FILTERS)
    return made
