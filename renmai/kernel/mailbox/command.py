"""``renmai mail-in``: a letter that a mail server pipes in is taken in like one that was fetched."""

from __future__ import annotations

import argparse
import sys

from renmai.kernel.mailbox.model import LetterState, Mailbox
from renmai.kernel.mailbox.taking import take


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("mailbox", help="name of the mailbox that it is for")


def handle(args: argparse.Namespace) -> int:
    """Read a letter from standard input.

    Returns:
        0 once it is kept; 75, at which mail servers try again, where it failed; 67 where there is no such mailbox.
    """
    mailbox = Mailbox.objects.live().filter(name=args.mailbox, active=True).first()
    if mailbox is None:
        print(f"renmai: there is no mailbox '{args.mailbox}' in use.", file=sys.stderr)
        return 67
    found, came_before = take(mailbox, sys.stdin.buffer.read())
    print(f"{found.state}{' (came before)' if came_before else ''} {found.reason}".strip())
    return 75 if found.state == LetterState.FAILED else 0
