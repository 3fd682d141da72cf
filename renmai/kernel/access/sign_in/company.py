"""Signing in through the company's identity provider: allauth's protocol, our providers and our people."""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.openid_connect.views import login as openid_login
from allauth.socialaccount.providers.saml.views import login as saml_login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from requests import RequestException

from renmai.kernel.access.sign_in.attempts import How
from renmai.kernel.access.sign_in.noting import note
from renmai.kernel.access.sign_in.provider import Kind, Provider
from renmai.kernel.access.sign_in.saml import name_in, saml_settings
from renmai.kernel.access.sign_in.views import told
from renmai.kernel.access.user import User
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry


def app_of(provider: Provider) -> SocialApp:
    """A provider as allauth knows one; it is not stored."""
    if provider.kind == Kind.SAML:
        return SocialApp(
            provider=provider.kind,
            provider_id=provider.slug,
            name=provider.name,
            client_id=provider.slug,
            settings=saml_settings(provider.metadata),
        )
    return SocialApp(
        provider=provider.kind,
        provider_id=provider.slug,
        name=provider.name,
        client_id=provider.client_id,
        secret=provider.secret,
        settings={"server_url": provider.server_url, "oauth_pkce_enabled": True},
    )


class CompanyAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Set as ``SOCIALACCOUNT_ADAPTER``."""

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[SocialApp]:
        """The company's providers, of a kind or with a slug."""
        apps = [app_of(row) for row in Provider.objects.filter(active=True) if provider in (None, row.kind, row.slug)]
        return [app for app in apps if client_id in (None, app.client_id)]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Who is unknown gets an account by the rule of the provider, or none."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find or make the person who comes for the first time.

        Raises:
            ImmediateHttpResponse: nobody here has the address, or the provider does not vouch for it.
        """
        if sociallogin.is_existing:
            return
        row = Provider.objects.get(slug=sociallogin.account.provider)
        email = vouched(sociallogin, row)
        user = known(email) or _newcomer(sociallogin, row, email)
        if user is None:
            told_email = next((one.email for one in sociallogin.email_addresses), "")
            note(request, user=None, email=told_email, how=How.COMPANY, succeeded=False)
            sentence = _("Ask an administrator of your company to invite you.")
            raise ImmediateHttpResponse(told(request, _("Nobody here has this e-mail address"), sentence, 403))
        sociallogin.connect(request, user)

    def on_authentication_error(self, request: HttpRequest, provider: Any, error: Any = None, **_rest: Any) -> None:
        """Something went wrong on the way: the person turned back, or the provider cannot be reached.

        Raises:
            ImmediateHttpResponse: always.
        """
        raise ImmediateHttpResponse(did_not_work(request))

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        """Back to the person's own settings."""
        return reverse("settings-me")


@login_not_required
def leave(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """``/sign-in/with/<provider>/``: to the provider; one of OpenID Connect is asked first where its door is."""
    try:
        if Provider.objects.filter(slug=provider_id, kind=Kind.SAML).exists():
            return saml_login(request, organization_slug=provider_id)  # type: ignore[no-any-return]
        return openid_login(request, provider_id)  # type: ignore[no-any-return]
    except (RequestException, KeyError, ValueError):
        return did_not_work(request)


def did_not_work(request: HttpRequest) -> HttpResponse:
    """What is told when the way through the provider ended somewhere."""
    note(request, user=None, how=How.COMPANY, succeeded=False)
    sentence = _("Try again, or sign in with your password. If it stays so, tell an administrator.")
    return told(request, _("The sign-in of your company did not work"), sentence, 502)


def vouched(sociallogin: SocialLogin, row: Provider) -> str:
    """The e-mail address that the provider stands for, or nothing."""
    found = (one.email.lower() for one in sociallogin.email_addresses if one.verified or row.trusts_email)
    return next(found, "")


def known(email: str) -> User | None:
    """The person here who has the address."""
    return User.objects.live().filter(email=email).first() if email else None


def _newcomer(sociallogin: SocialLogin, row: Provider, email: str) -> User | None:
    if not email or row.role is None:
        return None
    said = sociallogin.account.extra_data
    name = name_in(said) if row.kind == Kind.SAML else said.get("userinfo", {}).get("name")
    values = {"email": email, "name": str(name or email.partition("@")[0]), "roles": [str(row.role.pk)]}
    return create(registry.of(User), values, None, via=row.name)  # type: ignore[return-value]
