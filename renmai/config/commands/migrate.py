"""``renmai migrate``."""

from __future__ import annotations

import argparse

import psycopg
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from renmai.config.env import env
from renmai.config.errors import StartError

OLDEST_POSTGRES = 15


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """There are none."""


def handle(args: argparse.Namespace) -> None:
    """Bring the database up to date."""
    migrate()


def migrate() -> None:
    """Apply what is missing.

    Raises:
        StartError: the database cannot be reached, is of an old PostgreSQL, or was made by a newer Renmai.
    """
    check_server()
    check_not_newer()
    call_command("migrate", interactive=False, verbosity=0)


def require_prepared() -> None:
    """Raise StartError unless the database answers and is as this code wants it."""
    check_server()
    check_not_newer()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise StartError("The database is not up to date: run 'renmai migrate', then try again.")


def check_server() -> None:
    """Raise StartError unless a PostgreSQL that we know answers."""
    try:
        with psycopg.connect(env.database_url, connect_timeout=5) as server:
            major = server.info.server_version // 10000
    except psycopg.OperationalError as error:
        reason = [line for line in str(error).splitlines() if not line.startswith("\t")][-1]  # what is indented is advice
        raise StartError(f"The database does not answer ({reason}): check DATABASE_URL, and that its server runs.") from None
    if major < OLDEST_POSTGRES:
        raise StartError(f"The database is PostgreSQL {major}, Renmai needs {OLDEST_POSTGRES} or newer: update it, or unset DATABASE_URL.")


def check_not_newer() -> None:
    """Raise StartError when the database has migrations that this code does not know."""
    loader = MigrationLoader(connection)
    ours = {app for app, _ in loader.disk_migrations}
    known = set(loader.disk_migrations) | {replaced for migration in loader.disk_migrations.values() for replaced in migration.replaces}
    unknown = sorted(f"{app}.{name}" for app, name in loader.applied_migrations if app in ours and (app, name) not in known)
    if unknown:
        raise StartError(f"The database was made by a newer Renmai (it has {unknown[-1]}): start that version, or restore an older backup.")
