"""The three processes that serve: web, live and worker. ``python -m renmai.config.servers web`` runs one of them."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from collections.abc import Callable
from typing import Any

from renmai.config import processes
from renmai.config.env import env

WEB_WORKERS = 2
WEB_THREADS = 4  # per worker; a request holds one database connection, of which the pool has eight


def web() -> None:
    """Serve pages and API over WSGI. The application is loaded once and shared by the forked workers, which halves their memory."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from renmai.config.wsgi import application

    _warm_up()
    sys.stdin.read()  # at the first start the supervisor holds this open until the database is up to date
    _share_memory()
    Granian(
        "renmai.config.wsgi:application",
        address=env.host,
        port=env.port,
        interface=Interfaces.WSGI,
        workers=WEB_WORKERS,
        blocking_threads=WEB_THREADS,
        respawn_failed_workers=True,
        respawn_interval=0.1,
        workers_kill_timeout=10,
        log_level=LogLevels.warning,
    ).serve(target_loader=_loader(application), wrap_loader=False)


def live() -> None:
    """Serve the live stream over ASGI, on a port of its own: open streams would hold the web workers' threads."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from renmai.config.live import application

    _share_memory()
    Granian(
        "renmai.config.live:application",
        address=env.host,
        port=env.live_port,
        interface=Interfaces.ASGINL,
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=0.1,
        workers_kill_timeout=2,
        log_level=LogLevels.warning,
    ).serve(target_loader=_loader(application), wrap_loader=False)


def worker() -> None:
    """Do the queued jobs, and the periodic ones when they are due."""
    import asyncio

    import django

    django.setup()

    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    async def work() -> None:
        async with app.open_async():
            await app.run_worker_async(concurrency=2, shutdown_graceful_timeout=8)

    with app.replace_connector(DjangoConnector().get_worker_connector()):
        asyncio.run(work())


def _warm_up() -> None:
    """Load what Django loads at the first request, so that nobody waits for it and all workers share it: addresses, templates, words."""
    from django.conf import settings
    from django.template import engines
    from django.urls import get_resolver
    from django.utils import translation

    get_resolver().url_patterns  # noqa: B018 - asking for it loads it
    engines.all()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            translation.gettext("Save")


def _share_memory() -> None:
    """Keep what is loaded before the fork out of the collector's hands, so that its pages stay shared."""
    multiprocessing.set_start_method("fork", force=True)
    gc.collect()
    gc.freeze()


def _loader(application: Any) -> Callable[[], Any]:
    parent = os.getpid()

    def load() -> Any:
        processes.die_with(parent)
        return application

    return load


if __name__ == "__main__":
    {"web": web, "live": live, "worker": worker}[sys.argv[1]]()
