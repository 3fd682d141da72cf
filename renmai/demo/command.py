"""``renmai demo``."""

from __future__ import annotations

import argparse
import sys

from renmai.demo.load import load
from renmai.demo.remove import remove
from renmai.demo.signin import sign_in_hint
from renmai.kernel.access.user import Language
from renmai.kernel.actions.errors import Refused


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``--remove`` and ``--language``."""
    parser.add_argument("--remove", action="store_true", help="remove the sample company, and leave your own records")
    parser.add_argument("--language", choices=[str(code) for code in Language.values], help="of its records (default: the company's)")


def handle(args: argparse.Namespace) -> int:
    """Load or remove it.

    Returns:
        The exit code: 1 if it is loaded already.
    """
    if args.remove:
        print(f"Removed {remove()} sample records.")
        return 0
    try:
        summary = load(args.language)
    except Refused as problem:
        print(f"renmai: {problem}", file=sys.stderr)
        return 1
    counts = ", ".join(f"{count} {slug}" for slug, count in summary.counts.items())
    print(f"Loaded the sample company in {summary.seconds:.1f} s: {counts}.")
    if hint := sign_in_hint():
        print(hint)
    return 0
