"""Addresses of data quality and cleansing."""

from __future__ import annotations

from django.urls import path

from renmai.kernel.cleansing import pages

urlpatterns = [
    path("quality/", pages.index),
    path("<slug:slug>/quality/", pages.quality),
    path("<slug:slug>/tidy/", pages.tidy),
]
