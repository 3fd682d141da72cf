"""A form is put together in the browser, and what came by it is looked through."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from renmai.kernel.access.user import User
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api
from renmai.marketing.form.model import Form, State, Submission

pytestmark = pytest.mark.django_db
FORMS = registry["forms"]
SENT = {"field-place": ["0", "1"], "field-0-field": "name", "field-1-field": "email", "field-1-required": "true", "active": "true"}


def test_a_form_is_put_together_field_by_field(client: Client, dao: User) -> None:
    client.force_login(dao)
    assert 'name="field-4-field"' in client.get("/forms/new/").content.decode()
    typed: dict[str, Any] = {**SENT, "name": "Fair", "field-0-label.th": "ชื่อของคุณ", "words-heading.en": "Hello", "hosts": "a b"}
    moved = client.post("/forms/new/", {**typed, "up": "1"}).content.decode()
    assert moved.index('value="email" selected') < moved.index('value="name" selected') and "ชื่อของคุณ" in moved
    longer = client.post("/forms/new/", {**typed, "add_consent": "1", "add": "1"}).content.decode()
    assert 'name="consent-0-key"' in longer and 'name="field-2-field"' in longer and not Form.objects.exists()
    refused = client.post("/forms/new/", {**typed, "hosts": "not a host!"})
    assert refused.status_code == 422 and 'id="f-hosts-problem"' in refused.content.decode()
    typed |= {"consent-place": "0", "consent-0-key": "news", "consent-0-text.en": "Send me news", "hosts": "https://www.example.com/"}
    assert client.post("/forms/new/", typed).status_code == 302
    made: Any = Form.objects.get()
    assert [one["field"] for one in made.fields] == ["name", "email"] and made.fields[0]["labels"] == {"th": "ชื่อของคุณ"}
    assert (made.words, made.hosts, made.target) == ({"en": {"heading": "Hello"}}, ["www.example.com"], "leads")
    assert made.consents[0]["version"] and client.get(f"/forms/{made.pk}/edit/").status_code == 200


def test_a_form_that_cannot_work_is_refused_with_the_reason(dao: User) -> None:
    api = Api(dao)

    def wrong(**values: Any) -> set[str]:
        return {one["field"] for one in api.post("forms/", {"name": "x", **values}).json()["errors"]}

    assert (
        wrong(fields=[{"field": "nonsense"}]) == wrong(fields=[{"field": "owner"}]) == wrong(fields=[{"field": "name"}] * 2) == {"fields"}
    )
    assert wrong(double_opt_in=True, fields=[{"field": "email"}]) == {"double_opt_in"}
    assert wrong(consents=[{"key": "News!", "texts": {"en": "x"}}]) == wrong(consents=[{"key": "news"}]) == {"consents"}
    assert wrong(words={"de": {}}) == {"words"} and wrong(target="nothing") == {"target"}


def test_what_was_sent_and_the_links_are_for_those_who_may_change_the_form(client: Client, dao: User, alice: User) -> None:
    made: Any = create(FORMS, {"name": "Fair", "fields": [{"field": "name"}]}, dao)
    kept = Submission.objects.create(form=made, state=State.TAKEN, sent={"name": "=Wandee"})
    api = Api(dao)
    link = api.post(f"forms/{made.pk}/links/", {"name": "QR", "utm_source": "fair", "referrer": {"type": "users", "id": str(alice.pk)}})
    assert (link.status_code, link.json()["utm_source"], link.json()["visits"]) == (201, "fair", 0)
    bad = api.post(f"forms/{made.pk}/links/", {"address": "ftp://x", "referrer": {"type": "users", "id": "x"}})
    assert {one["field"] for one in bad.json()["errors"]} == {"name", "address", "referrer"}
    client.force_login(dao)
    code = link.json()["code"]
    shown = client.get(f"/forms/{made.pk}/").content.decode()
    assert "=Wandee" in shown and code in shown and "embed.js" in shown
    assert b"<svg" in client.get(f"/forms/{made.pk}/links/{code}/qr.svg").content
    assert "'=Wandee" in client.get(f"/forms/{made.pk}/submissions.csv").content.decode()
    assert client.post(f"/forms/{made.pk}/links/", {"name": ""}).status_code == 422
    assert client.post(f"/forms/{made.pk}/submissions/{kept.pk}/mark/", {"spam": "1"}).status_code == 302
    assert api.get(f"forms/{made.pk}/submissions/").json()["items"][0]["state"] == "spam"
    assert api.post(f"forms/{made.pk}/submissions/{kept.pk}/spam/", {"spam": False}).json()["record"]["type"] == "leads"
    assert api.delete(f"forms/{made.pk}/links/{code}/").status_code == 204
    client.force_login(alice)
    assert "=Wandee" not in client.get(f"/forms/{made.pk}/").content.decode()
    assert [client.get(f"/forms/{made.pk}/{path}").status_code for path in ("submissions.csv", "edit/")] == [403, 403]
    assert Api(alice).get(f"forms/{made.pk}/submissions/").status_code == 403
