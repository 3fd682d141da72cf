"""Those who signed up for an event come in as a file, with its campaign and into a pool."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from renmai.kernel.access.user import User
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.transfer.model import ChangeSet
from renmai.kernel.transfer.run import run


@pytest.mark.django_db
def test_an_event_leads_to_an_import_that_knows_campaign_source_and_pool(client: Client, dao: User) -> None:
    fair = create(registry["campaigns"], {"name": "Fair", "kind": "trade_show"}, dao)
    pool = create(registry["pools"], {"name": "Visitors"}, dao)
    client.force_login(dao)
    strip = client.get(f"/campaigns/{fair.pk}/sign-ups/").content.decode()
    assert f"/leads/import/?campaign={fair.pk}&amp;source=event&amp;pool=" in strip
    address = f"/leads/import/?campaign={fair.pk}&source=event&pool="
    assert "Fair" in client.get(address).content.decode()
    file = SimpleUploadedFile("fair.csv", b"Name,Email\nWandee Srisuk,wandee@example.com\n")
    sent = client.post(address, {"file": file, "campaign": str(fair.pk), "source": "event", "pool": str(pool.pk)})
    assert sent.status_code == 303
    run(ChangeSet.objects.get(), by=dao)
    lead: Any = registry["leads"].model.objects.get()
    assert (lead.campaign_id, lead.source, lead.pool_id, lead.owner_id) == (fair.pk, "event", pool.pk, None)
