"""``/api/v1/files/``: bringing a file in and taking it out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Invalid, Missing
from renmai.kernel.api.http import answer, api
from renmai.kernel.files.model import StoredFile
from renmai.kernel.files.store import keep

if TYPE_CHECKING:
    from renmai.kernel.access.user import User


@api("POST")
def files(request: HttpRequest, by: User) -> HttpResponse:
    """Store the part ``file`` of a form; answers its id.

    Raises:
        Invalid: no file was sent.
    """
    sent = request.FILES.get("file")
    if sent is None:
        raise Invalid({"file": [_("Send the file as the part “file” of a form.")]})
    stored = keep(sent.name or "file", sent.chunks(), by=by, media_type=sent.content_type or "")
    return answer({"id": str(stored.pk), "name": stored.name, "size": stored.size}, 201)


@api("GET")
def file(_request: HttpRequest, by: User, key: Any) -> HttpResponseBase:
    """The bytes of a file."""
    return download(by, key)


def download(by: User, key: Any) -> FileResponse:
    """A file as a download: what came from outside never shows as a page of ours.

    Raises:
        Missing: there is no such file for this person.
    """
    stored = StoredFile.objects.visible_to(by).filter(pk=key).first()
    if stored is None or not stored.path.exists():
        raise Missing(_("There is no such file."))
    return FileResponse(stored.path.open("rb"), as_attachment=True, filename=stored.name, content_type="application/octet-stream")
