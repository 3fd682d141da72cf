"""The domain as a Django app."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class CatalogueConfig(AppConfig):
    name = "renmai.catalogue"
    verbose_name = pgettext_lazy("domain", "Catalogue")
