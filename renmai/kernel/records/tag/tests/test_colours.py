"""The colours of tags, where tags are shown."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from renmai.kernel.access.user import User
from renmai.kernel.testing.people import Api, again

Calls = Callable[[User], Api]


def page(user: User, path: str) -> str:
    made = Client(SERVER_NAME="127.0.0.1")
    made.force_login(again(user))
    return made.get(path).content.decode()


def test_a_tag_is_drawn_in_its_colour_everywhere(api: Calls, alice: User, dao: User) -> None:
    lead = api(alice).post("leads/", {"name": "Malee", "tags": ["vip", "fair"]}).json()
    tag = api(dao).post("tags/", {"name": "vip", "colour": "red"}).json()
    for path in ("/leads/?columns=tags", f"/leads/{lead['id']}/"):
        shown = page(alice, path)
        assert '<span class="tag tone-red">vip</span>' in shown and '<span class="tag tone-grey">fair</span>' in shown
    assert "tone-red" in page(dao, "/tags/?columns=colour")
    api(dao).patch(f"tags/{tag['id']}/", {"colour": "blue"})
    assert '<span class="tag tone-blue">vip</span>' in page(alice, "/leads/?columns=tags")
