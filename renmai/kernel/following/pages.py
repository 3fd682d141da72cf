"""The star, the followers and the files of a record, asked for once its page is there; and the tray of favourites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Missing
from renmai.kernel.api.records import visible
from renmai.kernel.files.pages import card
from renmai.kernel.following import marks
from renmai.kernel.records.pages.door import go, is_part, page
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record
    from renmai.kernel.records.types import RecordType

BUTTONS = "kernel/following/buttons.jinja"


@page
def aids(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """What a record's page asks for when it is there; that the person looks at it is noted."""
    record = visible(kind, key, by)
    marks.saw(kind, record, by)
    return render(request, "kernel/following/aids.jinja", card(kind, record, by) | state(kind, record, by))


def state(kind: RecordType, record: Record, by: User) -> dict[str, Any]:
    """How a person stands to a record."""
    people = marks.followers(record)
    starred = marks.is_starred(record, by)
    return {"kind": kind, "record": record, "people": people, "follows": by in people, "starred": starred}


@page
def mark(request: HttpRequest, by: User, kind: RecordType, key: Any, verb: str) -> HttpResponse:
    """Follow, unfollow, star or unstar; answers with the buttons."""
    record = visible(kind, key, by)
    match verb if request.method == "POST" else "":
        case "follow":
            marks.follow(kind, record, by)
        case "unfollow":
            marks.unfollow(kind, record, by)
        case "star":
            marks.star(kind, record, by)
        case "unstar":
            marks.unstar(record, by)
        case _:
            raise Missing(_("There is no such page."))
    if is_part(request) and kind.place(record):  # a page of its own, where these buttons do not stand
        return go(request, kind.place(record))
    return render(request, BUTTONS, state(kind, record, by))


@page
def favourites(request: HttpRequest, by: User) -> HttpResponse:
    """The tray with what one has starred and what one has looked at lately."""
    return render(request, "kernel/following/tray.jinja", {"favourites": named(marks.favourites(by)), "recents": named(marks.recents(by))})


def named(links: list[dict[str, Any]]) -> list[tuple[RecordType, dict[str, Any]]]:
    """Links with their types."""
    return [(registry[link["type"]], link) for link in links]
