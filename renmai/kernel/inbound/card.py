"""The way in by business card: a contact file, or the text of the QR code on it."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.actions.errors import Forbidden, Invalid, Missing
from renmai.kernel.inbound.channel import SAMPLE, Incoming
from renmai.kernel.inbound.intake import take_incoming
from renmai.kernel.inbound.own import Placed, arriving
from renmai.kernel.records.clean import clean_values
from renmai.kernel.records.pages.door import go, page
from renmai.kernel.records.types import registry
from renmai.kernel.transfer.propose import Proposal, propose
from renmai.kernel.transfer.read import Unreadable, look, rows
from renmai.kernel.transfer.values import Taken as Reads
from renmai.kernel.transfer.vcard import is_vcard

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.types import RecordType

CARD = "card"
LARGEST = 5_000_000  # bytes: a card with a picture
_PART = re.compile(r"(?<!\\);")
NAMES = {"TEL": "TEL;TYPE=CELL", "EMAIL": "EMAIL", "ORG": "ORG", "TITLE": "TITLE", "URL": "URL", "NOTE": "NOTE", "NICKNAME": "NICKNAME"}


class Cards(Placed):
    """Somebody hands over a business card."""

    name, label = CARD, gettext_lazy("Business card")
    icon, page, source = "id", "card/", "card"
    text = gettext_lazy("A contact file, or what stands in the QR code of a card.")

    def sample(self) -> Any:
        """As it stands in a QR code."""
        return f"MECARD:N:Jaidee,Somchai;EMAIL:{SAMPLE['email']};TEL:+66812345678;;".encode()

    def read(self, raw: bytes) -> list[Incoming]:
        """Everybody on it."""
        return [Incoming(values) for kind in arriving()[:1] for values in people_on(raw, kind)]


def people_on(raw: bytes, kind: RecordType, by: User | None = None) -> list[dict[str, Any]]:
    """Whoever stands on a card, as raw values of a type; what does not do as a value of its field is left out.

    Args:
        raw: a file of vCards, or the text of a QR code, which may also be a MECARD.

    Raises:
        Invalid: it is no card.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "card.vcf"
        path.write_bytes(as_vcard(raw))
        if not is_vcard(path):
            raise Invalid({"text": [_("This is no business card: a vCard or MECARD is expected.")]})
        try:
            found = look(path)
            return [_values(kind, propose(kind, found), found.header, row, by) for _number, row in rows(path, found.layout)]
        except Unreadable as problem:
            raise Invalid({"text": [str(problem)]}) from problem


def as_vcard(raw: bytes) -> bytes:
    """A MECARD, as many QR codes hold it, written as a vCard; anything else as it is."""
    text = raw.decode("utf-8", "replace").strip()
    if not text.upper().startswith("MECARD:"):
        return raw.lstrip()
    lines = ["BEGIN:VCARD", "VERSION:3.0"]
    for name, _sign, value in (part.partition(":") for part in _PART.split(text[len("MECARD:") :])):
        if name.upper() == "N":
            family, _comma, given = value.partition(",")
            lines += [f"N:{family};{given};;;", f"FN:{f'{given} {family}'.strip()}"]
        elif name.upper() in NAMES and value:
            lines.append(f"{NAMES[name.upper()]}:{value}")
    return "\r\n".join([*lines, "END:VCARD", ""]).encode()


def _values(kind: RecordType, proposal: Proposal, header: list[str], row: list[Any], by: User | None) -> dict[str, Any]:
    """A row of an address book as raw values of the fields that the type has."""
    told = dict(zip(header, row, strict=False))
    values: dict[str, Any] = {}
    for name, cell in _by_field(kind, proposal, told).items():
        spec = kind.writable.get(name)
        if spec is None or not cell:
            continue
        try:
            values[name] = Reads(spec, proposal.reading)(cell)
        except ValueError:
            continue
    specs = {name: kind.fields[name] for name in values}
    _clean, errors = clean_values(specs, values, by)
    return {name: value for name, value in values.items() if value is not None and name not in errors}


def _by_field(kind: RecordType, proposal: Proposal, told: dict[str, Any]) -> dict[str, Any]:
    """Field → cell; a telephone number goes into the field that is called as the card calls it, whichever comes first."""
    columns = {title: name for title, name in proposal.mapping.items() if name in kind.writable}
    phones = [title for title, name in columns.items() if kind.writable[name].kind == "phone"]
    free = [columns[title] for title in phones]
    for title in phones:
        label = str(told.get(title.replace("Value", "Label")) or "").strip("* ")
        wanted = label if label in free else next((name for name in free if name != "mobile"), free[0])
        columns[title] = wanted
        free.remove(wanted)
    return {name: told.get(title) for title, name in columns.items()}


@page
def card(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """Make one of a card, or join it to who is known; several at once are for an import."""
    if not kind.arrives:
        raise Missing(_("There is no such page."))
    if not by.may("create", kind):
        raise Forbidden(_("You may not create this."))
    problem, text = "", request.POST.get("text", "")
    if request.method == "POST":
        try:
            return _taken(request, kind, _one(people_on(_sent(request), kind, by)), by)
        except Invalid as refused:
            problem = str(refused)
    shown = {"kind": kind, "problem": problem, "text": text}
    return render(request, "kernel/inbound/card.jinja", shown, status=422 if problem else 200)


def _sent(request: HttpRequest) -> bytes:
    file = request.FILES.get("file")
    return file.read(LARGEST) if file is not None else request.POST.get("text", "").encode()


def _one(found: list[dict[str, Any]]) -> dict[str, Any]:
    if len(found) > 1:
        raise Invalid(
            {
                "text": [
                    _("There are %(count)s people in this file: import it, and see them before they are stored.") % {"count": len(found)}
                ]
            }
        )
    if not found or not any(found[0].values()):
        raise Invalid({"text": [_("Nobody stands on this card.")]})
    return found[0]


def _taken(request: HttpRequest, kind: RecordType, values: dict[str, Any], by: User) -> HttpResponse:
    taken = take_incoming(kind, Incoming(values), CARD, by=by)
    told = taken.as_json(by)
    if "id" not in told:
        messages.info(request, _("Somebody here knows this person already, and was told that you met."))
        return go(request, kind.path())
    messages.success(
        request, _("Known already: joined to what is there.") if taken.joined else _("Taken from the card. Look whether all is right.")
    )
    return go(request, registry.of(taken.record).path(taken.record))
