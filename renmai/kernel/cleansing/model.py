"""How good the data of a type was on a day, field by field: the numbers of which the trend is made."""

from __future__ import annotations

from django.db import models


class QualityDay(models.Model):
    """One field of one type on one day, over all records that are not in the recycle bin.

    Attributes:
        rows: how many records there were.
        filled: in how many of them the field held something.
        valid: in how many it held what can be true.
        untidy: in how many cleansing would change it.
        repeated: in how many it held what another record held too; None where that is no fault.
        stale: how many of the filled ones nobody has touched for a year.
    """

    type = models.TextField()
    field = models.TextField()
    day = models.DateField()
    rows = models.IntegerField()
    filled = models.IntegerField()
    valid = models.IntegerField()
    untidy = models.IntegerField()
    repeated = models.IntegerField(null=True)
    stale = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["type", "day", "field"], name="quality_once_a_day")]

    def share(self, count: int | None, of: int) -> int | None:
        """A count in percent, rounded down, so that only what is whole is told as whole; None of nothing."""
        return None if count is None or not of else count * 100 // of

    @property
    def is_filled(self) -> int | None:
        """Percent of the records that hold something."""
        return self.share(self.filled, self.rows)

    @property
    def is_valid(self) -> int | None:
        """Percent of the filled ones that can be true."""
        return self.share(self.valid, self.filled)

    @property
    def is_fresh(self) -> int | None:
        """Percent of the filled ones that somebody has touched within a year."""
        return self.share(self.filled - self.stale, self.filled)

    @property
    def is_single(self) -> int | None:
        """Percent of the filled ones whose value no other record has."""
        return self.share(None if self.repeated is None else self.filled - self.repeated, self.filled)

    @property
    def is_good(self) -> int:
        """Percent of all records in which the field holds what can be true."""
        return self.share(self.valid, self.rows) or 0
