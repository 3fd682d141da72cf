"""The whole house, as ``renmai serve`` starts it: how long until the first page, and how much memory its processes hold."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

PATIENCE = 60.0  # seconds
REST = 5.0


@dataclass(frozen=True)
class House:
    """A running house.

    Attributes:
        port, live_port: of the pages and the API, and of the live stream, on 127.0.0.1.
        pid: of the supervisor.
        seconds: from the command to the first page.
    """

    port: int
    live_port: int
    pid: int
    seconds: float

    def memory(self, *named: str) -> int:
        """Proportional memory in MB of the processes whose command holds one of the words; of all, the database too, without a word.

        Pages that several processes share count once.
        """
        pids = {pid for pid in descendants(os.getpid() if not named else self.pid) if not named or set(named) & set(command(pid))}
        return sum(proportional(pid) for pid in pids) // 1024

    def peak(self, name: str) -> int:
        """The most memory in MB that the process of that name has ever held; 0 while there is none."""
        for pid in (pid for pid in descendants(self.pid) if name in command(pid)):
            with contextlib.suppress(OSError, StopIteration):
                lines = Path(f"/proc/{pid}/status").read_text().splitlines()
                return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) // 1024
        return 0

    def busy(self, name: str) -> float:
        """Seconds of processor that the process of that name has taken, and those that it started and that have ended."""
        pid = next(pid for pid in descendants(self.pid) if name in command(pid))
        times = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]
        return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def open_house(folder: Path) -> Iterator[House]:
    """Start everything on free ports, with the database of the environment; end it at the end.

    Args:
        folder: where files go.

    Raises:
        RuntimeError: no page comes.
    """
    port, live_port = free_port(), free_port()
    ports = {"RENMAI_HOST": "127.0.0.1", "RENMAI_PORT": str(port), "RENMAI_LIVE_PORT": str(live_port)}
    ours = {"RENMAI_BASE_URL": f"http://127.0.0.1:{port}", "RENMAI_DATA": str(folder), "RENMAI_SECRET_KEY": settings.SECRET_KEY}
    variables = {**os.environ, **ports, **ours}
    began = time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", "renmai", "serve"], env=variables, stdout=subprocess.DEVNULL)
    try:
        while not (has_page(port) and listens(live_port)):
            if process.poll() is not None or time.monotonic() - began > PATIENCE:
                raise RuntimeError("The house does not open.")
            time.sleep(0.05)
        yield House(port, live_port, process.pid, round(time.monotonic() - began, 2))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)


def start_of(house: House) -> dict[str, float]:
    """The scenario ``start``: how long it took, and what all processes hold when nothing has been asked of them for a while."""
    time.sleep(REST)
    parts = {f"{name}_mb": house.memory(name) for name in ("web", "live", "worker")}
    return {"seconds": house.seconds, "mb": house.memory(), **parts}


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def has_page(port: int) -> bool:
    """Whether the first page comes."""
    with contextlib.suppress(OSError, http.client.HTTPException):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/sign-in/")
        return connection.getresponse().status == 200
    return False


def listens(port: int) -> bool:
    """Whether somebody listens on a port."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
        return True
    return False


def descendants(root: int) -> set[int]:
    """Ids of the processes that a process has started, and those have started."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError):
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {root}


def command(pid: int) -> list[str]:
    """The words by which a process was started."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    return []


def proportional(pid: int) -> int:
    """A process's share of memory in kB."""
    with contextlib.suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return 0
