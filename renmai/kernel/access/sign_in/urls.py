"""Addresses of sign-in, under the names by which allauth looks for them."""

from __future__ import annotations

from allauth.socialaccount.providers.openid_connect.views import callback as openid_callback
from allauth.socialaccount.providers.saml import views as allauth_saml
from django.contrib.auth.decorators import login_not_required
from django.urls import path, re_path

from renmai.kernel.access.sign_in import accept, company, passkeys, saml, views
from renmai.kernel.access.sign_in.required import before_second_step

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="account_login"),
    path("sign-in/reset/", views.AskReset.as_view(), name="account_reset_password"),
    path("sign-in/reset/sent/", views.reset_sent, name="account_reset_password_done"),
    path("sign-in/reset/done/", views.reset_done, name="account_reset_password_from_key_done"),
    re_path(r"^sign-in/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", views.NewPassword.as_view(), name="account_reset_password_from_key"),
    path("sign-in/closed/", views.inactive, name="account_inactive"),
    path("invitation/<str:token>/", accept.accept, name="invitation"),
    path("sign-in/code/", passkeys.SecondStep.as_view(), name="mfa_authenticate"),
    path("sign-in/passkey/", login_not_required(passkeys.PasskeySignIn.as_view()), name="mfa_login_webauthn"),
    path("sign-in/with/<slug:provider_id>/", company.leave, name="openid_connect_login"),
    path("sign-in/with/<slug:provider_id>/back/", openid_callback, name="openid_connect_callback"),
    path("sign-in/saml/<slug:organization_slug>/", allauth_saml.acs, name="saml_acs"),
    path("sign-in/saml/<slug:organization_slug>/go-on/", allauth_saml.finish_acs, name="saml_finish_acs"),
    path("sign-in/saml/<slug:organization_slug>/metadata/", allauth_saml.metadata, name="saml_metadata"),
    path("sign-in/saml/<slug:organization_slug>/sign-out/", saml.no_sign_out, name="saml_sls"),
    path("sign-in/again/", before_second_step(passkeys.PasswordAgain.as_view()), name="account_reauthenticate"),
    path("sign-in/again/code/", before_second_step(passkeys.CodeAgain.as_view()), name="mfa_reauthenticate"),
    path("sign-in/again/passkey/", before_second_step(passkeys.PasskeyAgain.as_view()), name="mfa_reauthenticate_webauthn"),
    path("sign-out/", before_second_step(views.sign_out), name="account_logout"),
]
