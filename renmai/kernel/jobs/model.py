"""What a person sees of work in the background. The queue itself is procrastinate's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

if TYPE_CHECKING:
    from renmai.kernel.access.user import User


class JobState(models.TextChoices):
    """Where a piece of work stands."""

    QUEUED = "queued", _("Waiting")
    WORKING = "working", _("Working")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs as people ask for them."""

    def visible_to(self, user: User) -> JobQuerySet:
        """A person's own jobs; an admin's are all; to a narrow token only those that were asked for with its reach."""
        jobs = self if user.access.is_admin else self.filter(by=user)
        told = user.access.reach_told
        return jobs.filter(by=user, reach=told) if told else jobs


class Job(models.Model):
    """One piece of work with its progress.

    Attributes:
        kind: name under which ``work`` registered the function.
        arguments: given to the function; JSON.
        state: one of ``JobState``.
        done, total: steps, in whatever the work counts (rows of a file); total is null until it is known.
        result: what came out; JSON.
        problem: a sentence telling why it failed.
        errors_file: id of a stored file of what could not be done, such as the rows of an import.
        reach: how far the token reaches with which the work was asked for; empty where it was none, or one that holds nothing back.
        stop_asked_at: somebody has asked it to stop; the work looks at it between its steps.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.TextField()
    arguments = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    state = models.TextField(default=JobState.QUEUED)
    done = models.IntegerField(default=0)
    total = models.IntegerField(null=True)
    result = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    problem = models.TextField(default="")
    errors_file = models.UUIDField(null=True)
    reach = models.JSONField(default=dict)
    by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    asked_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    stop_asked_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["by", "asked_at"], name="job_by"), models.Index(fields=["ended_at"], name="job_ended")]

    @property
    def is_over(self) -> bool:
        """Nothing more will happen."""
        return self.state in {JobState.DONE, JobState.FAILED, JobState.CANCELLED}

    @property
    def share(self) -> int:
        """Progress in whole percent."""
        if self.state == JobState.DONE:
            return 100
        return min(99, 100 * self.done // self.total) if self.total else 0

    def as_json(self) -> dict[str, Any]:
        """As the API tells it."""
        return {
            "id": str(self.pk),
            "state": self.state,
            "done": self.done,
            "total": self.total,
            "errors_file": f"/api/v1/files/{self.errors_file}/" if self.errors_file else None,
            "result": self.result,
            "problem": self.problem,
        }
