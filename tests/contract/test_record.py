"""One record of every type, from its making to its restoration."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from renmai.kernel.access.user import Role, User
from renmai.kernel.records.types import RecordType
from renmai.kernel.testing.people import Api, again
from tests.contract.conftest import NAMES_A_FIELD, NAMES_A_TYPE, Maker

COMMON = (
    "id",
    "type",
    "title",
    "owner",
    "team",
    "created_at",
    "created_by",
    "updated_at",
    "updated_by",
    "version",
    "external_ids",
    "tags",
    "custom",
)


def writable(kind: RecordType, maker: Maker) -> tuple[str, Any]:
    """A text field of the type that may be written, or a number where it has none, and a value for it."""
    specs = [spec for spec in kind.fields.values() if spec.editable and spec.name not in NAMES_A_TYPE | NAMES_A_FIELD]
    spec = next(spec for kinds in ({"text", "long_text"}, {"integer"}) for spec in specs if spec.kind in kinds)
    return spec.name, maker.sample(spec)


def test_a_new_record_reads_back_as_it_was_answered(kind: RecordType, maker: Maker) -> None:
    api, made = maker.api(kind), maker.make(kind)
    response = api.get(f"{kind.slug}/{made['id']}/")
    assert response.status_code == 200
    assert response.json() == made
    assert response["ETag"] == f'"{made["version"]}"'
    assert [name for name in COMMON if name not in made] == []
    assert (
        made["type"] == ("leads" if "type" in kind.fields else kind.slug) and made["title"] and made["created_by"]["id"] == str(api.user.pk)
    )


def test_who_makes_a_record_owns_it(owned: RecordType, maker: Maker) -> None:
    made = maker.make(owned)
    assert made["owner"]["id"] == str(maker.seller.user.pk)
    assert made["team"]["id"] == str(maker.seller.user.team_id)


def test_what_is_required_is_asked_for_by_name(kind: RecordType, maker: Maker) -> None:
    required = maker.required(kind).keys() - maker.besides(kind).keys()
    response = maker.api(kind).post(f"{kind.slug}/", {})
    if required:
        assert response.status_code == 422
        assert {error["field"] for error in response.json()["errors"]} >= required
    else:
        assert response.status_code == 201


def test_a_field_that_does_not_exist_is_refused_by_name(kind: RecordType, maker: Maker) -> None:
    response = maker.api(kind).post(f"{kind.slug}/", {**maker.required(kind), "nmae": "x"})
    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    assert [error["field"] for error in response.json()["errors"]] == ["nmae"]


def test_a_change_is_one_version_on_and_stands_in_the_history(kind: RecordType, maker: Maker) -> None:
    api, made = maker.api(kind), maker.make(kind)
    name, value = writable(kind, maker)
    changed = api.patch(f"{kind.slug}/{made['id']}/", {name: value}).json()
    assert (changed[name], changed["version"]) == (value, made["version"] + 1)
    newest = api.get(f"{kind.slug}/{made['id']}/history/").json()["items"][0]
    assert newest["changes"][name] == [made[name], value]
    assert newest["by"]["id"] == str(api.user.pk)


def test_an_older_version_is_refused_with_mine_theirs_and_the_original(kind: RecordType, maker: Maker) -> None:
    api, made = maker.api(kind), maker.make(kind)
    name, theirs = writable(kind, maker)
    path, mine = f"{kind.slug}/{made['id']}/", writable(kind, maker)[1]
    assert api.patch(path, {name: theirs}, **{"If-Match": f'"{made["version"]}"'}).status_code == 200
    response = api.patch(path, {name: mine, "version": made["version"]})
    assert response.status_code == 412
    problem = response.json()
    assert (problem["mine"][name], problem["theirs"][name], problem["original"][name]) == (mine, theirs, made[name])
    assert api.get(path).json()[name] == theirs


def test_a_conflict_does_not_tell_what_is_hidden(owned: RecordType, maker: Maker) -> None:
    made = maker.make(owned)
    name, secret = writable(owned, maker)
    path = f"{owned.slug}/{made['id']}/"
    assert maker.seller.patch(path, {name: secret}).status_code == 200
    Role.objects.filter(name="rep").update(fields={owned.slug: {name: "hidden"}})
    reader = Api(again(maker.seller.user))
    response = reader.patch(path, {name: "guess", "version": made["version"]})
    assert response.status_code == 412
    assert secret not in response.content.decode()


def test_a_deleted_record_lies_in_the_recycle_bin_until_it_is_restored(kind: RecordType, maker: Maker) -> None:
    api, made = maker.api(kind), maker.make(kind)
    path = f"{kind.slug}/{made['id']}/"
    assert api.delete(path).status_code == 204
    assert api.get(path).status_code == 404
    assert api.patch(path, {}).status_code == 404
    assert made["id"] not in {item["id"] for item in api.get(f"{kind.slug}/").json()["items"]}
    assert made["id"] in {item["id"] for item in api.get(f"{kind.slug}/", deleted=1).json()["items"]}
    assert api.post(f"{path}restore/").status_code == 200
    assert api.get(path).json()["title"] == made["title"]


def test_its_timeline_tells_who_made_it(kind: RecordType, maker: Maker) -> None:
    api, made = maker.api(kind), maker.make(kind)
    items = api.get(f"{kind.slug}/{made['id']}/timeline/").json()["items"]
    first = next(item for item in items if item["kind"] == f"{kind.noun}.created")
    assert first["by"]["id"] == str(api.user.pk)
    assert {"at", "kind", "by", "about", "text", "data"} <= set(first) and first["text"]


def test_one_outside_finds_nothing(owned: RecordType, maker: Maker, charlie: User) -> None:
    made, outside = maker.make(owned), Api(charlie)
    path = f"{owned.slug}/{made['id']}/"
    answers = [outside.get(path), outside.patch(path, {}), outside.delete(path)]
    answers += [outside.get(f"{path}{rest}/") for rest in ("timeline", "history")]
    answers += [outside.post(f"{path}{action.name}/") for action in owned.all_actions]
    assert {answer.status_code for answer in answers} == {404}
    assert outside.get(f"{owned.slug}/", total=1).json() | {"next": None} == {
        "items": [],
        "next": None,
        "total": 0,
        "total_is_estimate": False,
    }
    found = outside.get("search/", q=made["title"]).json()["items"]
    assert made["id"] not in {item["id"] for item in found}


def test_one_of_the_team_may_look_but_not_change(owned: RecordType, maker: Maker, bob: User) -> None:
    for_team = {"audience": "team"} if "audience" in owned.fields else {}
    made, colleague = maker.make(owned, **for_team), Api(bob)
    path = f"{owned.slug}/{made['id']}/"
    assert colleague.get(path).status_code == 200
    assert colleague.patch(path, {"tags": ["mine"]}).status_code == 403
    assert colleague.delete(path).status_code == 403


def test_without_a_token_nothing_is_told(kind: RecordType, maker: Maker) -> None:
    made = maker.make(kind)
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        stranger = Client(SERVER_NAME="127.0.0.1", headers=headers)
        assert stranger.get(f"/api/v1/{kind.slug}/{made['id']}/").status_code == 401
        assert stranger.get(f"/api/v1/{kind.slug}/").status_code == 401


def test_the_same_request_twice_makes_one_record(kind: RecordType, maker: Maker) -> None:
    api, values = maker.api(kind), maker.required(kind)
    first, second = (api.post(f"{kind.slug}/", values, **{"Idempotency-Key": "once"}) for _attempt in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]


def test_its_pages_open(kind: RecordType, maker: Maker) -> None:
    made, browser = maker.make(kind), Client(SERVER_NAME="127.0.0.1")
    browser.force_login(maker.api(kind).user)
    addresses = [f"/{kind.slug}/", f"/{kind.slug}/new/", f"/{kind.slug}/{made['id']}/", f"/{kind.slug}/{made['id']}/edit/"]
    addresses += [f"/{kind.slug}/?view=board"] if kind.board else []
    answers = {address: browser.get(address) for address in addresses}
    led = {address: browser.get(answer["Location"]) if answer.status_code == 303 else answer for address, answer in answers.items()}
    assert {address: answer.status_code for address, answer in led.items()} == dict.fromkeys(addresses, 200)
    assert made["title"] in browser.get(f"/{kind.slug}/{made['id']}/?before=").content.decode()


def test_its_page_is_not_there_for_one_outside(owned: RecordType, maker: Maker, charlie: User) -> None:
    made, browser = maker.make(owned), Client(SERVER_NAME="127.0.0.1")
    browser.force_login(charlie)
    assert [browser.get(f"/{owned.slug}/{made['id']}/{rest}").status_code for rest in ("", "edit/")] == [404, 404]


def test_a_hidden_field_is_neither_read_nor_asked_about(owned: RecordType, maker: Maker, bob: User) -> None:
    made = maker.make(owned)
    name = next(spec.name for spec in owned.fields.values() if spec.editable and spec.kind in {"text", "long_text"})
    Role.objects.filter(name="rep").update(fields={owned.slug: {name: "hidden"}})
    colleague = Api(User.objects.get(pk=bob.pk))
    assert name not in colleague.get(f"{owned.slug}/{made['id']}/").json()
    refused = [{"sort": name}, {"filter": json.dumps({"field": name, "op": "is_set"})}]
    assert [colleague.get(f"{owned.slug}/", **query).status_code for query in refused] == [422, 422]
    assert colleague.get(f"{owned.slug}/groups/", by=name).status_code == 422
    assert name not in colleague.get("openapi.json").json()["components"]["schemas"][owned.slug]["properties"]
