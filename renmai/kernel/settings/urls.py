"""Addresses of the first page and of the settings."""

from __future__ import annotations

from django.urls import path

from renmai.kernel.settings import about, cards, company, invite, me, roles, tokens

urlpatterns = [
    path("welcome/", company.welcome, name="welcome"),
    path("welcome/skip/", company.skip_welcome, name="welcome-skip"),
    path("settings/", cards.index, name="settings"),
    path("settings/me/", me.me, name="settings-me"),
    path("settings/me/password/", me.ChangePassword.as_view(), name="account_change_password"),
    path("settings/me/sessions/<slug:handle>/", me.end_device, name="settings-me-end"),
    path("settings/company/", company.settings_of_company, name="settings-company"),
    path("settings/invite/", invite.invite, name="settings-invite"),
    path("settings/invite/<uuid:key>/", invite.invite_again, name="settings-invite-again"),
    path("settings/tokens/", tokens.tokens, name="settings-tokens"),
    path("settings/tokens/<int:number>/revoke/", tokens.revoke, name="settings-token-revoke"),
    path("settings/about/", about.about, name="settings-about"),
    path("roles/<uuid:key>/", roles.role, name="role"),
]
