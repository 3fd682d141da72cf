"""``renmai user``: make users, set their passwords, list them."""

from __future__ import annotations

import argparse

from renmai.config.commands.migrate import migrate
from renmai.config.people import find_user, make_user, new_password, role_names, set_password
from renmai.kernel.access.user import User


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``create``, ``password`` and ``list``."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    creating = verbs.add_parser("create", help="make a user; prints the address and, if it was made up, the password")
    creating.add_argument("email")
    creating.add_argument("--role", default="rep", help="admin, manager, rep, or a role of your own (default: rep)")
    creating.add_argument("--name", default="", help="the person's name (default: what stands before the @)")
    creating.add_argument("--password", help="made up and printed when it is not given")
    changing = verbs.add_parser("password", help="set a password; prints it if it was made up")
    changing.add_argument("email")
    changing.add_argument("--password", help="made up and printed when it is not given")
    verbs.add_parser("list", help="show every user with a sign-in")


def handle(args: argparse.Namespace) -> None:
    """Do what the verb says, and print it on one line."""
    migrate()
    if args.verb == "list":
        _list()
        return
    password = args.password or new_password()
    if args.verb == "create":
        make_user(args.email, role=args.role, name=args.name, password=password)
    else:
        set_password(find_user(args.email), password)
    print(args.email.lower() if args.password else f"{args.email.lower()} {password}")


def _list() -> None:
    for user in User.objects.live().exclude(email="").order_by("email"):
        print(f"{user.email}  {user.name}  {','.join(role_names(user))}{'' if user.active else '  (inactive)'}")
