"""Public pools: where records wait that are nobody's, who may take them, and how many."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from renmai.directory.pool.fields import Hideable
from renmai.directory.pool.moving import How
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.criteria import BadCriteria, Reader, matches, parse, stored
from renmai.kernel.records.fields import Boolean, Choices, Integer, Json, Links, LongText, Text
from renmai.kernel.records.record import Record
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

MOST = {"daily_limit": 1_000_000, "holding_limit": 1_000_000, "cooldown_days": 3_650, "protect_days": 3_650}


class Pool(Record):
    """A pool, with its people and its rules; an empty limit is none."""

    name = Text(pgettext_lazy("thing", "Name"), sortable=True)
    active = Boolean(
        gettext_lazy("Active"), default=True, help_text=gettext_lazy("Switched off, only its administrators see what waits in it.")
    )
    description = LongText(gettext_lazy("What it is for"), blank=True)
    teams = Links(
        "kernel.Team",
        gettext_lazy("Teams"),
        help_text=gettext_lazy("Their people, and those of the teams below them, see what waits and may claim it."),
    )
    users = Links("kernel.User", gettext_lazy("People"), help_text=gettext_lazy("Besides those of the teams."))
    criteria = Json(gettext_lazy("Everybody who meets"), default=dict, blank=True)
    admins = Links(
        "kernel.User",
        gettext_lazy("Administrators"),
        help_text=gettext_lazy("They see every field of what waits, hand it out and take it out of circulation."),
    )
    daily_limit = Integer(
        gettext_lazy("Claims a day"),
        blank=True,
        help_text=gettext_lazy("For each person, from midnight to midnight of the company’s zone."),
    )
    holding_limit = Integer(
        gettext_lazy("Held at once"), blank=True, help_text=gettext_lazy("So many from this pool one person may have in work.")
    )
    count_won = Boolean(gettext_lazy("Won customers count as held"))
    cooldown_days = Integer(
        gettext_lazy("Cool-down in days"), blank=True, help_text=gettext_lazy("So long whoever had a record last may not claim it again.")
    )
    cooldown_team = Boolean(gettext_lazy("The cool-down holds for their whole team"))
    protect_days = Integer(
        gettext_lazy("Protection of what is new, in days"),
        blank=True,
        help_text=gettext_lazy("So long nobody may claim what came in and was never anybody’s."),
    )
    hidden_fields = Choices(
        gettext_lazy("Hidden until claimed"),
        options=Hideable(),
        help_text=gettext_lazy("Whoever sees a waiting record only because of the pool does not see these."),
    )

    class Meta:
        verbose_name, verbose_name_plural = gettext_lazy("pool"), gettext_lazy("pools")

    def derive(self, changed: set[str]) -> None:
        """Criteria that cannot be understood are refused.

        Raises:
            Invalid: with a sentence.
        """
        try:
            parse(self.criteria or {}, registry["users"])
        except BadCriteria as problem:
            raise Invalid({"criteria": [problem.message]}) from None

    def is_met_by(self, user: User) -> bool:
        """Whether a person meets the criteria of its people; without criteria nobody does."""
        return bool(self.criteria) and matches(stored(self.criteria, registry["users"]), user, Reader.of(user, scoped=False))

    def problems(self) -> Iterator[tuple[str, Any]]:
        """Limits are counts, and days no more than ten years."""
        for name, most in MOST.items():
            if not 0 <= (getattr(self, name) or 0) <= most:
                yield name, _("This is a number from 0 to %(most)s.") % {"most": most}


class PoolMove(models.Model):
    """One move of one record, as it stays for good: limits, cool-downs, recycling and what is made of them are counted from these.

    Attributes:
        type, record_id: the record.
        how: in which way.
        pool: the pool whose rules counted: where it waited, or where it went; also where it is when it goes from hand to hand.
        from_pool: where it was before, if that is another one.
        from_owner, to_owner: whose it was and whose it is; None: nobody's.
        from_team: the team of who had it, at that time.
        by: who did it; None for the program.
        reason: in words.
        rule: the rule that did it, and what it was called; empty where a person did.
        at: when, by the clock of the program.
    """

    type = models.TextField()
    record_id = models.UUIDField()
    how = models.TextField(choices=How.choices)
    pool = models.ForeignKey(Pool, on_delete=models.CASCADE, related_name="+", db_index=False)
    from_pool = models.ForeignKey(Pool, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    from_owner = models.ForeignKey("kernel.User", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    to_owner = models.ForeignKey("kernel.User", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    from_team = models.ForeignKey("kernel.Team", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    by = models.ForeignKey("kernel.User", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    reason = models.TextField(default="")
    rule = models.UUIDField(null=True)
    rule_name = models.TextField(default="")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["record_id", "at"], name="poolmove_record"),
            models.Index(fields=["pool", "to_owner", "at"], name="poolmove_claims", condition=models.Q(how=How.CLAIMED)),
            models.Index(fields=["pool", "at"], name="poolmove_pool"),
        ]
