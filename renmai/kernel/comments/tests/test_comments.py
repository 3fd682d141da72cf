"""Comments: who may say, mention, change, take back and react."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from renmai.kernel.access.user import User
from renmai.kernel.comments.doing import change, react, remove, write
from renmai.kernel.comments.model import Comment
from renmai.kernel.comments.reading import parts, said
from renmai.kernel.facts import Fact
from renmai.kernel.facts.timeline import timeline
from renmai.kernel.history.purge import purge
from renmai.kernel.records import store
from renmai.kernel.records.record import Record
from renmai.kernel.records.types import registry

LEADS = registry["leads"]


@pytest.fixture
def lead(alice: User) -> Record:
    """A lead of Alice's."""
    return store.create(LEADS, {"name": "Ann"}, alice)


def on(lead: Record, rest: str = "") -> str:
    return f"leads/{lead.pk}/comments/{rest}"


def test_who_may_see_a_record_comments_on_it(api: Any, alice: User, bob: User, charlie: User, lead: Record) -> None:
    assert api(bob).post(on(lead), {"body": "Who calls her?"}).status_code == 201
    assert api(charlie).post(on(lead), {"body": "I do"}).status_code == 404
    assert api(charlie).get(on(lead)).status_code == 404
    (found,) = api(alice).get(on(lead)).json()["items"]
    assert (found["body"], found["by"]["title"]) == ("Who calls her?", "Bob")


def test_a_mentioned_colleague_is_kept_by_id(api: Any, alice: User, bob: User, lead: Record) -> None:
    answer = api(alice).post(on(lead), {"body": "@Bob please call", "mentions": [str(bob.pk)]}).json()
    assert answer["mentions"] == [{"type": "users", "id": str(bob.pk), "title": "Bob"}]


def test_nobody_is_mentioned_who_may_not_see_the_record(api: Any, alice: User, charlie: User, lead: Record) -> None:
    answer = api(alice).post(on(lead), {"body": "@Charlie look", "mentions": [str(charlie.pk)]})
    assert answer.json()["errors"] == [{"field": "mentions", "message": "Charlie may not see this record: share it first."}]


def test_a_name_that_was_taken_out_of_the_text_is_not_mentioned(alice: User, bob: User, lead: Record) -> None:
    assert write(LEADS, lead.pk, "Never mind", [str(bob.pk)], alice).mentions == []


@pytest.mark.parametrize("given", [{"body": " "}, {"body": 3}, {"body": "x" * 10_001}, {"body": "Hi", "mentions": "Bob"}])
def test_what_is_no_comment_is_refused(api: Any, alice: User, lead: Record, given: dict[str, Any]) -> None:
    assert api(alice).post(on(lead), given).status_code == 422


def test_one_changes_ones_own_words_only(api: Any, alice: User, bob: User, lead: Record) -> None:
    made = write(LEADS, lead.pk, "Call her", [], alice)
    assert api(bob).patch(on(lead, f"{made.pk}/"), {"body": "Do not"}).status_code == 403
    answer = api(alice).patch(on(lead, f"{made.pk}/"), {"body": "Call her today"}).json()
    assert answer["body"] == "Call her today"
    assert answer["edited_at"]


def test_a_comment_is_taken_back_by_its_writer_or_an_administrator(api: Any, alice: User, bob: User, dao: User, lead: Record) -> None:
    for user, status in ((bob, 403), (dao, 204)):
        made = write(LEADS, lead.pk, "Secret", [], alice)
        assert api(user).delete(on(lead, f"{made.pk}/")).status_code == status
    assert Comment.objects.get(pk=made.pk).body == ""


def test_a_comment_on_another_record_is_not_found_here(api: Any, alice: User, lead: Record) -> None:
    made = write(LEADS, lead.pk, "Hi", [], alice)
    other = store.create(LEADS, {"name": "Ben"}, alice)
    assert api(alice).patch(on(other, f"{made.pk}/"), {"body": "x"}).status_code == 404


def test_a_reaction_is_put_once_and_taken_away(api: Any, alice: User, bob: User, lead: Record) -> None:
    made = write(LEADS, lead.pk, "Won!", [], alice)
    address = on(lead, f"{made.pk}/reactions/🎉/")
    for _twice in range(2):
        answer = api(bob).client.put(f"/api/v1/{address}").json()
        assert answer["reactions"] == [{"sign": "🎉", "count": 1, "mine": True}]
    assert api(bob).delete(address).json()["reactions"] == []
    assert api(bob).delete(on(lead, f"{made.pk}/reactions/💣/")).status_code == 404


def test_comments_are_paged(api: Any, alice: User, lead: Record) -> None:
    for number in range(3):
        write(LEADS, lead.pk, f"No. {number}", [], alice)
    first = api(alice).get(on(lead), limit=2).json()
    rest = api(alice).get(on(lead), limit=2, after=first["next"]).json()
    assert [one["body"] for one in first["items"] + rest["items"]] == ["No. 2", "No. 1", "No. 0"]
    assert rest["next"] is None


def test_the_timeline_tells_of_a_comment(alice: User, bob: User, lead: Record) -> None:
    write(LEADS, lead.pk, "Hi", [], bob)
    assert timeline(lead, alice)[0][0].text == "Bob commented on Ann"


def test_names_are_marked_in_the_text() -> None:
    assert parts("@Ann Lee and @Ann, see a@b.c", ["Ann", "Ann Lee"]) == [
        ("@Ann Lee", True),
        (" and ", False),
        ("@Ann", True),
        (", see a@b.c", False),
    ]


def test_more_comments_ask_no_more(alice: User, bob: User, lead: Record, django_assert_num_queries: Any) -> None:
    made = [write(LEADS, lead.pk, f"@Bob {number}", [str(bob.pk)], alice) for number in range(5)]
    react(LEADS, lead.pk, made[0].pk, "👍", bob)
    with django_assert_num_queries(2):
        assert len(said(made, alice)) == 5


def test_the_page_shows_what_was_said_and_offers_ones_own_for_change(client: Client, alice: User, bob: User, lead: Record) -> None:
    write(LEADS, lead.pk, "<b>Careful</b>", [], alice)
    for user, offered in ((alice, True), (bob, False)):
        client.force_login(user)
        text = client.get(f"/leads/{lead.pk}/").content.decode()
        assert "&lt;b&gt;Careful&lt;/b&gt;" in text
        assert ("hx-confirm" in text) is offered


def test_a_form_that_says_nothing_comes_back_with_the_reason(client: Client, alice: User, lead: Record) -> None:
    client.force_login(alice)
    answer = client.post(f"/leads/{lead.pk}/comments/", {"body": " "})
    assert answer.status_code == 422
    assert "This is needed." in answer.content.decode()


def test_colleagues_are_offered_who_may_see_the_record(client: Client, alice: User, bob: User, charlie: User, lead: Record) -> None:
    client.force_login(alice)
    assert [one["title"] for one in client.get(f"/leads/{lead.pk}/people/").json()["items"]] == ["Bob"]


def test_comments_go_with_a_record_that_is_deleted_for_good(alice: User, dao: User, lead: Record) -> None:
    made = write(LEADS, lead.pk, "Hi", [], alice)
    remove(LEADS, lead.pk, made.pk, alice)
    store.remove(LEADS, lead.pk, alice)
    purge(LEADS, lead.pk, dao)
    assert not Comment.objects.filter(pk=made.pk).exists()


def test_open_pages_look_again_when_a_comment_changes(alice: User, bob: User, lead: Record) -> None:
    made = write(LEADS, lead.pk, "Who calls her?", [], alice)
    before = len(timeline(lead, alice)[0])
    change(LEADS, lead.pk, made.pk, "Who calls her today?", [], alice)
    react(LEADS, lead.pk, made.pk, "👍", bob)
    remove(LEADS, lead.pk, made.pk, alice)
    said = Fact.objects.filter(about__record_id=lead.pk).order_by("-seq").values_list("kind", "data__comment")[:3]
    assert list(said) == [(f"lead.{verb}", str(made.pk)) for verb in ("comment_removed", "reacted", "comment_changed")]
    assert len(timeline(lead, alice)[0]) == before
