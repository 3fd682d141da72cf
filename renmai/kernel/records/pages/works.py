"""Work in the background as its person sees it: how far it has come, what came of it, and the ways to stop it and take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Missing
from renmai.kernel.actions.undo import is_undoable
from renmai.kernel.jobs.model import Job
from renmai.kernel.jobs.work import stop
from renmai.kernel.records.pages.door import PAGES, done, page
from renmai.kernel.records.types import registry
from renmai.kernel.transfer.model import ChangeSet

if TYPE_CHECKING:
    from renmai.kernel.access.user import User


def job_of(by: User, key: Any) -> Job:
    """A job that the person may look at.

    Raises:
        Missing: there is none.
    """
    found = Job.objects.visible_to(by).filter(pk=key).first()
    if found is None:
        raise Missing(_("There is no such job."))
    return found


@page
def watch(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Progress, then the result."""
    job = job_of(by, key)
    change_set = ChangeSet.objects.filter(pk=job.arguments.get("change_set")).first()
    kind = registry.get(change_set.target) if change_set else None
    can_undo = bool(change_set and job.is_over and is_undoable(change_set))
    return render(request, f"{PAGES}/work.jinja", {"job": job, "change_set": change_set, "kind": kind, "can_undo": can_undo})


@page
def cancel(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Ask it to stop; what is done stays done."""
    if request.method == "POST":
        stop(job_of(by, key))
    return done("")
