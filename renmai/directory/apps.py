"""The domain as a Django app."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class DirectoryConfig(AppConfig):
    name = "renmai.directory"
    verbose_name = pgettext_lazy("domain", "Customers")
