"""``renmai export``: a list into a file, from the command line."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from renmai.kernel.access.reading import read_as
from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Invalid, Refusal
from renmai.kernel.transfer.command import record_type, user
from renmai.kernel.transfer.export import Export, csv_lines
from renmai.kernel.transfer.exporting import export_of, write


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--type", required=True, help="what to export, such as leads")
    parser.add_argument("--filter", default="", help="criteria, as JSON")
    parser.add_argument("--sort", default="", help="such as -created_at")
    parser.add_argument("--fields", default="", help="names separated by commas; all if not given")
    parser.add_argument("--format", choices=["csv", "xlsx"], help="by the suffix of the file if not given")
    parser.add_argument("--bom", action="store_true", help="begin a CSV with a byte-order mark, by which spreadsheets know UTF-8")
    parser.add_argument("--as", dest="by", default="", metavar="EMAIL", help="the user whose rights count; an admin if not given")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the file to write; - for the standard output (CSV only)")


def handle(args: argparse.Namespace) -> int:
    """Export.

    Returns:
        0, or 1 when it is refused.
    """
    try:
        export = _export(args)
    except Refusal as problem:
        print(f"renmai: {problem}", file=sys.stderr)
        return 1
    if str(args.output) == "-":
        sys.stdout.writelines(csv_lines(export, bom=args.bom))
    else:
        write(export, args.output, args.format or args.output.suffix[1:].lower(), bom=args.bom)
    return 0


def _export(args: argparse.Namespace) -> Export:
    kind, by = record_type(args.type), user(args.by) or an_admin()
    read_as(by)
    names = [name.strip() for name in args.fields.split(",") if name.strip()]
    tree = _criteria(args.filter) if args.filter else None
    return export_of(kind.slug, by, filter=tree, q="", sort=args.sort, fields=names, for_people=False)


def _criteria(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise Invalid({"filter": [_("The filter is not valid JSON.")]}) from None


def an_admin() -> User:
    """The oldest active admin, whose eyes see everything.

    Raises:
        Invalid: there is no admin yet.
    """
    for person in User.objects.live().filter(active=True).order_by("created_at"):
        if person.access.is_admin:
            return person  # type: ignore[no-any-return]
    raise Invalid({"as": [_("There is no active admin: name a user with --as.")]})
