"""``/settings/sample/``: taking the sample company away. It stands here because the kernel knows nothing of samples."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Refused
from renmai.kernel.jobs import later, work
from renmai.kernel.jobs.model import Job, JobState
from renmai.kernel.overlay.company import Company
from renmai.kernel.records.pages.door import page
from renmai.kernel.settings.cards import Card, Group, add_card
from renmai.kernel.settings.company import require_admin

KIND = "remove-sample"


def is_loaded() -> bool:
    """Whether the sample company is there."""
    return Company.objects.filter(sample_at__isnull=False).exists()


add_card(
    Card(
        Group.COMPANY,
        gettext_lazy("Remove sample data"),
        gettext_lazy("Takes the sample company away and leaves what is your own"),
        icon="eraser",
        address="/settings/sample/",
        words=gettext_lazy("demo data, test data, begin anew"),
        is_shown=lambda by: by.access.is_admin and is_loaded(),
    )
)


@work(KIND)
def remove_sample(job: Job) -> None:
    """Remove it behind the page: thousands of records take a while."""
    from renmai.demo import remove

    remove()


@page
def sample(request: HttpRequest, by: User) -> HttpResponse:
    """Ask whether it is really meant, then show how it goes."""
    require_admin(by)
    if request.method == "POST":
        ask_removal(by)
        return redirect("settings-sample")
    is_running = _running()
    return render(request, "config/sample.jinja", {"is_running": is_running, "is_loaded": is_loaded(), "is_sample": is_of_sample(by)})


def is_of_sample(user: User) -> bool:
    """Whether a person would go with the sample company."""
    return "sample" in user.external_ids


def _running() -> bool:
    return Job.objects.filter(kind=KIND, state__in=[JobState.QUEUED, JobState.WORKING]).exists()


def ask_removal(by: User) -> None:
    """Queue the removal once.

    Raises:
        Refused: the person belongs to the sample and would remove themselves.
    """
    if is_of_sample(by):
        raise Refused(_("You are signed in as a person of the sample company. Sign in with an account of your own first."))
    if is_loaded() and not _running():
        later(KIND, by=by)
