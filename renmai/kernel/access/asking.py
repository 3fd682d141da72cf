"""Who may ask why somebody sees a record, and the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from renmai.kernel.access.telling import shares_of, told
from renmai.kernel.access.user import User
from renmai.kernel.access.why import why
from renmai.kernel.actions.errors import Forbidden, Invalid
from renmai.kernel.records.clean import linked
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.records.record import Record


def may_ask(record: Record, by: User) -> bool:
    """Whether a person may ask about others than themselves: administrators, and whoever may share the record."""
    return by.access.is_admin or by.may("access", record)


def asked(record: Record, given: Any, by: User) -> User:
    """Whom the question is about: the asker, if nobody is named.

    Args:
        given: an id, as it was sent.

    Raises:
        Invalid: there is no such user.
        Forbidden: the asker may ask only about themselves.
    """
    if not given:
        return by
    try:
        person: Any = linked(registry.of(User).fields["owner"], given, by)
    except ValueError as problem:
        raise Invalid({"user": [str(problem)]}) from None
    if person != by and not may_ask(record, by):
        raise Forbidden(_("You may ask this only about yourself."))
    return person  # type: ignore[no-any-return]


def access_json(record: Record, person: User, by: User) -> dict[str, Any]:
    """Why a person sees a record, and with whom it is shared, as far as the asker may know."""
    shares = shares_of(record, by) if may_ask(record, by) else []
    return {**told(why(record, person), by), "shares": shares}
