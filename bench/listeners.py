"""The scenario ``live``: many people have a page open while others work."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import statistics
import threading
import time
from typing import Any

import psycopg

from bench.errands import Client
from bench.house import House
from bench.sessions import session_of
from renmai.kernel.access.user import User
from renmai.sales.lead.model import Lead

PEOPLE, CHANGES_PER_SECOND, SECONDS, WRITERS = 500, 50, 10, 5
SETTLE = 2.0


def live(house: House) -> dict[str, Any]:
    """The delay from the answer to a change to its notice on each open page whose person may see it."""
    cookies = [session_of(user) for user in User.objects.filter(active=True).exclude(team=None).order_by("email")]
    leads = [str(key) for key in Lead.objects.live().order_by("-created_at").values_list("pk", flat=True)[:CHANGES_PER_SECOND]]
    heard: list[tuple[str, int, float]] = []
    changed: dict[tuple[str, int], float] = {}
    asyncio.run(_listen(house, cookies, leads, heard, changed))
    delays = [at - changed[lead, version] for lead, version, at in heard if (lead, version) in changed]
    if not delays:
        raise RuntimeError("live: nobody has heard of anything.")
    return {
        "listeners": PEOPLE,
        "changes_per_second": round(len(changed) / SECONDS, 1),
        "notices": len(delays),
        "p50_ms": round(statistics.median(delays) * 1000, 1),
        "p95_ms": round(statistics.quantiles(delays, n=20)[-1] * 1000, 1),
        "live_mb": house.memory("live"),
        "bare_ms": round(_notified() * 1000, 2),
    }


async def _listen(house: House, cookies: list[str], leads: list[str], heard: list[Any], changed: dict[Any, float]) -> None:
    """Open all pages, have the changes made, and close the pages when the last notice has had time to come."""
    pages = [asyncio.create_task(_page(house, cookie, heard)) for cookie in itertools.islice(itertools.cycle(cookies), PEOPLE)]
    await asyncio.sleep(SETTLE)
    await asyncio.to_thread(_work, house, leads, changed)
    await asyncio.sleep(SETTLE)
    for page in pages:
        page.cancel()
    ends = await asyncio.gather(*pages, return_exceptions=True)
    if troubles := [end for end in ends if not isinstance(end, asyncio.CancelledError)]:
        raise RuntimeError(f"live: {len(troubles)} pages were closed, the first with {troubles[0]!r}")


async def _page(house: House, cookie: str, heard: list[Any]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", house.live_port)
    writer.write(f"GET /live/stream HTTP/1.1\r\nHost: 127.0.0.1:{house.live_port}\r\nCookie: {cookie}\r\n\r\n".encode())
    try:
        while line := await reader.readline():
            if line.startswith(b"data: ") and (notice := json.loads(line[6:])).get("id"):
                heard.append((notice["id"], notice["version"], time.monotonic()))
    finally:
        writer.close()
    raise ConnectionError("the stream has ended")


def _work(house: House, leads: list[str], changed: dict[Any, float]) -> None:
    """Several people change leads, together at the pace that is wanted."""
    threads = [threading.Thread(target=_write, args=(house, leads[number::WRITERS], changed)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _write(house: House, leads: list[str], changed: dict[Any, float]) -> None:
    client = Client(house, User.objects.get(email="dao@example.com"))
    began = time.monotonic()
    for number, lead in zip(range(CHANGES_PER_SECOND // WRITERS * SECONDS), itertools.cycle(leads), strict=False):
        time.sleep(max(0.0, began + number * WRITERS / CHANGES_PER_SECOND - time.monotonic()))
        version = client.ask("PATCH", f"leads/{lead}/", {"job_title": f"Job {number} {began}"})["version"]
        changed[lead, version] = time.monotonic()


def _notified() -> float:
    """Median in seconds of PostgreSQL's own NOTIFY to one listener."""
    times = []
    address = os.environ["DATABASE_URL"]
    with psycopg.connect(address, autocommit=True) as here, psycopg.connect(address, autocommit=True) as there:
        here.execute("LISTEN bench")
        for _number in range(50):
            began = time.perf_counter()
            there.execute("NOTIFY bench")
            next(here.notifies(timeout=5, stop_after=1))
            times.append(time.perf_counter() - began)
    return statistics.median(times)
