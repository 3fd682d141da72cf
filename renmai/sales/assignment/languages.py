"""Which languages a lead and a colleague speak, as primary subtags of BCP 47: who writes Chinese in either way is understood in both."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from babel.languages import get_official_languages

from renmai.kernel.overlay.company import company

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.sales.lead.model import Lead


@cache
def languages_in(country: str) -> tuple[str, ...]:
    """The official languages of a country (ISO 3166-1 alpha-2) by the CLDR, the most spoken first."""
    found = get_official_languages(country, de_facto=True) if country else ()
    return tuple(dict.fromkeys(language.partition("_")[0] for language in found))


def languages_of(lead: Lead) -> tuple[str, ...]:
    """Those of the lead's country; none where that is not known."""
    return languages_in(str(lead.country))


def spoken_by(user: User) -> str:
    """The language in which somebody works here."""
    return str(user.language or company().language).partition("-")[0]
