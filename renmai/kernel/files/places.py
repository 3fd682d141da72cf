"""Where the bytes lie in the end: in the data folder, or in a bucket of any store that speaks S3."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from renmai.config.env import env

if TYPE_CHECKING:
    from renmai.config.env import Bucket


class Place(Protocol):
    """A place for files, each under a name that never changes."""

    def put(self, path: Path, name: str) -> None:
        """Take over the file that was written at ``path``."""

    def fetch(self, path: Path, name: str) -> bool:
        """Bring the file to ``path``; tells whether it is there now."""

    def drop(self, path: Path, name: str) -> None:
        """Delete the file for good."""


class Folder:
    """The data folder: a file lies where it was written."""

    def put(self, path: Path, name: str) -> None:
        """It lies there already."""

    def fetch(self, path: Path, name: str) -> bool:
        return path.is_file()

    def drop(self, path: Path, name: str) -> None:
        path.unlink(missing_ok=True)


class S3:
    """A bucket; the data folder holds copies of what was asked for, which may be deleted at any time."""

    def __init__(self, bucket: Bucket) -> None:
        from minio import Minio  # only where it is wanted: it costs memory

        self.bucket = bucket.name
        self.client: Any = Minio(bucket.endpoint, bucket.key, bucket.secret, region=bucket.region or None, secure=bucket.tls)

    def put(self, path: Path, name: str) -> None:
        self.client.fput_object(self.bucket, name, str(path))

    def fetch(self, path: Path, name: str) -> bool:
        from minio.error import S3Error

        if path.is_file():
            return True
        try:
            self.client.fget_object(self.bucket, name, str(path))
        except S3Error as problem:
            if problem.code == "NoSuchKey":
                return False
            raise
        return True

    def drop(self, path: Path, name: str) -> None:
        path.unlink(missing_ok=True)
        self.client.remove_object(self.bucket, name)


@cache
def place() -> Place:
    """The place that the operator has chosen."""
    return S3(env.bucket) if env.bucket.name else Folder()
