"""Address books as vCards, 2.1, 3.0 and 4.0, read as a table with the columns of a Google contacts file.

Written here because the library that reads them broke off at two of the nine files of telephones that we have: pictures that are not
folded, and lines that are cut in the middle of a quoted-printable character.
"""

from __future__ import annotations

import quopri
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO

KINDS = {"CELL": "mobile", "FAX": "fax", "HOME": "home", "WORK": "work"}
GENDERS = {"M": "male", "F": "female", "O": "other"}
SINGLE = ["Full Name", "Last Name", "First Name", "Middle Name", "Name Prefix", "Nickname", "Organization Name", "Organization Department"]
SINGLE += ["Organization Title", "Birthday", "Gender", "Labels", "Notes", "Website", "UID", "Photo"]
REPEATED = {
    "E-mail": ["Value", "Label"],
    "Phone": ["Value", "Label"],
    "Address": ["Street", "City", "Region", "Postal Code", "Country"],
}
ENCODINGS = {b"QUOTED-PRINTABLE", b"BASE64", b"B"}

_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?\s*BEGIN:VCARD\b", re.IGNORECASE)
_PROPERTY = re.compile(rb'((?:[^:"]|"[^"]*")*):(.*)', re.DOTALL)
_PARAMETER = re.compile(rb'(?:[^;"]|"[^"]*")+')
_SEMICOLON = re.compile(r"(?<!\\);")
_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:T.*)?")

Card = list["Property"]


@dataclass(frozen=True, slots=True)
class Property:
    """One line of a card.

    Attributes:
        name: without its group, in upper case.
        types: of what type it is, in upper case; ``PREF`` among them for the one that is preferred.
        parts: its value, cut where it is structured.
    """

    name: str
    types: frozenset[str]
    parts: list[str]

    @property
    def text(self) -> str:
        return self.parts[0]

    @property
    def kind(self) -> str:
        """What an address or a number is for, as an address book says it; the preferred one has a star."""
        kind = next((word for name, word in KINDS.items() if name in self.types), "other" if self.name == "EMAIL" else "work")
        return f"* {kind}" if "PREF" in self.types else kind


def is_vcard(path: Path) -> bool:
    """A file of cards, by how it begins."""
    with path.open("rb") as file:
        head = file.read(200)
    return bool(_BEGINS.match(head) or _BEGINS.match(head.replace(b"\0", b"")[-198:].lstrip(b"\xff\xfe")))


def table(path: Path, encoding: str) -> Iterator[list[str]]:
    """The names of the columns, then a row for each card.

    Args:
        encoding: Python's name, for what names none itself.
    """
    most: Counter[str] = Counter()
    for card in cards(path, encoding):
        most |= Counter(name for row in [_repeated(card)] for name, entries in row.items() for _entry in entries)
    repeated = [(name, number, part) for name, parts in REPEATED.items() for number in range(1, most[name] + 1) for part in parts]
    yield [*SINGLE, *(f"{name} {number} - {part}" for name, number, part in repeated)]
    for card in cards(path, encoding):
        entries = _repeated(card)
        told = [entries[name][number - 1].get(part, "") if number <= len(entries[name]) else "" for name, number, part in repeated]
        yield [*map(_single(card).__getitem__, SINGLE), *told]


def cards(path: Path, encoding: str) -> Iterator[Card]:
    """Every card that ends; a card within another one is part of it and left out."""
    depth, card, version = 0, Card(), b""
    with path.open("rb") as file:
        for line in _unfolded(_as_bytes(file, encoding)):
            mark = line.strip().upper()
            if mark == b"BEGIN:VCARD":
                depth, card = depth + 1, card if depth else []
            elif mark == b"END:VCARD" and depth:
                depth -= 1
                if not depth:
                    yield card
            elif depth == 1:
                version = mark.partition(b":")[2] if mark.startswith(b"VERSION:") else version
                card += _property(line, "utf-8" if encoding.startswith("utf") else encoding, old=version == b"2.1")


def _as_bytes(file: BinaryIO, encoding: str) -> Iterable[bytes]:
    """Lines in which ASCII is ASCII, since the values of one file may be in several encodings."""
    if not encoding.startswith(("utf-16", "utf-32")):
        return file
    return (line.encode() for line in TextIOWrapper(file, encoding, errors="replace"))


def _unfolded(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Whole lines: what goes on is indented, stands behind the sign of a soft break, or names no property, as pictures do."""
    whole = b""
    for line in lines:
        line = line.rstrip(b"\r\n")
        if whole.endswith(b"=") and b"QUOTED-PRINTABLE" in whole.partition(b":")[0].upper():
            whole = whole[:-1] + line
        elif whole and line[:1] in {b" ", b"\t"}:
            whole += line[1:]
        elif whole and line and b":" not in line:
            whole += line
        else:
            yield whole
            whole = line
    yield whole


def _property(line: bytes, encoding: str, *, old: bool) -> list[Property]:
    """The property of a line, if it is one.

    Args:
        old: of a card 2.1, in which only semicolons are escaped.
    """
    found = _PROPERTY.fullmatch(line)
    if found is None:
        return []
    name, *given = _PARAMETER.findall(found[1]) or [b""]
    pairs = [
        part.partition(b"=") if b"=" in part else (b"ENCODING" if part.upper() in ENCODINGS else b"TYPE", b"=", part) for part in given
    ]
    named = {key.strip().upper(): value.strip(b' "') for key, _sign, value in pairs}
    types = {
        kind
        for key, _sign, value in pairs
        if key.upper() == b"TYPE"
        for kind in value.strip(b'"').upper().decode("ascii", "replace").split(",")
    }
    preferred = {"PREF"} if b"PREF" in named else set()
    value = quopri.decodestring(found[2]) if named.get(b"ENCODING", b"").upper() == b"QUOTED-PRINTABLE" else found[2]
    parts = [
        _plain(part, old=old) for part in _SEMICOLON.split(_decoded(value, named.get(b"CHARSET", b"").decode("ascii", "replace"), encoding))
    ]
    return [Property(name.rpartition(b".")[2].decode("ascii", "replace").upper(), frozenset(types | preferred), parts)]


def _decoded(value: bytes, told: str, encoding: str) -> str:
    for name in filter(None, (told, "utf-8", encoding)):
        try:
            return value.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    return value.decode("cp1252" if encoding == "utf-8" else encoding, "replace")


def _plain(text: str, *, old: bool) -> str:
    if old:
        return text.replace("\\;", ";").replace("\\,", ",").strip()
    return re.sub(r"\\(.)", lambda sign: "\n" if sign[1] in "nN" else sign[1], text).strip()


def _single(card: Card) -> dict[str, str]:
    """What a card says once."""
    first = {prop.name: prop for prop in reversed(card)}

    def text(name: str, at: int = 0) -> str:
        prop = first.get(name)
        return prop.parts[at].replace(",", " ") if prop and name == "N" and at < len(prop.parts) else _at(prop.parts, at) if prop else ""

    birthday = _DAY.fullmatch(text("BDAY"))
    gender = text("GENDER")[:1].upper()
    names = ["FN", "N", "N", "N", "N", "NICKNAME", "ORG", "ORG"]
    told = [text(name, at) for name, at in zip(names, [0, 0, 1, 2, 3, 0, 0, 1], strict=True)]
    told[0] = told[0] or ("" if any(told[1:4]) else next(filter(None, (text("ORG"), text("EMAIL"), text("TEL"))), ""))
    told += [text("TITLE") or text("ROLE"), "-".join(birthday.groups()) if birthday else "", GENDERS.get(gender, "")]
    told += [_joined(card, "CATEGORIES", ","), _joined(card, "NOTE", "\n\n"), ";".join(first["URL"].parts) if "URL" in first else ""]
    return dict(zip(SINGLE, [*told, text("UID"), "…" if "PHOTO" in first else ""], strict=True))


def _at(parts: list[str], at: int) -> str:
    return parts[at] if at < len(parts) else ""


def _joined(card: Card, name: str, sign: str) -> str:
    """A text may hold a semicolon that nobody escaped."""
    return sign.join(";".join(prop.parts) for prop in card if prop.name == name)


def _repeated(card: Card) -> dict[str, list[dict[str, str]]]:
    """What a card says several times."""
    return {
        "E-mail": [{"Value": prop.text, "Label": prop.kind} for prop in card if prop.name == "EMAIL" and prop.text],
        "Phone": [{"Value": _number(prop), "Label": prop.kind} for prop in card if prop.name == "TEL" and prop.text],
        "Address": [found for prop in card if prop.name == "ADR" and any(found := _address(prop)) and any(found.values())],
    }


def _number(prop: Property) -> str:
    """A telephone number may be written as an address of its own, with its extension."""
    return re.sub(r"^tel:", "", ";".join(prop.parts), flags=re.IGNORECASE)


def _address(prop: Property) -> dict[str, str]:
    """A place, from post-office box and room to country."""
    parts = [*prop.parts, *[""] * 7][:7]
    street = "\n".join(filter(None, parts[:3]))
    return dict(zip(REPEATED["Address"], [street, *parts[3:]], strict=True))
