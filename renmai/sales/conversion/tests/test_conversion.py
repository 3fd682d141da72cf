"""A conversion joins and carries, and comes off again without a trace, save what was done since."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Invalid, Refused
from renmai.kernel.actions.run import run
from renmai.kernel.facts import FactAbout
from renmai.kernel.files.attachment import Attachment
from renmai.kernel.files.model import StoredFile
from renmai.kernel.following.model import Follow
from renmai.kernel.records.about import About
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api

pytestmark = pytest.mark.django_db
LEADS, ACCOUNTS, PEOPLE, NOTES = (registry[slug] for slug in ("leads", "accounts", "people", "notes"))
BOOKKEEPING = {"version", "updated_at", "updated_by_id", "search", "sort_key", "match_keys"}
TABLES = ["sales_lead", "directory_account", "directory_person", "sales_opportunity", "activity_note", "kernel_about", "kernel_attachment"]


@pytest.fixture
def lead(alice: User, bob: User) -> Any:
    """A lead with a past: a note, a file, a follower, tags."""
    values = {"name": "Ann Lee", "company": "Acme", "email": "ann@acme.example", "phone": "+66811112222", "employees": 40, "tags": ["hot"]}
    found = create(LEADS, {**values, "expected_amount": "900", "currency": "THB"}, alice)
    create(NOTES, {"body": "Likes tea", "about": [{"type": "leads", "id": str(found.pk)}]}, alice)
    stored = StoredFile.objects.create(name="plan.pdf", by=alice)
    Attachment.objects.create(file=stored, type="leads", record_id=found.pk, by=alice)
    Follow.objects.create(user=bob, type="leads", record_id=found.pk)
    return found


def state() -> dict[str, list[dict[str, Any]]]:
    """Every living row of the tables that a conversion touches, column by column."""
    found = {}
    for table in TABLES:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT to_jsonb(t) FROM {table} t ORDER BY id")
            rows = [row[0] for row in cursor.fetchall()]
        found[table] = [{k: v for k, v in row.items() if k not in BOOKKEEPING} for row in map(_decoded, rows) if not row.get("deleted_at")]
    return found


def _decoded(row: Any) -> dict[str, Any]:
    return json.loads(row) if isinstance(row, str) else row


def test_what_was_made_shows_the_past_of_the_lead(alice: User, lead: Any) -> None:
    account, person, opportunity = run(LEADS, "convert", lead.pk, by=alice).made
    for record in (account, person, opportunity):
        slug = registry.of(record).slug
        kinds = {one["kind"] for one in Api(alice).get(f"{slug}/{record.pk}/timeline/").json()["items"]}
        assert {"lead.created", "note.created", "lead.converted"} <= kinds, slug
        assert Attachment.objects.filter(record_id=record.pk).count() == Follow.objects.filter(record_id=record.pk).count() == 1
        assert About.objects.filter(target_id=record.pk, source_type="notes").count() == 1
        assert record.tags == ["hot"]


def test_undone_everything_is_as_it_was_row_by_row(alice: User, lead: Any) -> None:
    joined = create(PEOPLE, {"name": "Ann Lee", "email": "a@acme.example"}, alice)
    before, facts = state(), FactAbout.objects.exclude(type="leads").count()
    run(LEADS, "convert", lead.pk, by=alice, arguments={"person": str(joined.pk), "take": {"person": ["phone"]}})
    joined.refresh_from_db()
    assert (joined.phone, joined.tags, joined.email) == ("+66811112222", ["hot"], "a@acme.example")
    outcome = run(LEADS, "unconvert", lead.pk, by=alice)
    assert (len(outcome.data["gone"]), outcome.data["kept"]) == (2, [])
    assert state() == before
    assert FactAbout.objects.filter(record_id=joined.pk, fact__kind="lead.created").count() == 0 and facts
    assert run(LEADS, "convert", lead.pk, by=alice).item.status == "converted"  # type: ignore[attr-defined]


def test_what_was_done_since_is_kept_and_told(alice: User, lead: Any) -> None:
    joined = create(PEOPLE, {"name": "Ann Lee"}, alice)
    arguments = {"person": str(joined.pk), "take": {"person": ["phone", "email"]}}
    _account, opportunity = run(LEADS, "convert", lead.pk, by=alice, arguments=arguments).made
    update(PEOPLE, joined.pk, {"phone": "+66899998888"}, alice)
    update(registry["opportunities"], opportunity.pk, {"amount": "1000"}, alice)
    outcome: Any = run(LEADS, "unconvert", lead.pk, by=alice)
    kept = {one["type"]: one["why"] for one in outcome.data["kept"]}
    assert set(kept) == {"accounts", "opportunities", "people"} and "Phone" in kept["people"]
    joined.refresh_from_db()
    assert (joined.phone, joined.email, outcome.item.status, outcome.item.converted_account) == ("+66899998888", "", "new", None)
    assert not ACCOUNTS.model.objects.binned().exists()
    with pytest.raises(Refused):
        run(LEADS, "unconvert", lead.pk, by=alice)


def test_nothing_is_overwritten_that_nobody_chose(client: Client, alice: User, lead: Any) -> None:
    account = create(ACCOUNTS, {"name": "Acme Co., Ltd.", "domain": "acme.example", "employees": 12}, alice)
    client.force_login(alice)
    asked = client.get(f"/leads/{lead.pk}/do/convert/").content.decode()
    assert "Acme Co., Ltd." in asked and "Join" in asked
    chosen = client.get(f"/leads/{lead.pk}/do/convert/", {"account": account.pk}).content.decode()
    assert 'name="take-account" value="employees"' in chosen
    with pytest.raises(Invalid):
        run(LEADS, "convert", lead.pk, by=alice, arguments={"account": str(account.pk), "take": {"account": ["owner"]}})
    assert client.post(f"/leads/{lead.pk}/do/convert/", {"account": account.pk}).status_code in (204, 303)
    account.refresh_from_db()
    assert (account.employees, account.name) == (12, "Acme Co., Ltd.")
    preview = client.get(f"/leads/{lead.pk}/do/unconvert/").content.decode()
    assert "Goes into the recycle bin" in preview
    lead.refresh_from_db()
    assert lead.status == "converted"
