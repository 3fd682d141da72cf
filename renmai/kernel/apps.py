"""The kernel as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KernelConfig(AppConfig):
    name = "renmai.kernel"
    verbose_name = _("More")  # the heading in the rail of what belongs to no domain: approvals, types of the company's own
