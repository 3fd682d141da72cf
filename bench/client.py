"""Clients that keep their connection and time each request."""

from __future__ import annotations

import http.client
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Request:
    """One request of a scenario."""

    path: str
    method: str = "GET"
    body: str | None = None


def run(port: int, headers: dict[str, str], next_request: Callable[[], Request], *, clients: int, requests: int) -> dict[str, float]:
    """Send requests by several clients at once.

    Args:
        next_request: called for each request.
        requests: in all.

    Returns:
        ``p50`` and ``p95`` in ms, ``per_second``.

    Raises:
        RuntimeError: an answer was no success.
    """
    times: list[float] = []
    troubles: list[str] = []
    share = max(1, requests // clients)
    threads = [threading.Thread(target=_client, args=(port, headers, next_request, share, times, troubles)) for _ in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if troubles:
        raise RuntimeError(troubles[0])
    passed = time.perf_counter() - began
    cuts = statistics.quantiles(times, n=20)
    return {"p50": statistics.median(times) * 1000, "p95": cuts[-1] * 1000, "per_second": len(times) / passed}


def _client(
    port: int, headers: dict[str, str], next_request: Callable[[], Request], count: int, times: list[float], troubles: list[str]
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for _ in range(count):
        asked = next_request()
        try:
            times.append(timed(connection, asked.method, asked.path, asked.body, headers))
        except (RuntimeError, OSError) as trouble:
            troubles.append(f"{asked.method} {asked.path}: {trouble!r}")
            return
    connection.close()


def timed(connection: http.client.HTTPConnection, method: str, path: str, body: str | None, headers: dict[str, str]) -> float:
    """Seconds that one request takes.

    Raises:
        RuntimeError: the answer is no success.
    """
    began = time.perf_counter()
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    text = answer.read()
    passed = time.perf_counter() - began
    if answer.status >= 300:
        raise RuntimeError(f"{method} {path}: {answer.status} {text[:300]!r}")
    return passed
