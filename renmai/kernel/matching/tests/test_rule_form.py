"""A rule by form: fields from lists, criteria built, what does not fit told beside it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from renmai.kernel.access.user import User
from renmai.kernel.matching.model import DuplicateRule

pytestmark = pytest.mark.django_db
NEW = "/duplicate-rules/new/?type=leads"
SENT: dict[str, Any] = {
    "name": "Leads",
    "active": "true",
    "warn_from": "60",
    "at_import": "skip",
    "tells_of_hidden": "true",
    "traits.shown": "1",
    "traits.1.key": "1",
    "traits.1.kind": "email",
    "traits.1.fields": ["email"],
    "traits.1.strength": "decisive",
    "traits.1.finds": "true",
    "traits.2.key": "2",
    "traits.2.kind": "phone",
    "traits.2.fields": ["mobile", "phone"],
    "traits.2.strength": "strong",
    "filter.kind": "group",
    "filter.match": "all",
    "filter.0.kind": "line",
    "filter.0.step": "country",
    "filter.0.op": "is_set",
    "also.people": "tell",
    "also.accounts": "tell",
}


def test_a_rule_is_made_and_changed_by_form(client: Client, dao: User) -> None:
    client.force_login(dao)
    assert "?type=people" in client.get("/duplicate-rules/new/").content.decode()
    blank = client.get(NEW).content.decode()
    assert 'name="also.people"' in blank and "criteria-builder" in blank
    assert '<option value="phone" selected>' in blank, "what the program compares stands there at first"
    assert client.post(NEW, SENT).status_code == 302
    rule = DuplicateRule.objects.get()
    assert (rule.record_type, rule.warn_from, rule.at_import, rule.also) == ("leads", 60, "skip", {"people": "tell"})
    assert [(one["kind"], one["fields"], one["strength"], one["finds"]) for one in rule.traits] == [
        ("email", "email", "decisive", True),
        ("phone", "mobile phone", "strong", False),
    ]
    assert rule.criteria == {"field": "country", "op": "is_set"}
    edit = f"/duplicate-rules/{rule.pk}/edit/"
    page = client.get(edit).content.decode()
    assert '<option value="mobile" selected>' in page and 'value="60"' in page
    assert client.post(edit, {**SENT, "version": "1", "warn_from": "70"}).status_code == 302
    assert client.post(edit, {**SENT, "version": "1"}).status_code == 422, "somebody else has changed it"


def test_what_does_not_fit_is_told_beside_it_and_kept(client: Client, dao: User, alice: User) -> None:
    client.force_login(dao)
    wrong = {**SENT, "traits.1.kind": "date", "name": "Typed"}
    answer = client.post(NEW, wrong)
    page = answer.content.decode()
    assert answer.status_code == 422 and "cannot be compared as: Date." in page
    assert 'value="Typed"' in page and '<option value="phone" selected>' in page
    for other in ({"filter.0.op": "eq"}, {"traits.1.fields": []}, {"traits.1.finds": ""}, {"warn_from": "0"}):
        assert client.post(NEW, {**SENT, **other}).status_code == 422
    assert not DuplicateRule.objects.exists()
    more = client.post("/duplicate-rules/rows/", {**SENT, "type": "leads", "add": "traits"}).content.decode()
    assert "traits.3.key" in more and '<option value="email" selected>' in more
    client.force_login(alice)
    assert client.get(NEW).status_code == 403
