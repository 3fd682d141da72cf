"""What goes wrong in a request reaches the operator, and no secret with it."""

from __future__ import annotations

import logging

import pytest
from django.core import signing
from django.test import Client

from renmai.config.logs import LOGGING, Route


def test_an_error_is_told_with_its_route_and_without_the_secret_of_its_address(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_given: object, **_named: object) -> object:
        raise RuntimeError("the lamp is broken")

    monkeypatch.setattr(signing, "loads", breaks)
    client.raise_request_exception = False
    assert client.get("/approve/a-secret-token/").status_code == 500
    record = next(record for record in caplog.records if record.name == "django.request")
    assert Route().filter(record)
    said = logging.Formatter(LOGGING["formatters"]["plain"]["format"]).format(record)
    assert "500: approve/<str:token>/" in said and "the lamp is broken" in said
    assert "a-secret-token" not in said
