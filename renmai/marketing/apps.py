"""The domain as a Django app."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class MarketingConfig(AppConfig):
    name = "renmai.marketing"
    verbose_name = pgettext_lazy("domain", "Marketing")
