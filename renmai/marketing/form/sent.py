"""What was sent by a form, and the links that lead to it: counted, listed, given out as a file."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Invalid, Missing
from renmai.kernel.mail.send import address
from renmai.kernel.records.kinds import moment
from renmai.kernel.records.pages.inputs import is_id
from renmai.kernel.records.types import registry
from renmai.kernel.transfer.guard import guarded
from renmai.marketing.form.model import Form, LandingLink, State, Submission
from renmai.marketing.form.taking import ORIGIN

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

UTM = [name for name in ORIGIN if name.startswith("utm_")]
MOST_LINKS, LONGEST = 500, 500
COUNTS = Q(submissions__state=State.TAKEN)


def log(form: Form, size: int, *, before: int | None = None) -> tuple[list[Submission], int | None]:
    """One page of what was sent, newest first, and the number before which the next one begins."""
    found = Submission.objects.filter(form=form).select_related("link").order_by("-pk")
    listed = list((found if before is None else found.filter(pk__lt=before))[: size + 1])
    return listed[:size], listed[size - 1].pk if len(listed) > size else None


def one_of(form: Form, number: int) -> Submission:
    """A submission of a form.

    Raises:
        Missing: there is none.
    """
    found = Submission.objects.select_related("form", "link").filter(form=form, pk=number).first()
    if found is None:
        raise Missing(_("There is no such record."))
    return found


def as_json(one: Submission) -> dict[str, Any]:
    """A submission as the API tells it."""
    record = {"type": one.type, "id": str(one.record_id)} if one.record_id else None
    told = {"id": one.pk, "at": moment(one.at), "state": one.state, "values": one.sent, "origin": one.origin, "consents": one.consents}
    return told | {"record": record, "joined": one.joined, "link": one.link.code if one.link else None, "problem": one.problem}


def as_csv(form: Form) -> str:
    """All that was sent, the newest first, a column for each field; what a spreadsheet would run is made harmless."""
    asked = [one["field"] for one in form.shown]
    keys = [one["key"] for one in form.consents]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["at", "state", *asked, *keys, *ORIGIN, "record"])
    for one in Submission.objects.filter(form=form).order_by("-pk").iterator():
        agreed = {said["key"]: said["version"] for said in one.consents}
        cells = [moment(one.at), one.state, *(one.sent.get(name, "") for name in asked), *(agreed.get(key, "") for key in keys)]
        cells += [*(one.origin.get(name, "") for name in ORIGIN), f"{one.type}/{one.record_id}" if one.record_id else ""]
        writer.writerow([guarded(str(cell)) for cell in cells])
    return out.getvalue()


def counted(form: Form) -> dict[str, int]:
    """How many were sent in thirty days, by state."""
    lately = Submission.objects.filter(form=form, at__gte=timezone.now() - dt.timedelta(days=30))
    return dict(lately.values_list("state").annotate(number=Count("pk")))


def links_of(form: Form) -> list[Any]:
    """The links of a form, each with how many of those who followed it have sent the form."""
    return list(LandingLink.objects.filter(form=form).annotate(sent=Count("submissions", filter=COUNTS)).order_by("-pk"))


def make_link(form: Form, given: Mapping[str, Any], by: User) -> LandingLink:
    """A new link.

    Args:
        given: ``name``, ``address`` where it leads to another page than the form's, the UTM values, and ``referrer`` as
            ``{"type", "id"}`` where somebody passes it on.

    Raises:
        Invalid: with what does not do.
    """
    texts = {name: str(given.get(name) or "").strip() for name in ("name", "address", *UTM)}
    errors = {
        name: [_("The text is longer than %(limit)s characters.") % {"limit": LONGEST}] for name in texts if len(texts[name]) > LONGEST
    }
    if not texts["name"]:
        errors["name"] = [_("This field is needed.")]
    if texts["address"] and not texts["address"].startswith(("https://", "http://")):
        errors["address"] = [_("This is not a web address.")]
    slug, key = _referrer(given.get("referrer"), by, errors)
    if form.links.count() >= MOST_LINKS:
        errors[""] = [_("More than %(limit)s rows are not possible.") % {"limit": MOST_LINKS}]
    if errors:
        raise Invalid(errors)
    origin = {name: texts[name] for name in UTM if texts[name]}
    return LandingLink.objects.create(
        form=form, name=texts["name"], address=texts["address"], origin=origin, referrer_type=slug, referrer_id=key
    )


def _referrer(given: Any, by: User, errors: dict[str, list[Any]]) -> tuple[str, Any]:
    if not given:
        return "", None
    slug, key = (str(given.get("type")), given.get("id")) if isinstance(given, dict) else str(given).partition("/")[::2]
    kind = registry.get(slug)
    found = kind.model.objects.visible_to(by).filter(pk=key).first() if kind is not None and is_id(key) else None
    if found is None:
        errors["referrer"] = [_("There is no such record.")]
    return (slug, found.pk) if found is not None else ("", None)


def link_json(one: Any) -> dict[str, Any]:
    """A link as the API tells it."""
    told = {"code": one.code, "name": one.name, "address": address(f"/l/{one.code}/"), "leads_to": one.address, **one.origin}
    referrer = {"type": one.referrer_type, "id": str(one.referrer_id)} if one.referrer_id else None
    return told | {"referrer": referrer, "visits": one.visits, "submissions": getattr(one, "sent", 0)}
