"""What ``renmai serve`` does to the database before it serves: migrate, make the first admin, load the sample company."""

from __future__ import annotations

import argparse

from renmai.config.commands.migrate import migrate


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``--sample``."""
    parser.add_argument("--sample", action="store_true")


def handle(args: argparse.Namespace) -> None:
    """Make the database ready for its first page."""
    migrate()
