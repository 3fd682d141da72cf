"""Portions of work done side by side: while one waits for the database, another makes itself ready."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from itertools import islice
from typing import TypeVar

from django.db import OperationalError, connection, connections
from psycopg.errors import DeadlockDetected

Portion = TypeVar("Portion")
Result = TypeVar("Result")

AT_ONCE = 2  # a third finds no core free, and the lists that people open meanwhile wait for it
TRIES = 5


def abreast(do: Callable[[Portion], Result], portions: Iterable[Portion]) -> Iterator[Result]:
    """What becomes of each portion, in the order in which they end.

    Inside a transaction, whose rows no other connection sees, one follows the other.

    Args:
        do: works on a portion, in a transaction of its own and with the connection of its thread. Where the database ends that so that
            another can go on, it is called again.
        portions: independent of each other; read no earlier than they are needed.

    Raises:
        Exception: whatever ``do`` raises; then no other is begun, and those under way come to their end.
    """
    if connection.in_atomic_block or (os.cpu_count() or 1) == 1:
        yield from (_persistent(do, portion) for portion in portions)
        return
    rest = iter(portions)
    with ThreadPoolExecutor(AT_ONCE, "abreast") as threads:
        running: set[Future[Result]] = set()
        while running := running | {
            threads.submit(copy_context().run, _apart, do, portion) for portion in islice(rest, AT_ONCE - len(running))
        }:
            ended, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (one.result() for one in ended)


def _apart(do: Callable[[Portion], Result], portion: Portion) -> Result:
    """Do it in a thread, which keeps no connection for itself."""
    try:
        return _persistent(do, portion)
    finally:
        connections.close_all()


def _persistent(do: Callable[[Portion], Result], portion: Portion) -> Result:
    for _refused in range(TRIES - 1):
        try:
            return do(portion)
        except OperationalError as problem:
            if not isinstance(problem.__cause__, DeadlockDetected):
                raise
    return do(portion)
