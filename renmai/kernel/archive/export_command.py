"""``renmai export-all``: the whole company into a folder of open formats."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from renmai.kernel.archive.write import write


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder."""
    parser.add_argument("folder", type=Path, help="where to write; empty, or not there yet")


def handle(args: argparse.Namespace) -> int:
    """Export, and say how much there was.

    Returns:
        0, or 1 where the folder holds something.
    """
    if args.folder.exists() and (not args.folder.is_dir() or any(args.folder.iterdir())):
        print(f"renmai: {args.folder} holds something already: choose another folder.", file=sys.stderr)
        return 1
    args.folder.mkdir(parents=True, exist_ok=True)
    args.folder.chmod(0o700)
    manifest = write(args.folder, lambda name, rows: print(f"{name}: {rows}", file=sys.stderr))
    print(f"{args.folder.resolve()}: {sum(manifest['rows'].values())} rows, {manifest['files']} files")
    return 0
