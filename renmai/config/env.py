"""The environment, read once and typed. Nothing else in the project reads ``os.environ``."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from renmai.config.errors import StartError

PROGRAMS = "exe,dll,com,scr,msi,msp,bat,cmd,ps1,vbs,vbe,wsf,wsh,hta,lnk,reg,jar,apk,app,dmg,pkg,deb,rpm,sh"
ROOT = Path(__file__).resolve().parents[2]


def _flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


@dataclass(frozen=True)
class Mail:
    """How letters leave the house; without a host they are printed on the console."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = field(default="", repr=False)
    starttls: bool = False
    tls: bool = False


def mail_server(url: str) -> Mail:
    """The server of an address.

    Args:
        url: ``smtp://user:password@host:587`` (encrypted by STARTTLS, except to this machine or with ``?starttls=0``),
            ``smtps://user:password@host:465``, or empty.

    Raises:
        ValueError: another kind of address.
    """
    if not url:
        return Mail()
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("RENMAI_MAIL_URL is written smtp://user:password@host:587 or smtps://user:password@host:465.")
    tls = parts.scheme == "smtps"
    plain = tls or parts.hostname in {"localhost", "127.0.0.1", "::1"} or "starttls=0" in parts.query
    port = parts.port or (465 if tls else 25 if plain else 587)
    return Mail(parts.hostname, port, unquote(parts.username or ""), unquote(parts.password or ""), not plain, tls)


@dataclass(frozen=True)
class Bucket:
    """Where files lie that people bring; without a name they lie in the data folder."""

    name: str = ""
    endpoint: str = ""
    key: str = ""
    secret: str = field(default="", repr=False)
    region: str = ""
    tls: bool = True


def bucket(url: str) -> Bucket:
    """The bucket of an address.

    Args:
        url: ``s3://key:secret@host:port/bucket``, of any store that speaks S3, with ``?region=`` where it wants one and ``?tls=0`` without
            encryption; or empty.

    Raises:
        ValueError: another kind of address.
    """
    if not url:
        return Bucket()
    parts = urlsplit(url)
    name, query = parts.path.strip("/"), dict(parse_qsl(parts.query))
    if parts.scheme != "s3" or not parts.hostname or not name:
        raise ValueError("RENMAI_FILES is written s3://key:secret@host:port/bucket.")
    endpoint = parts.hostname if parts.port is None else f"{parts.hostname}:{parts.port}"
    key, secret = unquote(parts.username or ""), unquote(parts.password or "")
    return Bucket(name, endpoint, key, secret, query.get("region", ""), query.get("tls") != "0")


def _port(name: str, default: int) -> int:
    given = os.environ.get(name) or str(default)
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise StartError(f"{name}={given} is no port: set it to a number from 1 to 65535.")
    return int(given)


def _number(name: str, default: int) -> int:
    given = os.environ.get(name) or str(default)
    if not given.isdecimal() or not int(given):
        raise StartError(f"{name}={given} is no number: set it to a whole number above 0.")
    return int(given)


@dataclass(frozen=True)
class Env:
    """What the operator has set, with the defaults of a first start."""

    data: Path = field(default_factory=lambda: Path(os.environ.get("RENMAI_DATA") or ROOT / "data"))
    host: str = field(default_factory=lambda: os.environ.get("RENMAI_HOST") or "127.0.0.1")
    port: int = field(default_factory=lambda: _port("RENMAI_PORT", 8000))
    language: str = field(default_factory=lambda: os.environ.get("RENMAI_LANGUAGE") or "en")
    debug: bool = field(default_factory=lambda: _flag("RENMAI_DEBUG"))

    @property
    def live_port(self) -> int:
        """Port of the live stream."""
        return _port("RENMAI_LIVE_PORT", self.port + 1)

    @property
    def base_url(self) -> str:
        """Address that people type, without a slash at its end."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host
        return (os.environ.get("RENMAI_BASE_URL") or f"http://{host}:{self.port}").rstrip("/")

    @cached_property
    def mail(self) -> Mail:
        """The server that takes our letters."""
        return mail_server(os.environ.get("RENMAI_MAIL_URL", ""))

    @cached_property
    def bucket(self) -> Bucket:
        """Where files lie."""
        return bucket(os.environ.get("RENMAI_FILES", ""))

    @property
    def file_limit(self) -> int:
        """The largest file that is attached to a record, in bytes."""
        return _number("RENMAI_FILE_LIMIT_MB", 50) * 1024 * 1024

    @property
    def refused_files(self) -> set[str]:
        """Endings of names that are not taken, in small letters without the dot."""
        given = os.environ.get("RENMAI_FILES_REFUSED", PROGRAMS)
        return {ending.strip().lstrip(".").lower() for ending in given.split(",") if ending.strip()}

    @cached_property
    def open_networks(self) -> list[IPv4Network | IPv6Network]:
        """Networks inside the house to which Renmai may send what people ask it to."""
        given = os.environ.get("RENMAI_OPEN_NETWORKS", "")
        try:
            return [ip_network(one.strip()) for one in given.split(",") if one.strip()]
        except ValueError:
            raise StartError(f"RENMAI_OPEN_NETWORKS={given} is no list of networks: write 10.1.0.0/16,192.168.7.5.") from None

    @property
    def mail_from(self) -> str:
        """Whom letters come from."""
        return os.environ.get("RENMAI_MAIL_FROM") or f"Renmai <renmai@{urlsplit(self.base_url).hostname}>"

    @property
    def database_url(self) -> str:
        """Address of the database; the supervisor sets it when it runs the embedded one."""
        return os.environ.get("DATABASE_URL", "")

    @property
    def direct_database_url(self) -> str:
        """The same database without a pooler between, for jobs, LISTEN and migrations."""
        return os.environ.get("DATABASE_DIRECT_URL") or self.database_url

    @cached_property
    def secret_key(self) -> str:
        """The given key, or one made at the first start and kept in the data folder (mode 0600)."""
        if given := os.environ.get("RENMAI_SECRET_KEY"):
            return given
        path = self.data / "secret_key"
        if not path.exists():
            self.data.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(50))
        return path.read_text().strip()


def database(url: str) -> dict[str, object]:
    """Django's settings of one PostgreSQL database.

    Args:
        url: ``postgresql://user:password@host:port/name``; a socket folder may stand in ``?host=``.
    """
    parts = urlsplit(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "renmai",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.pop("host", parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "OPTIONS": {"pool": {"min_size": 0, "max_size": 8, "timeout": 10}, **{k: unquote(v) for k, v in query.items()}},
    }


env = Env()
