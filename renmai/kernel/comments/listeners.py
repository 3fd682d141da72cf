"""What happens to comments when their record is deleted for good."""

from __future__ import annotations

from renmai.kernel.comments.model import Comment
from renmai.kernel.facts import Fact
from renmai.kernel.facts.say import listens_where


@listens_where(lambda kind: kind.endswith(".purged"))
def comments_go_along(facts: list[Fact]) -> None:
    """They are deleted with it."""
    keys = [record.pk for fact in facts for record in fact.subjects]  # type: ignore[attr-defined]
    Comment.objects.filter(record_id__in=keys).delete()
