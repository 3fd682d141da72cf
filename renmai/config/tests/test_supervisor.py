"""Restarts, and what stops a start."""

from __future__ import annotations

import errno
import shutil
import socket
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from renmai.config.errors import StartError
from renmai.config.postgres import _reason
from renmai.config.supervisor import Service, _port_trouble, check_data, check_port


def failing() -> subprocess.Popen[bytes]:
    return subprocess.Popen(["false"], start_new_session=True)


def test_a_service_that_keeps_failing_waits_longer_each_time() -> None:
    service = Service("The thing", failing)
    pauses = []
    for _ in range(4):
        service.run()
        assert service.process
        service.process.wait()
        before = service.due
        assert service.look()
        pauses.append(round(service.due - service.started))
        assert service.process is None
        assert service.due > before
    assert pauses == [0, 1, 2, 4]


def test_a_service_that_runs_is_left_alone() -> None:
    service = Service("The thing", lambda: subprocess.Popen(["sleep", "60"], start_new_session=True))
    service.run()
    assert not service.look()
    assert service.process
    service.stop(service.process)
    assert service.process.returncode == -15


def test_a_full_disk_is_told_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=5_000_000))
    with pytest.raises(StartError, match=r"is full \(5 MB free\)"):
        check_data(tmp_path)


def test_a_disk_that_fills_up_later_is_told_too() -> None:
    assert "is full" in _reason('FATAL:  could not write lock file "postmaster.pid": No space left on device', Path("/data"))


def test_a_folder_under_a_file_cannot_hold_data(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StartError, match="RENMAI_DATA"):
        check_data(tmp_path / "file" / "data")


def test_a_port_in_use_is_told_with_the_variable_that_changes_it() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(StartError, match="RENMAI_LIVE_PORT="):
            check_port("127.0.0.1", other.getsockname()[1], "RENMAI_LIVE_PORT")


def test_a_port_for_the_privileged_is_told_apart_from_one_in_use() -> None:
    assert "above 1023" in _port_trouble(PermissionError(errno.EACCES, "Permission denied"), "127.0.0.1", 80, "RENMAI_PORT")


def test_an_address_of_another_machine_is_told_apart_too() -> None:
    assert "RENMAI_HOST" in _port_trouble(OSError(errno.EADDRNOTAVAIL, "Cannot assign"), "192.0.2.1", 8000, "RENMAI_PORT")
