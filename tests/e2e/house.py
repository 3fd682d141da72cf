"""A running program with four people in it, as tests in the browser see it."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from tests.whole.program import Program

PASSWORD = "a long sentence of 2026"
ROLES = {"alice": "admin", "bob": "admin", "charlie": "rep", "dao": "admin"}


@dataclass
class House:
    """The program, and a way to put things into it as a program would."""

    program: Program
    token: str = ""
    signed_in: dict[str, Any] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.program.port}"

    def furnish(self) -> House:
        """Make the people."""
        for name, role in ROLES.items():
            made = self.program.run("user", "create", f"{name}@example.com", "--role", role, "--name", name.title(), "--password", PASSWORD)
            assert made.returncode == 0, made.stderr
        self.token = self.program.run("token", "create", "dao@example.com").stdout.split()[-1]
        return self

    def call(self, method: str, path: str, values: Any = None) -> Any:
        """A call of the API as Dao."""
        request = urllib.request.Request(f"{self.base}/api/v1/{path}", method=method)
        request.add_header("Authorization", f"Bearer {self.token}")
        request.add_header("Content-Type", "application/json")
        body = None if values is None else json.dumps(values).encode()
        with urllib.request.urlopen(request, body) as answer:
            return json.loads(answer.read() or b"null")

    def make(self, slug: str, **values: Any) -> dict[str, Any]:
        """A new record."""
        return dict(self.call("POST", f"{slug}/", values))

    def change(self, record: dict[str, Any], **values: Any) -> dict[str, Any]:
        """A change of a record, whatever its version."""
        return dict(self.call("PATCH", f"{record['type']}/{record['id']}/", values))

    def stages(self) -> list[dict[str, Any]]:
        """The stages of the first pipeline, in order."""
        found = self.call("GET", "stages/?limit=50")["items"]
        first = self.call("GET", "pipelines/?sort=created_at")["items"][0]["id"]
        return sorted((stage for stage in found if stage["pipeline"]["id"] == first), key=lambda stage: stage["position"])
