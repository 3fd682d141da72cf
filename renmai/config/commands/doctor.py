"""``renmai doctor``: look at everything that a start needs, and say what to do about what is missing."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Iterator

from renmai.config.claim import is_claimed
from renmai.config.cli import database, load_django
from renmai.config.env import ROOT, env
from renmai.config.errors import StartError
from renmai.config.postgres import Postgres
from renmai.config.supervisor import LEAST_DISK, check_data, check_port

Finding = tuple[bool, str]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """There are none."""


def handle(args: argparse.Namespace) -> int:
    """Print a line per check.

    Returns:
        1 when something is wrong.
    """
    findings = [finding for check in CHECKS for finding in _guarded(check)]
    for is_well, sentence in findings:
        print(f"{'ok   ' if is_well else 'WRONG'}  {sentence}")
    return 0 if all(is_well for is_well, _ in findings) else 1


def _guarded(check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from check()
    except StartError as error:
        yield False, str(error)


def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield sys.version_info >= (3, 11), f"Python {version}; 3.11 or newer is needed."


def _data() -> Iterator[Finding]:
    check_data(env.data)
    free = shutil.disk_usage(env.data).free
    yield free > 5 * LEAST_DISK, f"The data folder {env.data} can be written and has {free // 1_000_000} MB free."


def _built() -> Iterator[Finding]:
    manifest = ROOT / "static" / "build" / "manifest.json"
    yield manifest.exists(), "The front end is built." if manifest.exists() else "The front end is not built: run 'make build'."
    missing = [path for path in (ROOT / "renmai" / "locale").glob("*/LC_MESSAGES/*.po") if not path.with_suffix(".mo").exists()]
    yield not missing, f"{len(missing)} catalogues are not compiled: run 'make build'." if missing else "The catalogues are compiled."


def _running() -> Iterator[Finding]:
    if is_claimed(env.data):
        yield True, f"Renmai is running, at {env.base_url}."
        return
    check_port(env.host, env.port, "RENMAI_PORT")
    check_port(env.host, env.live_port, "RENMAI_LIVE_PORT")
    yield True, f"Renmai is not running; its ports {env.port} and {env.live_port} are free."


def _database() -> Iterator[Finding]:
    place = "the one of DATABASE_URL" if env.database_url else f"the embedded one in {Postgres(env.data).folder}"
    with database():
        load_django()
        from renmai.config.commands.migrate import check_not_newer, check_server
        from renmai.config.health import failed_jobs, waiting_migrations
        from renmai.kernel.overlay.layout import unfit

        check_server()
        yield True, f"The database answers: {place}."
        check_not_newer()
        waiting = waiting_migrations()
        yield not waiting, f"{waiting} migrations are not applied: run 'renmai migrate'." if waiting else "The database is up to date."
        if not waiting:
            failed = failed_jobs()
            yield (
                not failed,
                f"{failed} jobs have failed for good: look at them at {env.base_url}/settings/." if failed else "No job has failed.",
            )
            yield from ((False, f"{sentence} Mend it at {env.base_url}/settings/layouts/.") for sentence in unfit())


CHECKS = (_python, _data, _built, _running, _database)
