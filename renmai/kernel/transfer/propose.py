"""Which field each column of a file is meant for, and how its texts are to be read.

A proposal is made by name first: the field's own name, its label in every language, and what other systems call it
(``synonyms.toml`` of each domain). Content can veto a name, and speaks for itself only where it is beyond doubt.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from renmai.kernel.records.custom import first_field
from renmai.kernel.records.types import registry
from renmai.kernel.transfer.dates import find_era, find_order, looks_like_date
from renmai.kernel.transfer.read import Found
from renmai.kernel.transfer.values import BLANKS, NAMED, NAMES_TOO, Reading, Taken, as_text, find_decimal
from renmai.kernel.transfer.workbook import Cell

if TYPE_CHECKING:
    from renmai.kernel.records.spec import FieldSpec
    from renmai.kernel.records.types import RecordType

BELIEVED = 0.6
NOT_FROM_FILES = frozenset({"deleted_at", "deleted_by", "title"})
NUMERIC = frozenset({"integer", "decimal", "money", "percent"})
DATED = frozenset({"date", "moment"})
SOURCE = "import"
NUMBERED = 9

_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[A-Za-z\u0e00-\u9fff]{2,}")
_PHONE = re.compile(r"\+?[\d\s().\-/]{7,20}(?:\s*(?:x|ext\.?|转|分機|ต่อ)\s*\d+)?")
_ADDRESS_OF_A_MACHINE = re.compile(r"\d{1,3}(\.\d{1,3}){3}")
_URL = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")
_NOISE = re.compile(r"[^\w\u0e00-\u0e7f]+|_")


@dataclass(frozen=True)
class Column:
    """One column of the file and what is proposed for it.

    Attributes:
        field: Name of the field, with a part behind a point where a field has parts (``about.people``); empty to leave it out.
        examples: A few different texts of it.
        filled: Share of the sampled rows that have something in it.
    """

    header: str
    at: int
    field: str
    examples: list[str]
    filled: float


@dataclass(frozen=True)
class Proposal:
    """Columns with their fields, how to read them, and what has to be asked.

    Attributes:
        name_template: Makes the name where no column is one.
        questions: Setting of ``Reading`` that the sample leaves in doubt → sentence.
    """

    columns: list[Column]
    reading: Reading
    name_template: str = ""
    questions: dict[str, str] = field(default_factory=dict)

    @property
    def mapping(self) -> dict[str, str]:
        """Header → field, as in a map file."""
        return {column.header: column.field for column in self.columns if column.field}


def propose(rt: RecordType, found: Found) -> Proposal:
    """Propose a field for every column and a way to read the file.

    Args:
        rt: What the rows will become.
        found: The file, as looked at.
    """
    texts = {header: _texts(found.sample, at) for header, at in zip(found.header, found.columns, strict=True)}
    mapping = _by_name(rt, texts)
    nameless = found.layout.header_row == 0
    mapping |= _by_content(rt, {header: cells for header, cells in texts.items() if header not in mapping}, set(mapping.values()), nameless)
    reading, questions = propose_reading(rt, {header: texts[header] for header in mapping}, mapping)
    columns = [
        Column(header, at, mapping.get(header, ""), _examples(texts[header]), len(texts[header]) / max(1, len(found.sample)))
        for header, at in zip(found.header, found.columns, strict=True)
    ]
    return Proposal(columns, reading, propose_template(rt, mapping), questions)


def propose_template(rt: RecordType, mapping: Mapping[str, str]) -> str:
    """A name from what the rows link to, else from their e-mail, else from their id; empty where columns name the records."""
    heading = "name" if "name" in rt.fields else "subject"
    if set(mapping.values()) & {heading, *getattr(rt.model, "derived_from", {}).get(heading, ())} or not _is_required(rt, heading):
        return ""
    given = set(mapping.values())
    links = [
        name for name, spec in rt.fields.items() if name in given and spec.kind == "link" and spec.target and registry[spec.target].rail
    ]
    if links:
        return " – ".join(f"{{{name}}}" for name in links[:2])
    found_by = [name for name in rt.search if rt.fields[name].kind == "email"]  # a town finds a record and names none
    others = [name for name in [*rt.columns, *found_by] if name in given and rt.fields[name].kind in {"text", "email"}] + sorted(
        name for name in given if name.startswith("external_ids.")
    )
    return f"{{{others[0]}}}" if others else ""


def _is_required(rt: RecordType, name: str) -> bool:
    return name in rt.fields and rt.fields[name].required


def propose_reading(rt: RecordType, texts: dict[str, list[str]], mapping: dict[str, str]) -> tuple[Reading, dict[str, str]]:
    """How dates and numbers of the mapped columns are written, and which of it is in doubt."""
    dates = [text for header in mapping if _kind(rt, mapping[header]) in DATED for text in texts[header] if any(map(str.isdigit, text))]
    numbers = [text for header in mapping if _kind(rt, mapping[header]) in NUMERIC for text in texts[header]]
    questions: dict[str, str] = {}
    order, doubtful = find_order(dates)
    if doubtful:
        questions["date_order"] = _("Does the day or the month come first in dates such as “%(text)s”?") % {"text": dates[0]}
    era = find_era(dates)
    if era is None:
        questions["era"] = _("How are years counted? The dates have years of more than one era.")
    elif era != "ce":
        questions["era"] = _("Years such as in “%(text)s” are taken as years of another era.") % {"text": dates[0]}
    decimal = find_decimal(numbers)
    if decimal is None:
        questions["decimal"] = _("Which sign stands before decimals? The numbers can be read in two ways.")
    named = (text for header in mapping if _kind(rt, mapping[header]) in NAMED for text in texts[header] if text.casefold() in NAMES_TOO)
    if word := next(named, ""):
        told = _(
            "“%(text)s” stays as it is, as the name of a person or a place. If it means nothing, add it to the words that mean nothing."
        )
        questions["blanks"] = told % {"text": word}
    return Reading(date_order=order, era=era or "ce", decimal=decimal or "."), questions


def fields_of(rt: RecordType) -> dict[str, FieldSpec]:
    """The fields a file may fill: editable ones, and the dates and the author that an imported record keeps of its life elsewhere."""
    closed = NOT_FROM_FILES | {spec.name for spec in (*rt.computed, *rt.of_kind("file"))}
    return {
        name: spec
        for name, spec in rt.fields.items()
        if name not in closed and (spec.editable or spec.kind in DATED or name == "created_by")
    }


def plain(name: str) -> str:
    """A header without case, accents, punctuation and spaces."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    return _NOISE.sub("", "".join(char for char in folded if not unicodedata.combining(char) or "\u0e00" <= char <= "\u0e7f"))


# --- by name


def _by_name(rt: RecordType, texts: dict[str, list[str]]) -> dict[str, str]:
    names = known_names(rt)
    claims = sorted(
        (claim for header in texts for claim in _claims(rt, header, texts[header], names) if _content_allows(rt, claim[1], texts[header])),
        key=lambda claim: -claim[0],
    )
    mapping: dict[str, str] = {}
    taken: set[str] = set()
    for _score, target, header in claims:
        if header not in mapping and (target not in taken or _kind(rt, target) == "abouts"):
            mapping[header] = target
            taken.add(target)
    return {header: mapping[header] for header in texts if header in mapping}


def _claims(rt: RecordType, header: str, cells: list[str], names: dict[str, tuple[float, str]]) -> Iterator[tuple[float, str, str]]:
    """What a header may mean, best first: as it stands, in two languages, then without the noun before or a remark behind it."""
    whole = plain(header)
    if header == "id" and all(map(_UUID.fullmatch, cells)):
        yield 1.2, "id", header
    elif whole in names:
        weight, target = names[whole]
        yield weight, target, header
    elif twice := _said_twice(header, names):
        yield 1.0, twice, header
    for short in {plain(re.sub(r"[(（\[].*?[)）\]]|\*", "", header)), _without_noun(rt, header)} - {whole, ""}:
        if short in names:
            weight, target = names[short]
            yield weight - 0.2, target, header


def _said_twice(header: str, names: dict[str, tuple[float, str]]) -> str:
    """The field of a header such as “Name / 姓名”, whose parts all mean it."""
    targets = [names.get(plain(part), (0.0, ""))[1] for part in re.split(r"[/／|｜\n]", header)]
    return targets[0] if len(targets) > 1 and len(set(targets)) == 1 else ""


def _without_noun(rt: RecordType, header: str) -> str:
    words = re.split(r"[\s_\-:.]+", header.strip())
    nouns = {plain(str(rt.label)), plain(rt.noun), plain(rt.slug), *synonyms().get(rt.slug, {}).get("noun", [])}
    return plain(" ".join(words[1:])) if len(words) > 1 and plain(words[0]) in nouns else ""


def known_names(rt: RecordType) -> dict[str, tuple[float, str]]:
    """Every name of every field of a type, with how surely it means that field: own names before those of other systems.

    What the company itself calls a field of its own comes before what others mean by the word.
    """
    allowed = fields_of(rt)
    labels, own = _labels(allowed, 1.0), _labels({name: spec for name, spec in allowed.items() if name in rt.custom}, 1.05)
    everywhere, here = _told("*", allowed), _told(rt.slug, allowed)
    ids = {plain(f"{name}.id"): (1.2, f"{name}.id") for name, spec in allowed.items() if spec.kind == "link"}
    return everywhere | labels | here | own | ids | {plain(name): (1.1, name) for name in allowed}


def _labels(specs: dict[str, FieldSpec], weight: float) -> dict[str, tuple[float, str]]:
    """What the fields are called in every language."""
    found: dict[str, tuple[float, str]] = {}
    for code, _language in settings.LANGUAGES:
        with override(code):
            found = {plain(str(spec.label)): (weight, name) for name, spec in reversed(specs.items())} | found
    return found


def _told(slug: str, allowed: Mapping[str, object]) -> dict[str, tuple[float, str]]:
    """What other systems call the fields of a type; of two names in one file the one listed earlier is meant more surely."""
    return {
        other: (1.0 - 0.01 * at, target)
        for target, others in synonyms().get(slug, {}).items()
        if target.split(".")[0] in allowed or registry.get(target) is not None
        for at, other in enumerate(others)
    }


@cache
def synonyms() -> dict[str, dict[str, list[str]]]:
    """Type → field → what other systems call it, from ``synonyms.toml`` of the kernel and of every domain."""
    merged: dict[str, dict[str, list[str]]] = {}
    paths = [Path(__file__).parent, *(Path(config.path) for config in apps.get_app_configs())]
    for path in (folder / "synonyms.toml" for folder in paths):
        if path.exists():
            for slug, names in tomllib.loads(path.read_text("utf-8")).items():
                merged.setdefault(slug, {}).update({name: [plain(word) for word in words] for name, words in _numbered(names).items()})
    return merged


def _numbered(names: dict[str, list[str]]) -> dict[str, list[str]]:
    """Names with ``{n}`` stand for those with a number, as address books have several of each."""
    found: dict[str, list[str]] = {}
    for name, words in names.items():
        numbers = range(1, NUMBERED + 1) if "{n}" in name else [0]
        found |= {name.replace("{n}", str(number)): [word.replace("{n}", str(number)) for word in words] for number in numbers}
    return found


# --- by content


def _content_allows(rt: RecordType, target: str, cells: list[str]) -> bool:
    """At least a third of the cells must be readable as the field; text fields take anything, an empty column is harmless."""
    kind = _kind(rt, target)
    if not cells:
        return True
    if target.endswith(".id"):
        return _share(_UUID, cells) == 1
    if kind == "email":
        return _share(_EMAIL, cells) > 1 / 3
    if kind in NUMERIC:
        return _readable(rt, target, cells) > 1 / 3
    if kind in DATED:
        return sum(map(looks_like_date, cells[:50])) / len(cells[:50]) > 1 / 3
    return True


def _readable(rt: RecordType, target: str, cells: list[str]) -> float:
    taken = [Taken(rt.fields[target], Reading(decimal=sign)) for sign in ".,"]
    return max(sum(_can(take, cell) for cell in cells[:50]) for take in taken) / len(cells[:50])


def _can(take: Taken, cell: str) -> bool:
    try:
        take(cell)
    except ValueError:
        return False
    return True


def _by_content(rt: RecordType, texts: dict[str, list[str]], taken: set[str], nameless: bool) -> dict[str, str]:
    """E-mail addresses and telephone numbers know where they belong; dates and web addresses only in a file without names."""
    mapping: dict[str, str] = {}
    for header, cells in texts.items():
        kind = content_kind(cells)
        free = [name for name, spec in fields_of(rt).items() if spec.kind == kind and name not in taken and spec.editable]
        if free and (kind in {"email", "phone"} or (nameless and len(free) == 1)):
            mapping[header] = free[0]
            taken.add(free[0])
    return mapping


def content_kind(cells: list[str]) -> str:
    """Kind of field that nearly all texts of a column speak for; empty when there is none."""
    if not cells:
        return ""
    if _share(_EMAIL, cells) > 0.8:
        return "email"
    if _share(_URL, cells) > 0.8:
        return "url"
    if sum(map(looks_like_date, cells[:50])) > 0.8 * len(cells[:50]):
        return "date"
    if (
        _share(_PHONE, cells) > 0.8
        and not _share(_ADDRESS_OF_A_MACHINE, cells)
        and sum(not cell.isdigit() or cell.startswith("0") for cell in cells) > 0.5 * len(cells)
    ):
        return "phone"
    return ""


def _share(pattern: re.Pattern[str], cells: list[str]) -> float:
    return sum(bool(pattern.fullmatch(cell)) for cell in cells) / len(cells)


def _kind(rt: RecordType, target: str) -> str:
    """Kind of a field by its name in a map file; a part such as ``about.people`` has the kind of the whole."""
    spec = rt.fields.get(target) or rt.fields.get(first_field(target)[0])
    return spec.kind if spec else ""


def _texts(sample: list[list[Cell]], at: int) -> list[str]:
    texts = (as_text(row[at]) for row in sample if at < len(row))
    return [text for text in texts if text and text.casefold() not in BLANKS]


def _examples(texts: Iterable[str]) -> list[str]:
    return [text[:60] for text in list(dict.fromkeys(texts))[:3]]
