"""Files in a bucket, with a small store that speaks as much S3 as is needed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from renmai.config.env import Bucket, bucket
from renmai.kernel.files.places import S3


class Objects(BaseHTTPRequestHandler):
    """Keeps what it is given by path."""

    kept: dict[str, bytes]

    def do_PUT(self) -> None:
        self.kept[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(200, b"")

    def do_GET(self) -> None:
        missing = b"<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>"
        self._answer(200 if self.path in self.kept else 404, self.kept.get(self.path, missing))

    def do_HEAD(self) -> None:
        found = self.kept.get(self.path)
        self._answer(404 if found is None else 200, found or b"")

    def do_DELETE(self) -> None:
        self.kept.pop(self.path, None)
        self._answer(204, b"")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "application/xml")
        self.send_header("ETag", '"1"')
        self.send_header("Last-Modified", "Mon, 05 Jan 2026 00:00:00 GMT")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        """Nothing to say."""


@pytest.fixture
def place() -> Iterator[S3]:
    """A bucket that runs here."""
    handler = type("Kept", (Objects,), {"kept": {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    yield S3(Bucket("files", f"127.0.0.1:{server.server_port}", "key", "a-long-secret", "eu-1", tls=False))
    server.shutdown()
    server.server_close()


def test_a_file_goes_to_the_bucket_and_comes_back(place: S3, tmp_path: Path) -> None:
    written = tmp_path / "a.txt"
    written.write_bytes(b"hello")
    place.put(written, "ab/a.txt")
    written.unlink()
    assert place.fetch(written, "ab/a.txt")
    assert written.read_bytes() == b"hello"
    place.drop(written, "ab/a.txt")
    assert not place.fetch(written, "ab/a.txt")


def test_the_address_of_a_bucket_is_read() -> None:
    assert bucket("s3://key:se%2Fcret@store.example:9000/files?region=th&tls=0") == Bucket(
        "files", "store.example:9000", "key", "se/cret", "th", tls=False
    )


def test_another_address_is_refused() -> None:
    with pytest.raises(ValueError, match="RENMAI_FILES is written"):
        bucket("https://store.example/files")
