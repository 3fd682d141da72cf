"""The Jinja2 environments: words, values as their reader writes them, icons and addresses.

Templates are compiled once per language, with the words of that language in them: what a page says costs nothing when it is made
(measured: 300 look-ups, a tenth of the time of a list).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template.backends.jinja2 import Jinja2
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext, npgettext, override, pgettext
from jinja2 import Environment, StrictUndefined
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from renmai.kernel.records.ready import called
from renmai.kernel.records.tag.colours import colour_of
from renmai.kernel.ui import show
from renmai.kernel.ui.assets import asset
from renmai.kernel.ui.reader import current, tag

KEPT = 4096


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """Address of a named view."""
    return reverse(name, args=args, kwargs=kwargs)


class Remembered(dict[Any, Any]):
    """What a macro makes of an argument, made only once; asked for as an item, which costs a tenth of a call."""

    def __init__(self, macro: Callable[[Any], Any]) -> None:
        self.macro = macro

    def __missing__(self, argument: Any) -> Any:
        made = self[argument] = self.macro(argument)
        return made


_kept: dict[Hashable, str] = {}


def kept(macro: Callable[..., str], *arguments: Any, mark: Hashable = None) -> str:
    """What a macro makes of its arguments, kept for the next pages, too; each language has macros of its own.

    Only macros that a template imports are the same on the next page.

    Args:
        mark: all that the result depends on; the arguments themselves if not given.
    """
    key = (macro, arguments if mark is None else mark)
    found = _kept.get(key)
    if found is None:
        if len(_kept) >= KEPT:  # all at once: what is shown often is soon there again
            _kept.clear()
        found = _kept[key] = macro(*arguments)
    return found


def language_tag() -> str:
    """The page's language as ``<html lang>`` wants it."""
    return tag(get_language() or "en")


class Words(Extension):
    """Puts the translation of ``_("…")`` into a template while it is compiled; a message with places to fill stays a call."""

    call = (("name", "_"), ("lparen", None), ("string", None), ("rparen", None))
    said = (("lparen", "("), ("string", None), ("pipe", "|"), ("name", "safe"), ("rparen", ")"))

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """The tokens of a template, with its plain messages in the language of the environment."""
        window: list[Token] = []
        for token in stream:
            window.append(token)
            if len(window) < len(self.call):
                continue
            if all(token.type == kind and value in (None, token.value) for token, (kind, value) in zip(window, self.call, strict=True)):
                yield from self._translated(window[2])
                window.clear()
            else:
                yield window.pop(0)
        yield from window

    def _translated(self, message: Token) -> Iterator[Token]:
        with override(self.environment.language):  # type: ignore[attr-defined]
            text = gettext(message.value) % {}
        return (Token(message.lineno, kind, text if value is None else value) for kind, value in self.said)


class Templates(Jinja2):
    """Django's engine for Jinja2 templates, with an environment for each language."""

    @property
    def env(self) -> Environment:
        """The environment of the language that is active."""
        return self._environment(get_language() or settings.LANGUAGE_CODE)

    @env.setter
    def env(self, first: Environment) -> None:
        self._environment = lru_cache(maxsize=len(settings.LANGUAGES))(lambda language: in_language(first, language))


def in_language(environment: Environment, language: str) -> Environment:
    """An environment like the given one whose templates speak a language."""
    made = environment.overlay(extensions=[Words], cache_size=-1)
    made.language = language  # type: ignore[attr-defined]
    return made


def environment(**options: Any) -> Environment:
    """What those of all languages have in common; Django asks for it once, at start."""
    ours = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True, "extensions": ["jinja2.ext.i18n", "jinja2.ext.do"]}
    made = Environment(**options | ours)  # noqa: S701 - Django passes autoescape
    made.install_gettext_callables(gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext)  # type: ignore[attr-defined]
    made.globals.update(asset=asset, url=url, language_tag=language_tag, kept=kept, remembered=Remembered, reader=current)
    made.filters.update(show.FILTERS, called=called, tag_colour=colour_of)
    return made
