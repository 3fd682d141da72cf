"""One supervisor per data folder: a locked file that also lists the processes it has started."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from renmai.config import processes
from renmai.config.errors import StartError

NAME = "running"


class InUseError(StartError):
    """Another Renmai works on this data folder."""


class Claim:
    """The right to run on a data folder. The kernel takes it back when its holder ends, however it ends."""

    def __init__(self, path: Path, handle: int) -> None:
        self.path = path
        self.handle = handle

    def note(self, groups: Iterable[int]) -> None:
        """Write down our processes, for the start after a crash of ours.

        Args:
            groups: process groups we have started.
        """
        lines = [f"{pid} {processes.born(pid)}" for pid in (os.getpid(), *groups)]
        os.ftruncate(self.handle, 0)
        os.pwrite(self.handle, "\n".join(lines).encode(), 0)

    def end_leftovers(self) -> None:
        """Kill the processes of a holder that was killed before it could stop them."""
        for line in os.pread(self.handle, 4096, 0).decode().splitlines()[1:]:
            number, _, moment = line.partition(" ")
            if moment and processes.born(int(number)) == moment:
                processes.sweep(int(number))


@contextlib.contextmanager
def claim(data: Path) -> Iterator[Claim]:
    """Hold the data folder while the block runs.

    Raises:
        InUseError: somebody else holds it.
    """
    path = data / NAME
    handle = _open_locked(path)
    try:
        yield Claim(path, handle)
    finally:
        path.unlink(missing_ok=True)
        os.close(handle)


def is_claimed(data: Path) -> bool:
    """Whether a Renmai runs on this data folder."""
    try:
        with (data / NAME).open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _open_locked(path: Path) -> int:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(handle, 32, 0).decode().partition(" ")[0]
            os.close(handle)
            raise InUseError(
                f"Renmai already runs on {path.parent} (process {holder}): "
                "stop it with Ctrl-C where it runs, or choose another folder with RENMAI_DATA."
            ) from None
        if _is_still(path, handle):
            return handle
        os.close(handle)


def _is_still(path: Path, handle: int) -> bool:
    """Whether the locked file is the one that has the name: its last holder removes it before letting go."""
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False
