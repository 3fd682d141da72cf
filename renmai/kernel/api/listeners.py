"""What the API keeps for a day only."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from renmai.kernel.api.http import ANSWERS_LAST, IdempotentAnswer


@app.periodic(cron="17 * * * *")
@app.task(name="renmai.forget-answers", queueing_lock="renmai.forget-answers")
def forget_answers(timestamp: int) -> None:
    """Drop the answers that a repeated request is given no more."""
    IdempotentAnswer.objects.filter(created_at__lt=timezone.now() - ANSWERS_LAST).delete()
