"""Several commands of the program in one process: to start one takes longer than what most of them do."""

from __future__ import annotations

import json
import sys

from renmai.config.cli import main


def run(commands: list[list[str]]) -> None:
    """Run one after the other, and stop at the first that fails."""
    for command in commands:
        try:
            main(command)
        except SystemExit as end:
            if end.code:
                raise


if __name__ == "__main__":
    run(json.loads(sys.argv[1]))
