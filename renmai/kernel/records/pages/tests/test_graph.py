"""The graph of a list: records with what they are related to, as far as a person may see both, and as of the past."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from renmai.kernel.access.user import Role, User
from renmai.kernel.testing.people import Api, again

Calls = Callable[[User], Api]


def browser(user: User) -> Client:
    """A browser in which somebody is signed in."""
    made = Client(SERVER_NAME="127.0.0.1")
    made.force_login(user)
    return made


def graph(user: User, kind: str = "people", **asked: str) -> str:
    answer = browser(again(user)).get(f"/{kind}/", {"view": "graph", **asked})
    assert answer.status_code == 200
    return answer.content.decode()


def is_there(record: Any, page: str) -> bool:
    return f'data-node="{record["id"]}"' in page


def is_tied(record: Any, page: str) -> bool:
    return f'data-to="{record["id"]}"' in page


@pytest.fixture
def account(api: Calls, alice: User) -> Any:
    return api(alice).post("accounts/", {"name": "Lantern Works"}).json()


@pytest.fixture
def person(api: Calls, alice: User, account: Any) -> Any:
    return api(alice).post("people/", {"name": "Somchai Jaidee", "account": account["id"]}).json()


def test_a_record_is_tied_to_what_it_links_to(person: Any, account: Any, alice: User) -> None:
    page = graph(alice)
    assert is_there(person, page) and is_there(account, page) and is_tied(account, page)


def test_what_may_not_be_seen_is_no_node(person: Any, account: Any, alice: User, charlie: User, api: Calls) -> None:
    assert not is_there(person, graph(charlie))
    api(charlie).post("people/", {"name": "Wang Wei"})
    page = graph(charlie, open=f"accounts:{account['id']}")
    assert "Wang Wei" in page and "Lantern Works" not in page


def test_a_link_to_what_may_not_be_seen_is_no_tie(person: Any, account: Any, api: Calls, alice: User, bob: User, dao: User) -> None:
    api(dao).patch(f"accounts/{account['id']}/", {"owner": str(dao.pk)})
    api(dao).patch(f"people/{person['id']}/", {"owner": str(bob.pk)})
    page = graph(bob)
    assert is_there(person, page) and not is_tied(account, page) and "Lantern Works" not in page


def test_a_hidden_field_gives_no_tie(person: Any, account: Any, alice: User) -> None:
    Role.objects.filter(name="rep").update(fields={"people": {"account": "hidden"}})
    assert is_there(person, graph(alice)) and not is_there(account, graph(alice))
    page = graph(alice, "accounts", open=f"accounts:{account['id']}")
    assert is_there(account, page) and not is_there(person, page)


def test_what_is_around_a_record_is_shown_on_demand(person: Any, account: Any, api: Calls, alice: User) -> None:
    task = api(alice).post("tasks/", {"subject": "Call", "about": [{"type": "accounts", "id": account["id"]}]}).json()
    assert not is_there(person, graph(alice, "accounts"))
    page = graph(alice, "accounts", open=f"accounts:{account['id']}")
    assert is_there(person, page) and is_there(task, page)


def test_a_filter_and_a_kept_view_make_the_graph_smaller(person: Any, account: Any, api: Calls, alice: User) -> None:
    other = '{"field": "name", "op": "eq", "value": "Nobody"}'
    assert not is_there(person, graph(alice, filter=other))
    values = {"name": "Web", "target": "people", "kind": "graph", "by": "owner"}
    view = api(alice).post("views/", values).json()
    page = graph(alice, view=view["id"])
    assert is_there(person, page) and not is_there(account, page)


def test_a_graph_of_the_past_shows_what_was(person: Any, account: Any, api: Calls, alice: User) -> None:
    then = timezone.now().isoformat()
    other = api(alice).post("accounts/", {"name": "Dawn Foods"}).json()
    api(alice).patch(f"people/{person['id']}/", {"account": other["id"]})
    page = graph(alice, as_of=then, by="account")
    assert is_there(account, page) and not is_there(other, page)


def test_an_own_type_has_a_graph_by_its_own_links(api: Calls, dao: User, account: Any) -> None:
    made = api(dao).post("custom-types/", {"label": "Machine", "label_plural": "Machines"})
    assert made.status_code == 201, made.json()
    field = {"type": "machines", "key": "at", "kind": "link", "label": "Stands at", "target": "accounts"}
    assert api(dao).post("custom-fields/", field).status_code == 201
    machine = api(dao).post("machines/", {"name": "Press", "custom": {"at": account["id"]}}).json()
    page = graph(dao, "machines")
    assert is_there(machine, page) and is_tied(account, page) and "Stands at" in page


def test_only_the_first_hundred_are_shown_and_the_page_says_so(api: Calls, dao: User) -> None:
    from renmai.directory.account.model import Account

    Account.objects.bulk_create(Account(name=f"Account {place}", title=f"Account {place}", owner=dao) for place in range(101))
    page = graph(dao, "accounts")
    assert page.count("data-node=") == 100 and "Only the first 100" in page


def test_the_number_of_questions_does_not_grow_with_the_graph(person: Any, account: Any, api: Calls, alice: User) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get("/people/", {"view": "graph", "open": f"accounts:{account['id']}"})
        return len(seen)

    client = browser(alice)
    asked()
    before = asked()
    for name in ("Malee", "Anan", "Wang Wei"):
        api(alice).post("people/", {"name": name, "account": account["id"]})
    assert asked() == before <= 13


def test_what_links_to_nothing_has_no_graph(dao: User) -> None:
    assert browser(dao).get("/tags/", {"view": "graph"}).status_code == 404
    assert "view=graph" not in browser(dao).get("/tags/").content.decode()
