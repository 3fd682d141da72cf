"""What ``renmai serve`` does to the database before it serves: migrate, make the first admin, load the sample company."""

from __future__ import annotations

import argparse

from renmai.config.commands.migrate import migrate
from renmai.config.env import env
from renmai.config.people import has_admin, make_user, new_password
from renmai.kernel.overlay.company import Company

FIRST_ADMIN = "admin@localhost"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``--sample``."""
    parser.add_argument("--sample", action="store_true")


def handle(args: argparse.Namespace) -> None:
    """Make the database ready for its first page, and say how to sign in."""
    migrate()
    if has_admin():
        print(f"Sign in at {env.base_url}/sign-in/. A lost password is set anew with: renmai user password EMAIL")
    else:
        password = new_password()
        make_user(FIRST_ADMIN, role="admin", name="Admin", password=password)
        print(f"Sign in at {env.base_url}/sign-in/ as {FIRST_ADMIN} with the password {password} (it is shown only now).")
    _prepare_sample(wanted=args.sample)


def _prepare_sample(*, wanted: bool) -> None:
    """Load the sample company into a new database; open its sign-ins, or close them, as our address asks."""
    from renmai.demo import is_loaded, load, open_sign_ins, sign_in_hint

    if wanted and not Company.objects.exists():
        print("Loading the sample company…", flush=True)
        load()
    if is_loaded():
        open_sign_ins()
        print(sign_in_hint())
