"""``/api/v1/files/`` and ``/api/v1/<types>/<id>/files/``: bringing files in, hanging them on records, taking them out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Invalid, Missing
from renmai.kernel.api.http import answer, api, body, typed
from renmai.kernel.api.records import as_json_brief, visible
from renmai.kernel.files import attached
from renmai.kernel.files.sending import send
from renmai.kernel.files.store import receive
from renmai.kernel.files.values import as_value
from renmai.kernel.records.clean import identity
from renmai.kernel.records.kinds import moment

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.files.attachment import Attachment
    from renmai.kernel.files.model import StoredFile


@api("POST")
def files(request: HttpRequest, by: User) -> HttpResponse:
    """Store the part ``file`` of a form; answers its id.

    Raises:
        Invalid: no file was sent, or one that is not taken.
    """
    return answer(as_value(receive(request.FILES.get("file"), by=by)), 201)


@api("GET")
def file(_request: HttpRequest, by: User, key: Any) -> HttpResponseBase:
    """The bytes of a file, as a download."""
    return send(attached.readable(key, by))


@api("GET", "POST")
def files_of(request: HttpRequest, by: User, slug: str, key: Any) -> HttpResponse:
    """The files of a record (with ``?deleted=1`` those taken off), or one more: the part ``file`` of a form, or ``{"file": id}``."""
    kind = typed(slug)
    record = visible(kind, key, by)
    if request.method == "POST":
        stored = _given(request, by)
        return answer(attachment_json(attached.attach(kind, key, stored, by)), 201)
    found = attached.files_of(record, removed=request.GET.get("deleted") == "1")
    return answer({"items": [attachment_json(one) for one in found], "next": None})


def _given(request: HttpRequest, by: User) -> StoredFile:
    if request.content_type == "multipart/form-data":
        return receive(request.FILES.get("file"), by=by)
    try:
        key = identity(body(request).get("file"))
        if key is None:
            raise ValueError(_("Name a stored file by its id."))
        return attached.own(key, by)
    except (ValueError, Missing) as problem:
        raise Invalid({"file": [str(problem)]}) from None


@api("DELETE", "POST")
def of_record(request: HttpRequest, by: User, slug: str, key: Any, file: Any) -> HttpResponse:
    """``DELETE`` takes a file off a record, ``POST`` brings back one that was taken off."""
    change = attached.remove if request.method == "DELETE" else attached.bring_back
    change(typed(slug), key, file, by)
    return HttpResponse(status=204)


def attachment_json(one: Attachment) -> dict[str, Any]:
    """A file with when and by whom it was hung on its record."""
    by = as_json_brief(one.by) if one.by else None
    removed = moment(one.removed_at) if one.removed_at else None
    return {**as_value(one.file), "at": moment(one.at), "by": by, "deleted_at": removed}
