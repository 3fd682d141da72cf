"""The domain as a Django app."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class CommerceConfig(AppConfig):
    name = "renmai.commerce"
    verbose_name = pgettext_lazy("domain", "Commerce")
