"""Entries as calendars and programs take them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from renmai.activity.agenda.entries import END, Entry, lasts
from renmai.kernel.records.kinds import moment
from renmai.kernel.records.pages.calendar import local

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.types import RecordType


def as_json(entry: Entry) -> dict[str, Any]:
    """An entry as programs read it."""
    return {
        "id": str(entry.record.pk),
        "type": entry.kind.slug,
        "title": entry.record.title,
        "start": moment(entry.start),
        "end": moment(entry.end) if entry.end else None,
        "done": entry.is_done,
        "about": list(entry.about),
        "assignee": entry.who,
        "version": entry.record.version,
    }


def as_event(entry: Entry, moved: bool) -> dict[str, Any]:
    """An entry as the calendar of a page takes it, in the reader's zone.

    Args:
        moved: the person may change times of its type; of each record that is asked when it is moved.
    """
    path = entry.kind.path(entry.record)
    by = f"due_at:{END}" if lasts(entry.kind) else "due_at"
    names = [entry.title or _("Without a name"), *(str(link["title"]) for link in entry.about[:1] if link["title"] not in entry.title)]
    found = {
        "id": str(entry.record.pk),
        "title": " · ".join(names),
        "url": path,
        "start": local(entry.start),
        "editable": moved and entry.is_planned,
        "durationEditable": moved and entry.is_planned and lasts(entry.kind),
        "classNames": [f"agenda-{entry.kind.slug}", *(["agenda-done"] if entry.is_done else [])],
        "extendedProps": {"version": entry.record.version, "move": f"{path}day/?by={by}", "ask": ask_address(entry)},
    }
    return found | ({"end": local(entry.end)} if entry.end else {})


def ask_address(entry: Entry) -> str:
    """The dialog in which an entry is looked at, done and moved."""
    return f"/calendar/{entry.kind.slug}/{entry.record.pk}/"


def moves(kind: RecordType, by: User) -> bool:
    """Whether the person may change when records of the type are."""
    return by.may("edit", kind) and all(by.access.field(kind.slug, name) == "write" for name in ("due_at", END) if name in kind.fields)
