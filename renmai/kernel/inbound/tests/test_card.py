"""A business card becomes a lead: as a file, as the text of a QR code, new and known."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from renmai.kernel.access.user import User
from renmai.kernel.inbound.arrived import Arrived
from renmai.kernel.inbound.card import as_vcard, people_on
from renmai.kernel.records.types import registry

LEADS = registry["leads"]
SOMCHAI = """BEGIN:VCARD
VERSION:3.0
N:Jaidee;Somchai;;;
FN:Somchai Jaidee
ORG:Siam Foods
TITLE:Buyer
TEL;TYPE=WORK:+6621234567
TEL;TYPE=CELL:+66812345678
EMAIL:somchai@example.com
ADR:;;1 Rama IV;Bangkok;Bangkok;10110;Thailand
END:VCARD
"""


def test_the_short_form_of_qr_codes_is_read_as_a_vcard() -> None:
    assert as_vcard(rb"MECARD:N:Li,Wei;ORG:A\;B;TEL:+8613800138000;;").splitlines()[2:-1] == [
        b"N:Li;Wei;;;",
        b"FN:Wei Li",
        rb"ORG:A\;B",
        b"TEL;TYPE=CELL:+8613800138000",
    ]


@pytest.mark.django_db
def test_a_card_becomes_a_lead_once_and_several_are_for_an_import(client: Client, alice: User, charlie: User) -> None:
    told = people_on(SOMCHAI.encode(), LEADS)[0]
    assert (told["mobile"], told["phone"], told["job_title"], told["city"]) == ("+66812345678", "+6621234567", "Buyer", "Bangkok")
    client.force_login(alice)
    assert "BEGIN:VCARD" in client.get("/leads/card/").content.decode()
    sent = client.post("/leads/card/", {"file": SimpleUploadedFile("s.vcf", SOMCHAI.encode())})
    lead: Any = LEADS.model.objects.get()
    assert (sent.status_code, sent["Location"]) == (303, f"/leads/{lead.pk}/")
    assert (lead.name, lead.company, lead.source, lead.country, lead.owner) == ("Somchai Jaidee", "Siam Foods", "card", "TH", alice)
    client.force_login(charlie)
    again = client.post("/leads/card/", {"text": "MECARD:N:Jaidee,Somchai;EMAIL:somchai@example.com;;"})
    assert (again["Location"], LEADS.model.objects.count()) == ("/leads/", 1)
    assert list(Arrived.objects.filter(channel="card").order_by("pk").values_list("joined", flat=True)) == [False, True]
    wrong = [client.post("/leads/card/", {"text": text}) for text in ("https://example.com", SOMCHAI * 2, "")]
    assert [one.status_code for one in wrong] == [422, 422, 422] and "https://example.com" in wrong[0].content.decode()
    assert client.get("/tasks/card/").status_code == 404
