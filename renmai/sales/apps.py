"""The domain as a Django app."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class SalesConfig(AppConfig):
    name = "renmai.sales"
    verbose_name = pgettext_lazy("domain", "Sales")
