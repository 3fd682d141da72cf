"""How well pairs are found in sets of which it is known what is the same: precision and recall, as a table.

Each set is brought under a rule as a company would write it for such records; nothing is learnt from the answers.
"""

from __future__ import annotations

import csv
import lzma
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from renmai.kernel.matching.batch import Sketch, pairs
from renmai.kernel.matching.rule import Rule, Strength, TraitKind, rule
from renmai.kernel.matching.values import keys, values

Row = dict[str, str]
Pairs = set[frozenset[str]]
NAME, TEXT, DATE, NUMBER = TraitKind.NAME, TraitKind.TEXT, TraitKind.DATE, TraitKind.NUMBER
STRONG, FAIR, SLIGHT = Strength.STRONG, Strength.FAIR, Strength.SLIGHT
PEOPLE = rule(
    (NAME, "name", STRONG),
    (TraitKind.EMAIL, "email", Strength.DECISIVE),
    weighing=((DATE, "born", STRONG), (TEXT, "city", SLIGHT)),
)
RESIDENTS = rule(
    (NAME, "name", STRONG),
    (NUMBER, "number", Strength.DECISIVE),
    weighing=((DATE, "born", STRONG), (TEXT, "street", FAIR), (TEXT, "city", FAIR), (TEXT, "postcode", SLIGHT)),
)
RESTAURANTS = rule(
    (TraitKind.PHONE, "phone", STRONG), (TraitKind.COMPANY, "name", STRONG), weighing=((TEXT, "street", FAIR), (TEXT, "city", SLIGHT))
)
GOODS = rule((NUMBER, "code", Strength.DECISIVE), (TraitKind.COMPANY, "name", STRONG), weighing=((TEXT, "price", SLIGHT),))


@dataclass(frozen=True)
class Labelled:
    """A set: its rows by id, and which pairs are the same; ``counts`` tells which pairs are looked at."""

    name: str
    rule: Rule
    rows: dict[str, Row]
    same: Pairs
    counts: Callable[[str, str], bool] = lambda one, other: True


@dataclass(frozen=True)
class Measured:
    """What came out: numbers of pairs, and seconds."""

    name: str
    records: int
    same: int
    found: int
    right: int
    seconds: float

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of what is the same that was found."""
        return self.right / self.same if self.same else 0.0


def measure(labelled: Labelled) -> Measured:
    """Find the pairs that are rather the same than not, and compare them with what is known."""
    began = time.perf_counter()
    found = {frozenset((pair.one, pair.other)) for pair in pairs(labelled.rule, _sketches(labelled))}
    found = {pair for pair in found if labelled.counts(*sorted(pair))}
    seconds = time.perf_counter() - began
    return Measured(labelled.name, len(labelled.rows), len(labelled.same), len(found), len(found & labelled.same), seconds)


def _sketches(labelled: Labelled) -> Iterator[Sketch]:
    for key, row in labelled.rows.items():
        texts = [[row[name] for name in trait.fields if row.get(name)] for trait in labelled.rule.traits]
        drawn = tuple(values(trait.kind, given) for trait, given in zip(labelled.rule.traits, texts, strict=True))
        found = [
            key
            for trait, given in zip(labelled.rule.traits, texts, strict=True)
            if trait.finds
            for key in keys(trait.kind, given, trait.fields[0])
        ]
        yield Sketch(key, drawn, found)


def sets(folder: Path) -> Iterator[Labelled]:
    """The sets that lie in a folder; those that do not are left out."""
    for name, read in READERS.items():
        if (folder / name).is_dir():
            yield from read(folder / name)


def read(path: Path, delimiter: str = ",") -> list[Row]:
    """The rows of a file, compressed by xz where its name says so."""
    opened = lzma.open if path.suffix == ".xz" else open
    with opened(path, "rt", encoding="utf-8-sig", errors="replace", newline="") as lines:
        return [
            {str(name).strip(): (value or "").strip() for name, value in row.items() if isinstance(value, str)}
            for row in csv.DictReader(lines, delimiter=delimiter)
        ]


def _clusters(of: Iterable[tuple[str, str]]) -> Pairs:
    """All pairs of ids with the same cluster."""
    members: dict[str, list[str]] = defaultdict(list)
    for key, cluster in of:
        members[cluster].append(key)
    return {frozenset(pair) for some in members.values() for pair in combinations(some, 2)}


def _febrl(folder: Path) -> Iterator[Labelled]:
    for path in sorted(folder.iterdir()):
        rows = {
            row["rec_id"]: {
                "name": f"{row['given_name']} {row['surname']}",
                "number": row["soc_sec_id"],
                "born": row["date_of_birth"],
                "street": f"{row['street_number']} {row['address_1']}",
                "city": row["suburb"],
                "postcode": row["postcode"],
            }
            for row in read(path)
        }
        yield Labelled(f"febrl {path.name.partition('.')[0]}", RESIDENTS, rows, _clusters((key, key.split("-")[1]) for key in rows))


def _rldata(folder: Path) -> Iterator[Labelled]:
    known = [line.strip() for line in (folder / "identity.RLdata500.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    rows = {}
    for place, row in enumerate(read(folder / "RLdata500.tsv", "\t")):
        words = [row[name] for name in ("fname_c1", "fname_c2", "lname_c1", "lname_c2") if row[name] != "NA"]
        rows[str(place)] = {"name": " ".join(words), "born": f"{row['by']}-{int(row['bm']):02}-{int(row['bd']):02}"}
    yield Labelled("rldata500", PEOPLE, rows, _clusters(zip(rows, known, strict=True)))


def _fake(folder: Path) -> Iterator[Labelled]:
    found = read(folder / "fake_1000.csv")
    rows = {
        row["unique_id"]: {"name": f"{row['first_name']} {row['surname']}", "email": row["email"], "born": row["dob"], "city": row["city"]}
        for row in found
    }
    yield Labelled("splink fake_1000", PEOPLE, rows, _clusters((row["unique_id"], row["cluster"]) for row in found))


def _restaurants(folder: Path) -> Iterator[Labelled]:
    rows = {
        f"{side[0]}{row['id']}": {"phone": row["phone"], "name": row["name"], "street": row["addr"], "city": row["city"]}
        for side in ("fodors", "zagats")
        for row in read(folder / f"{side}.csv")
    }
    same = {frozenset((f"f{row['fodors_id']}", f"z{row['zagats_id']}")) for row in read(folder / "matches_fodors_zagats.csv")}
    yield Labelled("fodors zagats", RESTAURANTS, rows, same, _across)


def _goods(folder: Path) -> Iterator[Labelled]:
    rows = {}
    for side, path in (("a", "abt.csv.xz"), ("b", "buy.csv")):
        for row in read(folder / path, "|"):
            code = max(row["name"].split(), key=lambda word: (any(map(str.isdigit, word)), len(word)), default="")
            rows[f"{side}{row['id']}"] = {"name": row["name"], "code": code, "price": row["price"]}
    same = {frozenset((f"a{row['D1']}", f"b{row['D2']}")) for row in read(folder / "gt.csv", "|")}
    yield Labelled("abt buy", GOODS, rows, same, _across)


def _across(one: str, other: str) -> bool:
    """One of each side."""
    return one[0] != other[0]


READERS: dict[str, Callable[[Path], Iterator[Labelled]]] = {
    "febrl": _febrl,
    "rldata": _rldata,
    "splink_fake_1000": _fake,
    "fodors_zagats": _restaurants,
    "abt_buy": _goods,
}
