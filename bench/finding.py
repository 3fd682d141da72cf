"""How well the search box finds: queries of three languages, judged by people, over records made for them."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.db import transaction

from renmai.kernel.access.user import Role, User
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.search.find import find

FOLDER = Path(__file__).with_name("found")
SHOWN = 10
LANGUAGES = ("zh", "th", "la")


class Judged(NamedTuple):
    """A query, and the records that a sensible person takes for an answer."""

    query: str
    language: str
    kind: str
    expected: frozenset[str]


class Score(NamedTuple):
    """How well queries are answered, from 0 to 1.

    Attributes:
        recall: of the records that answer, as many as fit among the first ten, the part that is there.
        precision: of the records that are there, the part that answers; 1 where rightly nothing is.
    """

    queries: int
    recall: float
    precision: float


def judged() -> list[Judged]:
    """All queries."""
    return [Judged(row["query"], row["language"], row["kind"], frozenset(row["expected"].split())) for row in _rows("queries.tsv")]


def told(language: str) -> dict[str, Any]:
    """The score of one language, as the bench shows it."""
    found = score(language)[language]
    return {"queries": found.queries, "recall@10": round(found.recall, 3), "precision@10": round(found.precision, 3)}


def score(language: str = "") -> dict[str, Score]:
    """Ask the queries of one language, or of all, in the search box, and forget the records.

    Returns:
        The score of each language, and of each kind of query in each language as ``language kind``.
    """
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    with transaction.atomic():
        by, named = _fill()
        for one in judged():
            if language not in {"", one.language}:
                continue
            answered = [name for hit in find(one.query, by, limit=SHOWN) if (name := named.get(str(hit.id)))]
            marks = marked(answered, one.expected)
            found[one.language].append(marks)
            found[f"{one.language} {one.kind}"].append(marks)
        transaction.set_rollback(True)
    return {name: Score(len(marks), *(sum(part) / len(marks) for part in zip(*marks, strict=True))) for name, marks in found.items()}


def marked(answered: list[str], expected: frozenset[str]) -> tuple[float, float]:
    """Recall and precision of one answer of at most ten records."""
    right = len(set(answered) & expected)
    return (right / min(len(expected), SHOWN) if expected else 1.0), (right / len(answered) if answered else float(not expected))


def records() -> Iterator[dict[str, str]]:
    """The records, a column each."""
    yield from _rows("records.tsv")


def _fill() -> tuple[User, dict[str, str]]:
    """The records, of a person who sees nobody else's; their names by id."""
    own = {"view": "own", "create": "all", "edit": "own"}
    by = User.objects.create(name="Finder", email="finder@bench.example.com")
    by.roles = [Role.objects.create(name="finder", rights={"*": own}).pk]
    by.save()
    named: dict[str, str] = {}
    accounts: dict[str, object] = {}
    for row in sorted(records(), key=lambda row: row["type"]):  # accounts come first
        values: dict[str, object] = {name: row[name] for name in ("name", "email", "phone", "city") if row[name]}
        if row["type"] == "leads":
            values["company"] = row["company"]
        elif row["company"]:
            values["account"] = accounts.get(row["company"])
        made = create(registry[row["type"]], values, by)
        named[str(made.pk)] = row["id"]
        if row["type"] == "accounts":
            accounts[row["name"]] = str(made.pk)
        if row["note"]:
            note = create(registry["notes"], {"body": row["note"], "about": [{"type": row["type"], "id": str(made.pk)}]}, by)
            named[str(note.pk)] = row["id"]
    return by, named


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
