"""Checking in at the customer's, and signing out."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as Exact
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from renmai.activity.touch import NEXT, RESULT, take_place
from renmai.activity.visit.earth import metres
from renmai.activity.visit.model import Visit
from renmai.directory.account.model import Account
from renmai.kernel.access.user import User
from renmai.kernel.actions.action import action
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.actions.run import note
from renmai.kernel.records.about import about_of
from renmai.kernel.records.fields import Boolean, Decimal, LongText, Text
from renmai.kernel.records.store import change, update
from renmai.kernel.records.types import registry

FAR = 500  # metres beyond what the phone may err
PLACE = ("latitude", "longitude", "accuracy")

ARRIVAL: dict[str, models.Field[Any, Any]] = {
    "latitude": Decimal(_("Latitude"), blank=True, max_digits=9, decimal_places=6),
    "longitude": Decimal(_("Longitude"), blank=True, max_digits=9, decimal_places=6),
    "accuracy": Decimal(_("Accuracy (metres)"), blank=True),
    "reason": Text(_("Why far away"), blank=True, help_text=_("Only needed if you are not at the customer's address.")),
    "is_address": Boolean(_("This is the customer's address"), help_text=_("Later visits are measured from here.")),
}
RESULTS: dict[str, models.Field[Any, Any]] = {"body": LongText(_("What came of it"), blank=True)}


def _spread(raw: dict[str, Any]) -> dict[str, Any]:
    """``place`` is written as ``{latitude, longitude, accuracy}``; pages send each by itself."""
    place = raw.get("place")
    rest = {name: value for name, value in raw.items() if name != "place"}
    if place is None:
        return rest
    if not isinstance(place, dict) or not {"latitude", "longitude"} <= place.keys() <= set(PLACE):
        raise Invalid({"place": [gettext('A place is written as {"latitude": 13.7563, "longitude": 100.5018, "accuracy": 12}.')]})
    return {**rest, **{name: _exact(value) for name, value in place.items()}}


def _exact(value: Any) -> Any:
    """Degrees to six places, some ten centimetres: phones tell more than they know."""
    return f"{value:.6f}" if isinstance(value, float) else value


@action(
    _("Check in"),
    icon="map-pin-check",
    may="edit",
    when=Visit.may_check_in,
    refusal=_("Somebody has checked in or told of this visit already."),
    fact="checked_in",
    asks=ARRIVAL,
    reads=_spread,
)
def check_in(
    visit: Visit,
    *,
    by: User,
    latitude: Exact | None = None,
    longitude: Exact | None = None,
    accuracy: Exact | None = None,
    reason: str = "",
    is_address: bool = False,
) -> None:
    """Be at the customer's, now, by the server's clock; a phone that does not tell where it is may check in all the same.

    Raises:
        Invalid: half a place, one that is not on earth, or one far from the customer's address without a reason.
    """
    _require_place(latitude, longitude, accuracy)
    account, distance = _account(visit, by), None
    if latitude is not None and longitude is not None and account is not None:
        if is_address and by.may("edit", account):
            update(registry["accounts"], account.pk, {"latitude": latitude, "longitude": longitude}, by)
            distance = 0
        elif account.latitude is not None and account.longitude is not None:
            distance = round(metres(*map(float, (latitude, longitude, account.latitude, account.longitude))))
    is_far = distance is not None and distance > FAR + (accuracy or 0)
    if is_far and not reason:
        raise Invalid({"reason": [gettext("You are %(metres)s m from the customer's address. Say why.") % {"metres": distance}]})
    now = timezone.now()
    where = {"latitude": latitude, "longitude": longitude, "accuracy": None if accuracy is None else round(accuracy), "distance": distance}
    change(visit, by=by, checked_in_at=now, happened_at=now, far_reason=reason if is_far else "", **where)
    note(distance=distance, is_far=is_far)


def _require_place(latitude: Exact | None, longitude: Exact | None, accuracy: Exact | None) -> None:
    if (latitude is None) != (longitude is None):
        raise Invalid({"longitude" if longitude is None else "latitude": [gettext("A place needs both latitude and longitude.")]})
    for name, value, most in (("latitude", latitude, 90), ("longitude", longitude, 180)):
        if value is not None and abs(value) > most:
            raise Invalid({name: [gettext("A place has a latitude from -90 to 90 and a longitude from -180 to 180 degrees.")]})
    if accuracy is not None and not 0 <= accuracy <= 1_000_000:
        raise Invalid({"accuracy": [gettext("An accuracy is a number of metres.")]})


def _account(visit: Visit, by: User) -> Any:
    """The customer whose address counts: an account that the visit is about, else that of whoever else it is about; None without."""
    found = [
        registry[link.target_type].model.objects.visible_to(by).filter(pk=link.target_id).first() for link in about_of([visit])[visit.pk]
    ]
    accounts = [one if isinstance(one, Account) else getattr(one, "account", None) for one in found if one is not None]
    own = [one for one in found if isinstance(one, Account)]
    return next((one for one in [*own, *accounts] if one is not None and by.may("view", one)), None)


@action(
    _("Sign out"),
    icon="logout",
    may="edit",
    when=Visit.is_under_way,
    refusal=_("Nobody is checked in."),
    fact="signed_out",
    asks=RESULTS | NEXT,
)
def sign_out(visit: Visit, *, by: User, body: str = "", **following: Any) -> None:
    """Leave the customer's, now, with what came of it."""
    now = timezone.now()
    minutes = round((now - visit.checked_in_at).total_seconds() / 60)
    values = {"signed_out_at": now, "duration": minutes, **following}
    take_place(visit, by=by, body=body, at=visit.happened_at, **values)


@action(_("Done"), icon="check", when=Visit.may_be_told, refusal=_("This is done already, or under way."), fact="done", asks=RESULT | NEXT)
def done(visit: Visit, *, by: User, body: str = "", at: dt.datetime | None = None, **following: Any) -> None:
    """Turn a planned visit into one that took place, without checking in."""
    take_place(visit, by=by, body=body, at=at, **following)
