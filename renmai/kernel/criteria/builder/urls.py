"""Addresses of the builder of criteria, one set for every record type."""

from __future__ import annotations

from django.urls import path

from renmai.kernel.criteria.builder import views

urlpatterns = [
    path("<slug:slug>/criteria/", views.criteria),
    path("<slug:slug>/criteria/said/", views.said),
    path("<slug:slug>/criteria/apply/", views.apply),
]
