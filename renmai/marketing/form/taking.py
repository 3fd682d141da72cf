"""From what was sent to a record: checked, kept, confirmed where that is asked for, and taken in."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from renmai.kernel.access.token import Token
from renmai.kernel.actions.action import REQUIRED
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.facts import say
from renmai.kernel.inbound.intake import Arrival, completed, note_failure, take_in
from renmai.kernel.records.clean import Errors, clean
from renmai.kernel.records.types import registry
from renmai.marketing.form.model import Form, LandingLink, State, Submission
from renmai.marketing.form.shapes import MESSAGE, text

if TYPE_CHECKING:
    from renmai.kernel.records.types import RecordType

ORIGIN = ("first_page", "referrer", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
CONFIRM_WITHIN = dt.timedelta(days=7)
KEEPS = dt.timedelta(days=730)
FORM, REFERRAL = "form", "referral"


@dataclass(frozen=True)
class Sending:
    """What came with a form besides its values.

    Attributes:
        agreed: keys of the consents that were ticked.
        origin: from where they came, by the names of ``ORIGIN``.
        nonce: of the puzzle; None for a test of somebody who works here.
        sender: address of the sender's machine.
    """

    agreed: Iterable[str] = ()
    origin: Mapping[str, str] = field(default_factory=dict)
    language: str = ""
    link: LandingLink | None = None
    nonce: str | None = None
    sender: str = ""

    @property
    def is_test(self) -> bool:
        return self.nonce is None


def target_of(form: Form) -> RecordType:
    """What it becomes.

    Raises:
        Invalid: there is no such type any more.
    """
    if form.kind is None:
        raise Invalid({"": [_("There is no such type of record.")]})
    return form.kind


def checked(form: Form, given: Mapping[str, Any], agreed: Iterable[str]) -> dict[str, Any]:
    """The values of the fields that the form asks for, as they were sent, once all of them do.

    Raises:
        Invalid: with every field that does not do.
    """
    kind = target_of(form)
    errors: Errors = {}
    values = {one["field"]: given[one["field"]] for one in form.shown if given.get(one["field"]) not in (None, "", [])}
    for one in form.shown:
        if one["required"] and one["field"] not in values:
            errors[one["field"]] = [REQUIRED]
        elif one["choices"] and values.get(one["field"]) not in (None, *one["choices"]):
            errors[one["field"]] = [_("This is none of the choices.")]
    missing = [one["key"] for one in form.consents if one["required"] and one["key"] not in set(agreed)]
    errors |= {f"consent.{key}": [_("Please agree to this to go on.")] for key in missing}
    try:
        message = text(values.pop(MESSAGE, ""))
    except ValueError as problem:
        errors[MESSAGE], message = [str(problem)], ""
    try:
        clean(kind, completed(kind, values | fixed(form), Arrival(FORM)), None)
    except Invalid as problem:
        errors = {name: said for name, said in problem.errors.items() if name not in errors} | errors
    if not values and not errors:
        errors[""] = [_("Nothing was filled in.")]
    if errors:
        raise Invalid(errors)
    return values | ({MESSAGE: message} if message else {})


def fixed(form: Form) -> dict[str, Any]:
    """What the form sets by itself: its hidden fields, and whose the record is."""
    kind = target_of(form)
    hidden = {one["field"]: one["value"] for one in form.fields if one["hidden"] and one["value"] and form.spec_of(one["field"])}
    owner = None if form.pool_id else form.receiver_id
    own = {"campaign": form.campaign_id, "source": form.source, "owner": owner, "pool": form.pool_id}
    return hidden | {name: str(value) for name, value in own.items() if value and name in kind.writable}


def submit(form: Form, given: Mapping[str, Any], sending: Sending) -> tuple[Submission, str]:
    """Take what was sent, once for each puzzle.

    Returns:
        What is kept, and the secret that confirms it where that is to be sent by letter.

    Raises:
        Invalid: with every field that does not do; then nothing is kept.
    """
    values, secret = checked(form, given, sending.agreed), secrets.token_urlsafe(24)
    waits = form.double_opt_in and not sending.is_test
    state = State.TEST if sending.is_test else State.PENDING if waits else State.TAKEN
    kept = _kept(form, sending, state=state, sent=values, digest=Token.digest_of(secret) if waits else "")
    try:
        with transaction.atomic():
            kept.save(force_insert=True)
            if state == State.TAKEN:
                become(kept)
            elif waits:
                write.defer(submission=kept.pk, secret=secret)
    except IntegrityError:
        return Submission.objects.get(nonce=sending.nonce), ""
    return kept, secret if waits else ""


def keep_spam(form: Form, given: Mapping[str, Any], sending: Sending) -> Submission:
    """Keep what a program sent that filled in what people do not see: nothing comes of it, unless somebody says that it is none."""
    sent = {one["field"]: str(given.get(one["field"]) or "")[:500] for one in form.shown}
    kept = _kept(form, sending, state=State.SPAM, sent=sent)
    kept.nonce = None
    kept.save(force_insert=True)
    return kept


def _kept(form: Form, sending: Sending, **more: Any) -> Submission:
    agreed = set(sending.agreed)
    said = [one for one in form.consents if one["key"] in agreed]
    told = [
        {"key": one["key"], "text": one["texts"].get(sending.language) or next(iter(one["texts"].values())), "version": one["version"]}
        for one in said
    ]
    origin = {name: value[:2_000] for name in ORIGIN if (value := str(sending.origin.get(name) or "").strip())}
    link = sending.link if sending.link is not None and sending.link.form_id == form.pk else None
    sender = Token.digest_of(f"{form.token} {sending.sender}")[:16] if sending.sender else ""
    shared = {"form": form, "link": link, "origin": origin, "language": sending.language, "sender": sender, "nonce": sending.nonce}
    return Submission(consents=told, **shared, **more)


def become(kept: Submission) -> None:
    """Take in what was sent, and say on the form's timeline that it was."""
    form, link = kept.form, kept.link
    kind = target_of(form)
    values = {name: value for name, value in kept.sent.items() if name != MESSAGE}
    by_referral = link is not None and bool(link.referrer_id)
    data: dict[str, Any] = {"form": _link(form)}
    data |= {"message": kept.sent[MESSAGE]} if kept.sent.get(MESSAGE) else {}
    if link is not None and by_referral and (referrer := referrer_of(link)) is not None:
        data["referrer_by"] = _link(referrer)
    arrival = Arrival(REFERRAL if by_referral else FORM, kept.origin, kept.consents, data)
    taken = take_in(kind, fixed(form) | values, arrival)
    kept.state, kept.joined = State.TAKEN, taken.joined
    kept.type, kept.record_id = registry.of(taken.record).slug, taken.record.pk
    kept.save(update_fields=["state", "joined", "type", "record_id", "confirmed_at"])
    say("form.submitted", about=[form], by=None, data={"form": _link(form), "record": _link(taken.record), "joined": taken.joined})


def _link(record: Any) -> dict[str, Any]:
    return {"id": str(record.pk), "type": registry.of(record).slug, "title": record.title}


def referrer_of(link: LandingLink) -> Any:
    """The colleague or the customer who passes a link on."""
    kind = registry.get(link.referrer_type)
    return kind.model.objects.live().filter(pk=link.referrer_id).first() if kind is not None else None


def confirm(form: Form, secret: str) -> Submission | None:
    """Let what was sent count; once more is as once. None where the link is not ours or too old."""
    with transaction.atomic():
        rows = Submission.objects.select_for_update(of=("self",)).select_related("form", "link")
        kept = rows.filter(form=form, digest=Token.digest_of(secret)).exclude(digest="").first()
        if kept is None or kept.state not in {State.PENDING, State.TAKEN}:
            return None
        if kept.state == State.PENDING:
            if kept.at < timezone.now() - CONFIRM_WITHIN:
                return None
            kept.confirmed_at = timezone.now()
            become(kept)
    return kept


def judge(kept: Submission, *, is_spam: bool) -> None:
    """Say that something is spam, or that it is none: then it is taken in as if it came now.

    Raises:
        Refusal: it does not do any more.
    """
    with transaction.atomic():
        kept = Submission.objects.select_for_update(of=("self",)).select_related("form", "link").get(pk=kept.pk)
        if is_spam:
            Submission.objects.filter(pk=kept.pk).update(state=State.SPAM)
        elif kept.record_id is None:
            become(kept)
        else:
            Submission.objects.filter(pk=kept.pk).update(state=State.TAKEN)


@app.task(name="renmai.form.write")
def write(*, submission: int, secret: str) -> None:
    """Write the letter that asks to confirm."""
    from renmai.marketing.form.letter import ask_to_confirm

    kept = Submission.objects.select_related("form").filter(pk=submission, state=State.PENDING).first()
    if kept is None:
        return
    try:
        ask_to_confirm(kept, secret)
    except OSError as problem:  # the mail server is not there: the page of the form tells
        Submission.objects.filter(pk=kept.pk).update(problem=str(problem)[:500])
        note_failure(FORM, str(problem))
        raise


@app.periodic(cron="51 2 * * *")
@app.task(name="renmai.form.forget", queueing_lock="renmai.form.forget")
def forget(timestamp: int) -> None:
    """What was never confirmed does not count any more, and what was sent long ago is dropped."""
    now = timezone.now()
    Submission.objects.filter(state=State.PENDING, at__lt=now - CONFIRM_WITHIN).update(state=State.EXPIRED, sent={}, digest="")
    Submission.objects.filter(at__lt=now - KEEPS).delete()
