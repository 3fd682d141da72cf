from __future__ import annotations

import os
import signal
from typing import Any

import pytest

from renmai.kernel.access.user import User
from renmai.kernel.history.model import History
from renmai.kernel.records.types import registry
from renmai.kernel.transfer import ahead
from renmai.kernel.transfer.ahead import portions
from renmai.kernel.transfer.store_many import New
from renmai.kernel.transfer.tests.files import counts, errors, imported

Person = registry["people"].model
FILE = "Name,E-mail,Phone,Company\n" + "".join(
    f"{name},{mail},+66 81 234 567{at},Company {at % 2}\n"
    for at, (name, mail) in enumerate([("Ada Lo", "a@x.co"), ("王伟", "no"), ("สมชาย ใจดี", ""), ("Cyd", "c@x.co"), ("Dan Ito", "d@x.co")])
)


@pytest.fixture(autouse=True)
def beside(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows make a portion, and there is a second core."""
    from renmai.kernel.files import model

    monkeypatch.setattr(model, "FOLDER", tmp_path)
    monkeypatch.setattr(ahead, "PORTION", 2)
    monkeypatch.setattr(ahead, "_has_room", lambda: True)


def _settled_by(prepare: Any) -> list[int]:
    news = [New({}) for _number in range(6)]
    given = [new for portion in portions(news, prepare, []) for new in portion]
    assert given == news
    return [int(new.problem) == os.getpid() for new in given]


def _sign(new: New) -> None:
    new.problem = str(os.getpid())


def test_all_but_the_first_portion_is_settled_by_another_process() -> None:
    assert _settled_by(_sign) == [True, True, False, False, False, False]


def test_a_helper_that_is_killed_is_done_without() -> None:
    here = os.getpid()

    def die(new: New) -> None:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        _sign(new)

    assert all(_settled_by(die))


@pytest.mark.django_db
def test_what_asks_the_database_is_settled_here() -> None:
    def ask(new: New) -> None:
        assert User.objects.count() >= 0
        _sign(new)

    assert all(_settled_by(ask))


def _kept(by: User) -> list[Any]:
    """What an import of the file stored and said, without ids and times."""
    change_set = imported(FILE, "people", by=by, make_missing=["accounts"])
    people = Person.objects.filter(pk__in=change_set.rows_of_file.values("record_id")).defer(None).order_by("phone")
    names = ["title", "sort_key", "phone", "email", "phones", "emails", "family_name", "owner_id", "team_id", "created_by_id", "match_keys"]
    rows = [[getattr(person, name) for name in names] for person in people]
    links = [[(row.account.title, row.primary) for row in person.affiliations.all()] for person in people]
    lexemes = [sorted(found) for found in people.values_list("search", flat=True)]
    inserted = History.objects.filter(record_id__in=people.values("pk"), operation="I").count()
    return [rows, links, lexemes, inserted, counts(change_set), [row["Reason"] for row in errors(change_set)]]


@pytest.mark.django_db
def test_what_is_settled_beside_is_stored_as_if_it_were_not(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    beside = _kept(alice)
    monkeypatch.setattr(ahead, "_has_room", lambda: False)
    assert _kept(alice) == beside
    assert len(beside[0]) == 4
