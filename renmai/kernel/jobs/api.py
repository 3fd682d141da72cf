"""``/api/v1/jobs/<id>/``: how far work in the background has come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Missing
from renmai.kernel.api.http import answer, api
from renmai.kernel.jobs.model import Job
from renmai.kernel.jobs.work import stop

if TYPE_CHECKING:
    from renmai.kernel.access.user import User


@api("GET", "DELETE")
def job(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Progress and result of a job; ``DELETE`` asks it to stop.

    Raises:
        Missing: there is no such job for this person.
    """
    found = Job.objects.visible_to(by).filter(pk=key).first()
    if found is None:
        raise Missing(_("There is no such job."))
    if request.method == "DELETE":
        stop(found)
        found.refresh_from_db()
    return answer(found.as_json())
