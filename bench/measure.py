"""Measuring: the whole house on free ports, and the same work by bare psycopg."""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import psycopg

from bench import past
from bench.browser import web_page
from bench.client import run
from bench.errands import ERRANDS, Client
from bench.finding import LANGUAGES, told
from bench.house import House, open_house, start_of
from bench.listeners import live
from bench.scenarios import Scenario, scenarios
from bench.sessions import session_of
from bench.twins import dedupe
from renmai.kernel.access.token import Token
from renmai.kernel.access.user import User

CLIENTS = (1, 8)
WARM_UP = 20


def measure(scale: str, folder: Path, *, only: list[str], requests: int) -> dict[str, Any]:
    """Run the scenarios.

    Args:
        scale: recorded with the result.
        folder: for the files of the house.
        only: names of scenarios; all where none is named.
        requests: per scenario and number of clients.
    """
    found: dict[str, Any] = {}
    with open_house(folder) as house:
        for name, work in _works(house, requests, scale).items():
            if not only or name in only:
                told = work()
                found |= told if name == "web_page" else {name: told}
                print(f"{name}: {told}", file=sys.stderr, flush=True)
    return {"scale": scale, "machine": {"cpus": os.cpu_count(), "python": platform.python_version()}, "scenarios": found}


def _works(house: House, requests: int, scale: str) -> dict[str, Callable[[], dict[str, Any]]]:
    """Everything that can be measured at a scale: first what a house at rest holds, last what changes many rows."""
    client = Client(house, User.objects.get(email="dao@example.com"))
    if scale == "twins":
        return {"dedupe_100k": partial(dedupe, house, client)}
    works: dict[str, Callable[[], dict[str, Any]]] = {"start": partial(start_of, house)}
    works |= {scenario.name: partial(_one, scenario, house.port, requests) for scenario in chain(scenarios(), past.scenarios())}
    works |= {f"found_{language}": partial(told, language) for language in LANGUAGES}
    works |= {"web_page": partial(web_page, house), "live": partial(live, house)}
    return works | {name: partial(errand, house, client) for name, errand in ERRANDS.items()}


def _one(scenario: Scenario, port: int, requests: int) -> dict[str, Any]:
    headers = _headers(scenario)
    run(port, headers, scenario.next_request, clients=1, requests=WARM_UP)
    found: dict[str, Any] = {
        str(clients): run(port, headers, scenario.next_request, clients=clients, requests=requests) for clients in CLIENTS
    }
    if scenario.bare:
        found["bare"] = _bare(scenario.bare, requests)
    return found


def _headers(scenario: Scenario) -> dict[str, str]:
    user = User.objects.get(email=scenario.who)
    if not scenario.html:
        return {"Authorization": f"Bearer {Token.issue(user, 'bench')}", "Content-Type": "application/json"}
    return {"Cookie": session_of(user)}


def _bare(sql: str, requests: int) -> float:
    """Median in ms of the same question asked by psycopg alone."""
    times = []
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        for _ in range(requests):
            began = time.perf_counter()
            connection.execute(sql).fetchall()
            times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000
