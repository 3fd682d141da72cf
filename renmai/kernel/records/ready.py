"""Names that come with the program: shown in the reader's language, whatever language they were stored in, until somebody changes them."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import override

from renmai.kernel.records.types import registry


def spoken(slug: str, title: str | None) -> str:
    """A title as its reader calls it.

    Args:
        slug: of the record's type.
        title: as it is stored; None for a record that may not be seen.
    """
    label = _labels(slug).get(title or "")
    return str(label) if label is not None else title or ""


def called(record: Any) -> str:
    """What a record is called for its reader."""
    return spoken(registry.of(record).slug, record.title)


@lru_cache(maxsize=256)
def _labels(slug: str) -> dict[str, Any]:
    """Label of each ready name of a type, by every way in which it may be stored; what could be two of them is none."""
    kind = registry.get(slug)
    if kind is None or not kind.ready:
        return {}
    stored = [(text, label) for name, label in kind.ready.items() for text in {name, *_translations(label)}]
    times = Counter(text for text, _label in stored)
    return {text: label for text, label in stored if times[text] == 1}


def _translations(label: Any) -> set[str]:
    found = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.add(str(label))
    return found
