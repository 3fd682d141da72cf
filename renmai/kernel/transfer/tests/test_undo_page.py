"""The pages of a change set: what it did, row by row, and the way back for all or some of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from renmai.kernel.access.user import Role, User
from renmai.kernel.jobs.model import Job
from renmai.kernel.jobs.work import perform
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import again
from renmai.kernel.transfer.model import ChangeSet
from renmai.kernel.transfer.shown import row_lines, rows_of
from renmai.kernel.transfer.tests.files import imported
from renmai.kernel.transfer.tests.test_wizard import own_folder

pytestmark = pytest.mark.django_db
__all__ = ["own_folder"]

LEADS = registry["leads"]


@pytest.fixture
def change_set(alice: User) -> ChangeSet:
    """An import that changed Ada's city and job, made Bob, and could not take Cyd."""
    create(LEADS, {"name": "Ada", "email": "a@example.com", "city": "Tak", "job_title": "CEO"}, alice)
    text = "Name,Email,City,Job title\nAda,a@example.com,Trang,CTO\nBob,b@example.com,,\nCyd,x,,\n"
    return imported(text, "leads", by=alice, key=["email"], mode="upsert")


def lead(name: str) -> Any:
    return LEADS.model.objects.get(name=name)


def browser(user: User) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    return client


def page(user: User, change_set: ChangeSet, query: str = "") -> str:
    return browser(user).get(f"/imports/{change_set.pk}/rows/{query}").content.decode()


def test_each_row_tells_its_fields_before_and_after_and_what_was_changed_since(alice: User, change_set: ChangeSet) -> None:
    update(LEADS, lead("Ada").pk, {"city": "Trat"}, alice)
    line = row_lines(change_set, list(rows_of(change_set, "u", "")), alice, undoable=True)[0]
    assert {(one.name, one.before, one.after) for one in line.told} == {("city", "Tak", "Trang"), ("job_title", "CEO", "CTO")}
    assert ([str(label) for label in line.since], line.can_go_back) == (["City"], True)
    shown = page(alice, change_set)
    assert "Trang" in shown and "Changed since: City" in shown and shown.count('name="ids"') == 2
    assert "Bob" not in page(alice, change_set, "?action=u")


def test_the_page_asks_as_much_for_many_rows_as_for_one(alice: User, change_set: ChangeSet, django_assert_num_queries: Any) -> None:
    many = imported("Email,City\n" + "".join(f"{n}@example.com,X\n" for n in range(30)), "leads", by=alice, name_template="{email}")
    cities = "Email,City\n" + "".join(f"{n}@example.com,Y\n" for n in range(30))
    after = imported(cities, "leads", by=alice, key=["email"], mode="update")
    assert (many.created, after.updated) == (30, 30)
    for one in (change_set, after):
        rows = list(rows_of(one, "u", ""))
        row_lines(one, rows, alice, undoable=True)
        with django_assert_num_queries(2):
            row_lines(one, rows, alice, undoable=True)


def test_a_field_that_is_hidden_and_a_record_that_is_not_theirs_are_not_told(alice: User, charlie: User, change_set: ChangeSet) -> None:
    rows = list(rows_of(change_set, "", ""))
    assert [line.href for line in row_lines(change_set, rows, charlie, undoable=False)] == ["", "", ""]
    Role.objects.filter(name="rep").update(fields={"leads": {"city": "hidden"}})
    told = [one.name for line in row_lines(change_set, rows, again(alice), undoable=False) for one in line.told]
    assert told == ["job_title"]


def test_chosen_records_go_back_and_the_work_is_watched(alice: User, change_set: ChangeSet) -> None:
    answer = browser(alice).post(f"/imports/{change_set.pk}/undo/", {"ids": [str(lead("Ada").pk)]})
    job = Job.objects.get(kind="undo")
    assert (answer.status_code, answer["Location"]) == (303, f"/jobs/{job.pk}/")
    perform(job)
    assert (lead("Ada").city, lead("Bob").deleted_at) == ("Tak", None)


def test_without_a_choice_nothing_happens_and_others_have_no_button(alice: User, bob: User, change_set: ChangeSet) -> None:
    answer = browser(alice).post(f"/imports/{change_set.pk}/undo/", {})
    assert (answer["Location"], Job.objects.count()) == (f"/imports/{change_set.pk}/rows/", 0)
    assert browser(bob).post(f"/imports/{change_set.pk}/undo/", {"all": "1"}).status_code == 404


def test_the_page_of_an_import_offers_its_undo_and_then_says_that_it_was_undone(alice: User, change_set: ChangeSet) -> None:
    client = browser(alice)
    assert "Undo the whole import" in client.get(f"/imports/{change_set.pk}/").content.decode()
    client.post(f"/imports/{change_set.pk}/undo/", {"all": "1"})
    perform(Job.objects.get(kind="undo"))
    shown = client.get(f"/imports/{change_set.pk}/").content.decode()
    assert "The import was undone." in shown and "Undo the whole import" not in shown
