"""From a letter to a record: once, however often and by whatever way it comes."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Invalid, Refusal
from renmai.kernel.files.attached import hang
from renmai.kernel.files.store import receive
from renmai.kernel.inbound.intake import Arrival, note_failure, take_in
from renmai.kernel.mailbox.letter import read
from renmai.kernel.mailbox.model import Letter, LetterState, Mailbox, Reason
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.mailbox.letter import Letter as Said
    from renmai.kernel.records.record import Record

EMAIL = "email"
MOST_BYTES = 25_000_000
MOST_FILES = 20
KEEPS = dt.timedelta(days=365)


def take(mailbox: Mailbox, raw: bytes) -> tuple[Letter, bool]:
    """Take a letter in, or keep why not.

    Returns:
        What became of it, and whether it had come before.
    """
    said = read(raw)
    before = Letter.objects.filter(mailbox=mailbox, key=said.key).first()
    if before is not None:
        return before, True
    kept = Letter(mailbox=mailbox, key=said.key, sender=said.email, subject=said.subject, state=LetterState.SKIPPED)
    kept.reason = said.reason or (Reason.COLLEAGUE if is_ours(mailbox, said.email) else "")
    try:
        with transaction.atomic():
            if not kept.reason:
                _become(mailbox, kept, said)
            kept.save(force_insert=True)
    except IntegrityError:
        return Letter.objects.get(mailbox=mailbox, key=said.key), True
    except Refusal as problem:
        kept.state, kept.reason, kept.record_id, kept.type = LetterState.FAILED, str(problem)[:500], None, ""
        kept.save(force_insert=True)
        note_failure(EMAIL, kept.reason)
    return kept, False


def leave_out(mailbox: Mailbox, key: str, reason: Reason) -> Letter:
    """Keep that a letter was not even read."""
    return Letter.objects.get_or_create(mailbox=mailbox, key=key, defaults={"state": LetterState.SKIPPED, "reason": reason})[0]


def is_ours(mailbox: Mailbox, email: str) -> bool:
    """Whether a colleague wrote, or the mailbox to itself."""
    return email == mailbox.account.lower() or bool(User.objects.live().filter(email=email).exists())


def _become(mailbox: Mailbox, kept: Letter, said: Said) -> None:
    kind = mailbox.kind
    if kind is None:
        raise Invalid({"target": [_("There is no such type of record.")]})
    values = {"email": said.email, "name": said.name or said.email, **placed(mailbox)}
    data = {"subject": said.subject, "message": said.text, "message_id": said.key, "files": [name for name, _content in said.files]}
    taken = take_in(kind, values, Arrival(EMAIL, data=data))
    _hang(taken.record, said)
    kept.state, kept.joined = LetterState.TAKEN, taken.joined
    kept.type, kept.record_id = registry.of(taken.record).slug, taken.record.pk


def placed(mailbox: Mailbox) -> dict[str, Any]:
    """Whose a new record is, or in which pool it waits."""
    kind = mailbox.kind
    spec = kind.writable.get("pool") if kind is not None and mailbox.pool else None
    pool = spec.target_model.objects.live().filter(title=mailbox.pool).first() if spec is not None else None
    if pool is not None:
        return {"pool": str(pool.pk)}
    return {"owner": str(mailbox.receiver_id)} if mailbox.receiver_id else {}


def _hang(record: Record, said: Said) -> None:
    """Keep what hangs on a letter with the record; what is too large or a program is left out."""
    for name, content in said.files[:MOST_FILES]:
        try:
            stored = receive(SimpleUploadedFile(name, content), by=None)
        except Invalid:
            continue
        hang(registry.of(record), record, stored, None)


@app.periodic(cron="49 2 * * *")
@app.task(name="renmai.mailbox.forget", queueing_lock="renmai.mailbox.forget")
def forget(timestamp: int) -> None:
    """Drop what is known of old letters; those that are still in the mailbox lie behind the place up to which it was read."""
    Letter.objects.filter(at__lt=timezone.now() - KEEPS).delete()
