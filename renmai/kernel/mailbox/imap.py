"""Reading a mailbox by IMAP4rev1 (RFC 3501). Nothing is changed in it: no letter is marked or moved, and none is asked for twice."""

from __future__ import annotations

import base64
import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from renmai.kernel.access.seal import unseal
from renmai.kernel.actions.errors import Refused
from renmai.kernel.inbound.intake import note_failure
from renmai.kernel.mailbox.model import Mailbox, Reading, Reason, Security
from renmai.kernel.mailbox.taking import EMAIL, MOST_BYTES, leave_out, take
from renmai.kernel.overlay import version as overlay

if TYPE_CHECKING:
    Client = imaplib.IMAP4

PATIENCE = 20  # seconds for each answer of the server
AT_ONCE = 200
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
TROUBLES = (OSError, imaplib.IMAP4.error, ssl.SSLError, ValueError)


@contextmanager
def opened(mailbox: Mailbox, reading: Reading) -> Iterator[Client]:
    """The folder of a mailbox, signed in and open for reading only.

    Raises:
        Refused: the server is not there, or does not let us in; with its own words.
    """
    client = None
    try:
        client = _client(mailbox)
        client.login(mailbox.account, unseal(reading.sealed))
        state, answer = client.select(f'"{folder(mailbox.folder or "INBOX")}"', readonly=True)
        if state != "OK":
            raise Refused(_("The server says: %(words)s") % {"words": _spoken(answer)})
        yield client
    except TROUBLES as problem:
        raise Refused(_("The server says: %(words)s") % {"words": str(problem)[:300]}) from problem
    finally:
        if client is not None:
            _leave(client)


def _client(mailbox: Mailbox) -> Client:
    context = ssl.create_default_context()
    if mailbox.security == Security.TLS:
        return imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=context, timeout=PATIENCE)
    client = imaplib.IMAP4(mailbox.host, mailbox.port, timeout=PATIENCE)
    if mailbox.security == Security.STARTTLS:
        client.starttls(context)
    return client


def _leave(client: Client) -> None:
    try:
        client.logout()
    except TROUBLES:
        client.shutdown()


def _spoken(answer: list[bytes | None]) -> str:
    return " ".join(part.decode("utf-8", "replace") for part in answer if isinstance(part, bytes))[:300]


def folder(name: str) -> str:
    """A folder's name in the UTF-7 of IMAP, quoted."""

    def shifted(found: re.Match[str]) -> str:
        return "&" + base64.b64encode(found[0].encode("utf-16-be")).decode().rstrip("=").replace("/", ",") + "-"

    plain = name.replace("&", "&-")
    return re.sub(r"[^\x20-\x7e]+", shifted, plain).replace("\\", "\\\\").replace('"', '\\"')


def check(mailbox: Mailbox) -> int:
    """Look for new letters and take them in, one transaction each: whoever is stopped between two loses none and doubles none.

    Returns:
        How many were looked at.

    Raises:
        Refused: the server is not there, or does not let us in.
    """
    reading = Reading.objects.get_or_create(mailbox=mailbox)[0]
    try:
        with opened(mailbox, reading) as client:
            number = _fetch(client, mailbox, reading)
    except Refused as problem:
        Reading.objects.filter(pk=reading.pk).update(checked_at=timezone.now(), problem=str(problem))
        note_failure(EMAIL, f"{mailbox.name}: {problem}")
        raise
    Reading.objects.filter(pk=reading.pk).update(checked_at=timezone.now(), problem="")
    return number


def _fetch(client: Client, mailbox: Mailbox, reading: Reading) -> int:
    validity = int((client.response("UIDVALIDITY")[1] or [b"0"])[0] or 0)
    if validity != reading.validity:  # another folder, or one that was made anew: its numbers mean nothing any more
        reading.validity, reading.last = validity, 0
    wanted = [f"UID {reading.last + 1}:*"] if reading.last else [f"SINCE {mailbox.created_at:%d-%b-%Y}"]
    state, found = client.uid("SEARCH", *wanted)
    if state != "OK":
        raise Refused(_("The server says: %(words)s") % {"words": _spoken(found)})
    numbers = sorted(number for number in map(int, (found[0] or b"").split()) if number > reading.last)[:AT_ONCE]
    for number in numbers:
        _take(client, mailbox, reading, number)
    return len(numbers)


def _take(client: Client, mailbox: Mailbox, reading: Reading, number: int) -> None:
    """Take one letter in; that it was dealt with is kept in the same transaction."""
    _state, told = client.uid("FETCH", str(number), "(RFC822.SIZE)")
    size = SIZE.search(b" ".join(part for part in told if isinstance(part, bytes)))
    raw = b""
    if size is None or int(size[1]) <= MOST_BYTES:
        _state, found = client.uid("FETCH", str(number), "(BODY.PEEK[])")
        raw = next((part[1] for part in found if isinstance(part, tuple)), b"")
    with transaction.atomic():
        if raw:
            take(mailbox, raw)
        elif size is not None and int(size[1]) > MOST_BYTES:
            leave_out(mailbox, f"{reading.validity}/{number}", Reason.LARGE)
        reading.last = number
        reading.save(update_fields=["validity", "last"])


@app.periodic(cron="* * * * *")
@app.task(name="renmai.mailbox.check", queueing_lock="renmai.mailbox.check")
def check_all(timestamp: int) -> None:
    """Look into every mailbox; one that is not well leaves the others theirs."""
    overlay.refresh()
    for mailbox in Mailbox.objects.live().filter(active=True).exclude(host=""):
        try:
            check(mailbox)
        except Refused:
            continue
