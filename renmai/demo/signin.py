"""Sample sign-ins: a few people whose password everyone knows, and so only while nobody else can reach this machine."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from renmai.config.env import env
from renmai.demo.story import SOURCE
from renmai.kernel.access.token import Token
from renmai.kernel.access.user import User

PASSWORD = "lantern-sample"  # noqa: S105
KNOWN = {
    "dao@example.com": _("admin"),
    "mina@example.com": _("manager"),
    "alice@example.com": _("sales"),
    "bob@example.com": _("sales, same team"),
    "charlie@example.com": _("sales, another team"),
}


def is_local() -> bool:
    """Whether only this machine can reach us."""
    return all(_is_loopback(host) for host in (env.host, urlsplit(env.base_url).hostname or ""))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def open_sign_ins() -> None:
    """Let the known people in on a machine of one's own, and nobody elsewhere; asked at each start, as the address may have changed."""
    people = User.objects.filter(external_ids__has_key=SOURCE)
    if is_local():
        people.filter(email__in=KNOWN, password="").update(password=make_password(PASSWORD))
    else:
        people.update(password="")
        Token.objects.filter(user__in=people).delete()


def sign_in_hint() -> str:
    """Who can sign in, for the operator; empty where nobody of the sample can."""
    if not is_local():
        return ""
    people = ", ".join(f"{email} ({role})" for email, role in KNOWN.items())
    return gettext("Sample sign-ins, password %(password)s: %(people)s") % {"password": PASSWORD, "people": people}
