"""New records settled by a second process while this one writes those before them: see docs/decisions/0113-imports-work-on-two-cores.md."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing.connection import Connection
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

import uuid_utils
from django.db import connections, models

from renmai.kernel.overlay.company import hold
from renmai.kernel.records.blank import differing, revived
from renmai.kernel.records.lines import Lines

if TYPE_CHECKING:
    from renmai.kernel.transfer.store_many import New

    Prepare = Callable[[New], object]

PORTION = 500
PATIENCE = 60  # seconds for a portion, which takes less than one
ITSELF = -1
Laid = tuple[type[models.Model], dict[str, Any], dict[str, int]]
Settled = tuple[str, Lines | None, tuple[Laid, dict[str, list[Laid]]] | None]


def portions(news: Sequence[New], prepare: Prepare, shared: Iterable[Any]) -> Iterator[Sequence[New]]:
    """All of them in their order, each settled or with its problem, a portion at a time.

    The first is settled here, so that what all of them need is remembered before the process is doubled.

    Args:
        prepare: settles one; where it asks the database it is called here, never beside.
        shared: rows to which records may be linked besides those that they are given.
    """
    rest = [news[at : at + PORTION] for at in range(PORTION, len(news), PORTION)]
    _each(prepare, news[:PORTION])
    helper = _Helper(rest, prepare, shared) if rest and _has_room() else None
    try:
        yield news[:PORTION]
        for portion in rest:
            if helper is None or not helper.settle(portion):
                _each(prepare, portion)
            yield portion
    finally:
        if helper is not None:
            helper.close()


def _has_room() -> bool:
    """There is a second core, and a process is doubled safely."""
    return sys.platform == "linux" and (os.cpu_count() or 1) > 1


def _each(prepare: Prepare, portion: Iterable[New]) -> None:
    for new in portion:
        prepare(new)


class _Helper:
    """A copy of this process that settles portions and lays them down in a file, which holds more than a pipe."""

    def __init__(self, rest: Sequence[Sequence[New]], prepare: Prepare, shared: Iterable[Any]) -> None:
        self.linked = _linked(rest, shared)
        self.file, self.read = TemporaryFile(), 0  # noqa: SIM115 (closed by close)
        context = multiprocessing.get_context("fork")
        self.hears, tells = context.Pipe(duplex=False)
        self.process = context.Process(target=self._work, args=(rest, prepare, tells), daemon=True)
        self.process.start()
        tells.close()

    def settle(self, portion: Sequence[New]) -> bool:
        """Take over the next portion; False where the copy did not settle it."""
        length = self._next_length()
        if not length:
            return False
        laid = pickle.loads(os.pread(self.file.fileno(), length, self.read))  # noqa: S301 (our own copy wrote it)
        self.read += length
        for new, (problem, written, record) in zip(portion, laid, strict=True):
            new.problem, new.lines = problem, written
            new.record = self._taken_up(*record) if record is not None else None
        return True

    def close(self) -> None:
        """End the copy, wherever it is."""
        self.process.kill()
        self.process.join()
        self.process.close()
        self.hears.close()
        self.file.close()

    def _next_length(self) -> int:
        try:
            return int(self.hears.recv()) if self.hears.poll(PATIENCE) else 0
        except (EOFError, OSError):
            return 0

    def _taken_up(self, own: Laid, staged: dict[str, list[Laid]]) -> Any:
        record = self._row(own, None)
        for name, rows in staged.items():
            record.keep_rows(name, [self._row(row, record) for row in rows])
        return record

    def _row(self, laid: Laid, document: Any) -> Any:
        model, held, links = laid
        row = revived(model, held)
        for name, place in links.items():
            row._state.fields_cache[name] = document if place == ITSELF else self.linked[place]
        return row

    # --- in the copy

    def _work(self, rest: Sequence[Sequence[New]], prepare: Prepare, tells: Connection) -> None:
        self.hears.close()  # so that writing ends when the one who reads has ended
        uuid_utils.reseed_rng()
        hold()
        gc.disable()
        for alias in connections:
            connections[alias].connection = _NoConnection()
        places = {id(row): place for place, row in enumerate(self.linked)}
        try:
            for portion in rest:
                _each(prepare, portion)
                laid = pickle.dumps([_settled(new, places) for new in portion], pickle.HIGHEST_PROTOCOL)
                self.file.write(laid)
                self.file.flush()
                tells.send(len(laid))
        except (_AsksDatabase, _Unknown, BrokenPipeError):
            os._exit(0)


class _AsksDatabase(BaseException):
    """The database is asked by the one whose connection it is; nothing on the way may take this for a problem of a row."""


class _Unknown(Exception):
    """A row is linked to what only the copy knows."""


class _NoConnection:
    """Stands where a connection was."""

    def __getattr__(self, name: str) -> Any:
        raise _AsksDatabase(name)


def _linked(portions: Iterable[Iterable[New]], shared: Iterable[Any]) -> list[Any]:
    """What records may be linked to, and what that is linked to; None among them."""
    given = [value for portion in portions for new in portion for value in new.values.values() if isinstance(value, models.Model)]
    rows = {id(row): row for row in [None, *shared, *given]}
    further = [other for row in rows.values() if row is not None for other in row._state.fields_cache.values()]
    return list((rows | {id(row): row for row in further}).values())


def _settled(new: New, places: dict[int, int]) -> Settled:
    """What became of one, which the copy then needs no more."""
    record, new.record = new.record, None
    if record is not None and new.lines is not None:
        record.__dict__.pop("search", None)  # the longest that it holds stands in its line
    return new.problem, new.lines, _laid_down(record, places) if record is not None else None


def _laid_down(record: Any, places: dict[int, int]) -> tuple[Laid, dict[str, list[Laid]]]:
    staged = record.__dict__.pop("_staged", {})
    return _row_down(record, record, places), {name: [_row_down(row, record, places) for row in rows] for name, rows in staged.items()}


def _row_down(row: Any, document: Any, places: dict[int, int]) -> Laid:
    links = {name: ITSELF if other is document else places.get(id(other), len(places)) for name, other in row._state.fields_cache.items()}
    if len(places) in links.values():
        raise _Unknown
    return type(row), differing(row), links
