"""The wizard as a browser drives it, without one."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from renmai.kernel.access.user import User
from renmai.kernel.jobs.model import Job
from renmai.kernel.jobs.work import perform
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.transfer.model import ChangeSet

pytestmark = pytest.mark.django_db
Lead = registry["leads"].model
DEALS = "Deal Name,Deal Owner,Stage,Product\nBig,Zane Levy,Won,GTXPro\nSmall,Anna Snelling,Engaging,GTX Pro\n"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stored files go with the test; pages need no built front end."""
    from renmai.kernel.files import model
    from renmai.kernel.ui import assets

    monkeypatch.setattr(model, "FOLDER", tmp_path)
    build = tmp_path / "build"
    build.mkdir()
    (build / "manifest.json").write_text("{}")
    monkeypatch.setattr(assets, "BUILD", build)
    monkeypatch.setattr(assets, "_manifest", lambda: Plain())


class Plain(dict[str, str]):
    """A manifest in which every file is called what it is called."""

    def __missing__(self, name: str) -> str:
        return name


class Browser:
    """Somebody who is signed in and follows where pages lead."""

    def __init__(self, user: User) -> None:
        self.client = Client(SERVER_NAME="127.0.0.1")
        self.client.force_login(user)
        self.at = ""
        self.page: Any = None

    def send(self, path: str, **fields: Any) -> Any:
        answer = self.client.post(path, fields)
        if answer.status_code == 303:
            self.at = answer["Location"]
            self.page = self.client.get(self.at)
        else:
            self.page = answer
        return self.page

    def upload(self, slug: str, text: bytes, name: str = "list.csv") -> Any:
        return self.send(f"/{slug}/import/", file=SimpleUploadedFile(name, text))


def columns_form(**changed: str) -> dict[str, str]:
    """What the columns page would send for the one draft there is."""
    change_set = ChangeSet.objects.get()
    from renmai.kernel.transfer.wizard import Wizard

    wizard = Wizard(change_set, change_set.owner)
    chosen = {f"column-{at}": wizard.plan.columns.get(name, "") for at, name in enumerate(wizard.found.header)}
    reading = wizard.plan.reading.as_json()
    settings = {"date_order": reading["date_order"], "era": reading["era"], "decimal": reading["decimal"]}
    return {
        **chosen,
        **settings,
        "blanks": ", ".join(reading["blanks"]),
        "name_template": wizard.plan.name_template,
        "mode": "create",
        **changed,
    }


def text_of(page: Any) -> str:
    return page.content.decode() if not page.streaming else b"".join(page.streaming_content).decode()


def work_off() -> None:
    perform(Job.objects.select_related("by").order_by("-asked_at")[0])


def test_from_a_file_to_records(dao: User) -> None:
    for name in ("GTX Pro",):
        create(registry["products"], {"name": name}, None)
    create(registry["users"], {"name": "Anna Snelling"}, None)
    browser = Browser(dao)
    page = browser.upload("opportunities", DEALS.encode())
    assert "Zane Levy" in text_of(page)
    base = browser.at
    page = browser.send(base, encoding="utf-8", delimiter=",", quote='"', header_row="1", next="1")
    assert browser.at.endswith("?step=columns")
    page = browser.send(browser.at, **columns_form(next="1"))
    assert browser.at.endswith("?step=values")
    shown = text_of(page)
    assert "Zane Levy" in shown and "GTXPro" in shown and "Engaging" in shown
    assert "Anna Snelling" not in shown
    near = registry["products"].model.objects.get()
    answers = {
        "all-owner": "make",
        "type-owner": "users",
        "all-stage": "leave",
        "type-stage": "stages",
        "all-product": "back",
        "type-product": "products",
    }
    single = {"of-1": "product", "text-1": "GTXPro", "do-1": "map", "to-1": str(near.pk)}
    page = browser.send(browser.at, **answers, **single)
    assert browser.at.endswith("?step=preview")
    assert "Big" in text_of(page) and not registry["opportunities"].model.objects.exists()
    browser.send(browser.at)
    assert "under way" in text_of(browser.page)
    work_off()
    done = text_of(browser.client.get(base))
    assert "The import is done." in done
    found = {deal.name: deal for deal in registry["opportunities"].model.objects.all()}
    assert (found["Big"].owner.name, found["Big"].product, found["Big"].stage.kind) == ("Zane Levy", near, "won")
    assert found["Small"].stage.kind == "open"
    rows = text_of(browser.client.get(f"{base}rows/"))
    assert f"/opportunities/{found['Big'].pk}/" in rows and "Zane Levy" in rows
    kept = json.loads(text_of(browser.client.get(f"{base}map.json")))
    assert kept["values"] == {"product": {"GTXPro": str(near.pk)}}


def test_what_was_found_can_be_corrected(dao: User) -> None:
    browser = Browser(dao)
    browser.upload("leads", "name;city\nJosé;Köln\n".encode("cp1252"))
    page = browser.send(browser.at, encoding="cp1251", delimiter=";", quote='"', header_row="1")
    assert "Josй" in text_of(page)
    assert ChangeSet.objects.get().layout["encoding"] == "cp1251"


def test_a_saved_map_is_used_again(dao: User) -> None:
    browser = Browser(dao)
    browser.upload("leads", b"A,B\nAda,x@example.com\n")
    told = {"columns": {"A": "name", "B": "email"}, "reading": {"date_order": "dmy"}}
    page = browser.send(f"{browser.at}?step=columns", map=SimpleUploadedFile("map.json", json.dumps(told).encode()))
    assert page.status_code == 200
    assert ChangeSet.objects.get().map["columns"] == {"A": "name", "B": "email"}


@pytest.mark.parametrize("text", [b"[1]", b"{", b'{"columns": {"A": "nonsense"}}'])
def test_a_map_that_is_none_is_refused_on_the_page(dao: User, text: bytes) -> None:
    browser = Browser(dao)
    browser.upload("leads", b"A,B\nAda,x@example.com\n")
    page = browser.send(f"{browser.at}?step=columns", map=SimpleUploadedFile("map.json", text))
    assert page.status_code == 422


def test_two_columns_cannot_become_one_field(dao: User) -> None:
    browser = Browser(dao)
    browser.upload("leads", b"A,B\nAda,Bob\n")
    page = browser.send(f"{browser.at}?step=columns", **columns_form(**{"column-0": "name", "column-1": "name"}))
    assert page.status_code == 422
    assert "cannot both become" in text_of(page)


def test_doubtful_dates_are_asked_about(dao: User) -> None:
    browser = Browser(dao)
    browser.upload("leads", b"Name,Created Time\nAda,03/04/2021\nBob,05/06/2021\n")
    assert "Does the day or the month come first" in text_of(browser.client.get(f"{browser.at}?step=columns"))
    browser.send(f"{browser.at}?step=columns", **columns_form(date_order="mdy"))
    assert "Does the day or the month come first" not in text_of(browser.page)


@pytest.mark.parametrize("text", [b"", b"\n\n"])
def test_an_empty_file_is_refused_on_the_page_and_not_kept(dao: User, text: bytes) -> None:
    page = Browser(dao).upload("leads", text)
    assert page.status_code == 422
    assert not ChangeSet.objects.exists()


def test_a_waiting_import_can_be_stopped_and_taken_up_again(dao: User) -> None:
    browser = Browser(dao)
    browser.upload("leads", b"Name\nAda\n")
    base = browser.at
    browser.send(f"{base}?step=preview")
    browser.send(f"{base}cancel/")
    assert "was stopped" in text_of(browser.page)
    browser.send(f"{base}resume/")
    work_off()
    assert Lead.objects.count() == 1


def test_rows_that_come_back_can_be_downloaded(dao: User) -> None:
    browser = Browser(dao)
    browser.upload("leads", b"Name,Email\nAda,ada@example.com\nBob,x\n")
    base = browser.at
    browser.send(f"{base}?step=preview")
    work_off()
    table = list(csv.DictReader(io.StringIO(text_of(browser.client.get(f"{base}errors.csv")).lstrip("\ufeff"))))
    assert [row["Name"] for row in table] == ["Bob"]


def test_an_import_of_somebody_else_is_not_there(alice: User, bob: User, charlie: User) -> None:
    browser = Browser(alice)
    browser.upload("leads", b"Name\nAda\n")
    for path in ("", "rows/", "map.json", "errors.csv"):
        assert Browser(charlie).client.get(f"{browser.at}{path}").status_code == 404
    assert Browser(charlie).send(f"{browser.at}cancel/").status_code == 404
    assert Browser(bob).send(f"{browser.at}?step=preview").status_code in {403, 404}


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_a_list_goes_out_with_its_filter_in_the_reader_s_columns(dao: User, format: str) -> None:
    for name in ("Ada", "Bob"):
        create(registry["leads"], {"name": name}, dao)
    where = json.dumps({"field": "name", "op": "eq", "value": "Ada"})
    answer = Browser(dao).client.get(f"/leads/export.{format}", {"filter": where})
    body = b"".join(answer.streaming_content)
    assert answer.status_code == 200
    if format == "csv":
        lines = body.decode("utf-8-sig").splitlines()
        assert (lines[0].split(",")[0], [line.split(",")[0] for line in lines[1:]]) == ("Name", ["Ada"])
    else:
        assert body.startswith(b"PK")


def test_a_misspelt_country_has_the_nearest_one_at_hand_and_companies_of_the_file_are_known(dao: User) -> None:
    browser = Browser(dao)
    browser.upload("accounts", b"Name,Country,Parent\nSub,Philipines,Top\nTop,Kenya,\nOther,TH,Nobody\n")
    page = browser.client.get(f"{browser.at}?step=values")
    text = text_of(page)
    assert "Philipines" in text and "Nobody" in text
    assert '<option value="PH" selected>' in text
    assert 'value="Top"' not in text


def test_every_row_is_tried_before_the_import_starts(dao: User) -> None:
    parent = "Name,Employees,Parent account\nAcme Siam,many,\nAcme East,5,Acme\nAcme,6,\n"
    browser = Browser(dao)
    browser.upload("accounts", parent.encode())
    base = browser.at
    assert "Nothing has been tried" in text_of(browser.client.get(f"{base}dry-run/"))
    page = browser.send(f"{base}dry-run/")
    assert "hx-get" in text_of(page)
    work_off()
    page = text_of(browser.client.get(f"{base}dry-run/"))
    assert "Would be made (2)" in page and "Would come back (1)" in page and "<ins>Acme</ins>" in page
    assert "Acme East" not in text_of(browser.client.get(f"{base}dry-run/?action=f"))
    browser.send(f"{base}?step=columns", **columns_form())
    assert "Nothing has been tried" in text_of(browser.client.get(f"{base}dry-run/"))
    assert not registry["accounts"].model.objects.filter(name="Acme").exists()


def test_several_files_of_another_system_go_in_together(dao: User, alice: User) -> None:
    companies = SimpleUploadedFile("all-companies.csv", b"Record ID,Company name,Company owner,Mood\n1,Lotus,Dao,Good\n")
    contacts = SimpleUploadedFile(
        "all-contacts.csv", b"Record ID,First Name,Last Name,Email,Associated Company IDs\n2,Ada,Love,ada@example.com,1\n"
    )
    other = SimpleUploadedFile("weather.csv", b"Sun,Rain\n1,2\n")
    browser = Browser(dao)
    page = text_of(browser.send("/accounts/import/", file=[contacts, companies, other]))
    assert page.index("all-companies.csv") < page.index("all-contacts.csv") and "left out: weather.csv" in page and "Left out: Mood" in page
    assert Browser(alice).client.get(browser.at).status_code == 404
    page = text_of(browser.send(browser.at))
    assert "hx-get" in page
    work_off()
    assert "The import is done." in text_of(browser.client.get(browser.at))
    ada = registry["people"].model.objects.get()
    assert (ada.name, ada.account.name, ada.account.owner) == ("Ada Love", "Lotus", dao)
    unknown = browser.client.post(
        "/accounts/import/", {"file": [SimpleUploadedFile("a.csv", b"X\n1\n"), SimpleUploadedFile("b.csv", b"Y\n1\n")]}
    )
    assert unknown.status_code == 422 and "HubSpot" in text_of(unknown)
