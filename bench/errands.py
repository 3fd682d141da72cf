"""Long work as programs ask for it: an import, an export and a change of many, done by the worker while lists are opened."""

from __future__ import annotations

import csv
import http.client
import io
import itertools
import json
import os
import statistics
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg

from bench.client import timed
from bench.house import House
from renmai.kernel.access.token import Token
from renmai.kernel.access.user import User
from renmai.sales.lead.model import Lead

IMPORTED, MANY = 10_000, 100_000
POLL = 0.2  # seconds
GIVEN = ("family_name", "given_name", "company", "job_title", "source", "industry", "employees", "country", "city", "expected_amount")
UNINDEXED = "SELECT * FROM {table} ORDER BY created_at DESC LIMIT {count}"


class Client:
    """A program with a token."""

    def __init__(self, house: House, by: User) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=600)
        self.token = Token.issue(by, "bench")

    def ask(self, method: str, path: str, body: Any = None, kind: str = "application/json") -> Any:
        """One request.

        Raises:
            RuntimeError: the answer is no success.
        """
        sent = body if isinstance(body, bytes) or body is None else json.dumps(body)
        self.connection.request(method, f"/api/v1/{path}", sent, {"Authorization": f"Bearer {self.token}", "Content-Type": kind})
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:300]!r}")
        return json.loads(text)

    def job(self, path: str, body: Any) -> Any:
        """Ask for long work and wait until it is done.

        Raises:
            RuntimeError: it failed.
        """
        key = self.ask("POST", path, body)["job"]
        while (job := self.ask("GET", f"jobs/{key}/"))["state"] in {"queued", "working"}:
            time.sleep(POLL)
        if job["state"] != "done":
            raise RuntimeError(f"{path}: {job}")
        return job

    def upload(self, name: str, content: bytes) -> str:
        """Store a file; answers its id."""
        edge = "bench-edge"
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        return str(self.ask("POST", "files/", body, f"multipart/form-data; boundary={edge}")["id"])


def import_10k(house: House, client: Client) -> dict[str, Any]:
    """Leads from a CSV, each looked up by its address first."""
    content = _leads(IMPORTED)
    file = client.upload("leads.csv", content)
    seconds, job = _clocked(lambda: client.job("imports/", {"file": file, "type": "leads", "key": "email", "mode": "upsert"}))
    if job["result"]["created"] != IMPORTED:
        raise RuntimeError(f"import: {job['result']}")
    return _told(house, IMPORTED, seconds, _copied(IMPORTED, "sales_lead"))


def import_people_10k(house: House, client: Client) -> dict[str, Any]:
    """Plain records: people with name, address, number and a company that is linked, or made when it is not there."""
    run = time.time_ns()
    rows = [f"Person {at},{run}.{at}@example.com,+6681{at:07d},Bench company {at % 1_000}" for at in range(IMPORTED)]
    file = client.upload("people.csv", "\n".join(["name,email,phone,company", *rows]).encode())
    asked = {"file": file, "type": "people", "make_missing": ["accounts"]}
    seconds, job = _clocked(lambda: client.job("imports/", asked))
    if job["result"]["created"] != IMPORTED:
        raise RuntimeError(f"import: {job['result']}")
    return _told(house, IMPORTED, seconds, _copied(IMPORTED, "directory_person"))


def export_100k(house: House, client: Client) -> dict[str, Any]:
    """All leads, or the newest hundred thousand of them, with all fields, as CSV."""
    count, criteria = _newest(MANY)
    seconds, _job = _clocked(lambda: client.job("exports/", {"type": "leads", "filter": criteria, "format": "csv"}))
    return _told(house, count, seconds, _clocked(lambda: _bare(f"COPY ({UNINDEXED.format(table='sales_lead', count=count)}) TO STDOUT"))[0])


def bulk_update(house: House, client: Client) -> dict[str, Any]:
    """Another owner for as many leads, while somebody opens the list again and again."""
    count, criteria = _newest(MANY)
    holder = Lead.objects.live().order_by("-created_at").values("owner")[:1]  # whom the run before may have chosen
    owner = User.objects.filter(email__in=["alice@example.com", "bob@example.com"]).exclude(pk__in=holder)[0]
    asked = {"action": "assign", "filter": criteria, "arguments": {"owner": str(owner.pk)}}
    times: list[float] = []
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(house, client.token, times, done))
    watcher.start()
    try:
        seconds, _job = _clocked(lambda: client.job("leads/bulk/", asked))
    finally:
        done.set()
        watcher.join()
    meanwhile = statistics.quantiles(times, n=20)[-1] * 1000 if len(times) > 1 else 0.0
    bare = _clocked(lambda: _rolled_back(count))[0]
    return _told(house, count, seconds, bare) | {"list_p95_ms": round(meanwhile, 1)}


ERRANDS: dict[str, Callable[[House, Client], dict[str, Any]]] = {
    "import_10k": import_10k,
    "import_people_10k": import_people_10k,
    "export_100k": export_100k,
    "bulk_update": bulk_update,
}


def _clocked(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.monotonic()
    result = work()
    return time.monotonic() - began, result


def _told(house: House, rows: int, seconds: float, bare: float) -> dict[str, Any]:
    return {
        "rows": rows,
        "seconds": round(seconds, 2),
        "rows_per_second": round(rows / seconds),
        "worker_peak_mb": house.peak("worker"),
        "bare_seconds": round(bare, 2),
        "ratio": round(seconds / bare, 1),
    }


def _leads(count: int) -> bytes:
    """A file of new leads: the values of stored ones, with names and addresses of their own."""
    patterns = itertools.cycle(Lead.objects.order_by("created_at", "title").values_list(*GIVEN)[:2_000])
    run = time.time_ns()
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*GIVEN, "email", "mobile", "owner"])
    for number, values in zip(range(count), patterns, strict=False):
        writer.writerow([*values, f"{run}.{number}@example.com", f"+6681{run % 1000 + number:07d}"[:12], "alice@example.com"])
    return out.getvalue().encode()


def _newest(count: int) -> tuple[int, dict[str, Any]]:
    """How many there are, at most so many, and the criteria that name them."""
    moments = Lead.objects.live().order_by("-created_at").values_list("created_at", flat=True)
    last = moments[count : count + 1]
    since = last[0].isoformat() if last else "1970-01-01T00:00:00+00:00"
    return min(count, len(moments[:count])), {"field": "created_at", "op": "gt", "value": since}


def _watch(house: House, token: str, times: list[float], done: threading.Event) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=60)
    while not done.is_set():
        times.append(timed(connection, "GET", "/api/v1/leads/?limit=50", None, {"Authorization": f"Bearer {token}"}))
        time.sleep(0.05)


def _bare(sql: str) -> list[bytes]:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection, connection.cursor() as cursor, cursor.copy(sql) as copy:
        return [bytes(piece) for piece in copy]


def _copied(count: int, table: str) -> float:
    """Seconds in which psycopg copies as many rows into a table with the same indexes."""
    pieces = _bare(f"COPY ({UNINDEXED.format(table=table, count=count)}) TO STDOUT")
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE bench_rows (LIKE {table} INCLUDING ALL) ON COMMIT DROP")
        began = time.monotonic()
        with cursor.copy("COPY bench_rows FROM STDIN") as copy:
            for piece in pieces:
                copy.write(piece)
        return time.monotonic() - began


def _rolled_back(count: int) -> None:
    """The same change as one statement, with its history, which does not last."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        newest = "SELECT id FROM sales_lead ORDER BY created_at DESC LIMIT %s"
        connection.execute(f"UPDATE sales_lead SET owner_id = NULL WHERE id IN ({newest})", [count])  # noqa: S608
        connection.rollback()
