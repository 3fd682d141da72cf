"""An import whose process is killed, and taken up again."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys

import psycopg
import pytest

from renmai.config.postgres import Postgres
from tests.whole.program import ROOT, Program, until

pytestmark = pytest.mark.whole
ROWS = 4_000


def test_an_import_that_is_killed_goes_on_behind_its_last_batch(running: Program) -> None:
    file = running.data.parent / "leads.csv"
    with file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["name", "email"])
        writer.writerows([f"Lead {number}", f"lead{number}@example.com"] for number in range(ROWS))
    command = [sys.executable, "-m", "renmai", "import", str(file), "--type", "leads"]
    with psycopg.connect(Postgres(running.data).url, autocommit=True) as connection:
        process = subprocess.Popen(command, cwd=ROOT, env=running.environment, stdout=subprocess.DEVNULL)
        until(lambda: _done(connection) > 0 or process.poll() is not None)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL, "it was done before it could be killed"
        before, change_set = _done(connection), connection.execute("SELECT id FROM kernel_changeset").fetchone()
        assert 0 < before < ROWS
        assert change_set
        told = json.loads(running.run("import", "--resume", str(change_set[0])).stdout)
        emails = connection.execute("SELECT count(*), count(DISTINCT email) FROM sales_lead").fetchone()
        facts = connection.execute("SELECT count(*) FROM kernel_fact WHERE kind = 'lead.created'").fetchone()

    assert (told["created"], told["failed"]) == (ROWS, 0)
    assert emails == (ROWS, ROWS)
    assert facts == (ROWS,)


def _done(connection: psycopg.Connection[tuple[int]]) -> int:
    """How many rows of the import are in for good."""
    found = connection.execute("SELECT coalesce(max(created), 0) FROM kernel_changeset").fetchone()
    return found[0] if found else 0
