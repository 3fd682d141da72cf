"""A declaration names something that is not there: said at the start, with the names that are."""

from __future__ import annotations

import difflib
from collections.abc import Iterator


class Misdeclared(Exception):
    """A declaration names something that does not exist. The start stops here."""


def known(name: str, valid: Iterator[str] | list[str], where: str) -> None:
    """Refuse a misspelt name, and list the valid ones."""
    names = sorted(valid)
    if name not in names:
        near = difflib.get_close_matches(name, names, 1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise Misdeclared(f"{where} names {name!r}, which does not exist.{hint} Valid names: {', '.join(names)}.")
