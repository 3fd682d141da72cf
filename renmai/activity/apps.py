"""The domain as a Django app."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class ActivityConfig(AppConfig):
    name = "renmai.activity"
    verbose_name = pgettext_lazy("domain", "Activities")
