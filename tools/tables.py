"""A data folder whose database has all its tables, made once: each part of the tests begins with a copy of it.

To make the tables takes a tenth of the time of the tests beside the code, and each process of each part would do it anew.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / ".stamps" / "tables"


def make() -> None:
    """Make the folder anew, as an operator would who only migrates."""
    made = Path(tempfile.mkdtemp(prefix="renmai-tables-"))
    made.chmod(0o755)  # as root PostgreSQL runs as another user, who must reach its folder in here
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE", "RENMAI"))}
    subprocess.run([sys.executable, "-m", "renmai", "migrate"], cwd=ROOT, env={**kept, "RENMAI_DATA": str(made)}, check=True)
    shutil.rmtree(KEPT, ignore_errors=True)
    _copy(made, KEPT)
    shutil.rmtree(made)


def begin(data: Path) -> None:
    """Let a data folder that is empty begin with all tables."""
    if not KEPT.exists():
        make()
    _copy(KEPT, data)


def _copy(folder: Path, to: Path) -> None:
    """Copy a folder with the owners of its files; a program can, Python cannot."""
    to.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", f"{folder}/.", str(to)], check=True)


if __name__ == "__main__":
    make()
