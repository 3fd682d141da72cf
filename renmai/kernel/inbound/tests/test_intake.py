"""What comes in by any way is made once, joined after that, and told to whoever has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from renmai.kernel.access.user import User
from renmai.kernel.facts.model import Fact
from renmai.kernel.facts.timeline import timeline
from renmai.kernel.inbound import chat
from renmai.kernel.inbound.arrived import Arrived
from renmai.kernel.inbound.channel import Channel, channels, live_channels
from renmai.kernel.inbound.chat import CHAT, ChatMessage, Messenger
from renmai.kernel.inbound.doing import give_key, take
from renmai.kernel.inbound.intake import Arrival, note_failure, take_in, take_incoming
from renmai.kernel.notify.making import notify
from renmai.kernel.notify.model import Notification
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api
from renmai.kernel.transfer.model import ChangeSet

pytestmark = pytest.mark.django_db
LEADS, PEOPLE = registry["leads"], registry["people"]
WANDEE = {"name": "Wandee Srisuk", "email": "wandee@example.com", "phone": "+66812345678"}


@pytest.mark.parametrize("channel", channels(), ids=lambda one: one.name)
def test_every_channel_brings_somebody_once_and_joins_the_next_time(channel: Channel) -> None:
    first, again = ([take_incoming(LEADS, one, channel.name) for one in channel.read(channel.sample())] for _time in "12")
    assert first and not any(taken.joined for taken in first) and all(taken.joined for taken in again)
    lead: Any = LEADS.model.objects.get()
    assert {taken.record.pk for taken in again} == {lead.pk} and lead.source == channel.source
    facts = Fact.objects.filter(kind=f"lead.{channel.verb}")
    assert [fact.data["joined"] for fact in facts] == [False, True]
    assert list(Arrived.objects.values_list("channel", "joined")) == [(channel.name, False), (channel.name, True)]
    assert channel.test() and str(channel.label) and str(channel.text) and channel.place.startswith("/")


def test_who_is_known_keeps_what_they_are_and_the_owner_is_told(alice: User) -> None:
    lead: Any = create(LEADS, {**WANDEE, "city": "Nan"}, alice)
    arrival = Arrival("webhook", {"utm_source": "line", "first_page": "https://example.com/a", "strange": "x"})
    taken = take_in(LEADS, {**WANDEE, "phone": "+66899999999", "city": "Phrae"}, arrival)
    lead.refresh_from_db()
    assert (taken.record.pk, taken.joined, lead.city, lead.version, lead.utm_source) == (lead.pk, True, "Nan", 1, "")
    fact = Fact.objects.get(kind="lead.arrived")
    assert (fact.by, fact.data["city"], fact.data["phone"], fact.data["utm_source"]) == (None, "Phrae", "+66899999999", "line")
    notify(seq=fact.seq)
    assert Notification.objects.get(fact=fact).user == alice
    assert timeline(lead, alice)[0][0].text == "Wandee Srisuk came in by Inbound webhook"


def test_a_customer_is_joined_as_a_customer_and_a_converted_lead_as_who_it_became(alice: User) -> None:
    person = create(PEOPLE, WANDEE, alice)
    taken = take_in(LEADS, WANDEE, Arrival("webhook"))
    assert (taken.record, taken.joined, LEADS.model.objects.count()) == (person, True, 0)
    lead = create(LEADS, {"name": "Anan Chai", "email": "anan@example.com"}, alice)
    Api(alice).post(f"leads/{lead.pk}/convert/", {"without_opportunity": True})
    taken = take_in(LEADS, {"email": "anan@example.com", "name": "Anan Chai"}, Arrival("webhook"))
    assert (taken.joined, taken.as_json()["type"]) == (True, "people")


def test_a_new_one_keeps_where_it_came_from(alice: User) -> None:
    taken = take_in(LEADS, {"email": "new@example.com"}, Arrival("webhook", {"utm_campaign": "spring", "referrer": "x" * 3_000}))
    lead: Any = taken.record
    assert (lead.name, lead.utm_campaign, len(lead.referrer), lead.source, lead.owner) == ("new@example.com", "spring", 2_000, "api", None)


def test_a_webhook_without_a_key_joins_too_and_shows_no_stranger(dao: User, alice: User, charlie: User) -> None:
    lead = create(LEADS, WANDEE, charlie)
    hook: Any = {"name": "Shop", "target": "leads", "actor": str(alice.pk), "map": {"columns": {"n": "name", "e": "email"}}}
    made: Any = create(registry["inbound-webhooks"], hook, dao)
    give_key(made)
    received, _before = take(made, {"n": WANDEE["name"], "e": WANDEE["email"]})
    assert (received.made, LEADS.model.objects.count()) == ([{"masked": True, "joined": True}], 1)
    assert Fact.objects.get(kind="lead.arrived").data["webhook"]["title"] == "Shop"
    take(made, {"n": "", "e": "broken"})
    assert Arrived.objects.filter(problem__gt="").count() == 1 and lead.pk


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[Channel]:
    """A way by which nothing can come yet."""
    channel = channels()[0]
    monkeypatch.setattr(channel, "is_live", lambda: False)
    yield channel


def test_a_channel_that_is_not_live_is_offered_nowhere(quiet: Channel, client: Client, dao: User) -> None:
    client.force_login(dao)
    assert quiet not in live_channels()
    assert client.post(f"/settings/channels/{quiet.name}/test/").status_code == 404
    assert quiet.name not in {one["name"] for one in Api(dao).get("channels/").json()["items"]}


def test_administrators_see_what_came_by_each_channel_and_try_them(client: Client, dao: User, alice: User) -> None:
    take_in(LEADS, WANDEE, Arrival("webhook"))
    note_failure("webhook", "It was broken.")
    client.force_login(dao)
    shown = client.get("/settings/channels/").content.decode()
    assert "It was broken." in shown and "1 came in, of these 0 were known" in shown
    assert client.post("/settings/channels/webhook/test/", follow=True).content.decode().count("was understood") == 1
    client.force_login(alice)
    assert client.get("/settings/channels/").status_code == Api(alice).get("channels/").status_code == 403


class Local(Messenger):
    """A messenger that stands in this test."""

    name, label = "local", "Local"
    connected = True

    def is_connected(self) -> bool:
        return self.connected

    def read(self, raw: Any) -> list[ChatMessage]:
        return [ChatMessage(self.name, one["text"], one["name"], email=one["email"]) for one in raw]


def test_a_chat_is_offered_once_a_messenger_is_connected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat, "_messengers", {})
    assert CHAT not in {one.name for one in live_channels()}
    local = chat.add_messenger(Local())
    assert CHAT in {one.name for one in live_channels()}
    taken = chat.receive(local, [{"text": "Hello", **WANDEE}, {"text": "Are you there?", **WANDEE}], LEADS)
    assert [one.joined for one in taken] == [False, True] and LEADS.model.objects.get().source == "chat"
    assert list(Fact.objects.filter(kind="lead.wrote").values_list("data__message", flat=True)) == ["Hello", "Are you there?"]


def test_what_people_write_down_and_what_files_bring_is_counted(alice: User, dao: User) -> None:
    create(LEADS, WANDEE, alice, via="page")
    Api(alice).post("leads/", {"name": "Anan Chai"})
    ChangeSet.objects.create(name="fair.csv", file="x", target="leads", created=40, failed=2, owner=dao)
    told = {one["name"]: (one["came"], one["failed"]) for one in Api(dao).get("channels/").json()["items"]}
    assert (told["hand"], told["api"], told["file"]) == ((1, 0), (1, 0), (40, 2))
