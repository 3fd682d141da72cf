"""The batch in a process of its own: what DuckDB, Arrow and splink take of memory is given back when it ends.

Sketches go there and pairs come back as files of Arrow, portion by portion, so that neither side holds what the other works with.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from renmai.kernel.matching.batch import Found, Sketch, table, weighed
from renmai.kernel.matching.rule import Rule, Strength, Trait, TraitKind

if TYPE_CHECKING:
    import pyarrow as pa

AT_ONCE = 5_000
RULE, SKETCHES, PAIRS = "rule.json", "sketches.arrow", "pairs.arrow"


def pairs_apart(rule: Rule, sketches: Iterable[Sketch]) -> Iterator[Found]:
    """As ``batch.pairs``, in a process of its own.

    Raises:
        CalledProcessError: it did not come to an end.
    """
    import pyarrow as pa

    with TemporaryDirectory(prefix="renmai-pairs-") as place:
        folder = Path(place)
        (folder / RULE).write_text(json.dumps({"traits": _told(rule), "warn_from": rule.warn_from}), encoding="utf-8")
        if not _write(folder / SKETCHES, (table(rule, some) for some in _portions(sketches))):
            return
        subprocess.run([sys.executable, "-m", __spec__.name, place], check=True)
        with pa.OSFile(str(folder / PAIRS)) as source:
            for batch in pa.ipc.open_stream(source):
                for row in batch.to_pylist():
                    levels = {int(place): level for place, level in json.loads(row.pop("levels")).items()}
                    yield Found(**row, levels=levels)


def _told(rule: Rule) -> list[list[Any]]:
    return [[str(one.kind), list(one.fields), str(one.strength), one.finds] for one in rule.traits]


def _portions(found: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(found)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _write(path: Path, tables: Iterator[pa.Table]) -> bool:
    """Write tables of one shape one behind the other; False where there is none."""
    import pyarrow as pa

    first = next(tables, None)
    if first is None:
        return False
    with pa.OSFile(str(path), "wb") as target, pa.ipc.new_stream(target, first.schema) as stream:
        stream.write_table(first)
        for one in tables:
            stream.write_table(one)
    return True


def _compare(folder: Path) -> None:
    """In the process of its own: from the file of sketches to that of pairs."""
    import pyarrow as pa

    asked = json.loads((folder / RULE).read_text(encoding="utf-8"))
    traits = (Trait(TraitKind(kind), tuple(fields), Strength(strength), finds) for kind, fields, strength, finds in asked["traits"])
    rule = Rule(tuple(traits), asked["warn_from"])
    shape = pa.schema([("one", pa.string()), ("other", pa.string()), ("probability", pa.float64()), ("levels", pa.string())])
    with pa.memory_map(str(folder / SKETCHES)) as source:
        found = weighed(rule, pa.ipc.open_stream(source).read_all(), folder)
        tables = (pa.Table.from_pylist([_row(one) for one in some], shape) for some in _portions(found))
        _write(folder / PAIRS, tables) or _write(folder / PAIRS, iter([shape.empty_table()]))


def _row(found: Found) -> dict[str, Any]:
    return {**found._asdict(), "levels": json.dumps(found.levels)}


if __name__ == "__main__":
    _compare(Path(sys.argv[1]))
