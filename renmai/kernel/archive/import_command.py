"""``renmai import-all``: a folder that ``export-all`` wrote into an empty system."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from renmai.kernel.actions.errors import Refusal
from renmai.kernel.archive.read import read, require_empty


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder."""
    parser.add_argument("folder", type=Path, help="what 'export-all' has written")


def handle(args: argparse.Namespace) -> int:
    """Import, and say how to sign in: passwords do not come along.

    Returns:
        0, or 1 when it is refused.
    """
    try:
        require_empty()
        manifest = read(args.folder, lambda name, rows: print(f"{name}: {rows}", file=sys.stderr))
    except Refusal as problem:
        print(f"renmai: {problem}", file=sys.stderr)
        return 1
    print(f"{sum(manifest['rows'].values())} rows, {manifest['files']} files. Give people a password with: renmai user password EMAIL")
    return 0
