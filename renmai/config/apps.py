"""The last app to be ready: it gathers what the domains declare and stops the start when a name does not exist."""

from __future__ import annotations

import importlib

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate, pre_migrate


class ConfigConfig(AppConfig):
    name = "renmai.config"

    def ready(self) -> None:
        from renmai.kernel.access.ready import install_roles
        from renmai.kernel.calendars.ready import install_calendars
        from renmai.kernel.criteria.folding import install_folding
        from renmai.kernel.history.tables import prepare as prepare_past
        from renmai.kernel.history.triggers import install
        from renmai.kernel.locale.sorting_sql import install_sorting
        from renmai.kernel.overlay.computed.install import install as install_computed
        from renmai.kernel.records.numbers import install_sequences
        from renmai.kernel.records.types import registry
        from renmai.sales.pipeline.ready import install_pipeline
        from renmai.sales.scoring.ready import install_scoring

        registry.discover()
        importlib.import_module("renmai.config.sample")  # its work has to be known to the worker too
        for function in (install_folding, install_sorting):
            pre_migrate.connect(function, sender=apps.get_app_config("kernel"))
        begun = (install_roles, install_calendars, install_pipeline, install_scoring)
        for prepare in (prepare_past, install, install_sequences, *begun, install_computed):
            post_migrate.connect(prepare, sender=apps.get_app_config("kernel"))
