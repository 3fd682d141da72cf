"""One look at the stream for everybody who listens, a few times a second, and only while somebody does."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any, TypeVar

import psycopg
from django.db import close_old_connections

from renmai.kernel.live.audience import Audience
from renmai.kernel.live.stream import Notice, Stream

EVERY = 0.2
AFTER_TROUBLE = 2.0
WAITING_AT_MOST = 100
EVERYTHING = b'data: {"all": true}\n\n'
T = TypeVar("T")
log = logging.getLogger(__name__)


class Listener:
    """One open page.

    Attributes:
        person: id of who looks at it.
        letters: what is to be sent.
    """

    def __init__(self, person: Any) -> None:
        self.person = person
        self.letters: asyncio.Queue[bytes] = asyncio.Queue(WAITING_AT_MOST)

    def give(self, letter: bytes) -> None:
        """Have it sent; a page that is too slow is told to look at everything instead."""
        if self.letters.full():
            while not self.letters.empty():
                self.letters.get_nowait()
            letter = EVERYTHING
        self.letters.put_nowait(letter)


class Hub:
    """Joins the stream and those who listen.

    Args:
        database: address of the database, without a pooler between.

    Attributes:
        hears: set once all that happens from then on is told; a page that is open before would never learn of what it has missed.
    """

    def __init__(self, database: str) -> None:
        self.database = database
        self.listeners: set[Listener] = set()
        self.audience = Audience()
        self.threads = ThreadPoolExecutor(2, "live")
        self.hears = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None

    async def ask(self, function: Callable[..., T], *given: Any) -> T:
        """Call something that uses Django's database, in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, _with_connection, function, *given)

    def join(self, person: Any) -> Listener:
        """A page was opened."""
        listener = Listener(person)
        self.listeners.add(listener)
        if self._looking is None or self._looking.done():
            self.hears.clear()
            self._looking = asyncio.create_task(self._look())
        return listener

    def leave(self, listener: Listener) -> None:
        """A page was closed."""
        self.listeners.discard(listener)

    async def _look(self) -> None:
        missed = False
        while self.listeners:
            try:
                async with await psycopg.AsyncConnection.connect(self.database, autocommit=True) as connection:
                    await self._follow(Stream(connection), missed=missed)
            except psycopg.OperationalError:
                log.warning("The live stream has lost the database and tries again.")
                missed = True
                await asyncio.sleep(AFTER_TROUBLE)

    async def _follow(self, stream: Stream, *, missed: bool) -> None:
        await stream.news()
        self.hears.set()
        for listener in self.listeners if missed else ():
            listener.give(EVERYTHING)
        while self.listeners:
            notices = await stream.news()
            if notices:
                await self._tell(notices)
            self._tell_each([*await stream.works(), *await stream.bells()])
            await asyncio.sleep(EVERY)

    async def _tell(self, notices: list[Notice]) -> None:
        told = await self.ask(self.audience.heard, notices, [listener.person for listener in self.listeners])
        letters = {person: b"".join(letter(notice) for notice in news) for person, news in told.items()}
        for listener in self.listeners:
            if listener.person in letters:
                listener.give(letters[listener.person])

    def _tell_each(self, works: list[tuple[Any, Notice]]) -> None:
        """Tell of what is one person's alone: their work, their notifications."""
        for listener in self.listeners:
            letters = b"".join(letter(notice) for person, notice in works if person == listener.person)
            if letters:
                listener.give(letters)


def _with_connection(function: Callable[..., T], *given: Any) -> T:
    """Call it without a connection that the database has closed meanwhile."""
    close_old_connections()
    return function(*given)


def letter(notice: Notice) -> bytes:
    """A notice as an event of the stream."""
    return b"data: " + json.dumps(asdict(notice)).encode() + b"\n\n"
