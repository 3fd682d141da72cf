"""The home page: what is mine and due, and nothing that I may not see."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from renmai.kernel.access.user import Role, User
from renmai.kernel.overlay.company import change_company
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.sales.pipeline.model import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def set_up(db: None) -> None:
    """The first questions are answered."""
    change_company(set_up_at=timezone.now())


def make(slug: str, by: User, **values: Any) -> Any:
    return create(registry[slug], values, by)


def home(user: User, **headers: str) -> str:
    client = Client()
    client.force_login(user)
    return client.get("/", headers=headers).content.decode()


def due(hours: int) -> str:
    return (timezone.now() + dt.timedelta(hours=hours)).isoformat()


def test_an_empty_home_says_what_to_do_next(alice: User) -> None:
    page = home(alice)
    assert "Nothing is due in the next seven days." in page
    assert 'href="/opportunities/new/"' in page
    assert 'href="/leads/import/"' in page


def test_my_due_tasks_and_follow_ups_stand_there_the_most_urgent_first(alice: User) -> None:
    make("tasks", alice, subject="Write the offer", due_at=due(48))
    make("follow-ups", alice, subject="Visit the mill", body="with samples", due_at=due(2))
    page = home(alice)
    assert 0 < page.index("Visit the mill") < page.index("Write the offer")


@pytest.mark.parametrize("values", [{"due_at": due(24 * 30)}, {"due_at": due(1), "done_at": due(0)}])
def test_what_is_far_off_or_done_does_not(alice: User, values: dict[str, Any]) -> None:
    make("tasks", alice, subject="Order the chairs", **values)
    assert "Order the chairs" not in home(alice, **{"X-Region": "to-do"})


def test_others_have_their_own_tasks(alice: User, bob: User) -> None:
    make("tasks", alice, subject="Write the offer", due_at=due(1))
    assert "Write the offer" not in home(bob, **{"X-Region": "to-do"})


def test_my_pipeline_counts_and_sums_each_stage(alice: User, bob: User) -> None:
    stage = Stage.objects.get(name="Needs")
    for owner, amount in ((alice, "1000"), (alice, "2500"), (bob, "9999")):
        make("opportunities", owner, name="Deal", stage=str(stage.pk), amount=amount, currency="USD")
    page = home(alice, **{"X-Region": "pipeline"})
    assert "My pipeline" in page
    assert "$3,500" in page.replace("US$", "$")
    assert "9,999" not in page


def test_who_owns_no_opportunity_sees_the_pipeline_of_all_that_they_may_see(alice: User, dao: User, charlie: User) -> None:
    make("opportunities", alice, name="Deal", stage=str(Stage.objects.get(name="Needs").pk), amount="1000", currency="USD")
    assert "Needs" in home(dao, **{"X-Region": "pipeline"})
    assert "No opportunity is open" in home(charlie, **{"X-Region": "pipeline"})


def test_new_leads_are_mine_or_nobodys(alice: User, bob: User) -> None:
    make("leads", alice, name="Mine Waiting")
    make("leads", bob, name="Bobs Own")
    page = home(alice, **{"X-Region": "new-leads"})
    assert "Mine Waiting" in page
    assert "Bobs Own" not in page


def test_my_open_tickets_stand_there(alice: User) -> None:
    make("tickets", alice, subject="Printer burns")
    make("tickets", alice, subject="Solved long ago", status="resolved")
    page = home(alice, **{"X-Region": "tickets"})
    assert "Printer burns" in page
    assert "Solved long ago" not in page


def test_recent_changes_tell_of_what_one_may_see_and_of_nothing_else(alice: User, charlie: User) -> None:
    make("accounts", alice, name="Secret Mill")
    assert "Secret Mill" in home(alice, **{"X-Region": "recent"})
    assert "Secret Mill" not in home(charlie)


def test_a_hidden_field_does_not_show(alice: User) -> None:
    role: Any = Role.objects.get(pk=alice.roles[0])
    role.fields = {"leads": {"company": "hidden"}}
    role.save(update_fields=["fields"])
    make("leads", User.objects.get(pk=alice.pk), name="Lin Yi")
    registry["leads"].model.objects.update(company="Hidden Mill")
    page = home(User.objects.get(pk=alice.pk), **{"X-Region": "new-leads"})
    assert "Lin Yi" in page
    assert "Hidden Mill" not in page


def test_a_script_gets_the_panels_that_it_asks_for(alice: User) -> None:
    page = home(alice, **{"X-Region": "to-do recent"})
    assert [name for name in ("to-do", "pipeline", "recent") if f'id="{name}"' in page] == ["to-do", "recent"]


def queries(user: User) -> int:
    client = Client()
    client.force_login(user)
    client.get("/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/")
    return len(captured)


def test_more_rows_ask_no_more_questions(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("renmai.kernel.overlay.company.KEPT_FOR", 3600.0)
    account = make("accounts", alice, name="Mill")
    about = [{"type": "accounts", "id": str(account.pk)}]

    def fill() -> None:
        make("tasks", alice, subject="Task", due_at=due(1), about=about)
        make("follow-ups", alice, subject="Plan", body="x", due_at=due(1), about=about)
        make("leads", alice, name="Lead")
        make("tickets", alice, subject="Ticket", account=str(account.pk))
        make("opportunities", alice, name="Deal", stage=str(Stage.objects.get(name="Needs").pk), amount="1000")

    fill()
    few = queries(alice)
    for _time in range(4):
        fill()
    assert queries(alice) == few
