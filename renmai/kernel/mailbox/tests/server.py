"""A small IMAP4rev1 server: it speaks enough of RFC 3501 for a client that only reads."""

from __future__ import annotations

import re
import socketserver
import threading
from typing import Any

LITERAL = re.compile(rb"\{(\d+)\}\r?\n$")


class Handler(socketserver.StreamRequestHandler):
    """One client."""

    server: Server

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        self.say("* OK ready")
        while line := self.rfile.readline():
            tag, _space, rest = line.decode().strip().partition(" ")
            verb, _space, given = rest.partition(" ")
            if verb.upper() == "UID":
                verb, _space, given = given.partition(" ")
            if not getattr(self, f"on_{verb.lower()}", self.on_noop)(tag, given):
                return

    def on_noop(self, tag: str, given: str) -> bool:
        self.say(f"{tag} OK done")
        return True

    def on_capability(self, tag: str, given: str) -> bool:
        self.say("* CAPABILITY IMAP4rev1")
        return self.on_noop(tag, given)

    def on_login(self, tag: str, given: str) -> bool:
        self.say(f"{tag} OK in" if given == 'sales "secret"' else f"{tag} NO wrong password")
        return True

    def on_examine(self, tag: str, given: str) -> bool:
        self.server.folders.append(given)
        self.say(f"* {len(self.server.letters)} EXISTS")
        self.say(f"* OK [UIDVALIDITY {self.server.validity}] valid")
        return self.on_noop(tag, given)

    def on_search(self, tag: str, given: str) -> bool:
        first = int(given[4:].partition(":")[0]) if given.startswith("UID ") else 1
        found = [uid for uid in self.server.letters if uid >= first] or [max(self.server.letters, default=0)]
        self.say("* SEARCH " + " ".join(map(str, found)))
        return self.on_noop(tag, given)

    def on_fetch(self, tag: str, given: str) -> bool:
        uid = int(given.partition(" ")[0])
        raw = self.server.letters[uid]
        if "SIZE" in given:
            self.say(f"* 1 FETCH (UID {uid} RFC822.SIZE {self.server.sizes.get(uid, len(raw))})")
        else:
            self.server.fetched.append(uid)
            self.wfile.write(f"* 1 FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")
        return self.on_noop(tag, given)

    def on_logout(self, tag: str, given: str) -> bool:
        self.say("* BYE")
        self.say(f"{tag} OK out")
        return False


class Server(socketserver.ThreadingTCPServer):
    """The server; ``letters`` are those in its one folder, by UID."""

    allow_reuse_address, daemon_threads = True, True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.letters: dict[int, bytes] = {}
        self.sizes: dict[int, int] = {}
        self.validity = 7
        self.fetched: list[int] = []
        self.folders: list[str] = []
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def port(self) -> int:
        address: Any = self.server_address
        return int(address[1])
