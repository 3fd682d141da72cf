"""``renmai token``: keys for programs that use the API."""

from __future__ import annotations

import argparse

from renmai.config.commands.migrate import migrate
from renmai.config.people import find_user
from renmai.kernel.access.token import Token


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``create``."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    creating = verbs.add_parser("create", help="make a token that acts as this user; prints it, once")
    creating.add_argument("email")
    creating.add_argument("--name", default="", help="what it is for")


def handle(args: argparse.Namespace) -> None:
    """Make a token and print nothing else."""
    migrate()
    print(Token.issue(find_user(args.email), args.name))
