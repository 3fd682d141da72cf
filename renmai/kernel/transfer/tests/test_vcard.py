from __future__ import annotations

from pathlib import Path

import pytest

from renmai.kernel.records.types import registry
from renmai.kernel.transfer.propose import propose
from renmai.kernel.transfer.read import look, rows
from renmai.kernel.transfer.tests.files import SHARED, counts, imported

CARDS = r"""BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E7=8E=8B;=E5=B0=
=8F=E6=98=8E;;;
TEL;WORK;FAX;PREF:02 000 0000
PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRgABAQ
AAAQABAAD

END:VCARD
begin:vcard
VERSION:3.0
FN:Ada Lovelace
N:Lovelace;Ada;King,Byron;Ms;
item1.EMAIL;TYPE=INTERNET,PREF:ada@example.com
ORG:Engines\; Ltd;R&D
NOTE:Likes num
 bers\, and
  music.\nCalls back
AGENT:BEGIN:VCARD\nFN:Somebody else\nEND:VCARD
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:สมชาย ใจดี
BDAY:--0203
GENDER:M
TEL;VALUE=uri;TYPE="work,cell";PREF=1:tel:+66-81-234-5678;ext=12
ADR;TYPE=home:;ห้อง 5;123 ถนนสุขุมวิท;คลองเตย;กรุงเทพฯ;10110;ประเทศไทย
BEGIN:VCARD
FN:A card within
END:VCARD
END:VCARD
"""


def read(folder: Path, text: bytes) -> list[dict[str, str]]:
    path = folder / "people.vcf"
    path.write_bytes(text)
    found = look(path)
    told = [dict(zip(found.header, [row[at] for at in found.columns], strict=True)) for _number, row in rows(path, found.layout)]
    return [{name: str(value) for name, value in row.items() if value} for row in told]


def test_cards_of_every_version_become_rows(tmp_path: Path) -> None:
    wang, ada, somchai = read(tmp_path, CARDS.encode())
    assert (wang["Last Name"], wang["First Name"], wang["Phone 1 - Label"], wang["Photo"]) == ("王", "小明", "* fax", "…")
    assert ada["Organization Name"] == "Engines; Ltd" and ada["Middle Name"] == "King Byron"
    assert ada["Notes"] == "Likes numbers, and music.\nCalls back" and ada["E-mail 1 - Value"] == "ada@example.com"
    assert (somchai["Full Name"], somchai["Phone 1 - Value"], somchai["Gender"]) == ("สมชาย ใจดี", "+66-81-234-5678;ext=12", "male")
    assert somchai["Address 1 - Street"] == "ห้อง 5\n123 ถนนสุขุมวิท" and "Birthday" not in somchai


@pytest.mark.parametrize(("encoding", "name"), [("gb18030", "王小明"), ("cp874", "สมชาย ใจดี"), ("utf-16", "王小明")])
def test_cards_in_an_old_encoding_are_read(tmp_path: Path, encoding: str, name: str) -> None:
    text = f"BEGIN:VCARD\r\nVERSION:2.1\r\nFN:{name}\r\nADR;WORK:;;公司地址;北京市;;;\r\nEND:VCARD\r\n"
    text = text if encoding != "cp874" else text.replace("公司地址;北京市", "ถนนสุขุมวิท;กรุงเทพมหานคร")
    assert read(tmp_path, text.encode(encoding))[0]["Full Name"] == name


@pytest.mark.skipif(not (SHARED / "08_import").is_dir(), reason="real address books are not part of the repository")
@pytest.mark.parametrize(("name", "cards"), [("ANDROID", 6), ("IPHONE", 1), ("GMAIL", 1), ("MS_OUTLOOK", 1)])
def test_address_books_of_telephones_are_read_whole(name: str, cards: int) -> None:
    path = SHARED / "08_import/vcard/ez-vcard" / f"John_Doe_{name}.vcf"
    assert len(list(rows(path, look(path).layout))) == cards


GOOGLE = (
    "First Name,Last Name,Labels,Notes,Organization Name,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,"
    "Phone 2 - Label,Phone 2 - Value,Address 1 - Label,Address 1 - Street,Address 1 - City,Address 1 - Country\n"
    "Ada,Lovelace,* myContacts ::: VIP,Likes numbers,Engines,* Home,ada@example.com ::: a@example.net,Mobile,+66 81 234 5678,"
    "Work Fax,+66 2 123 4567,Work,1 Road,Leeds,Atlantis\n"
)


@pytest.mark.django_db
def test_a_google_address_book_maps_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from renmai.kernel.files import model

    monkeypatch.setattr(model, "FOLDER", tmp_path)
    change_set = imported(GOOGLE, "people", make_missing=["accounts"])
    ada = registry["people"].model.objects.get()
    assert counts(change_set) == (1, 0, 0, 0)
    assert [(one["value"], one["kind"], one["primary"]) for one in ada.emails] == [
        ("ada@example.com", "home", True),
        ("a@example.net", "work", False),
    ]
    assert [(one["value"], one["kind"]) for one in ada.phones] == [("+66812345678", "mobile"), ("+6621234567", "fax")]
    assert (ada.addresses[0]["lines"], ada.addresses[0]["city"], ada.tags) == ("1 Road\nAtlantis", "Leeds", ["myContacts", "VIP"])
    assert registry["notes"].model.objects.get().body == "Likes numbers"
    told = {"key": ["name"], "mode": "upsert", "columns": {"Name": "name", "Other": "emails.other", "Same": "emails.home"}}
    again = imported("Name,Other,Same\nAda Lovelace,new@example.com,ada@example.com\n", "people", **told)
    ada.refresh_from_db()
    assert counts(again) == (0, 1, 0, 0)
    assert [one["value"] for one in ada.emails] == ["ada@example.com", "a@example.net", "new@example.com"]


def test_what_address_books_call_things_is_known(tmp_path: Path) -> None:
    path = tmp_path / "outlook.csv"
    header = "First Name,E-mail Address,E-mail 2 Address,Business Phone,Home Phone,Business Fax,Business City,Home City"
    path.write_text(f"{header}\nA,a@b.co,c@d.co,1,2,3,X,Y\n")
    assert propose(registry["people"], look(path)).mapping == {
        "First Name": "given_name",
        "E-mail Address": "email",
        "E-mail 2 Address": "emails.other",
        "Business Phone": "phone",
        "Home Phone": "phones.home",
        "Business Fax": "phones.fax",
        "Business City": "addresses.1.city",
        "Home City": "addresses.2.city",
    }
