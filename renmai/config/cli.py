"""The ``renmai`` command: finds the module of a subcommand, gives it a database, and turns trouble into one sentence."""

from __future__ import annotations

import argparse
import contextlib
import errno
import importlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, cast

from renmai.config.errors import StartError


class Module(Protocol):
    """What the module of a subcommand offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""

    def handle(self, args: argparse.Namespace) -> int | None:
        """Do it.

        Returns:
            The exit code; None is 0.
        """


@dataclass(frozen=True)
class Command:
    """A subcommand.

    Args:
        module: where it is; loaded only when it is called.
        help: one line.
        django: whether it needs Django and so a database.
        prepared: whether it works on a database that is up to date and leaves that to others.
    """

    module: str
    help: str
    django: bool = True
    prepared: bool = False


COMMANDS = {
    "serve": Command("renmai.config.commands.serve", "start everything, and stop it with Ctrl-C", django=False),
    "migrate": Command("renmai.config.commands.migrate", "bring the database up to date"),
    "demo": Command("renmai.demo.command", "load the sample company, or remove it", prepared=True),
    "import": Command("renmai.kernel.transfer.command", "import a CSV or XLSX file", prepared=True),
    "export": Command("renmai.kernel.transfer.export_command", "export a list to CSV or XLSX", prepared=True),
    "export-all": Command("renmai.kernel.archive.export_command", "export the whole company to Parquet and JSON Lines", prepared=True),
    "import-all": Command("renmai.kernel.archive.import_command", "bring what 'export-all' wrote into an empty system", prepared=True),
    "backup": Command("renmai.config.commands.backup", "save database and files to one archive", django=False),
    "restore": Command("renmai.config.commands.restore", "bring back what 'backup' has saved", django=False),
    "duplicates": Command("renmai.kernel.matching.command", "find duplicates, or measure how well they are found", prepared=True),
    "mail-in": Command("renmai.kernel.mailbox.command", "take in a letter from standard input, as a mail server pipes it", prepared=True),
    "mcp": Command("renmai.kernel.agents.command", "serve an assistant on this machine by the Model Context Protocol", prepared=True),
    "user": Command("renmai.config.commands.user", "make users, set passwords, list users"),
    "token": Command("renmai.config.commands.token", "make a token for the API"),
    "doctor": Command("renmai.config.commands.doctor", "look for what is wrong and say what to do", django=False),
    "bench": Command("bench.command", "measure how fast it is", django=False),
}
HIDDEN = {"prepare": Command("renmai.config.commands.prepare", "what 'serve' does before it serves")}


def main(arguments: list[str] | None = None) -> None:
    """Run one subcommand and leave with its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renmai.config.settings")
    given = sys.argv[1:] if arguments is None else arguments
    command = {**COMMANDS, **HIDDEN}.get(given[0]) if given else None
    if command is None:
        sys.exit(_overview(given))
    try:
        sys.exit(_run(given[0], command, given[1:]))
    except StartError as error:
        print(f"renmai: {error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if not _is_disk_full(error):
            raise
        print("renmai: The disk is full: make room, then try again. Nothing that was saved before is lost.", file=sys.stderr)
        sys.exit(1)


def _run(name: str, command: Command, arguments: list[str]) -> int:
    needs_database = command.django and not {"-h", "--help"} & set(arguments)
    with database() if needs_database else contextlib.nullcontext():
        if command.django:
            load_django()
        module = cast(Module, importlib.import_module(command.module))
        parser = argparse.ArgumentParser(prog=f"renmai {name}", description=command.help)
        module.add_arguments(parser)
        given = parser.parse_args(arguments)
        if command.prepared:
            _require_prepared()
        return module.handle(given) or 0


def _require_prepared() -> None:
    from renmai.config.commands.migrate import require_prepared

    require_prepared()


def _is_disk_full(error: BaseException) -> bool:
    """Whether a disk is full, ours or the database's (SQLSTATE 53100)."""
    full_here = isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
    return full_here or getattr(error.__cause__ or error, "sqlstate", "") == "53100"


def load_django() -> None:
    """Make models usable; after the database is named."""
    import django

    django.setup()


@contextlib.contextmanager
def database() -> Iterator[str]:
    """Name the database in the environment: the given one, the embedded one that runs, or the embedded one started for this while.

    Returns:
        Its address, which reaches the server without a pooler between.
    """
    from renmai.config.claim import claim, is_claimed
    from renmai.config.env import env
    from renmai.config.postgres import Postgres
    from renmai.config.supervisor import check_data

    if env.database_url:
        os.environ["DATABASE_URL"] = env.direct_database_url
        yield env.direct_database_url
        return
    check_data(env.data)
    postgres = Postgres(env.data)
    if is_claimed(env.data):
        os.environ["DATABASE_URL"] = postgres.url
        yield postgres.url
        return
    with claim(env.data) as held:
        held.note([])
        process = postgres.start()
        os.environ["DATABASE_URL"] = postgres.url
        try:
            yield postgres.url
        finally:
            postgres.stop(process)


def _overview(given: list[str]) -> int:
    width = max(map(len, COMMANDS))
    lines = ["usage: renmai COMMAND …", "", *(f"  {name:<{width}}  {command.help}" for name, command in COMMANDS.items())]
    asked = given[:1] in ([], ["-h"], ["--help"], ["help"])
    if not asked:
        lines.insert(0, f"renmai: there is no command '{given[0]}'.")
    print("\n".join(lines), file=sys.stdout if asked else sys.stderr)
    return 0 if asked else 2
