"""``renmai serve``."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``--sample``."""
    parser.add_argument("--sample", action="store_true", help="load the sample company if the database is empty")


def handle(args: argparse.Namespace) -> None:
    """Run everything until Ctrl-C."""
    from renmai.config.supervisor import serve

    serve(sample=args.sample)
