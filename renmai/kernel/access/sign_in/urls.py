"""Addresses of sign-in, under the names by which allauth looks for them."""

from __future__ import annotations

from django.urls import path, re_path

from renmai.kernel.access.sign_in import accept, views

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="account_login"),
    path("sign-in/reset/", views.AskReset.as_view(), name="account_reset_password"),
    path("sign-in/reset/sent/", views.reset_sent, name="account_reset_password_done"),
    path("sign-in/reset/done/", views.reset_done, name="account_reset_password_from_key_done"),
    re_path(r"^sign-in/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", views.NewPassword.as_view(), name="account_reset_password_from_key"),
    path("sign-in/closed/", views.inactive, name="account_inactive"),
    path("invitation/<str:token>/", accept.accept, name="invitation"),
    path("sign-out/", views.sign_out, name="account_logout"),
]
