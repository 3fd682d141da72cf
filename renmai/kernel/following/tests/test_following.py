"""Who follows what, what is starred, and what was seen lately."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from renmai.kernel.access.user import User
from renmai.kernel.actions.run import run
from renmai.kernel.comments.doing import write
from renmai.kernel.following.marks import followers, recents, star, unfollow
from renmai.kernel.following.model import Favourite, Follow
from renmai.kernel.history.purge import purge
from renmai.kernel.records import store
from renmai.kernel.records.record import Record
from renmai.kernel.records.types import registry

LEADS = registry["leads"]


@pytest.fixture
def lead(alice: User) -> Record:
    """A lead of Alice's."""
    return store.create(LEADS, {"name": "Ann"}, alice)


def names(answer: Any) -> list[str]:
    return [one["title"] for one in answer.json()["items"]]


def test_the_owner_follows_by_themselves_and_may_stop(alice: User, lead: Record) -> None:
    assert followers(lead) == [alice]
    unfollow(LEADS, lead, alice)
    assert followers(lead) == []


def test_who_comments_and_who_is_mentioned_follows(alice: User, bob: User, dao: User, lead: Record) -> None:
    write(LEADS, lead.pk, "@Bob see this", [str(bob.pk)], dao)
    assert {user.name for user in followers(lead)} == {"Alice", "Bob", "Dao"}


def test_who_has_stopped_does_not_follow_again_by_a_comment(alice: User, bob: User, lead: Record) -> None:
    unfollow(LEADS, lead, bob)
    write(LEADS, lead.pk, "One thing more", [], bob)
    assert followers(lead) == [alice]


def test_one_follows_what_one_may_see(api: Any, bob: User, charlie: User, lead: Record) -> None:
    assert names(api(bob).client.put(f"/api/v1/leads/{lead.pk}/followers/")) == ["Alice", "Bob"]
    assert api(charlie).client.put(f"/api/v1/leads/{lead.pk}/followers/").status_code == 404
    assert api(bob).delete(f"leads/{lead.pk}/followers/").status_code == 204
    assert names(api(bob).get(f"leads/{lead.pk}/followers/")) == ["Alice"]


def test_a_star_is_ones_own_and_gone_with_the_right_to_see(api: Any, alice: User, bob: User, charlie: User, lead: Record) -> None:
    assert api(bob).client.put(f"/api/v1/leads/{lead.pk}/favourite/").status_code == 204
    assert names(api(bob).get("favourites/")) == ["Ann"]
    assert names(api(alice).get("favourites/")) == []
    store.update(LEADS, lead.pk, {"owner": str(charlie.pk)}, None)
    assert names(api(bob).get("favourites/")) == []


def test_what_one_looks_at_is_noted_the_last_first(client: Client, api: Any, alice: User, bob: User, lead: Record) -> None:
    other = store.create(LEADS, {"name": "Ben"}, alice)
    client.force_login(alice)
    for record in (lead, other, lead):
        assert client.get(f"/leads/{record.pk}/aids/").status_code == 200
    assert names(api(alice).get("recents/")) == ["Ann", "Ben"]
    assert recents(bob) == []


def test_the_buttons_of_a_record_change_with_what_one_does(client: Client, alice: User, charlie: User, lead: Record) -> None:
    client.force_login(alice)
    assert 'aria-pressed="true"' in client.post(f"/leads/{lead.pk}/star/").content.decode()
    assert "Follow" in client.post(f"/leads/{lead.pk}/unfollow/").content.decode()
    client.force_login(charlie)
    assert client.post(f"/leads/{lead.pk}/star/").status_code == 404


def test_the_first_page_shows_favourites(client: Client, alice: User, lead: Record) -> None:
    client.force_login(alice)
    shown = []
    for _turn in range(2):
        shown.append('id="starred"' in client.get("/", headers={"X-Region": "starred"}).content.decode())
        star(LEADS, lead, alice)
    assert shown == [False, True]


def test_a_record_deleted_for_good_is_followed_by_nobody(alice: User, bob: User, dao: User, lead: Record) -> None:
    star(LEADS, lead, alice)
    write(LEADS, lead.pk, "Hi", [], bob)
    store.remove(LEADS, lead.pk, alice)
    purge(LEADS, lead.pk, dao)
    assert not Favourite.objects.exists()
    assert not Follow.objects.filter(record_id=lead.pk).exists()


def test_tags_are_added_to_those_that_are_there_and_taken_off(alice: User, lead: Record) -> None:
    store.update(LEADS, lead.pk, {"tags": ["vip"]}, alice)
    assert run(LEADS, "tag", lead.pk, by=alice, arguments={"tags": ["fair", "vip"]}).item.tags == ["vip", "fair"]
    assert run(LEADS, "untag", lead.pk, by=alice, arguments={"tags": ["vip"]}).item.tags == ["fair"]


def rail_of(user: User) -> str:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(pk=user.pk))
    return client.get("/tasks/").content.decode().partition('id="rail-pinned"')[2].partition("</section>")[0]


def test_favourites_stand_in_the_rail_as_long_as_they_may_be_seen(bob: User, alice: User, dao: User, lead: Record) -> None:
    assert "hidden" in rail_of(bob)
    star(LEADS, lead, bob)
    assert f"/leads/{lead.pk}/" in rail_of(bob) and "Ann" in rail_of(bob) and "Ann" not in rail_of(alice)
    store.update(LEADS, lead.pk, {"owner": str(dao.pk)}, dao)
    assert "Ann" not in rail_of(bob)


def test_a_view_is_pinned_and_opens_as_its_list(api: Any, alice: User) -> None:
    view = api(alice).post("views/", {"name": "Hot", "target": "leads"}).json()
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(alice)
    place = f"/leads/?view={view['id']}"
    answer = client.post(f"/views/{view['id']}/star/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == place
    assert f"/views/{view['id']}/" in rail_of(alice)
    assert client.get(f"/views/{view['id']}/")["Location"] == place
    assert "Take out of the favourites" in client.get(place).content.decode()
