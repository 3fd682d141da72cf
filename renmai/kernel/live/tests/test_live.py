"""What the live stream tells, to whom, and when."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, ClassVar
from unittest.mock import AsyncMock

import psycopg
import pytest
from django.db import connection, transaction

from renmai.config.live import cors
from renmai.kernel.access.user import Share, User
from renmai.kernel.live import hub
from renmai.kernel.live.audience import Audience
from renmai.kernel.live.hub import EVERYTHING, WAITING_AT_MOST, Listener
from renmai.kernel.live.stream import AT_ONCE, Notice, Stream, edges, thinned
from renmai.kernel.records.store import create, remove, update
from renmai.kernel.records.types import registry


def address() -> str:
    """The test database, for psycopg."""
    settings = connection.settings_dict
    named = {"host": settings["HOST"], "port": settings["PORT"], "user": settings["USER"], "password": settings["PASSWORD"]}
    return psycopg.conninfo.make_conninfo(dbname=settings["NAME"], **{name: value for name, value in named.items() if value})


def told_after(happens: Callable[[], Any]) -> list[Notice]:
    """What the stream tells of something that happens between two looks."""

    async def look() -> list[Notice]:
        async with await psycopg.AsyncConnection.connect(address(), autocommit=True) as other:
            stream = Stream(other)
            assert await stream.news() == []
            await asyncio.to_thread(run)
            return await stream.news()

    def run() -> None:
        happens()
        connection.close()

    return asyncio.run(look())


@pytest.mark.django_db(transaction=True)
def test_a_fact_is_told_as_soon_as_it_is_committed() -> None:
    told = told_after(lambda: create(registry["teams"], {"name": "West"}, None))
    assert [(notice.type, notice.version, notice.kind) for notice in told] == [("teams", 1, "team.created")]


@pytest.mark.django_db(transaction=True)
def test_a_long_transaction_of_somebody_else_holds_nothing_back() -> None:
    with psycopg.connect(address()) as slow:
        slow.execute("SELECT pg_current_xact_id()")
        told = told_after(lambda: create(registry["teams"], {"name": "West"}, None))
        slow.rollback()
    assert len(told) == 1


@pytest.mark.django_db(transaction=True)
def test_a_fact_of_a_slow_transaction_is_told_when_it_commits_and_only_then() -> None:
    async def look() -> list[list[Notice]]:
        async with await psycopg.AsyncConnection.connect(address(), autocommit=True) as other:
            stream = Stream(other)
            await stream.news()
            committed, written = asyncio.Event(), asyncio.Event()
            loop = asyncio.get_running_loop()

            def slow() -> None:
                with transaction.atomic():
                    create(registry["teams"], {"name": "Slow"}, None)
                    loop.call_soon_threadsafe(written.set)
                    asyncio.run_coroutine_threadsafe(committed.wait(), loop).result()
                connection.close()

            writing = asyncio.create_task(asyncio.to_thread(slow))
            await written.wait()
            await asyncio.to_thread(lambda: (create(registry["teams"], {"name": "Quick"}, None), connection.close()))
            first = await stream.news()
            committed.set()
            await writing
            return [first, await stream.news(), await stream.news()]

    first, second, third = asyncio.run(look())
    assert (len(first), len(second), third) == (1, 1, [])
    assert first[0].id != second[0].id


def test_very_many_changes_become_one_notice_per_type() -> None:
    many = [Notice("leads", str(number), 1, "lead.created") for number in range(AT_ONCE + 1)]
    assert thinned(many) == [Notice("leads", "", None, "")]


def test_a_record_changed_twice_is_told_once() -> None:
    first, second = Notice("leads", "a", 1, "lead.created"), Notice("leads", "a", 2, "lead.updated")
    assert thinned([first, second]) == [second]


def test_the_edges_of_a_snapshot_are_read() -> None:
    assert edges("10:20:10,14,15") == (10, 20)


def test_only_who_may_see_a_record_hears_of_it(alice: User, bob: User, charlie: User, dao: User) -> None:
    lead = create(registry["teams"], {"name": "Ours", "owner": str(alice.pk), "team": str(alice.team_id)}, None)
    news = [Notice("teams", str(lead.pk), 1, "team.created")]
    people = [alice.pk, bob.pk, charlie.pk, dao.pk]
    seen = {user.pk for user in (alice, bob, charlie, dao) if type(lead).objects.visible_to(user).filter(pk=lead.pk).exists()}
    assert set(Audience().heard(news, people)) == seen


def test_charlie_hears_of_what_was_shared_with_him(alice: User, charlie: User) -> None:
    lead = create(registry["leads"], {"name": "Ours"}, alice)
    news = [Notice("leads", str(lead.pk), 1, "lead.created")]
    assert Audience().heard(news, [charlie.pk]) == {}
    Share.objects.create(type="leads", record_id=lead.pk, user=charlie)
    assert Audience().heard(news, [charlie.pk]) == {charlie.pk: news}


def test_a_deletion_is_told_to_those_who_saw_the_record(alice: User, bob: User, charlie: User) -> None:
    lead = create(registry["leads"], {"name": "Ours"}, alice)
    update(registry["leads"], lead.pk, {"company": "X"}, alice)
    remove(registry["leads"], lead.pk, alice)
    news = [Notice("leads", str(lead.pk), 3, "lead.deleted")]
    assert Audience().heard(news, [alice.pk, bob.pk, charlie.pk]) == {alice.pk: news, bob.pk: news}


def test_a_page_that_is_too_slow_is_told_to_look_at_everything() -> None:
    listener = Listener(1)
    for _number in range(WAITING_AT_MOST + 1):
        listener.give(b"data: {}\n\n")
    assert listener.letters.get_nowait() == EVERYTHING
    assert listener.letters.empty()


class Calm:
    """A stream in which nothing happens, of a database that goes away once."""

    looks: ClassVar[list[str]] = []

    def __init__(self, connection: object) -> None: ...

    async def news(self) -> list[Notice]:
        self.looks.append("looked")
        if len(self.looks) == 2:
            raise psycopg.OperationalError
        return []

    async def works(self) -> list[Any]:
        return []

    bells = works


def test_a_page_hears_all_from_its_opening_on_and_what_it_missed_when_the_database_was_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "Stream", Calm)
    monkeypatch.setattr(hub, "AFTER_TROUBLE", 0)
    monkeypatch.setattr(hub.psycopg.AsyncConnection, "connect", AsyncMock())
    Calm.looks.clear()

    async def opened() -> bytes:
        house = hub.Hub("")
        listener = house.join(1)
        assert not house.hears.is_set()
        await house.hears.wait()
        assert Calm.looks
        told = await listener.letters.get()
        house.leave(listener)
        return told

    assert asyncio.run(opened()) == EVERYTHING


def test_a_page_of_somebody_else_may_not_read_the_stream() -> None:
    assert cors("http://evil.example", "127.0.0.1:8001") is None


def test_a_page_of_ours_may_read_the_stream_from_another_port() -> None:
    from renmai.config.env import env

    headers = dict(cors(f"http://127.0.0.1:{env.port}", f"127.0.0.1:{env.live_port}") or [])
    assert headers[b"access-control-allow-origin"] == f"http://127.0.0.1:{env.port}".encode()
