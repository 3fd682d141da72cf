"""An assistant reads with its person's eyes, and changes only what the person agrees to."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.test import Client as Browser
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from renmai.kernel.access.token import Reach, Token
from renmai.kernel.access.user import User
from renmai.kernel.actions.run import run
from renmai.kernel.actions.undo import undo
from renmai.kernel.agents.model import Proposal, ProposalStatus
from renmai.kernel.agents.tools import TOOLS
from renmai.kernel.history.model import History
from renmai.kernel.jobs.work import at_once
from renmai.kernel.notify.model import Notification
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry

pytestmark = pytest.mark.django_db
LEADS, PROPOSALS = registry["leads"], registry["proposals"]


class Assistant:
    """A program with a token, speaking through the SDK's own client and our HTTP door."""

    def __init__(self, user: User, **token: Any) -> None:
        self.key = Token.issue(user, "Helper", **token)

    def __call__(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """Use a tool; what came back, and ``problem`` where it was refused."""
        return async_to_sync(self._call)(tool, arguments)  # type: ignore[no-any-return]

    async def _call(self, tool: str, arguments: dict[str, Any]) -> Any:
        async with self.http() as http, Client(streamable_http_client("http://127.0.0.1/mcp/", http_client=http)) as client:
            found = await client.call_tool(tool, arguments)
            assert json.loads(found.content[0].text) == found.structured_content  # type: ignore[union-attr]
            return found.structured_content

    def http(self) -> httpx2.AsyncClient:
        """A client whose requests our own views answer."""
        return httpx2.AsyncClient(transport=httpx2.MockTransport(self.answer), headers={"Authorization": f"Bearer {self.key}"})

    async def answer(self, request: httpx2.Request) -> httpx2.Response:
        """One request through Django."""
        return await sync_to_async(self.through_django)(request)  # type: ignore[no-any-return]

    def through_django(self, request: httpx2.Request) -> httpx2.Response:
        """The same, in the thread of the test."""
        browser = Browser(SERVER_NAME="127.0.0.1", headers=dict(request.headers))
        found = browser.generic(request.method, request.url.path, request.content, content_type="application/json")
        return httpx2.Response(found.status_code, headers=dict(found.items()), content=found.content)


def test_it_reads_what_its_person_may_see_and_nothing_else(alice: User, charlie: User) -> None:
    mine, other = create(LEADS, {"name": "Ann"}, alice), create(LEADS, {"name": "Secret"}, charlie)
    assistant = Assistant(alice)
    assert [item["title"] for item in assistant("list_records", type="leads", fields=["name"])["items"]] == ["Ann"]
    assert [hit["title"] for hit in assistant("search", q="ann")["items"]] == ["Ann"]
    assert assistant("get_record", type="leads", id=str(mine.pk))["version"] == 1
    assert assistant("get_record", type="leads", id=str(other.pk))["status"] == 404
    wanted = {"field": "name", "op": "starts_with", "value": "X"}
    assert assistant("list_records", type="leads", filter=wanted)["items"] == []
    assert assistant("list_records", type="leads", filter={"field": "nonsense", "op": "eq", "value": 1})["status"] == 422
    told = assistant("describe_types", type="leads")
    assert "qualify" in [action["name"] for action in told["actions"]]


def test_what_it_would_change_waits_for_its_person(client: Browser, alice: User, bob: User) -> None:
    lead = create(LEADS, {"name": "Ann", "city": "Lampang"}, alice)
    assistant = Assistant(alice)
    asked = {"type": "leads", "id": str(lead.pk), "values": {"city": "Chiang Mai"}, "why": "She moved.", "idempotency_key": "k"}
    told = [assistant("propose_update", **asked) for _ in range(3)][-1]
    assert (told["status"], told["preview"]["changes"]) == ("waiting", {"city": ["Lampang", "Chiang Mai"]})
    lead.refresh_from_db()
    assert (lead.city, lead.version, Proposal.objects.count()) == ("Lampang", 1, 1)
    assert Notification.objects.get().user == alice
    client.force_login(bob)
    assert client.get(f"/proposals/{told['proposal']}/").status_code == 404
    client.force_login(alice)
    page = client.get(f"/proposals/{told['proposal']}/").content.decode()
    assert all(words in page for words in ("Lampang", "Chiang Mai", "She moved.", "Do it", "Decline"))
    run(PROPOSALS, "approve", told["proposal"], by=alice)
    lead.refresh_from_db()
    done = Proposal.objects.get()
    assert (lead.city, done.status, assistant("get_proposal", id=told["proposal"])["status"]) == ("Chiang Mai", "done", "done")
    line = History.objects.filter(record_id=lead.pk, change_set=done.change_set_id).get()
    assert (line.by_id, "Helper" in line.reason) == (alice.pk, True)
    assert assistant("take_back", id=told["proposal"])["status"] == 403
    undo(done.change_set_id, alice, begin=at_once)
    lead.refresh_from_db()
    assert lead.city == "Lampang"


def test_nobodys_later_work_is_overwritten(alice: User) -> None:
    lead = create(LEADS, {"name": "Ann"}, alice)
    told = Assistant(alice)("propose_update", type="leads", id=str(lead.pk), values={"city": "Nan"})
    update(LEADS, lead.pk, {"city": "Trang"}, alice)
    with pytest.raises(Exception, match="Somebody else"):
        run(PROPOSALS, "approve", told["proposal"], by=alice)
    assert Proposal.objects.get().status == ProposalStatus.WAITING


def test_what_may_not_be_done_is_not_proposed(alice: User, charlie: User) -> None:
    other = create(LEADS, {"name": "Secret"}, charlie)
    assistant = Assistant(alice)
    assert assistant("propose_update", type="leads", id=str(other.pk), values={"name": "Mine"})["status"] == 404
    assert assistant("propose_create", type="leads", values={"name": "Ann", "email": "x"})["errors"].keys() == {"email"}
    assert assistant("propose_action", type="leads", id=str(other.pk), action="qualify")["status"] == 404
    assert assistant("propose_create", type="leads", values={"name": "Ann"}, nonsense=1)["status"] == 422
    assert Assistant(alice, reach=Reach(read_only=True))("propose_create", type="leads", values={"name": "Ann"})["status"] == 403
    assert not Proposal.objects.exists()


def test_a_new_record_and_an_action_wait_too_and_may_be_withdrawn(alice: User) -> None:
    assistant = Assistant(alice)
    told = assistant("propose_create", type="leads", values={"name": "Somchai"})
    assert "name" in told["preview"]["changes"] and not LEADS.model.objects.exists()
    run(PROPOSALS, "approve", told["proposal"], by=alice)
    lead = LEADS.model.objects.get()
    told = assistant("propose_action", type="leads", id=str(lead.pk), action="qualify", arguments={})
    assert told["preview"]["changes"]["status"][0] == "new"
    assert assistant("take_back", id=told["proposal"])["status"] == "declined"
    undo(Proposal.objects.get(status="done").change_set_id, alice, begin=at_once)
    assert not LEADS.model.objects.live().exists()


def test_several_records_are_one_change_set(client: Browser, alice: User) -> None:
    lead, assistant = create(LEADS, {"name": "Ann", "city": "Nan"}, alice), Assistant(alice)
    changes = [
        {"type": "leads", "id": str(lead.pk), "values": {"city": "Trang"}},
        {"type": "accounts", "values": {"name": "Acme"}},
        {"type": "leads", "id": str(lead.pk), "values": {"job_title": "Buyer"}},
    ]
    wrong = assistant("propose_changes", changes=[*changes, {"type": "leads", "values": {"name": "Bo", "email": "x"}}])
    assert wrong["errors"].keys() == {"changes.3.email"} and not Proposal.objects.exists()
    for none in ([], [{"values": {}}], "x", [{"type": "nothing", "values": {}}]):
        assert assistant("propose_changes", changes=none)["status"] in {404, 422}
    told = assistant("propose_changes", changes=changes)
    assert [step["title"] for step in told["preview"]["steps"]] == ["Ann", "Acme", "Ann"] and told["what"].endswith("and 2 more")
    assert not registry["accounts"].model.objects.exists()
    client.force_login(alice)
    page = client.get(f"/proposals/{told['proposal']}/").content.decode()
    assert all(words in page for words in ("Trang", "Acme", "Buyer"))
    assert [item.title for item in run(PROPOSALS, "approve", told["proposal"], by=alice).made] == ["Ann", "Acme"]
    done = Proposal.objects.get().change_set
    assert (done.created, done.updated, done.total_rows) == (1, 2, 3)
    undo(done.pk, alice, begin=at_once)
    lead.refresh_from_db()
    assert (lead.city, lead.job_title) == ("Nan", "") and not registry["accounts"].model.objects.live().exists()


def test_a_token_may_say_that_nobody_is_asked(alice: User) -> None:
    assistant = Assistant(alice, at_once=True)
    told = [assistant("propose_create", type="leads", values={"name": "Ann"}, idempotency_key="k") for _ in range(3)][-1]
    assert told["status"] == "done" and LEADS.model.objects.get().name == "Ann"
    assert not Notification.objects.exists()
    assert "job" in assistant("take_back", id=told["proposal"])


def test_the_door_wants_a_token_and_tells_its_tools(alice: User) -> None:
    assert Browser().post("/mcp/", {}, content_type="application/json").status_code == 401
    assistant = Assistant(alice)
    assert Browser(headers={"Authorization": f"Bearer {assistant.key}"}).get("/mcp/").status_code == 405

    async def listed() -> list[str]:
        async with assistant.http() as http, Client(streamable_http_client("http://127.0.0.1/mcp", http_client=http)) as client:
            return [tool.name for tool in (await client.list_tools()).tools]

    assert async_to_sync(listed)() == list(TOOLS)
