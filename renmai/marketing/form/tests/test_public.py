"""People outside fill in a form: by hand, by a script, with and without a puzzle, once and twice."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from renmai.kernel.access.user import User
from renmai.kernel.facts.model import Fact
from renmai.kernel.inbound.arrived import Arrived
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry
from renmai.marketing.form import proof
from renmai.marketing.form.model import Form, LandingLink, State, Submission
from renmai.marketing.form.proof import is_solved, zero_bits
from renmai.marketing.form.public import TRAP
from renmai.marketing.form.taking import forget, judge, write

FORMS, LEADS = registry["forms"], registry["leads"]
NEWS = {"key": "news", "texts": {"en": "Send me news", "th": "ส่งข่าวให้ฉัน"}, "required": True}
ASKS = [
    {"field": "name", "required": True},
    {"field": "email", "required": True, "labels": {"th": "อีเมลของคุณ"}},
    {"field": "employees"},
    {"field": "industry", "choices": ["software", "retail"]},
    {"field": "message"},
    {"field": "city", "hidden": True, "value": "Chiang Mai"},
]
WANDEE = {"name": "Wandee Srisuk", "email": "wandee@example.com", "message": "Please call"}


@pytest.fixture
def asks(dao: User, alice: User) -> Iterator[Form]:
    """A form of Alice's that asks for a name, an address and a consent."""
    values = {"name": "Contact", "fields": ASKS, "consents": [NEWS], "receiver": str(alice.pk), "hosts": ["www.example.com"]}
    yield create(FORMS, values, dao)  # type: ignore[misc]


def solve(challenge: str, bits: int) -> str:
    """What the browser's worker does."""
    return next(str(number) for number in range(1 << 24) if is_solved(challenge, bits, str(number)))


def puzzle(form: Form) -> dict[str, str]:
    """A puzzle with its solution."""
    posed = Client().get(f"{form.address}challenge/").json()
    return {"challenge": posed["challenge"], "solution": solve(posed["challenge"], posed["bits"])}


def post(form: Form, given: dict[str, Any], **headers: str) -> Any:
    """Send as a script does."""
    return Client().post(form.address, json.dumps(given), content_type="application/json", headers=headers)


@pytest.mark.django_db
def test_what_a_script_sends_becomes_a_lead_once_for_each_puzzle(asks: Form, alice: User) -> None:
    solved = puzzle(asks)
    origin = {"utm_source": "line", "first_page": "https://www.example.com/a", "strange": "x"}
    given = {"values": WANDEE, "consents": ["news"], "origin": origin, **solved}
    first, again = (post(asks, given, Origin="https://www.example.com") for _time in "12")
    lead: Any = LEADS.model.objects.get()
    assert (first.status_code, first.json()["state"], first["Access-Control-Allow-Origin"]) == (200, "taken", "https://www.example.com")
    assert (again.status_code, Submission.objects.count()) == (200, 1)
    assert (lead.name, lead.source, lead.owner, lead.city, lead.utm_source) == ("Wandee Srisuk", "form", alice, "Chiang Mai", "line")
    kept, fact = Submission.objects.get(), Fact.objects.get(kind="lead.submitted")
    assert fact.data["message"] == "Please call" and fact.data["form"]["title"] == "Contact"
    assert kept.consents == fact.data["consents"] == [{"key": "news", "text": "Send me news", "version": asks.consents[0]["version"]}]
    assert Fact.objects.get(kind="form.submitted").data["record"]["id"] == str(lead.pk)
    joined = post(asks, {**given, **puzzle(asks)})
    assert joined.json()["joined"] is True and LEADS.model.objects.count() == 1
    stranger = post(asks, {**given, **puzzle(asks)}, Origin="https://evil.example")
    assert "Access-Control-Allow-Origin" not in stranger


@pytest.mark.django_db
def test_what_does_not_do_is_told_by_field_and_keeps_what_was_typed(asks: Form) -> None:
    wrong = {"name": "", "email": "no address", "employees": "many", "industry": "mining"}
    refused = post(asks, {"values": wrong, **puzzle(asks)})
    assert refused.status_code == 422 and refused["Content-Type"] == "application/problem+json"
    assert {one["field"] for one in refused.json()["errors"]} == {"name", "email", "employees", "industry", "consent.news"}
    page = Client().post(asks.address, {"name": "Wandee", "email": "no address", **puzzle(asks)})
    shown = page.content.decode()
    assert (page.status_code, LEADS.model.objects.count(), Submission.objects.count()) == (422, 0, 0)
    assert 'value="no address"' in shown and 'id="f-email-problem"' in shown and 'id="consent-news-problem"' in shown
    assert [post(asks, bad).status_code for bad in ({"values": []}, {"values": WANDEE, "consents": ["news"]})] == [422, 422]


@pytest.mark.django_db
def test_a_page_speaks_the_readers_language_and_stands_only_where_it_may(asks: Form, dao: User) -> None:
    page = Client().get(f"{asks.address}?utm_source=qr", headers={"Accept-Language": "th"})
    shown = page.content.decode()
    assert '<html lang="th"' in shown and "อีเมลของคุณ" in shown and "ส่งข่าวให้ฉัน" in shown and 'value="qr"' in shown
    assert "frame-ancestors https://www.example.com http://www.example.com" in page["Content-Security-Policy"]
    update(FORMS, asks.pk, {"languages": ["zh-Hant"], "hosts": [], "redirect": "https://www.example.com/thanks"}, dao)
    page = Client().get(asks.address)
    assert '<html lang="zh-Hant"' in page.content.decode() and "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert "form-action 'self' https://www.example.com" in page["Content-Security-Policy"]
    update(FORMS, asks.pk, {"active": False}, dao)
    assert [Client().get(path).status_code for path in (asks.address, "/f/nothing/")] == [404, 404]
    assert "iframe" in Client().get(f"{asks.address}embed.js").content.decode()


@pytest.mark.django_db
def test_programs_are_kept_out(asks: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    posed = proof.pose(asks)
    typed = {**WANDEE, "consent": "news", "challenge": posed.text, "solution": ""}
    assert b"15 seconds" in Client().post(asks.address, typed).content
    assert Client().post(asks.address, {**typed, TRAP: "x"}).status_code == 200
    trapped = Submission.objects.get()
    assert (trapped.state, LEADS.model.objects.count()) == (State.SPAM, 0)
    later = timezone.now() + dt.timedelta(seconds=20)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert Client().post(asks.address, typed).status_code == 200 and LEADS.model.objects.count() == 1
    judge(trapped, is_spam=False)
    assert Submission.objects.get(pk=trapped.pk).joined
    Submission.objects.bulk_create(Submission(form=asks, at=later) for _number in range(40))
    assert proof.pose(asks).bits > posed.bits
    codes = [post(asks, {"values": {}}, X_Forwarded_For="1").status_code for _number in range(25)]
    assert codes[-1] == 429 and 422 in codes


@pytest.mark.django_db
def test_a_form_to_be_confirmed_counts_once_its_link_is_opened(asks: Form, dao: User, monkeypatch: pytest.MonkeyPatch) -> None:
    update(FORMS, asks.pk, {"double_opt_in": True}, dao)
    secrets: list[str] = []
    monkeypatch.setattr(write, "defer", lambda *, submission, secret: secrets.append(secret))
    given = {"values": WANDEE, "consents": ["news"]}
    assert [post(asks, {**given, **puzzle(asks)}).json()["state"] for _time in "12"] == ["pending", "pending"]
    assert not LEADS.model.objects.exists()
    kept, other = Submission.objects.order_by("pk")
    write(submission=kept.pk, secret=secrets[0])
    address = f"{asks.address}confirm/{secrets[0]}/"
    assert mail.outbox[0].to == ["wandee@example.com"] and address in mail.outbox[0].body
    assert Client().head(address).status_code == 410 and not LEADS.model.objects.exists()
    assert [Client().get(address).status_code for _time in "12"] == [200, 200]
    assert (LEADS.model.objects.count(), Fact.objects.filter(kind="lead.submitted").count()) == (1, 1)
    Submission.objects.filter(pk=other.pk).update(at=timezone.now() - dt.timedelta(days=8))
    assert Client().get(f"{asks.address}confirm/{secrets[1]}/").status_code == 410
    forget(0)
    assert set(Submission.objects.values_list("state", flat=True)) == {State.TAKEN, State.EXPIRED}


@pytest.mark.django_db
def test_a_landing_link_counts_and_keeps_who_passed_it_on(asks: Form, alice: User) -> None:
    link = LandingLink.objects.create(
        form=asks, name="QR", origin={"utm_source": "fair"}, referrer_type="users", referrer_id=alice.pk, code="fair"
    )
    led = Client().get("/l/fair/", headers={"Referer": "https://blog.example/a"})
    assert led["Location"].startswith(f"{asks.address}?utm_source=fair&l=fair&referrer=https")
    shown = Client().get(led["Location"]).content.decode()
    assert 'name="link" value="fair"' in shown and "https://blog.example/a" in shown
    post(asks, {"values": WANDEE, "consents": ["news"], "link": "fair", **puzzle(asks)})
    link.refresh_from_db()
    lead: Any = LEADS.model.objects.get()
    assert (link.visits, link.submissions.count(), lead.source) == (1, 1, "referral")  # type: ignore[attr-defined]
    assert Fact.objects.get(kind="lead.submitted").data["referrer_by"]["title"] == "Alice"
    assert Arrived.objects.get().channel == "referral"


def test_zero_bits_are_counted_from_the_front() -> None:
    assert [zero_bits(bytes(digest)) for digest in ([255, 0], [0, 128], [0, 1], [0, 0])] == [0, 8, 15, 16]
