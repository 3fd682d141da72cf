"""The whole program in a folder of its own, started and hurt as an operator could."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0  # seconds; only a program that is broken takes so long


def until(happens: Callable[[], object]) -> None:
    """Wait until something is true."""
    deadline = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def free_port() -> int:
    """A port that is free, and the next one too."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port


@dataclass
class Program:
    """One installation.

    Args:
        data: its data folder.
        port: its port.
    """

    data: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The environment of an operator who has set nothing but folder and port."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE", "RENMAI"))}
        return {**kept, "RENMAI_DATA": str(self.data), "RENMAI_PORT": str(self.port)}

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        command = [sys.executable, "-m", "renmai", *arguments]
        return subprocess.run(command, cwd=ROOT, env={**self.environment, **variables}, capture_output=True, text=True, check=False)

    def start(self) -> Program:
        """``renmai serve``, until it is ready."""
        self.data.parent.joinpath("out").touch()
        with self.data.parent.joinpath("out").open("w") as out:
            command = [sys.executable, "-m", "renmai", "serve"]
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=out, stderr=out, text=True)
        until(lambda: "is ready at" in self.said or self.process is None or self.process.poll() is not None)
        assert self.process.poll() is None, self.said
        return self

    @property
    def said(self) -> str:
        """What it has printed so far."""
        return self.data.parent.joinpath("out").read_text()

    def status(self, path: str, port: int | None = None) -> int:
        """Status of a page; 0 when nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port or self.port}{path}", timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def is_whole(self) -> bool:
        """Whether web, live stream and database answer."""
        return self.status("/readyz") == 200 and self.status("/healthz", self.port + 1) == 200

    def child(self, word: str) -> psutil.Process | None:
        """The direct child whose command line names ``word``."""
        assert self.process
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):
                if child.status() != psutil.STATUS_ZOMBIE and word in child.cmdline():
                    return child
        return None

    def everybody(self) -> list[psutil.Process]:
        """All processes of this installation."""
        assert self.process
        supervisor = psutil.Process(self.process.pid)
        return [supervisor, *supervisor.children(recursive=True)]

    def signal(self, signum: signal.Signals) -> None:
        """Send the supervisor a signal and wait for its end."""
        assert self.process
        self.process.send_signal(signum)
        self.process.wait(PATIENCE)
