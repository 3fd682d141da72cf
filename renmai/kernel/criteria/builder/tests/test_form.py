"""The form with criteria, by one that hears of leads: what is typed stays, what is kept is what the builder says."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from renmai.kernel.access.user import User
from renmai.kernel.webhooks.model import Webhook

pytestmark = pytest.mark.django_db
SENT: dict[str, Any] = {
    "name": "Ledger",
    "address": "https://93.184.215.14/hook",
    "active": "true",
    "kinds": ["lead.created"],
    "filter.kind": "group",
    "filter.match": "all",
    "filter.0.kind": "line",
    "filter.0.step": "country",
    "filter.0.op": "is_set",
}


def test_conditions_are_kept_with_the_rest_or_the_form_comes_back(client: Client, dao: User) -> None:
    client.force_login(dao)
    unfinished = client.post("/webhooks/new/", {**SENT, "filter.0.op": "", "address": "nowhere"})
    page = unfinished.content.decode()
    assert unfinished.status_code == 422 and not Webhook.objects.exists()
    assert "Complete the conditions first." in page and 'value="nowhere"' in page and "criteria-builder" in page
    assert client.post("/webhooks/new/", SENT).status_code == 302
    found = Webhook.objects.get()
    assert (found.kinds, found.criteria) == (["lead.created"], {"field": "country", "op": "is_set"})
    edit = f"/webhooks/{found.pk}/edit/"
    assert 'value="is_set" selected' in client.get(edit).content.decode()
    assert client.post(edit, {**SENT, "name": "Books", "version": "1"}).status_code == 302
    late = client.post(edit, {**SENT, "name": "Late", "version": "1"})
    assert late.status_code == 422 and 'value="Late"' in late.content.decode(), "somebody else has changed it"
