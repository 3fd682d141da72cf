"""The values of a trait in the one form in which they are compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from renmai.kernel.matching import names
from renmai.kernel.matching.rule import NAMES, TraitKind
from renmai.kernel.search.fold import fold

_NOT_DIGITS = re.compile(r"\D+")
_NOT_LETTERS = re.compile(r"[\W_]+")
SHORTEST_PHONE = 6
SHORTEST_NUMBER = 3


class Values(NamedTuple):
    """The values of one trait of a record; of names besides what they sound like, in which scripts they are and with which digits."""

    plain: tuple[str, ...] = ()
    spoken: tuple[str, ...] = ()
    script: tuple[str, ...] = ()
    digits: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()


NONE = Values()


def values(kind: TraitKind, texts: Iterable[str]) -> Values:
    """What texts of fields come to; what says nothing is left out."""
    if kind in NAMES:
        found_names = _names(kind, texts)
        parts = {part: tuple(dict.fromkeys(filter(None, (getattr(name, part) for name in found_names)))) for part in Values._fields}
        return Values(**{**parts, "digits": tuple({name.digits for name in found_names})})
    found = dict.fromkeys(value for text in texts if (value := FORMS[kind](text)))
    return Values(tuple(found)) if found else NONE


def keys(kind: TraitKind, texts: Iterable[str], field: str) -> list[str]:
    """By which records with the same values are found.

    Args:
        field: of a text or a number, which field it is of: only the same fields are compared.
    """
    return finder(kind, field)(texts)


def finder(kind: TraitKind, field: str) -> Callable[[Iterable[str]], list[str]]:
    """What ``keys`` does, with all that depends on the trait decided once: an import asks for each of its rows."""
    if kind in NAMES:
        return lambda texts: [key for name in _names(kind, texts) for key in name.keys]
    mark = f"{SIGNS[kind]}:{field}:" if kind in {TraitKind.TEXT, TraitKind.NUMBER} else f"{SIGNS[kind]}:"
    form = FORMS[kind]
    return lambda texts: [mark + value for value in dict.fromkeys(map(form, texts)) if value]


def _names(kind: TraitKind, texts: Iterable[str]) -> list[names.Name]:
    read = names.person if kind == TraitKind.NAME else names.company
    return [name for text in texts if (name := read(text)) is not None]


def email(text: str) -> str:
    """In small letters, without what stands behind a plus sign: both go into the same mailbox."""
    local, at, host = text.strip().lower().partition("@")
    return f"{local.partition('+')[0]}@{host}" if at and local and host else ""


def phone(text: str) -> str:
    """E.164 without an extension; of what is no number of any country the digits."""
    number = text.partition(";")[0]
    digits = _NOT_DIGITS.sub("", number)
    return (f"+{digits}" if number.startswith("+") else digits) if len(digits) >= SHORTEST_PHONE else ""


def number(text: str) -> str:
    """Letters and digits."""
    found = _NOT_LETTERS.sub("", fold(text))
    return found if len(found) >= SHORTEST_NUMBER else ""


def domain(text: str) -> str:
    """The host of a web or e-mail address, unless everybody may have an address there."""
    address = text.strip().lower().rpartition("@")[2]
    host = urlsplit(address if "//" in address else f"//{address}").netloc.partition(":")[0].removeprefix("www.").strip(".")
    return host if "." in host and host not in free_hosts() else ""


def plain(text: str) -> str:
    """Folded, without anything but letters and digits."""
    return " ".join(_NOT_LETTERS.sub(" ", fold(text)).split())


@cache
def free_hosts() -> frozenset[str]:
    """Where everybody may have an address, and the names that stand for nobody (RFC 2606)."""
    return frozenset((Path(__file__).parent / "free_hosts.txt").read_text(encoding="utf-8").split())


FORMS: dict[TraitKind, Callable[[str], str]] = {
    TraitKind.EMAIL: email,
    TraitKind.PHONE: phone,
    TraitKind.NUMBER: number,
    TraitKind.DOMAIN: domain,
    TraitKind.DATE: str.strip,
    TraitKind.TEXT: plain,
}
SIGNS = {TraitKind.EMAIL: "e", TraitKind.PHONE: "p", TraitKind.NUMBER: "r", TraitKind.DOMAIN: "d", TraitKind.DATE: "y", TraitKind.TEXT: "t"}
