"""``renmai serve``: one small process that starts the others, watches them, and stops them. It never loads Django."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from renmai.config import processes
from renmai.config.claim import Claim, claim
from renmai.config.env import env
from renmai.config.errors import StartError
from renmai.config.postgres import Postgres

SIGNALS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD}
LEAST_DISK = 200_000_000  # bytes; below this PostgreSQL would soon stop in the middle of work
LONGEST_PAUSE = 30.0


@dataclass
class Service:
    """A process that must run for as long as we do.

    Args:
        name: what the operator reads.
        start: starts it.
        stop: ends it.
        process: runs already.
    """

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    stop: Callable[[subprocess.Popen[bytes]], None] = processes.end
    process: subprocess.Popen[bytes] | None = None
    started: float = field(default_factory=time.monotonic)
    failures: int = 0
    due: float = 0.0

    def run(self) -> None:
        """Start it now."""
        self.process = self.start()
        self.started = time.monotonic()

    def look(self) -> bool:
        """Notice an end and start again when it is time: at once the first time, then after 1, 2, 4… seconds.

        Returns:
            Whether anything changed.
        """
        if self.process and self.process.poll() is not None:
            self._has_ended(self.process)
            return True
        if self.process is None and time.monotonic() >= self.due:
            self.run()
            return True
        return False

    def _has_ended(self, process: subprocess.Popen[bytes]) -> None:
        processes.sweep(process.pid)
        lived = time.monotonic() - self.started
        self.failures = 0 if lived > LONGEST_PAUSE else self.failures + 1
        pause = 0.0 if self.failures < 2 else min(2.0 ** (self.failures - 2), LONGEST_PAUSE)
        self.process, self.due = None, time.monotonic() + pause
        say(f"{self.name} ended ({_how(process.returncode)}); it starts again{f' in {pause:.0f} s' if pause else ''}.")


@dataclass
class Supervisor:
    """What one ``renmai serve`` runs.

    Args:
        held: the claim on the data folder.
    """

    held: Claim
    services: list[Service] = field(default_factory=list)

    def add(self, service: Service) -> None:
        """Watch a service from now on; start it if it does not run yet."""
        self.services.append(service)
        if service.process is None:
            service.run()
        self._note()

    def watch(self) -> None:
        """Keep the services alive until we are told to stop."""
        while True:
            changed = [service for service in self.services if service.look()]
            if changed:
                self._note()
            waiting = [service.due - time.monotonic() for service in self.services if service.process is None]
            got = signal.sigtimedwait(SIGNALS, max(0.0, min([*waiting, 60.0])))
            if got and got.si_signo != signal.SIGCHLD:
                return

    def stop(self) -> None:
        """End every service, those started last first; all but the database at the same time."""
        for service in self.services[::-1]:
            if service.process and service.stop is processes.end:
                with contextlib.suppress(ProcessLookupError):
                    service.process.send_signal(signal.SIGTERM)
        for service in self.services[::-1]:
            if service.process:
                service.stop(service.process)

    def _note(self) -> None:
        """The database is not among them: a start after a crash ends it in order."""
        self.held.note(service.process.pid for service in self.services if service.process and service.stop is processes.end)


def serve(*, sample: bool) -> None:
    """Run everything until Ctrl-C or SIGTERM.

    Args:
        sample: load the sample company if the database is empty.

    Raises:
        StartError: with what the operator has to do.
    """
    began = time.monotonic()
    for signum in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, _interrupt)
    check_data(env.data)
    with claim(env.data) as held:
        held.end_leftovers()
        check_port(env.host, env.port, "RENMAI_PORT")
        check_port(env.host, env.live_port, "RENMAI_LIVE_PORT")
        supervisor = Supervisor(held)
        try:
            _start(supervisor, sample=sample)
            signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
            say(f"Renmai is ready at {env.base_url} (after {time.monotonic() - began:.1f} s). Ctrl-C stops it.")
            supervisor.watch()
        except KeyboardInterrupt:
            pass
        finally:
            signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
            say("Renmai is stopping.")
            supervisor.stop()


def _start(supervisor: Supervisor, *, sample: bool) -> None:
    if not env.database_url:
        postgres = Postgres(env.data)
        supervisor.add(Service("The database", postgres.spawn, postgres.stop, postgres.start()))
        os.environ["DATABASE_URL"] = postgres.url
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_empty(env.data / "metrics"))
    web = Service("The web server", lambda: _python("web"), process=(waiting := _python("web", waits=True)))
    supervisor.add(web)
    _prepare(sample=sample)
    _let_go(waiting)
    _wait_for_page(web)
    direct = {"DATABASE_URL": env.direct_database_url}
    supervisor.add(Service("The live stream", lambda: _python("live", direct)))
    supervisor.add(Service("The worker", lambda: _python("worker", direct)))


def _empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def _python(name: str, variables: dict[str, str] | None = None, *, waits: bool = False) -> subprocess.Popen[bytes]:
    """Start one of the servers; one that waits loads its code meanwhile, and serves when we close its standard input."""
    command = [sys.executable, "-m", "renmai.config.servers", name]
    return processes.spawn(command, env=variables, stdin=subprocess.PIPE if waits else subprocess.DEVNULL)


def _let_go(waiting: subprocess.Popen[bytes]) -> None:
    if waiting.stdin:
        waiting.stdin.close()


def _prepare(*, sample: bool) -> None:
    """Bring the database up to date, in a process that gives its memory back."""
    command = [sys.executable, "-m", "renmai", "prepare", *(["--sample"] if sample else [])]
    process = processes.spawn(command, env={"DATABASE_URL": env.direct_database_url})
    try:
        code = process.wait()
    finally:
        processes.end(process)
    if code:
        raise SystemExit(code)


def check_data(data: Path) -> None:
    """Raise StartError unless the data folder can be written and has room."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        probe = data / ".probe"
        probe.touch()
        probe.unlink()
    except (PermissionError, NotADirectoryError, FileExistsError):
        raise StartError(f"Renmai may not write to {data}: change its rights, or choose another folder with RENMAI_DATA.") from None
    except OSError as error:
        raise StartError(
            f"Renmai cannot write to {data} ({error.strerror}): mend that, or choose another folder with RENMAI_DATA."
        ) from None
    free = shutil.disk_usage(data).free
    if free < LEAST_DISK:
        raise StartError(f"The disk that holds {data} is full ({free // 1_000_000} MB free): make room, then start again.")


def check_port(host: str, port: int, variable: str) -> None:
    """Raise StartError unless we may listen there.

    Args:
        host: our address.
        port: our port.
        variable: what the operator sets to choose another.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StartError(_port_trouble(error, host, port, variable)) from None


def _port_trouble(error: OSError, host: str, port: int, variable: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use by another program: stop that program, or choose another port with {variable}={port + 10}."
    if error.errno in {errno.EACCES, errno.EPERM}:
        return f"Renmai may not use port {port}: choose one above 1023 with {variable}."
    return f"Renmai cannot listen on {host} port {port} ({error.strerror}): set RENMAI_HOST to an address of this machine."


def _wait_for_page(web: Service, seconds: float = 60) -> None:
    """Wait until the web server answers its health page."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(env.host, env.host)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if web.process and web.process.poll() is not None:
            raise StartError("The web server does not start: its reason stands above.")
        with contextlib.suppress(OSError), socket.create_connection((host, env.port), timeout=5) as connection:
            connection.sendall(b"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
            if connection.recv(12).startswith(b"HTTP/"):
                return
        time.sleep(0.03)
    raise StartError(f"The web server did not answer in {seconds:.0f} seconds.")


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def say(sentence: str) -> None:
    """Tell the operator."""
    print(sentence, file=sys.stderr, flush=True)
