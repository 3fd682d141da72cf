"""``renmai duplicates``: look for them from the command line, or measure how well they are found."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Refusal
from renmai.kernel.jobs.work import perform
from renmai.kernel.matching.measure import measure, sets
from renmai.kernel.matching.work import look
from renmai.kernel.transfer.command import record_type
from renmai.kernel.transfer.export_command import an_admin


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    ways = parser.add_subparsers(dest="way", required=True)
    find = ways.add_parser("find", help="look through all records of a type, here and now")
    find.add_argument("--type", required=True, help="what to look through, such as people")
    measured = ways.add_parser("measure", help="print precision and recall for sets of which it is known what is the same")
    measured.add_argument("folder", type=Path, help="with a folder for each of febrl, rldata, splink_fake_1000, fodors_zagats, abt_buy")


def handle(args: argparse.Namespace) -> int:
    """Do what was asked for.

    Returns:
        0, or 1 when it is refused or there is nothing to measure.
    """
    return _measure(args.folder) if args.way == "measure" else _find(args.type)


def _find(slug: str) -> int:
    try:
        job = look(record_type(slug), an_admin())
        perform(job)
    except Refusal as problem:
        print(f"renmai: {problem}", file=sys.stderr)
        return 1
    print(f"{job.result['pairs']} pairs")
    return 0


def _measure(folder: Path) -> int:
    """A line for each set that is there."""
    line = "{:20} {:>8} {:>8} {:>8} {:>10} {:>8} {:>8}"
    found = False
    for labelled in sets(folder):
        if not found:
            print(line.format("set", "records", "same", "found", "precision", "recall", "seconds"))
        found, one = True, measure(labelled)
        print(line.format(one.name, one.records, one.same, one.found, f"{one.precision:.3f}", f"{one.recall:.3f}", f"{one.seconds:.1f}"))
    if not found:
        print(_("renmai: there is none of the known sets in %(folder)s.") % {"folder": folder}, file=sys.stderr)
    return 0 if found else 1
