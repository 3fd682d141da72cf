"""``/settings/about/``: what runs here."""

from __future__ import annotations

import platform

import django
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

import renmai
from renmai.kernel.access.user import User
from renmai.kernel.records.pages.door import page


@page
def about(request: HttpRequest, by: User) -> HttpResponse:
    """Version and licence; what it runs on, for administrators."""
    facts = [(_("Version"), renmai.__version__), (_("Licence"), "Apache-2.0")]
    if by.access.is_admin:
        facts += [("PostgreSQL", _server_version()), ("Python", platform.python_version()), ("Django", django.get_version())]
    return render(request, "kernel/settings/about.jinja", {"facts": facts})


def _server_version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])
