"""Moves from other systems: the files of an export recognised by their names and columns, mapped, and put into an order.

What a system writes stands in ``renmai/moves/<system>.toml``: of each file its columns, values and what else a map may say. Columns that
are not named there are proposed as for any file.
"""

from __future__ import annotations

import tomllib
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

import renmai
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.transfer.plan import Plan, target_of
from renmai.kernel.transfer.propose import Proposal, plain, propose
from renmai.kernel.transfer.read import WORKBOOKS, Found, Unreadable, look

if TYPE_CHECKING:
    from renmai.kernel.records.spec import FieldSpec

TABLES = {".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods"}
LARGEST = 8 * 1024**3
MOST_FILES = 500
NAMED, COLUMN = 3, 1


@dataclass(frozen=True)
class Sheet:
    """A file as a system writes it.

    Attributes:
        type: slug of what its rows become.
        names: patterns of its name without suffix, in lower case.
        needs: columns by which it is known.
        told: what a map may say of it: columns, values, defaults and the like; headers as the system writes them.
    """

    system: str
    type: str
    names: list[str]
    needs: list[str]
    told: Mapping[str, Any]

    def fits(self, stem: str, header: Iterable[str]) -> int:
        """How surely a file is this one; 0 where a column is missing by which it is known."""
        there = {plain(name) for name in header}
        if not {plain(name) for name in self.needs} <= there:
            return 0
        known = sum(plain(name) in there for name in self.told.get("columns", {}))
        return NAMED * any(fnmatch(stem, pattern) for pattern in self.names) + COLUMN * known


@dataclass(frozen=True)
class System:
    """Another system, with its files in the order in which they go in."""

    name: str
    title: str
    sheets: list[Sheet]


@dataclass
class Part:
    """A file that is recognised.

    Attributes:
        path: where it lies.
        proposal: what would be proposed without knowing the system.
    """

    path: Path
    sheet: Sheet
    found: Found
    plan: Plan
    proposal: Proposal

    @property
    def kind(self) -> RecordType:
        return registry[self.sheet.type]

    @property
    def left(self) -> list[str]:
        """Columns that hold something and are left out."""
        return [column.header for column in self.proposal.columns if column.filled and column.header not in self.plan.columns]


@dataclass
class Move:
    """What the files of an export are.

    Attributes:
        parts: in the order in which they go in.
        unknown: names of files that are none of the system's.
    """

    system: System
    parts: list[Part]
    unknown: list[str] = field(default_factory=list)


@cache
def systems() -> dict[str, System]:
    """Every system whose exports are known, by name."""
    return {path.stem: _system(path) for path in sorted((Path(renmai.__file__).parent / "moves").glob("*.toml"))}


def _system(path: Path) -> System:
    told = tomllib.loads(path.read_text("utf-8"))
    shared = told.get("every", {})
    sheets = [
        Sheet(
            path.stem,
            one["type"],
            one.get("names", []),
            one.get("needs", []),
            {name: _merged(shared, one, name) for name in {*shared, *one}},
        )
        for one in told["file"]
    ]
    return System(path.stem, told["title"], sheets)


def _merged(shared: Mapping[str, Any], one: Mapping[str, Any], name: str) -> Any:
    """What holds for every file of a system, with what a file says itself."""
    if isinstance(shared.get(name), dict):
        return {**shared[name], **one.get(name, {})}
    return one.get(name, shared.get(name))


@contextmanager
def opened(path: Path) -> Iterator[list[Path]]:
    """The tables of a folder or an archive; those of an archive go when this ends.

    Raises:
        Unreadable: the archive is broken, or holds more than anybody exports.
    """
    if path.is_dir():
        yield sorted(one for one in path.rglob("*") if one.is_file() and one.suffix.lower() in TABLES)
        return
    with TemporaryDirectory() as folder:
        yield _extracted(path, Path(folder))


def _extracted(path: Path, folder: Path) -> list[Path]:
    try:
        with zipfile.ZipFile(path) as archive:
            wanted = [one for one in archive.infolist() if not one.is_dir() and Path(one.filename).suffix.lower() in TABLES]
            if len(wanted) > MOST_FILES or sum(one.file_size for one in wanted) > LARGEST:
                raise Unreadable(_("The archive holds more than can be taken in at once."))
            return [Path(archive.extract(one, folder)) for one in wanted if not Path(one.filename).name.startswith(".")]
    except (zipfile.BadZipFile, OSError, RuntimeError) as problem:
        raise Unreadable(_("The archive cannot be opened: %(reason)s") % {"reason": problem}) from None


def is_archive(path: Path, name: str = "") -> bool:
    """An archive of files, and no workbook, which is one inside."""
    return zipfile.is_zipfile(path) and Path(name or path.name).suffix.lower() not in WORKBOOKS


def recognise(paths: Iterable[Path]) -> Move | None:
    """Which system wrote the files, and what they become; None where no system did.

    Raises:
        Unreadable: a file is no table.
    """
    looked = {path: look(path) for path in paths if path.stat().st_size}
    scores = Counter(
        {
            name: sum(max((score for score, _sheet in _fitting(system, *pair)), default=0) for pair in looked.items())
            for name, system in systems().items()
        }
    )
    best = max(scores, key=lambda name: scores[name], default="")
    if not best or not scores[best]:
        return None
    system = systems()[best]
    chosen = {path: _chosen(system, path, found) for path, found in looked.items()}
    placed = [(system.sheets.index(sheet), path, sheet) for path, sheets in chosen.items() for sheet in sheets]
    parts = [part_of(sheet, path, looked[path]) for _place, path, sheet in sorted(placed, key=lambda one: one[:2])]
    return Move(system, parts, [path.name for path, sheets in chosen.items() if not sheets])


def _fitting(system: System, path: Path, found: Found) -> list[tuple[int, Sheet]]:
    scored = ((sheet.fits(path.stem.lower(), found.header), sheet) for sheet in system.sheets)
    return [(score, sheet) for score, sheet in scored if score > COLUMN]


def _chosen(system: System, path: Path, found: Found) -> list[Sheet]:
    """What a file is: the sheet that fits best, and others where its rows are told apart by a column."""
    fitting = _fitting(system, path, found)
    best = max(fitting, key=lambda pair: pair[0], default=None)
    if best is None:
        return []
    return [
        sheet
        for _score, sheet in fitting
        if sheet is best[1] or (sheet.told.get("only") and best[1].told.get("only") and sheet.names == best[1].names)
    ]


def part_of(sheet: Sheet, path: Path, found: Found) -> Part:
    """A file with its map: what is told of it, and for the columns that nothing is told of what is proposed."""
    kind = registry[sheet.type]
    proposal = propose(kind, found)
    told = sheet.told
    headers = {plain(header): header for header in found.header}
    columns = {headers[plain(name)]: target for name, target in told.get("columns", {}).items() if plain(name) in headers}
    taken = set(columns.values()) | {target.partition(".")[0] for target in columns.values() if _is_link(kind, target)}
    columns |= {
        header: target
        for header, target in proposal.mapping.items()
        if header not in columns and target not in taken and target.partition(".")[0] not in {"about", "external_ids", *_links(kind, taken)}
    }
    columns = {header: target for header, target in columns.items() if target and target_of(kind, target) is not None}
    key = [name for name in told.get("key", [f"external_ids.{sheet.system}"]) if name in columns.values()]
    plan = Plan.of(
        {
            **{name: told[name] for name in ("values", "defaults", "name_template", "only", "skip") if told.get(name)},
            "columns": columns,
            "key": key,
            "mode": "upsert" if key else "create",
            "make_missing": told.get("make_missing", []),
            "leave_missing": sorted({*told.get("leave_missing", []), *_unmade(kind, columns, told.get("make_missing", []))}),
            "reading": proposal.reading.as_json() | told.get("reading", {}),
        }
    )
    return Part(path, sheet, found, plan if plan.name_template else plan.with_(name_template=_template(kind, proposal, columns)), proposal)


def _template(kind: RecordType, proposal: Proposal, columns: Mapping[str, str]) -> str:
    """A name of other columns, where none is one."""
    heading = "name" if "name" in kind.fields else "subject"
    brought = {heading, *getattr(kind.model, "derived_from", {}).get(heading, ())}
    return "" if brought & set(columns.values()) else proposal.name_template


def _is_link(kind: RecordType, target: str) -> bool:
    spec: FieldSpec | None = kind.fields.get(target.partition(".")[0])
    return spec is not None and spec.kind == "link"


def _links(kind: RecordType, taken: set[str]) -> set[str]:
    """Links that have a column already, by id or by name."""
    return {name for name in taken if name in kind.fields and kind.fields[name].kind == "link"}


def _unmade(kind: RecordType, columns: Mapping[str, str], made: Iterable[str]) -> Iterator[str]:
    """Links to what is not made by its name: where the other system has deleted it, the link stays empty."""
    for target in columns.values():
        found = target_of(kind, target)
        if found is not None and found.links_to and found.links_to not in made:
            yield target
