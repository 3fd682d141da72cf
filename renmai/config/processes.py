"""Child processes that never outlive their parent."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Account:
    """A user of the operating system, by number."""

    uid: int
    gid: int


def die_with(parent: int, signum: int = signal.SIGTERM) -> None:
    """Have the kernel send ``signum`` to this process when its parent ends, however it ends (Linux only).

    Args:
        parent: process id that the caller believes to be its parent; if it is already gone, this process ends at once.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signum)
    if os.getppid() != parent:
        os._exit(1)


def spawn(
    command: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    account: Account | None = None,
    stdin: int = subprocess.DEVNULL,
    output: IO[bytes] | int | None = None,
    death_signal: int = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own, so that a Ctrl-C in the terminal reaches only the supervisor.

    Args:
        command: program and arguments.
        env: variables to add to this process's own.
        account: run as this user; only root may.
        stdin: what standard input is; nothing if not given.
        output: where standard output and error go; ours when None.
        death_signal: what the child is sent when this process dies without stopping it.
    """
    parent = os.getpid()

    def begin() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        die_with(parent, death_signal)

    return subprocess.Popen(
        list(command),
        stdin=stdin,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        env={**os.environ, **(env or {})},
        cwd="/" if account else None,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        start_new_session=True,
        preexec_fn=begin,
    )


def end(process: subprocess.Popen[bytes], *, signum: int = signal.SIGTERM, seconds: float = 10) -> None:
    """Ask a process to end, wait ``seconds``, then kill it and whatever is left of its group."""
    if process.poll() is None:
        process.send_signal(signum)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    sweep(process.pid)
    process.wait()


def sweep(group: int) -> None:
    """Kill what is left of a process group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def is_alive(pid: int) -> bool:
    """Whether a process with this number exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def born(pid: int) -> str:
    """The moment a process was started, as the kernel counts it; empty when there is none. With the number it names a process for good."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""


def wait_gone(pid: int, seconds: float) -> bool:
    """Wait until a process that is not our child has ended; False when it still runs after ``seconds``."""
    deadline = time.monotonic() + seconds
    while is_alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
