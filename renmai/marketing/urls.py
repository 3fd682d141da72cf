"""Addresses of marketing."""

from __future__ import annotations

from django.urls import path

from renmai.marketing.form import api, builder, pages, public

urlpatterns = [
    path("f/<str:token>/", public.hosted),
    path("f/<str:token>/challenge/", public.challenge),
    path("f/<str:token>/embed.js", public.embed),
    path("f/<str:token>/confirm/<str:secret>/", public.confirmed),
    path("l/<str:code>/", public.follow),
    path("forms/new/", builder.new),
    path("forms/<uuid:key>/", pages.form),
    path("forms/<uuid:key>/edit/", builder.edit),
    path("forms/<uuid:key>/links/", pages.new_link),
    path("forms/<uuid:key>/links/<str:code>/drop/", pages.drop_link),
    path("forms/<uuid:key>/links/<str:code>/qr.svg", pages.picture),
    path("forms/<uuid:key>/submissions.csv", pages.download),
    path("forms/<uuid:key>/submissions/<int:number>/mark/", pages.mark),
    path("api/v1/forms/<uuid:key>/submissions/", api.submissions),
    path("api/v1/forms/<uuid:key>/submissions/<int:number>/spam/", api.spam),
    path("api/v1/forms/<uuid:key>/links/", api.links),
    path("api/v1/forms/<uuid:key>/links/<str:code>/", api.link),
]
