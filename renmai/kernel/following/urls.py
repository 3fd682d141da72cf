"""Addresses of what a person keeps an eye on."""

from __future__ import annotations

from django.urls import path, re_path

from renmai.kernel.following import pages

urlpatterns = [
    path("favourites/", pages.favourites),
    path("<slug:slug>/<uuid:key>/aids/", pages.aids),
    re_path(r"^(?P<slug>[-\w]+)/(?P<key>[0-9a-f-]{36})/(?P<verb>follow|unfollow|star|unstar)/$", pages.mark),
]
