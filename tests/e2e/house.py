"""A running program with four people in it, as tests in the browser see it."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from tests.whole.program import ROOT, Program

PASSWORD = "a long sentence of 2026"
ROLES = {"alice": "admin", "bob": "admin", "charlie": "rep", "dao": "admin"}
ALONE = ("erin", "frank", "grace", "ivan", "ivy", "judy", "key")  # sales representatives whom one test each needs, and no other


def email(name: str) -> str:
    """The address of one of the people."""
    return f"{name}@example.com"


@dataclass
class House:
    """The program, and a way to put things into it as a program would."""

    program: Program
    tokens: dict[str, str] = field(default_factory=dict)
    signed_in: dict[str, Any] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.program.port}"

    def furnish(self) -> House:
        """Make the people, and tokens for Dao and Ivy."""
        people = ROLES | dict.fromkeys(ALONE, "rep")
        made = [
            ["user", "create", email(who), "--role", role, "--name", who.title(), "--password", PASSWORD] for who, role in people.items()
        ]
        said = self.run(*made, *(["token", "create", email(who)] for who in ("dao", "ivy")))
        self.tokens = dict(zip(("dao", "ivy"), (line.split()[-1] for line in said.splitlines()[-2:]), strict=True))
        return self

    def run(self, *commands: list[str]) -> str:
        """Run commands of the program in one process; what they print."""
        asked = [sys.executable, "-m", "tests.e2e.commands", json.dumps(commands)]
        done = subprocess.run(asked, cwd=ROOT, env=self.program.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def call(self, method: str, path: str, values: Any = None) -> Any:
        """A call of the API as Dao."""
        request = urllib.request.Request(f"{self.base}/api/v1/{path}", method=method)
        request.add_header("Authorization", f"Bearer {self.tokens['dao']}")
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
