"""``/settings/``: everything that can be set, as cards. Each domain's types stand there by themselves; other pages add a card."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from renmai.kernel.access.rights import SETTINGS
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User


class Group(models.TextChoices):
    """The headings, in order."""

    YOU = "you", _("You")
    COMPANY = "company", _("Company")
    PEOPLE = "people", _("People and rights")
    DATA = "data", _("Data")
    PROGRAMS = "programs", _("Programs")


@dataclass(frozen=True)
class Card:
    """One thing that can be set.

    Attributes:
        text: what is found there, in one sentence.
        words: other words by which people look for it.
        icon: name of an icon of the sprite.
        is_shown: whether a person may go there.
    """

    group: Group
    label: Any
    text: Any
    icon: str
    address: str
    words: Any = ""
    is_shown: Callable[[User], bool] = lambda by: True


def is_admin(by: User) -> bool:
    """Whether the card of administrators is shown."""
    return by.access.is_admin


_cards: list[Card] = [
    Card(
        Group.YOU,
        _("Your profile"),
        _("Name, language, time zone, years, look"),
        icon="user-circle",
        address="/settings/me/",
        words=_("account, dark mode, Buddhist and Minguo years"),
    ),
    Card(
        Group.YOU,
        _("Sign-in"),
        _("Password, second step, passkeys, browsers, sign out everywhere"),
        icon="lock",
        address="/settings/me/#sign-in",
        words=_("2FA, MFA, authenticator, change password, sessions, devices, log out"),
    ),
    Card(
        Group.YOU,
        _("What I am told"),
        _("Notifications under the bell, by e-mail, once a day, on this device"),
        icon="bell",
        address="/settings/me/notifications/",
        words=_("alerts, push, digest, reminders, mute"),
    ),
    Card(
        Group.COMPANY,
        _("Company"),
        _("Name, language, country, currency, industry, time zone, days in the recycle bin"),
        icon="building",
        address="/settings/company/",
        words=_("organisation, base currency, retention"),
        is_shown=is_admin,
    ),
    Card(
        Group.PEOPLE,
        _("Invite somebody"),
        _("A link with which a new colleague comes in"),
        icon="user-plus",
        address="/settings/invite/",
        words=_("new user, add a colleague"),
        is_shown=is_admin,
    ),
    Card(
        Group.PEOPLE,
        _("How people sign in"),
        _("Second step by role, sign-in with the company’s account"),
        icon="login-2",
        address="/settings/sign-in/",
        words=_("SSO, single sign-on, SAML, OIDC, 2FA, MFA, Google, Microsoft"),
        is_shown=is_admin,
    ),
    Card(
        Group.PEOPLE,
        _("Sign-ins"),
        _("Who came in or tried to: when, from where, how"),
        icon="history",
        address="/settings/sign-ins/",
        words=_("login history, security log, audit, IP address"),
        is_shown=is_admin,
    ),
    Card(
        Group.DATA,
        _("Recycle bin"),
        _("What was deleted: bring it back, or delete it for good"),
        icon="trash",
        address="/recycle-bin/",
        words=_("trash, restore, undelete"),
    ),
    Card(
        Group.PROGRAMS,
        _("API tokens"),
        _("Keys for programs that act in your name"),
        icon="key",
        address="/settings/tokens/",
        words=_("API key, integration, developer"),
    ),
    Card(
        Group.PROGRAMS,
        _("About Renmai"),
        _("Version, licence, database"),
        icon="info-circle",
        address="/settings/about/",
        words=_("help, update, support"),
    ),
]


def add_card(card: Card) -> None:
    """Let a domain's own settings page stand on ``/settings/``."""
    _cards.append(card)


def cards(by: User) -> list[Card]:
    """The cards that a person is shown: the fixed ones, and one for every type that stands outside the rail."""
    types = [
        Card(
            Group.PEOPLE if kind.slug in SETTINGS else Group.DATA,
            kind.label_plural,
            kind.hint,
            kind.icon,
            kind.path(),
            kind.found_by,
        )
        for kind in registry.all()
        if kind.hint and by.may("view", kind)
    ]
    return [card for card in _cards + types if card.is_shown(by)]


@page
def index(request: HttpRequest, by: User) -> HttpResponse:
    """All cards under their headings."""
    shown = cards(by)
    groups = [(group.label, [card for card in shown if card.group == group]) for group in Group]
    titled = [(label, [(capfirst(str(card.label)), card) for card in found]) for label, found in groups if found]
    return render(request, "kernel/settings/index.jinja", {"groups": titled})
