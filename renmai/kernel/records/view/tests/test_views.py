"""Views: what they keep, who sees them, and that they show nobody more than that person may see."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from renmai.kernel.access.user import Role, User
from renmai.kernel.actions.errors import Forbidden, Invalid
from renmai.kernel.records.record import Record
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api, again

LEADS, VIEWS = registry["leads"], registry["views"]
THAI = {"field": "country", "op": "eq", "value": "TH"}
MakesApi = Callable[[User], Api]


def kept(by: User, **values: Any) -> Record:
    """A view of leads in Thailand."""
    return create(VIEWS, {"name": "Thai", "target": "leads", "filter": THAI, "sort": "-score", **values}, by)


def browser(user: User) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    return client


@pytest.fixture
def leads(alice: User) -> list[Record]:
    return [create(LEADS, {"name": name, "country": country}, alice) for name, country in (("Somchai", "TH"), ("Wang", "TW"))]


def test_a_list_is_asked_through_a_view(alice: User, api: MakesApi, leads: list[Record]) -> None:
    view = kept(alice)
    items = api(alice).get("leads/", view=str(view.pk)).json()["items"]
    assert [item["title"] for item in items] == ["Somchai"]
    groups = api(alice).get("leads/groups/", view=str(view.pk), by="country").json()["items"]
    assert [(group["key"], group["count"]) for group in groups] == [("TH", 1)]


def test_what_the_address_says_goes_before_the_view(alice: User, api: MakesApi, leads: list[Record]) -> None:
    view = kept(alice)
    items = api(alice).get("leads/", view=str(view.pk), filter=json.dumps({**THAI, "value": "TW"})).json()["items"]
    assert [item["title"] for item in items] == ["Wang"]


def test_a_personal_view_is_nobody_elses(alice: User, bob: User, dao: User, api: MakesApi) -> None:
    view = kept(alice)
    for other in (bob, dao):
        assert api(other).get(f"views/{view.pk}/").status_code == 404
        assert api(other).get("leads/", view=str(view.pk)).status_code == 404


def test_a_teams_view_is_the_teams(alice: User, bob: User, charlie: User, api: MakesApi) -> None:
    view = kept(alice, scope="team")
    assert [api(one).get(f"views/{view.pk}/").status_code for one in (bob, charlie)] == [200, 404]
    assert api(bob).patch(f"views/{view.pk}/", {"name": "Mine now"}).status_code == 403


def test_only_who_may_publish_gives_views_to_everybody(alice: User, charlie: User, dao: User, api: MakesApi) -> None:
    with pytest.raises(Forbidden):
        kept(alice, scope="public")
    view = kept(dao, scope="public")
    assert api(charlie).get(f"views/{view.pk}/").status_code == 200


def test_a_public_view_shows_each_reader_only_what_they_may_see(charlie: User, dao: User, api: MakesApi, leads: list[Record]) -> None:
    view = kept(dao, scope="public")
    assert len(api(dao).get("leads/", view=str(view.pk)).json()["items"]) == 1
    assert api(charlie).get("leads/", view=str(view.pk)).json()["items"] == []


def test_hidden_columns_and_orders_drop_out(alice: User, dao: User, leads: list[Record]) -> None:
    view = kept(dao, scope="public", columns=["company", "score"], filter={})
    Role.objects.filter(name="rep").update(fields={"leads": {"score": "hidden"}})
    page = browser(again(alice)).get(f"/leads/?view={view.pk}").content.decode()
    assert 'data-column="company"' in page and 'data-column="score"' not in page


def test_a_filter_that_is_broken_is_shown_and_finds_nothing(alice: User, leads: list[Record]) -> None:
    view = kept(alice, filter={"field": "custom.gone", "op": "eq", "value": "x"})
    answer = browser(alice).get(f"/leads/?view={view.pk}")
    assert (answer.status_code, "Somchai" in answer.content.decode()) == (200, False)
    assert 'class="chip"' in answer.content.decode()


def test_a_view_is_of_a_type_that_there_is(alice: User) -> None:
    with pytest.raises(Invalid):
        kept(alice, target="unicorns")


def test_what_the_list_shows_is_kept_under_a_name_and_opens_the_list(alice: User, leads: list[Record]) -> None:
    client = browser(alice)
    query = {"filter": json.dumps(THAI), "sort": "-score", "columns": "company,score"}
    sent = client.post(f"/leads/views/new/?{_encoded(query)}", {"name": "Thai", "scope": "personal", "first": "1"})
    assert sent.status_code == 303
    view = VIEWS.model.objects.get()
    assert (view.filter, view.sort, view.columns, view.owner) == (THAI, "-score", ["company", "score"], alice)
    page = client.get("/leads/").content.decode()
    assert "Somchai" in page and "Wang" not in page
    assert "Wang" in client.get("/leads/?view=list").content.decode()


def _encoded(query: dict[str, str]) -> str:
    from urllib.parse import urlencode

    return urlencode(query)


def test_changes_are_shown_saved_or_dropped(alice: User, leads: list[Record]) -> None:
    view, client = kept(alice), browser(alice)
    assert "Not saved" not in client.get(f"/leads/?view={view.pk}").content.decode()
    changed = f"view={view.pk}&filter="
    page = client.get(f"/leads/?{changed}").content.decode()
    assert "Not saved" in page and "Wang" in page and f'href="/leads/?view={view.pk}"' in page
    client.post(f"/leads/views/{view.pk}/save/?{changed}")
    view.refresh_from_db()
    assert view.filter == {}


def test_a_role_opens_a_list_with_its_view(alice: User, dao: User, leads: list[Record]) -> None:
    kept(dao, scope="public", roles=[str(Role.objects.get(name="rep").pk)])
    assert "Wang" not in browser(alice).get("/leads/").content.decode()
    assert "Wang" in browser(dao).get("/leads/").content.decode()


def test_tabs_are_moved(alice: User) -> None:
    first, second = kept(alice, name="First", position=0), kept(alice, name="Second", position=1)
    browser(alice).post(f"/leads/views/{second.pk}/move/", {"to": "left"})
    assert list(VIEWS.model.objects.order_by("position").values_list("pk", flat=True)) == [second.pk, first.pk]


def test_a_board_is_made_by_any_choice_and_its_cards_move(alice: User, leads: list[Record]) -> None:
    client = browser(alice)
    page = client.get("/leads/?view=board&by=source").content.decode()
    assert 'data-cards=""' in page and "Somchai" in page
    assert client.post(f"/leads/{leads[0].pk}/place/?by=source", {"to": "referral"}).status_code == 204
    assert LEADS.model.objects.get(pk=leads[0].pk).source == "referral"


def test_the_order_of_columns_and_their_widths_are_remembered(alice: User, leads: list[Record]) -> None:
    client = browser(alice)
    client.post("/leads/columns/", {"column": ["score", "company"]})
    client.post("/leads/widths/", {"company": "240", "nonsense": "9", "score": "wide"})
    page = client.get("/leads/").content.decode()
    assert page.index('data-column="score"') < page.index('data-column="company" data-width="240"')
