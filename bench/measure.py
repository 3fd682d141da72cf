"""Measuring: the real web server on a free port, its start and its memory, and the same work by bare psycopg."""

from __future__ import annotations

import contextlib
import os
import platform
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils.module_loading import import_string

from bench.client import run
from bench.scenarios import Scenario, scenarios
from renmai.kernel.access.token import Token
from renmai.kernel.access.user import User

CLIENTS = (1, 8)
WARM_UP = 20


def measure(scale: str, *, only: list[str], requests: int) -> dict[str, Any]:
    """Run the scenarios.

    Args:
        scale: recorded with the result.
        only: names of scenarios; all where none is named.
        requests: per scenario and number of clients.
    """
    wanted = [scenario for scenario in scenarios() if not only or scenario.name in only]
    port = _free_port()
    with _server(port) as started:
        found: dict[str, Any] = {scenario.name: _one(scenario, port, requests) for scenario in wanted}
        if not only or "start" in only:
            found["start"] = started | {"web_mb": _memory_of_children()}
    return {"scale": scale, "machine": {"cpus": os.cpu_count(), "python": platform.python_version()}, "scenarios": found}


def _one(scenario: Scenario, port: int, requests: int) -> dict[str, Any]:
    headers = _headers(scenario)
    run(port, headers, scenario.next_request, clients=1, requests=WARM_UP)
    found: dict[str, Any] = {
        str(clients): run(port, headers, scenario.next_request, clients=clients, requests=requests) for clients in CLIENTS
    }
    if scenario.bare:
        found["bare"] = _bare(scenario.bare, requests)
    print(f"{scenario.name}: {found['1']['p50']:.1f} ms", file=sys.stderr, flush=True)
    return found


def _headers(scenario: Scenario) -> dict[str, str]:
    user = User.objects.get(email=scenario.who)
    if not scenario.html:
        return {"Authorization": f"Bearer {Token.issue(user, 'bench')}", "Content-Type": "application/json"}
    session = import_string(f"{settings.SESSION_ENGINE}.SessionStore")()
    session.update(
        {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
    )
    session.create()
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}"}


def _bare(sql: str, requests: int) -> float:
    """Median in ms of the same question asked by psycopg alone."""
    times = []
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        for _ in range(requests):
            began = time.perf_counter()
            connection.execute(sql).fetchall()
            times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def _server(port: int) -> Iterator[dict[str, float]]:
    """The web server as ``renmai serve`` starts it, and how long it takes to its first page."""
    began = time.monotonic()
    variables = {**os.environ, "RENMAI_HOST": "127.0.0.1", "RENMAI_PORT": str(port)}
    process = subprocess.Popen([sys.executable, "-m", "renmai.config.servers", "web"], env=variables)
    try:
        while not _answers(port):
            if process.poll() is not None or time.monotonic() - began > 60:
                raise RuntimeError("The web server does not start.")
            time.sleep(0.05)
        yield {"web_seconds": round(time.monotonic() - began, 2)}
    finally:
        process.terminate()
        process.wait(20)


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(b"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
        return connection.recv(12).startswith(b"HTTP/")
    return False


def _memory_of_children() -> int:
    """Proportional memory of the web server's processes in MB; shared pages count once."""
    total, parents = 0, {os.getpid()}
    for folder in sorted(Path("/proc").glob("[0-9]*"), key=lambda folder: int(folder.name)):
        with contextlib.suppress(OSError, ValueError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent in parents:
                parents.add(int(folder.name))
                lines = (folder / "smaps_rollup").read_text().splitlines()
                total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total // 1024
