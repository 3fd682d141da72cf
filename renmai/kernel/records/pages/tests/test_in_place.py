"""Fields changed in their place: every kind that people expect, told in a sentence, and taken back."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from renmai.kernel.access.user import Role, User
from renmai.kernel.testing.people import Api, again

Calls = Callable[[User], Api]
OWN: dict[str, tuple[dict[str, Any], Any, Any]] = {
    "text": ({}, "Rooftop", "Rooftop"),
    "long_text": ({}, "Two\nlines", "Two\nlines"),
    "number": ({}, "1,200.5", "1200.5"),
    "percent": ({}, "12.5", "12.5"),
    "money": ({}, "1,200.50", "1200.50"),
    "date": ({}, "2026-11-22", "2026-11-22"),
    "moment": ({}, "2026-11-22T09:30:00+00:00", "2026-11-22T09:30:00+00:00"),
    "time": ({}, "09:30", "09:30"),
    "boolean": ({}, "true", True),
    "choice": ({"choices": [{"value": "s", "label": "Small"}]}, "s", "s"),
    "choices": ({"choices": [{"value": "s", "label": "Small"}, {"value": "l", "label": "Large"}]}, ["s", "l"], ["s", "l"]),
    "email": ({}, "a@b.example", "a@b.example"),
    "phone": ({}, "+66812345678", "+66812345678"),
    "url": ({}, "https://renmai.example", "https://renmai.example"),
}


def browser(user: User) -> Client:
    """A browser in which somebody is signed in, that asks for parts of pages."""
    made = Client(SERVER_NAME="127.0.0.1", headers={"HX-Request": "true"})
    made.force_login(again(user))
    return made


def toast(answer: Any) -> dict[str, Any]:
    return json.loads(answer["HX-Trigger"])["toast"]  # type: ignore[no-any-return]


@pytest.fixture
def lead(api: Calls, alice: User) -> Any:
    return api(alice).post("leads/", {"name": "Malee", "company": "Before Ltd"}).json()


def now(api: Calls, user: User, lead: Any) -> Any:
    return api(user).get(f"leads/{lead['id']}/").json()


@pytest.mark.parametrize("kind", OWN)
def test_a_cell_of_every_kind_is_opened_stored_and_taken_back(kind: str, lead: Any, api: Calls, alice: User, dao: User) -> None:
    more, typed, stored = OWN[kind]
    made = api(dao).post("custom-fields/", {"type": "leads", "key": "extra", "label": "Extra", "kind": kind, **more})
    assert made.status_code == 201, made.json()
    page, path = browser(alice), f"/leads/{lead['id']}/field/custom.extra/"
    assert 'name="custom.extra"' in page.get(path, {"edit": "1", "in": "list"}).content.decode()
    answer = page.post(path, {"custom.extra": typed, "version": lead["version"], "in": "list"})
    assert now(api, alice, lead)["custom"]["extra"] == stored
    assert page.post(toast(answer)["undo"]).status_code == 204
    assert now(api, alice, lead)["custom"].get("extra") in (None, "", [], False)


@pytest.mark.parametrize(("name", "typed"), [("tags", ["vip"]), ("owner", "bob")])
def test_tags_and_people_too(name: str, typed: Any, lead: Any, api: Calls, alice: User, bob: User, dao: User) -> None:
    page = browser(dao)
    sent = str(bob.pk) if typed == "bob" else typed
    answer = page.post(f"/leads/{lead['id']}/field/{name}/", {name: sent, "version": lead["version"]})
    changed = now(api, dao, lead)[name]
    assert changed == sent or changed["id"] == sent
    page.post(toast(answer)["undo"])
    assert now(api, dao, lead)[name] == lead[name]


def test_several_people_are_chosen_in_their_place(api: Calls, dao: User) -> None:
    view = api(dao).post("views/", {"name": "Mine", "target": "leads"}).json()
    role = str(Role.objects.get(name="rep").pk)
    page = browser(dao)
    answer = page.post(f"/views/{view['id']}/field/roles/", {"roles": [role], "version": view["version"]})
    assert [one["id"] for one in api(dao).get(f"views/{view['id']}/").json()["roles"]] == [role]
    page.post(toast(answer)["undo"])
    assert api(dao).get(f"views/{view['id']}/").json()["roles"] == []


def test_what_was_changed_is_told_in_a_sentence(lead: Any, alice: User) -> None:
    path = f"/leads/{lead['id']}/field/company/"
    told = toast(browser(alice).post(path, {"company": "After Ltd", "version": lead["version"]}))
    assert told["text"] == "“Company” of “Malee” was changed to “After Ltd”."
    told = toast(browser(alice).post(path, {"company": "", "version": lead["version"] + 1}))
    assert told["text"] == "“Company” of “Malee” is empty now."


def test_what_is_saved_unchanged_is_not_told(lead: Any, alice: User) -> None:
    answer = browser(alice).post(f"/leads/{lead['id']}/field/company/", {"company": "Before Ltd", "version": lead["version"]})
    assert answer.status_code == 200 and "HX-Trigger" not in answer


def test_what_somebody_else_has_changed_meanwhile_stays(lead: Any, api: Calls, alice: User, dao: User) -> None:
    page = browser(alice)
    back = toast(page.post(f"/leads/{lead['id']}/field/company/", {"company": "Mine", "version": lead["version"]}))["undo"]
    api(dao).patch(f"leads/{lead['id']}/", {"company": "Theirs"})
    answer = page.post(back)
    assert answer.status_code == 409 and "meanwhile" in toast(answer)["text"]
    assert now(api, alice, lead)["company"] == "Theirs"


def test_another_field_changed_meanwhile_does_not_matter(lead: Any, api: Calls, alice: User, dao: User) -> None:
    page = browser(alice)
    back = toast(page.post(f"/leads/{lead['id']}/field/company/", {"company": "Mine", "version": lead["version"]}))["undo"]
    api(dao).patch(f"leads/{lead['id']}/", {"job_title": "Buyer"})
    assert page.post(back).status_code == 204
    assert (now(api, alice, lead)["company"], now(api, alice, lead)["job_title"]) == ("Before Ltd", "Buyer")


def test_only_who_may_change_takes_back(lead: Any, alice: User, bob: User, charlie: User) -> None:
    answer = browser(alice).post(f"/leads/{lead['id']}/field/company/", {"company": "Mine", "version": lead["version"]})
    back = toast(answer)["undo"]
    assert browser(charlie).post(back).status_code == 404
    assert browser(bob).post(back).status_code == 403
    assert browser(alice).get(back).status_code == 405
