"""``/api/v1/mailboxes/<id>/…``: the password, the letters, and looking for new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from renmai.kernel.access.seal import seal
from renmai.kernel.actions.errors import Forbidden, Invalid
from renmai.kernel.api.contributed import describe_paths, who_may
from renmai.kernel.api.http import answer, api, body, problem
from renmai.kernel.api.operations import (
    COUNT,
    ID,
    MOMENT,
    TEXT,
    UUID,
    YES_NO,
    Schema,
    listed,
    operation,
    query,
    whole,
    without_answer,
)
from renmai.kernel.api.records import limit, visible
from renmai.kernel.mailbox.imap import check
from renmai.kernel.mailbox.model import Letter, LetterState, Mailbox, Reading
from renmai.kernel.mailbox.taking import MOST_BYTES, take
from renmai.kernel.notify.api import cursor
from renmai.kernel.records.kinds import moment
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

LETTER: Schema = whole(
    id=COUNT,
    at=MOMENT,
    state={"type": "string", "enum": list(LetterState.values)},
    reason=TEXT,
    **{"from": TEXT},
    subject=TEXT,
    message_id=TEXT,
    record={**whole(type=TEXT, id=UUID), "type": ["object", "null"]},
    joined=YES_NO,
)
WORDS = "From: Somchai Jaidee <somchai@example.com>\r\nSubject: Your prices\r\nMessage-ID: <1@example.com>\r\n\r\nPlease send them.\r\n"
BROUGHT = operation(
    "Bring a letter",
    {**LETTER, "properties": {**LETTER["properties"], "repeated": YES_NO}},
    parameters=[ID],
    told="As a mail server has it (RFC 5322). One that came before is told, and nothing is done twice.",
)
BROUGHT["requestBody"] = {"required": True, "content": {"message/rfc822": {"schema": {"type": "string", "examples": [WORDS]}}}}
BROUGHT["responses"]["413"] = {"$ref": "#/components/responses/problem-413"}
SECRET: Schema = {
    "type": "object",
    "properties": {"password": {"type": "string", "minLength": 1, "maxLength": 1_000}},
    "required": ["password"],
}
describe_paths(
    {
        "/api/v1/mailboxes/{id}/password/": {
            "post": without_answer(
                operation("Set the password", {}, parameters=[ID], given=SECRET, status="204", told="Nobody reads it again.")
            )
        },
        "/api/v1/mailboxes/{id}/letters/": {
            "get": operation(
                "What became of the letters",
                listed(LETTER),
                parameters=[
                    ID,
                    query("limit", {"type": "integer", "minimum": 1, "maximum": 200}, "rows", 50),
                    query("after", TEXT, "the cursor that the page before gave as next"),
                ],
                told="Newest first.",
            ),
            "post": BROUGHT,
        },
        "/api/v1/mailboxes/{id}/check/": {
            "post": operation(
                "Look for new letters now", whole(seen=COUNT), parameters=[ID], told="409 where the server cannot be reached."
            )
        },
    },
    to=who_may("edit", "mailboxes"),
)


def ruled(key: Any, by: User) -> Mailbox:
    """A mailbox that the person may change.

    Raises:
        Missing, Forbidden: it is not theirs to see, or to change.
    """
    found: Any = visible(registry.of(Mailbox), key, by)
    if not by.may("edit", found):
        raise Forbidden(_("Only administrators change this."))
    return found  # type: ignore[no-any-return]


def set_password(mailbox: Mailbox, given: Any) -> None:
    """Keep the password, sealed; nobody reads it again.

    Raises:
        Invalid: it is no text.
    """
    if not isinstance(given, str) or not given or len(given) > 1_000:
        raise Invalid({"password": [_("Text is expected here.")]})
    Reading.objects.update_or_create(mailbox=mailbox, defaults={"sealed": seal(given)})


@api("POST")
def password(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Set the password."""
    set_password(ruled(key, by), body(request).get("password"))
    return HttpResponse(status=204)


@api("GET", "POST")
def letters(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """What became of the letters, newest first; with ``POST`` one is brought, as RFC 5322 has it."""
    mailbox = ruled(key, by)
    if request.method == "POST":
        if len(request.body) > MOST_BYTES:
            return problem(413, _("Too large"))
        if not request.body.strip():
            raise Invalid({"": [_("Send the letter as it came, as message/rfc822.")]})
        found, came_before = take(mailbox, request.body)
        if found.state == LetterState.FAILED:
            return problem(422, found.reason, id=str(found.pk))
        return answer({**as_json(found), "repeated": came_before})
    listed, following = log(mailbox, limit(request, 50), before=cursor(request.GET.get("after", "")))
    return answer({"items": [as_json(one) for one in listed], "next": str(following) if following else None})


@api("POST")
def checked(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Look for new letters now."""
    return answer({"seen": check(ruled(key, by))})


def log(mailbox: Mailbox, size: int, *, before: int | None = None) -> tuple[list[Letter], int | None]:
    """One page of the letters, newest first, and the number before which the next one begins."""
    found = Letter.objects.filter(mailbox=mailbox).order_by("-pk")
    listed = list((found if before is None else found.filter(pk__lt=before))[: size + 1])
    return listed[:size], listed[size - 1].pk if len(listed) > size else None


def as_json(one: Letter) -> dict[str, Any]:
    """A letter as the API tells it."""
    record = {"type": one.type, "id": str(one.record_id)} if one.record_id else None
    told = {"id": one.pk, "at": moment(one.at), "state": one.state, "reason": one.reason, "from": one.sender, "subject": one.subject}
    return told | {"message_id": one.key, "record": record, "joined": one.joined}
