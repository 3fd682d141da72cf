"""Start, stop and the accidents between, as the operator sees them."""

from __future__ import annotations

import contextlib
import shutil
import signal
import socket

import psutil
import psycopg
import pytest

from renmai.config.postgres import Postgres
from renmai.kernel.agents.tools import TOOLS
from tests.whole.assistant import over_http, over_standard_input
from tests.whole.program import Program, until

pytestmark = pytest.mark.whole


def refusal(program: Program, **variables: str) -> str:
    """The one sentence of a start that must be refused."""
    done = program.run("serve", **variables)
    sentences = [line for line in done.stderr.splitlines() if line.startswith("renmai: ")]
    assert done.returncode == 1, done.stderr
    assert len(sentences) == 1, done.stderr
    assert "Traceback" not in done.stderr
    return sentences[0]


def test_a_first_start_answers_and_says_once_how_to_sign_in(running: Program) -> None:
    until(running.is_whole)
    assert running.said.count("with the password") == 1


def test_a_second_start_on_the_same_folder_is_refused(running: Program) -> None:
    assert "already runs" in refusal(running)


def test_a_command_uses_the_running_database(running: Program) -> None:
    assert running.run("user", "list").stdout.startswith("admin@localhost")


def test_an_assistant_is_served_by_http_and_over_standard_input(running: Program) -> None:
    key = running.run("token", "create", "admin@localhost").stdout.strip()
    assert over_http(running, key) == over_standard_input(running, key) == (len(TOOLS), "waiting", 0)
    assert running.run("mcp", "--token", "rm_nothing").returncode == 1


@pytest.mark.parametrize("word", ["web", "live", "worker", "-D"])
def test_a_killed_child_is_noticed_and_started_again(running: Program, word: str) -> None:
    killed = running.child(word)
    assert killed
    killed.kill()
    until(lambda: (found := running.child(word)) and found.pid != killed.pid)
    until(running.is_whole)


def test_a_killed_web_worker_is_noticed_and_started_again(running: Program) -> None:
    master = running.child("web")
    assert master
    killed = master.children()[0]
    killed.kill()
    until(lambda: len({child.pid for child in master.children()} - {killed.pid}) == 2)
    until(running.is_whole)


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_leaves_no_process_and_no_lock(program: Program, signum: signal.Signals) -> None:
    program.start()
    everybody = program.everybody()
    program.signal(signum)
    assert not psutil.wait_procs(everybody, timeout=5)[1]
    assert not (program.data / "running").exists()
    assert not list(program.data.glob("database/postmaster.pid"))


def test_a_killed_supervisor_takes_its_children_along_and_the_next_start_recovers(program: Program) -> None:
    program.start()
    everybody = program.everybody()
    program.signal(signal.SIGKILL)
    program.start()
    until(program.is_whole)
    assert not psutil.wait_procs(everybody, timeout=30)[1]


def test_everything_killed_at_once_recovers(program: Program) -> None:
    program.start()
    for process in program.everybody():
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    assert program.process
    program.process.wait()
    program.start()
    until(program.is_whole)


def test_a_port_in_use_is_named(program: Program) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", program.port))
        other.listen()
        sentence = refusal(program)
    assert f"Port {program.port} is in use" in sentence
    assert "RENMAI_PORT=" in sentence


def test_a_folder_that_cannot_be_written_is_named(program: Program) -> None:
    assert "RENMAI_DATA" in refusal(program, RENMAI_DATA="/proc/renmai")


def test_a_database_that_does_not_answer_is_named(program: Program) -> None:
    assert "DATABASE_URL" in refusal(program, DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")


def test_a_newer_database_is_refused(program: Program) -> None:
    postgres = Postgres(program.data)
    process = postgres.start()
    with psycopg.connect(postgres.url) as connection:
        connection.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('kernel', '9999_from_the_future', now())")
    postgres.stop(process)
    assert "newer Renmai" in refusal(program)


def test_a_database_of_another_postgresql_is_refused(program: Program) -> None:
    (program.data / "database" / "PG_VERSION").write_text("17\n")
    assert "PostgreSQL 17" in refusal(program)


def test_a_backup_comes_back_in_an_empty_folder(program: Program) -> None:
    assert program.run("user", "create", "alice@example.com", "--password", "long enough 1").stdout == "alice@example.com\n"
    archive = program.data.parent / "saved.zip"
    assert program.run("backup", str(archive)).returncode == 0
    shutil.rmtree(program.data)
    assert program.run("restore", str(archive)).returncode == 0
    assert "alice@example.com" in program.run("user", "list").stdout
