"""Addresses of the first page and of the settings."""

from __future__ import annotations

from django.urls import path

from renmai.kernel.access.roles import pages as roles
from renmai.kernel.access.sign_in.required import before_second_step
from renmai.kernel.access.territory import pages as territories
from renmai.kernel.settings import about, cards, company, invite, me, providers, sign_ins, steps, tokens

urlpatterns = [
    path("welcome/", company.welcome, name="welcome"),
    path("welcome/skip/", company.skip_welcome, name="welcome-skip"),
    path("settings/", cards.index, name="settings"),
    path("settings/me/", me.me, name="settings-me"),
    path("settings/me/password/", me.ChangePassword.as_view(), name="account_change_password"),
    path("settings/me/steps/", before_second_step(steps.Steps.as_view()), name="mfa_index"),
    path("settings/me/steps/app/", before_second_step(steps.AddApp.as_view()), name="mfa_activate_totp"),
    path("settings/me/steps/app/off/", steps.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("settings/me/steps/codes/", before_second_step(steps.Codes.as_view()), name="mfa_view_recovery_codes"),
    path("settings/me/steps/codes/new/", steps.NewCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("settings/me/steps/codes/download/", steps.DownloadCodes.as_view(), name="mfa_download_recovery_codes"),
    path("settings/me/steps/passkeys/add/", before_second_step(steps.AddPasskey.as_view()), name="mfa_add_webauthn"),
    path("settings/me/steps/passkeys/<int:pk>/", steps.RenamePasskey.as_view(), name="mfa_edit_webauthn"),
    path("settings/me/steps/passkeys/<int:pk>/remove/", steps.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("settings/me/sessions/<slug:handle>/", me.end_device, name="settings-me-end"),
    path("settings/company/", company.settings_of_company, name="settings-company"),
    path("settings/invite/", invite.invite, name="settings-invite"),
    path("settings/invite/<uuid:key>/", invite.invite_again, name="settings-invite-again"),
    path("settings/tokens/", tokens.tokens, name="settings-tokens"),
    path("settings/tokens/<int:number>/revoke/", tokens.revoke, name="settings-token-revoke"),
    path("settings/tokens/all/", tokens.everybody, name="settings-tokens-all"),
    path("settings/me/sign-ins/", sign_ins.mine, name="settings-me-sign-ins"),
    path("settings/sign-ins/", sign_ins.everybody, name="settings-sign-ins"),
    path("settings/sign-in/", providers.sign_in, name="settings-sign-in"),
    path("settings/sign-in/second-steps/", providers.second_steps, name="settings-second-steps"),
    path("settings/sign-in/providers/new/", providers.provider, name="settings-provider-new"),
    path("settings/sign-in/providers/<int:number>/", providers.provider, name="settings-provider"),
    path("settings/sign-in/providers/<int:number>/remove/", providers.remove, name="settings-provider-remove"),
    path("settings/about/", about.about, name="settings-about"),
    path("territories/<uuid:key>/", territories.territory, name="territory"),
    path("roles/<uuid:key>/", roles.role, name="role"),
    path("roles/<uuid:key>/types/<slug:slug>/", roles.role_of_type, name="role-of-type"),
]
