"""Addresses of pools."""

from __future__ import annotations

from django.urls import path

from renmai.directory.pool import api, pages

urlpatterns = [
    path("api/v1/pools/mine/", api.mine),
    path("api/v1/pools/look-up/", api.look_up),
    path("my-pools/", pages.my_pools, name="my-pools"),
    path("my-pools/look-up/", pages.look_up),
    path("pools/new/", pages.new),
    path("pools/<uuid:key>/edit/", pages.edit),
]
