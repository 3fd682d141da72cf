"""What is done with quotes."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from renmai.commerce.quote.model import Quote, QuoteStatus
from renmai.kernel.access.user import User
from renmai.kernel.actions.action import action
from renmai.kernel.actions.errors import Refused
from renmai.kernel.actions.making import make_of
from renmai.kernel.records.fields import LongText
from renmai.kernel.records.store import change

COPIED = ("product", "description", "quantity", "unit_price", "discount_percent", "tax_rate")
NOT_SENT = _("Only a quote that was sent can be decided.")


@action(_("Mark as sent"), icon="send", when=Quote.is_draft, refusal=_("This quote was sent before."), fact="sent")
def send(quote: Quote, *, by: User) -> None:
    """Give a quote out of hand: it can be decided now, and changed only by a revision.

    Raises:
        Refused: it has no lines.
    """
    if not quote.rows("lines"):
        raise Refused(_("A quote without lines cannot be sent."))
    change(quote, by=by, status=QuoteStatus.SENT, sent_at=timezone.now())


@action(_("Accept"), icon="check", when=Quote.is_sent, refusal=NOT_SENT, fact="accepted")
def accept(quote: Quote, *, by: User) -> None:
    """Record that the customer accepts."""
    change(quote, by=by, status=QuoteStatus.ACCEPTED, decided_at=timezone.now())


@action(_("Refuse"), icon="x", when=Quote.is_sent, refusal=NOT_SENT, fact="refused", asks={"reason": LongText(_("Reason"), blank=True)})
def refuse(quote: Quote, *, by: User, reason: str = "") -> None:
    """Record that the customer does not want it."""
    change(quote, by=by, status=QuoteStatus.REFUSED, decided_at=timezone.now(), refused_reason=reason)


@action(_("Revise"), icon="copy", when=Quote.is_revisable, refusal=_("A draft can be changed as it is."), fact="revised")
def revise(quote: Quote, *, by: User) -> None:
    """Make the next revision of a quote, as a draft with the same lines."""
    same = ("opportunity", "account", "person", "currency", "tax_included", "valid_until", "terms")
    lines = [{name: getattr(line, name) for name in COPIED} for line in quote.rows("lines")]
    copy = make_of(quote, Quote, same, by=by, lines=lines)
    change(copy, by=by, revision=quote.revision + 1, revises=quote)
