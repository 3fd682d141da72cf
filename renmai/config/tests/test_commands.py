"""The commands, as their caller sees them."""

from __future__ import annotations

import argparse
import errno
import socket
from types import SimpleNamespace, TracebackType

import psycopg
import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from renmai.config import cli
from renmai.config.commands import migrate, token, user
from renmai.config.commands.prepare import FIRST_ADMIN
from renmai.config.errors import StartError
from renmai.config.people import has_admin, make_user, role_names
from renmai.kernel.access.token import Token
from renmai.kernel.access.user import User


@pytest.fixture(autouse=True)
def _migrated(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test database is up to date."""
    for module in (user, token):
        monkeypatch.setattr(module, "migrate", lambda: None)


def call(module: cli.Module, *arguments: str) -> None:
    """Run a command's code on the test database."""
    parser = argparse.ArgumentParser()
    module.add_arguments(parser)
    module.handle(parser.parse_args(arguments))


def printed(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The one line that was printed, in words."""
    (line,) = capsys.readouterr().out.splitlines()
    return line.split()


def test_a_user_is_made_with_the_password_given(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call(user, "create", "Alice@Example.com", "--role", "manager", "--password", "a long secret")
    assert printed(capsys) == ["alice@example.com"]
    alice = User.objects.get(email="alice@example.com")
    assert alice.check_password("a long secret")
    assert role_names(alice) == ["manager"]


def test_a_password_that_was_made_up_is_printed(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call(user, "create", "bob@example.com")
    email, password = printed(capsys)
    assert User.objects.get(email=email).check_password(password)


def test_a_lost_password_is_set_anew(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    make_user("bob@example.com", role="rep", password="the old one")
    call(user, "password", "bob@example.com")
    bob = User.objects.get(email="bob@example.com")
    assert bob.check_password(printed(capsys)[1])
    assert not bob.check_password("the old one")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["bob@example.com", "--role", "pope"], "choose one of admin, manager, rep"),
        (["bob"], "is no e-mail address"),
        (["taken@example.com"], "Another user has this e-mail address"),
    ],
)
def test_a_user_that_cannot_be_made_is_told_why(db: None, arguments: list[str], sentence: str) -> None:
    make_user("taken@example.com", role="rep", password="whatever it is")
    with pytest.raises(StartError, match=sentence):
        call(user, "create", *arguments)


def test_a_token_is_printed_alone_and_opens_the_door(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    bob = make_user("bob@example.com", role="rep", password="whatever it is")
    call(token, "create", "bob@example.com")
    (key,) = printed(capsys)
    assert Token.bearer(key) == bob


def test_a_token_for_nobody_is_refused(db: None) -> None:
    with pytest.raises(StartError, match="No user has the address"):
        call(token, "create", "nobody@example.com")


def test_only_an_active_admin_counts_as_one(db: None) -> None:
    assert not has_admin()
    admin = make_user(FIRST_ADMIN, role="admin", password="whatever it is")
    assert has_admin()
    User.objects.filter(pk=admin.pk).update(active=False)
    assert not has_admin()


def test_an_unknown_command_lists_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(["dance"])
    assert left.value.code == 2
    said = capsys.readouterr().err
    assert "no command 'dance'" in said
    assert all(f"  {name} " in said for name in cli.COMMANDS)


def test_an_old_postgresql_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Old:
        info = SimpleNamespace(server_version=140012)

        def __enter__(self) -> Old:
            return self

        def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
            return

    monkeypatch.setattr(psycopg, "connect", lambda *_, **__: Old())
    with pytest.raises(StartError, match="PostgreSQL 14, Renmai needs 15"):
        migrate.check_server()


def test_migrations_that_this_code_does_not_know_stop_the_start(db: None) -> None:
    migrate.check_not_newer()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('kernel', '9999_from_the_future', now())")
    with pytest.raises(StartError, match=r"newer Renmai \(it has kernel\.9999_from_the_future\)"):
        migrate.check_not_newer()


def test_work_on_a_database_that_is_not_up_to_date_is_one_sentence(
    db: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(migrate, "check_server", lambda: None)
    MigrationRecorder(connection).migration_qs.filter(app="sales").delete()
    assert sentence_of(capsys, "demo") == "renmai: The database is not up to date: run 'renmai migrate', then try again.\n"


@pytest.mark.parametrize(
    "arguments", ["demo", "import x.csv --type leads", "export --type leads -o x.csv", "user list", "token create a@example.com"]
)
def test_a_database_that_does_not_answer_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: str
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens on it
        monkeypatch.setenv("DATABASE_URL", f"postgresql://renmai@127.0.0.1:{taken.getsockname()[1]}/none")
        for module in (user, token):
            monkeypatch.setattr(module, "migrate", migrate.migrate)
        sentence = sentence_of(capsys, *arguments.split())
    assert sentence.startswith("renmai: The database does not answer (connection failed:")
    assert sentence.endswith("Connection refused): check DATABASE_URL, and that its server runs.\n")


def sentence_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command that cannot do its work says before it ends with 1."""
    with pytest.raises(SystemExit) as end:
        cli.main(list(arguments))
    assert end.value.code == 1
    return capsys.readouterr().err


@pytest.mark.parametrize("problem", [OSError(errno.ENOSPC, "No space left on device"), psycopg.errors.DiskFull("could not extend file")])
def test_a_full_disk_in_the_middle_of_work_is_one_sentence(
    problem: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def work(*_: object) -> int:
        raise problem

    monkeypatch.setattr(cli, "_run", work)
    with pytest.raises(SystemExit) as left:
        cli.main(["serve"])
    assert left.value.code == 1
    assert capsys.readouterr().err.startswith("renmai: The disk is full")
