"""``renmai mcp``: the protocol over standard input and output, for an assistant that runs on this machine."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

import anyio
from django.db import close_old_connections
from django.utils import translation
from django.utils.translation import gettext as _
from mcp.server.stdio import stdio_server

from renmai.kernel.access.reading import read_as
from renmai.kernel.access.token import Token
from renmai.kernel.actions.errors import Forbidden, Refusal
from renmai.kernel.agents.server import server_for

VARIABLE = "RENMAI_TOKEN"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--token", default="", help=f"the token whose person it acts for; of {VARIABLE} if not given")


def handle(args: argparse.Namespace) -> int:
    """Serve until the input ends.

    Returns:
        0, or 1 when the token opens nothing.
    """
    who = reader(args.token or os.environ.get(VARIABLE, ""))
    try:
        who()
    except Refusal as problem:
        print(f"renmai: {problem}", file=sys.stderr)
        return 1
    anyio.run(serve, who)
    return 0


def reader(key: str) -> Callable[[], Token]:
    """Reads the token before each call."""

    def who() -> Token:
        close_old_connections()
        token = Token.found(key)
        if token is None:
            raise Forbidden(_("Send a token in %(name)s, or by --token.") % {"name": VARIABLE})
        read_as(token.user)
        translation.activate(token.user.language or "en")
        return token

    return who


async def serve(who: Callable[[], Token]) -> None:
    """Speak with whoever started this process."""
    server = server_for(who)
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())
