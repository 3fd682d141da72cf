"""``renmai bench``: fill a database, start the web server on a free port, measure, and compare two runs."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.report import compare, table
from renmai.config.env import ROOT, env

SCALES = ("small", "large", "million", "twins")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``run`` and ``compare``."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    run = verbs.add_parser(
        "run", help="measure on generated data of a size, or with twins how duplicates are found; the database is kept for the next run"
    )
    run.add_argument("--scale", choices=SCALES, default="small")
    run.add_argument("--only", nargs="*", default=[], metavar="SCENARIO", help="only these scenarios")
    run.add_argument("--requests", type=int, default=200, help="requests per scenario and number of clients (default: 200)")
    run.add_argument("--out", type=Path, help="file for the result, as JSON (default: data/bench/SCALE.json)")
    two = verbs.add_parser("compare", help="show two results side by side")
    two.add_argument("before", type=Path)
    two.add_argument("after", type=Path)


def handle(args: argparse.Namespace) -> None:
    """Measure, or compare."""
    if args.verb == "compare":
        print(compare(_read(args.before), _read(args.after)))
        return
    folder = ROOT / "data" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    with _database(folder, args.scale):
        result = _measure(args, folder / "house")
    out = args.out or folder / f"{args.scale}.json"
    out.write_text(json.dumps(result, indent=1))
    print(table(result))
    print(f"The result is in {out}.")


def _read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text()))


@contextlib.contextmanager
def _database(folder: Path, scale: str) -> Iterator[None]:
    """A database of the scale's own: on the given server, or on an embedded one that runs as long as this."""
    import psycopg

    from renmai.config.postgres import Postgres

    postgres = None if env.database_url else Postgres(folder)
    process = postgres.start() if postgres else None
    server = env.database_url or (postgres.url if postgres else "")
    base, _slash, name = server.partition("?")[0].rpartition("/")
    ours = f"{name}_bench_{scale}"
    try:
        with psycopg.connect(server, autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [ours]).fetchone() is None:
                connection.execute(f'CREATE DATABASE "{ours}"')
        os.environ["DATABASE_URL"] = os.environ["DATABASE_DIRECT_URL"] = server.replace(f"{base}/{name}", f"{base}/{ours}", 1)
        yield
    finally:
        if postgres and process:
            postgres.stop(process)


def _measure(args: argparse.Namespace, house: Path) -> dict[str, Any]:
    import django

    django.setup()

    from bench.data import SCALES as SIZES
    from bench.data import fill
    from bench.measure import measure
    from renmai.config.commands.migrate import migrate

    migrate()
    fill(SIZES[args.scale])
    return measure(args.scale, house, only=args.only, requests=args.requests)
