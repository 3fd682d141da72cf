"""A document that is worth an amount: typed, or the sum of its lines, never both."""

from __future__ import annotations

from decimal import Decimal as Exact

from django.db import models
from django.utils.translation import gettext_lazy as _

from renmai.kernel.actions.errors import Refused
from renmai.kernel.records.fields import Choice, Currency, Money
from renmai.kernel.records.record import Record

FOLLOWS_LINES = _("The amount follows the lines. Change the lines, or remove them first.")


class AmountSource(models.TextChoices):
    """What rules the amount."""

    TYPED = "typed", _("Typed")
    LINES = "lines", _("Lines")


class Worth(Record):
    """A document with an amount; its rows ``lines`` are ``PricedLine``s."""

    amount = Money(_("Amount"), blank=True, sortable=True)
    amount_source = Choice(AmountSource, _("Amount is"), default=AmountSource.TYPED, editable=False)
    currency = Currency(_("Currency"), blank=True)

    class Meta:
        abstract = True

    def derive(self, changed: set[str]) -> None:
        """The amount from the lines, where there are some.

        Raises:
            Refused: an amount was given while the lines rule it.
        """
        super().derive(changed)
        if "lines" in changed:
            lines = self.rows("lines")
            self.amount_source = AmountSource.LINES if lines else AmountSource.TYPED
            if lines:
                self._follow_sum(_sum(lines), changed)
        elif "amount" in changed and self.amount_source == AmountSource.LINES:
            raise Refused(FOLLOWS_LINES)
        elif "currency" in changed and self.amount_source == AmountSource.LINES:
            self.amount = _sum(self.derive_rows("lines"))

    def _follow_sum(self, total: Exact, changed: set[str]) -> None:
        if "amount" in changed and self.amount not in (None, total):
            raise Refused(FOLLOWS_LINES)
        self.amount = total


def _sum(lines: list[object]) -> Exact:
    return sum((line.net for line in lines), Exact(0))  # type: ignore[attr-defined]
