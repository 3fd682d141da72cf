"""An import whose process is killed at random moments, and taken up again."""

from __future__ import annotations

import csv
import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from renmai.config.postgres import Postgres
from tests.whole.program import ROOT, Program, until

pytestmark = pytest.mark.whole
ROWS, COMPANIES, KILLS = 14_000, 300, 3


def test_an_import_that_is_killed_again_and_again_ends_as_one_that_was_not(running: Program) -> None:
    file = _file(running.data.parent / "people.csv")
    with psycopg.connect(Postgres(running.data).url, autocommit=True) as connection:
        command = ["import", str(file), "--type", "people", "--make-missing", "accounts", "--key", "email"]
        for killed in range(KILLS):
            _kill(running, command, connection)
            found = connection.execute("SELECT id FROM kernel_changeset").fetchone()
            assert found and _done(connection) < ROWS, f"done before it could be killed for the {killed + 1}. time"
            command = ["import", "--resume", str(found[0])]
        told = json.loads(running.run(*command).stdout)
        made = connection.execute("SELECT name, email, count(*) FROM directory_person GROUP BY 1, 2 ORDER BY 2").fetchall()
        stands = {name: connection.execute(sql).fetchone() for name, sql in STANDS.items()}

    assert (told["created"], told["updated"], told["failed"], told["also_made"]) == (ROWS, 0, 0, {"accounts": COMPANIES})
    assert made == sorted(((f"Person {number}", f"p{number:05}@example.com", 1) for number in range(ROWS)), key=lambda one: one[1])
    assert stands == {
        "people of their company": (ROWS,),
        "companies": (COMPANIES, COMPANIES),
        "facts": (ROWS, ROWS),
        "lines of history": (ROWS, ROWS),
        "rows": (ROWS + COMPANIES, ROWS),
        "places at companies": (ROWS,),
    }


STANDS = {
    "people of their company": "SELECT count(*) FROM directory_person p JOIN directory_account a ON a.id = p.account_id"
    f" WHERE a.name = 'Company ' || (substr(p.name, 8)::int % {COMPANIES})",
    "companies": "SELECT count(*), count(DISTINCT name) FROM directory_account WHERE name LIKE 'Company %'",
    "facts": "SELECT count(*), count(DISTINCT a.record_id) FROM kernel_fact f JOIN kernel_factabout a ON a.fact_id = f.seq"
    " WHERE f.kind = 'person.created' AND a.type = 'people'",
    "lines of history": "SELECT count(*), count(DISTINCT record_id) FROM kernel_history"
    " WHERE type = 'people' AND part = '' AND operation = 'I'",
    "rows": "SELECT count(*), count(DISTINCT number) FROM kernel_changesetrow",
    "places at companies": "SELECT count(*) FROM directory_affiliation",
}


def _file(path: Path) -> Path:
    with path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["name", "email", "company"])
        writer.writerows([f"Person {number}", f"p{number:05}@example.com", f"Company {number % COMPANIES}"] for number in range(ROWS))
    return path


def _kill(running: Program, command: list[str], connection: psycopg.Connection[tuple[int]]) -> None:
    """Kill an import amid its first batch, or some time after one more of them went in; half a second is part of what one takes."""
    before = _done(connection) if command[1] == "--resume" else -1
    process = subprocess.Popen([sys.executable, "-m", "renmai", *command], cwd=ROOT, env=running.environment, stdout=subprocess.DEVNULL)
    until(lambda: _done(connection) > before or process.poll() is not None)
    time.sleep(random.uniform(0, 0.5))
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL, "it was done before it could be killed"


def _done(connection: psycopg.Connection[tuple[int]]) -> int:
    """How many rows of the import are in for good; -1 before it begins."""
    found = connection.execute("SELECT coalesce(max(created), -1) FROM kernel_changeset WHERE state <> 'draft'").fetchone()
    return found[0] if found else -1
