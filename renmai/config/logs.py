"""What goes wrong in a request is told to the operator, on the error output of the process."""

from __future__ import annotations

import logging
from typing import Any

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"route": {"()": "renmai.config.logs.Route"}},
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["route"], "formatter": "plain"}},
    "loggers": {"django.request": {"handlers": ["stderr"], "level": "ERROR"}},
}


class Route(logging.Filter):
    """Names the route in place of the address, which may hold the secret of a link."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let everything through, without addresses."""
        match = getattr(getattr(record, "request", None), "resolver_match", None)
        record.msg, record.args = "%s: %s", (getattr(record, "status_code", ""), match.route if match else "-")
        return True
