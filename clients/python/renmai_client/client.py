"""The API, as objects: one for the whole, one for each type of record."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from renmai_client.errors import JobFailed, Unreachable, error_of
from renmai_client.transport import Reply, Transport, send

Json = dict[str, Any]
AGAIN = {429, 503}
LONGEST_WAIT = 60.0


@dataclass(frozen=True)
class Page:
    """One page of a list; ``next`` is the cursor of the page after it."""

    items: list[Json]
    next: str | None
    total: int | None = None
    total_is_estimate: bool = False


class Renmai:
    """A Renmai, as the person of a token may use it.

    Args:
        address: ``https://crm.example.com``.
        token: as shown when it was made.
        timeout: seconds for one request.
        retries: how often a request is sent again where Renmai is busy (429, 503) or does not answer.
        transport: sends requests; Python's own HTTP if not given.
        sleep: waits; for tests.
    """

    def __init__(
        self,
        address: str,
        token: str,
        *,
        timeout: float = 30,
        retries: int = 4,
        transport: Transport = send,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if urlsplit(address).scheme not in {"http", "https"}:
            raise ValueError("The address begins with https://.")
        self.base = f"{address.rstrip('/')}/api/v1/"
        self._token, self._timeout, self._retries = token, timeout, retries
        self._transport, self._sleep = transport, sleep

    def __repr__(self) -> str:
        return f"Renmai({self.base!r})"

    def __getitem__(self, slug: str) -> Records:
        """The records of a type: ``renmai["leads"]``."""
        return Records(self, slug)

    def me(self) -> Json:
        """The person of the token, with their rights."""
        return self.get("me/")

    def types(self) -> list[Json]:
        """Every type with its fields, choices and actions."""
        return list(self.get("types/")["items"])

    def search(self, words: str, *, limit: int = 20) -> list[Json]:
        """Records of any type."""
        return list(self.get("search/", q=words, limit=limit)["items"])

    def get(self, path: str, **query: Any) -> Json:
        """``GET`` below ``/api/v1/``."""
        return self._json(self.request("GET", path, query=query))

    def post(self, path: str, values: Mapping[str, Any] | None = None, *, key: str | None = None, **query: Any) -> Json:
        """``POST`` with JSON. Sent again, it has no second effect: by its ``Idempotency-Key``, made here if none is given."""
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        return self._json(self.request("POST", path, values or {}, query=query, headers=headers))

    def upload(self, name: str, content: bytes, *, to: str = "files/", media: str = "application/octet-stream") -> Json:
        """Store a file; ``to`` may be the files of a record: ``leads/<id>/files/``."""
        edge = uuid.uuid4().hex
        safe = name.replace("\\", "\\\\").replace('"', "%22").replace("\r", " ").replace("\n", " ")
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{safe}"\r\nContent-Type: {media}\r\n\r\n'
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        return self._json(self.request("POST", to, body, headers=headers))

    def download(self, file: str) -> bytes:
        """The bytes of a file, by its id."""
        return self.request("GET", f"files/{quote(file)}/").body

    def import_file(self, kind: str, name: str, content: bytes, **options: Any) -> str:
        """Import a file; for ``map``, ``key``, ``mode`` and the like see the guide.

        Returns:
            Id of the job: see ``wait``.
        """
        stored = self.upload(name, content)
        return str(self.post("imports/", {"file": stored["id"], "type": kind, **options})["job"])

    def export(self, kind: str, **options: Any) -> str:
        """Export records of a type; the answer is the id of the job."""
        return str(self.post("exports/", {"type": kind, **options})["job"])

    def wait(self, job: str, *, every: float = 1, timeout: float = 3600, told: Callable[[Json], None] | None = None) -> Json:
        """Wait for the end of a job.

        Args:
            every: seconds between two looks.
            timeout: seconds after which it is given up; the job goes on.
            told: called with the job at each look, for a progress bar.

        Raises:
            JobFailed: it failed or was cancelled.
            TimeoutError: it is still at it.
        """
        waited = 0.0
        while True:
            found = self.get(f"jobs/{quote(job)}/")
            if told is not None:
                told(found)
            if found["state"] == "done":
                return found
            if found["state"] in {"failed", "cancelled"}:
                raise JobFailed(200, {**found, "detail": found.get("problem") or found["state"]})
            if waited >= timeout:
                raise TimeoutError(f"Job {job} is still {found['state']}.")
            self._sleep(every)
            waited += every

    def request(
        self,
        method: str,
        path: str,
        values: Mapping[str, Any] | bytes | None = None,
        *,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """One request below ``/api/v1/``, sent again where Renmai is busy.

        Raises:
            RenmaiError: the class tells what is wrong.
        """
        asked = urlencode({name: _text(value) for name, value in (query or {}).items() if value is not None})
        url = f"{self.base}{path}{'?' + asked if asked else ''}"
        sent = {
            "Authorization": f"Bearer {self._token}",
            "Accept": "application/json",
            "Content-Type": "application/json",
            **(headers or {}),
        }
        body = values if isinstance(values, bytes | None) else json.dumps(values, ensure_ascii=False).encode()
        reply = self._patiently(method, url, sent, body)
        if not 200 <= reply.status < 300:
            raise error_of(reply)
        return reply

    def _patiently(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        repeats = method != "POST" or "Idempotency-Key" in headers
        for turn in range(self._retries + 1):
            last = turn == self._retries
            try:
                reply = self._transport(method, url, headers, body, self._timeout)
            except OSError as problem:
                if last or not repeats:
                    raise Unreachable(0, {"detail": str(problem)}) from problem
                self._sleep(2.0**turn)
                continue
            if reply.status not in AGAIN or last:
                return reply
            self._sleep(_wait(reply, turn))
        raise AssertionError("the last turn returns or raises")

    @staticmethod
    def _json(reply: Reply) -> Json:
        found = json.loads(reply.body) if reply.body else {}
        return found if isinstance(found, dict) else {"items": found}


class Records:
    """The records of one type."""

    def __init__(self, renmai: Renmai, slug: str) -> None:
        self._renmai, self.slug = renmai, slug

    def page(self, *, filter: Any = None, after: str | None = None, **query: Any) -> Page:
        """One page; for ``q``, ``sort``, ``limit``, ``fields``, ``total`` and ``deleted`` see the reference."""
        found = self._renmai.get(f"{self.slug}/", filter=filter, after=after, **query)
        return Page(found["items"], found["next"], found.get("total"), bool(found.get("total_is_estimate")))

    def all(self, *, filter: Any = None, limit: int = 200, **query: Any) -> Iterator[Json]:
        """Every record, page by page as they are asked for. ``limit`` is that of a page."""
        after: str | None = None
        while True:
            page = self.page(filter=filter, after=after, limit=limit, **query)
            yield from page.items
            if page.next is None:
                return
            after = page.next

    def get(self, key: str, **query: Any) -> Json:
        """One record."""
        return self._renmai.get(self._path(key), **query)

    def create(self, *, allow_duplicate: bool = False, key: str | None = None, **values: Any) -> Json:
        """Make one.

        Raises:
            Invalid: with a sentence for each field that does not do.
            Refused: there is one like it: see ``candidates``, and ``allow_duplicate``.
        """
        return self._renmai.post(f"{self.slug}/", values, key=key, allow_duplicate=1 if allow_duplicate else None)

    def update(self, record: str | Mapping[str, Any], **values: Any) -> Json:
        """Change one.

        Args:
            record: its id; or the record as it was read, and then only that version is changed.

        Raises:
            Conflict: somebody else has saved since.
        """
        key, headers = (record, {}) if isinstance(record, str) else (record["id"], {"If-Match": f'"{record["version"]}"'})
        return self._renmai._json(self._renmai.request("PATCH", self._path(key), values, headers=headers))

    def delete(self, key: str) -> None:
        """Move it to the recycle bin."""
        self._renmai.request("DELETE", self._path(key))

    def act(self, key: str, action: str, **arguments: Any) -> Json:
        """Do an action: ``renmai["leads"].act(id, "assign", user=…)``; the answer is ``{"item", "made"}``."""
        return self._renmai.post(f"{self._path(key)}{quote(action)}/", arguments)

    def timeline(self, key: str) -> Iterator[Json]:
        """What happened with it, newest first."""
        after: str | None = None
        while True:
            found = self._renmai.get(f"{self._path(key)}timeline/", after=after)
            yield from found["items"]
            after = found["next"]
            if after is None:
                return

    def attach(self, key: str, name: str, content: bytes) -> Json:
        """Attach a file to it."""
        return self._renmai.upload(name, content, to=f"{self._path(key)}files/")

    def _path(self, key: str) -> str:
        return f"{self.slug}/{quote(key)}/"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _wait(reply: Reply, turn: int) -> float:
    """Seconds: as long as Renmai asks for, else twice as long each time."""
    asked = reply.headers.get("retry-after", "")
    return min(float(asked) if asked.isascii() and asked.isdecimal() else 2.0**turn, LONGEST_WAIT)
