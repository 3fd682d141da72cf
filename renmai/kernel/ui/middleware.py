"""What every request gets: the person's language and zone, and the headers that keep the browser safe."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from renmai.config.env import env
from renmai.kernel.access.reading import reading
from renmai.kernel.overlay.company import company
from renmai.kernel.ui.reader import Reader, become, reader_of, tag

Handler = Callable[[HttpRequest], HttpResponse]

UNREAD = ("/static/", "/healthz", "/readyz", "/metrics")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self), payment=()",
}


def live_origin(request: HttpRequest) -> str:
    """Where the browser finds the live stream: under ``/live/`` behind a proxy, else on a port of its own.

    Without a proxy the page is asked for on the very port that the web server listens on.
    """
    host = urlsplit(f"//{request.get_host()}")
    if host.port != env.port:
        return ""
    return f"{request.scheme}://{host.netloc.rpartition(':')[0]}:{env.live_port}"


def policy(request: HttpRequest) -> str:
    """The content security policy: all from here, nothing inline."""
    connect = f"'self' {live_origin(request)}".strip()
    return (
        f"default-src 'self'; img-src 'self' data: blob:; connect-src {connect}; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"
    )


def zone(name: str) -> zoneinfo.ZoneInfo:
    """The named zone, or UTC where the name is not known to this machine."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")


def _reader(request: HttpRequest) -> Reader:
    ours = company()
    user = request.user if request.user.is_authenticated else None
    header = request.COOKIES.get("language") or request.headers.get("Accept-Language", "")
    return reader_of(user, header, ours.language, ours.time_zone, ours.country)


def reader(get_response: Handler) -> Handler:
    """Middleware: write the page for its reader, then set the safety headers."""

    def handle(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(UNREAD):
            return get_response(request)
        person = _reader(request)
        become(person)
        translation.activate(person.language)
        timezone.activate(zone(person.time_zone))
        with reading(request.user if request.user.is_authenticated else None):  # a program says later who it is
            response = get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Security-Policy", policy(request))
            response.headers.setdefault("Content-Language", tag(person.language))
            response.headers.setdefault("Cache-Control", "private, no-cache")
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return handle
