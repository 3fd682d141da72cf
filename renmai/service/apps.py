"""The domain as a Django app."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class ServiceConfig(AppConfig):
    name = "renmai.service"
    verbose_name = pgettext_lazy("domain", "Service")
