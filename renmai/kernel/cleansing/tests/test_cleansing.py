"""Tidying many records: seen first, done as one change set within what the person may do, and undone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from renmai.kernel.access.user import Role, User
from renmai.kernel.actions.errors import Forbidden, Invalid
from renmai.kernel.actions.undo import undo
from renmai.kernel.cleansing.apply import cleanse
from renmai.kernel.cleansing.measure import measure, measure_nightly
from renmai.kernel.cleansing.model import QualityDay
from renmai.kernel.cleansing.quality import open_kinds
from renmai.kernel.cleansing.rules import tidied
from renmai.kernel.facts.model import Fact
from renmai.kernel.jobs.model import Job, JobState
from renmai.kernel.jobs.work import at_once, perform
from renmai.kernel.overlay import version
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api, again
from renmai.kernel.transfer.model import ChangeSet

ACCOUNTS = registry["accounts"]
TIDY = "/accounts/tidy/"


@pytest.fixture
def untidy(alice: User, charlie: User) -> list[Any]:
    """Two accounts of Alice's and one of Charlie's that need tidying, and one that does not."""
    given = {"email": "sales@gmial.com", "registration_number": "0107544000108 สำนักงานใหญ่", "country": "TH", "industry": "Banking"}
    made = [create(ACCOUNTS, {"name": f"Acme  {place}", **given}, by) for place, by in enumerate((alice, alice, charlie))]
    return [*made, create(ACCOUNTS, {"name": "Fine", "email": "a@fine.example"}, alice)]


def signed_in(user: User) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(again(user))
    return client


def emails(records: list[Any]) -> list[str]:
    return [ACCOUNTS.model.objects.get(pk=record.pk).email for record in records]


def test_it_is_one_change_set_that_is_undone_whole(alice: User, untidy: list[Any]) -> None:
    job = cleanse(ACCOUNTS, ["email", "registration_number", "industry"], alice, begin=at_once)
    assert emails(untidy) == ["sales@gmail.com", "sales@gmail.com", "sales@gmial.com", "a@fine.example"]
    first = ACCOUNTS.model.objects.get(pk=untidy[0].pk)
    assert (first.registration_number, first.industry, first.version) == ("0107544000108-00000", "finance", 2)
    assert first.emails[0]["value"] == "sales@gmail.com", "the list of addresses follows"
    assert job.result["done"] == 2 and Fact.objects.filter(kind="account.updated").count() == 2
    update(ACCOUNTS, untidy[1].pk, {"email": "new@acme.example"}, alice)
    perform(undo(job.result["change_set"], alice))
    assert emails(untidy)[:2] == ["sales@gmial.com", "new@acme.example"], "what was changed since stays"


def test_own_fields_and_every_entry_of_a_list_are_tidied(dao: User, alice: User) -> None:
    for key, kind in (("note", "text"), ("direct", "phone"), ("second", "email"), ("shop", "url"), ("met", "date")):
        create(registry["custom-fields"], {"type": "people", "label": key, "key": key, "kind": kind}, dao)
    version.refresh()
    own = {"note": "Likes  tea", "direct": "081 234 5678", "second": "ann@gmial.com", "shop": "WWW.Acme.com/", "met": "2533-05-01"}
    people = registry["people"]
    made = create(people, {"name": "Ann", "country": "TH", "custom": own}, alice)
    emails = [{"value": "a@fine.example", "kind": "work", "primary": True}, {"value": "b@hotmial.com", "kind": "home", "primary": False}]
    people.model.objects.filter(pk=made.pk).update(emails=emails, custom={**made.custom, "direct": own["direct"], "note": own["note"]})
    names = ["emails", *(f"custom.{name}" for name in own)]
    text = signed_in(alice).get("/people/tidy/", {"field": names}).content.decode()
    assert "<ins>a@fine.example, b@hotmail.com</ins>" in text and "<ins>ann@gmail.com</ins>" in text
    told = Api(alice).post("people/tidy/", {"fields": names, "dry_run": True}).json()["items"][0]["changes"]
    assert told["custom.met"] == ["2533-05-01", "1990-05-01"]
    job = cleanse(people, names, alice, begin=at_once)
    person = people.model.objects.get(pk=made.pk)
    assert [entry["value"] for entry in person.emails] == ["a@fine.example", "b@hotmail.com"]
    tidy = {"note": "Likes tea", "direct": "+66812345678", "second": "ann@gmail.com", "shop": "https://www.acme.com", "met": "1990-05-01"}
    assert person.custom == tidy
    assert set(Fact.objects.get(kind="person.updated").data["fields"]) == set(names)
    assert "E-mail: small letters, misspelt hosts" in ChangeSet.objects.get(pk=job.result["change_set"]).name
    assert people.model.objects.filter(pk=made.pk, search__contains="gmail").exists()
    perform(undo(job.result["change_set"], alice))
    assert people.model.objects.get(pk=made.pk).custom["second"] == "ann@gmial.com"


def test_addresses_come_into_their_parts_and_back(dao: User, alice: User) -> None:
    create(registry["custom-fields"], {"type": "accounts", "label": "Site", "key": "site", "kind": "address"}, dao)
    version.refresh()
    told, site = "99 ถ.พญาไท แขวงปทุมวัน เขตปทุมวัน กทม. 10330", {"lines": "深圳市南山区科技园 518057", "country": "CN"}
    second = {"kind": "billing", "lines": "106台北市大安區忠孝東路四段1號", "country": "TW"}
    given = {"name": "Acme", "country": "TH", "custom": {"site": site}}
    made = create(ACCOUNTS, {**given, "addresses": [{"kind": "visit", "lines": told, "city": "กรุงเทพฯ"}, second]}, alice)
    before = ACCOUNTS.model.objects.values("addresses", "address", "city", "region", "country", "custom").get(pk=made.pk)
    page = signed_in(alice).get("/accounts/tidy/", {"field": ["addresses", "custom.site"]}).content.decode()
    assert "ถ.พญาไท · ปทุมวัน · ปทุมวัน · กรุงเทพมหานคร · 10330" in page and "<ins>科技园 · 南山区 · 深圳市 · 广东省 · 518057 · CN</ins>" in page
    measure(ACCOUNTS)
    days = QualityDay.objects.filter(field__in=["addresses", "custom.site"]).values_list("field", "filled", "valid", "untidy")
    assert set(days) == {("addresses", 1, 1, 1), ("custom.site", 1, 1, 1)}
    assert 'href="/accounts/tidy/?field=custom.site"' in signed_in(dao).get("/accounts/quality/").content.decode()
    job = cleanse(ACCOUNTS, ["addresses", "custom.site"], alice, begin=at_once)
    account = ACCOUNTS.model.objects.get(pk=made.pk)
    assert (account.address, account.city, account.region, account.country) == ("99 ถ.พญาไท", "ปทุมวัน", "กรุงเทพมหานคร", "TH")
    assert [entry["postcode"] for entry in account.addresses] == ["10330", "106"] and account.addresses[1]["region"] == "臺北市"
    assert account.custom["site"]["district"] == "南山区"
    assert tidied(ACCOUNTS, [ACCOUNTS.fields["addresses"], ACCOUNTS.fields["custom.site"]], account) == {}
    perform(undo(job.result["change_set"], alice))
    assert ACCOUNTS.model.objects.values(*before).get(pk=made.pk) == before


def test_nobody_tidies_what_they_may_not_change(alice: User, bob: User, untidy: list[Any]) -> None:
    assert cleanse(ACCOUNTS, ["email"], bob, begin=at_once).result["done"] == 0
    role = alice.access.roles[0]
    Role.objects.filter(pk=role.pk).update(fields={"accounts": {"email": "read"}}, version=role.version + 1)
    with pytest.raises(Invalid):
        cleanse(ACCOUNTS, ["email"], again(alice), begin=at_once)
    Role.objects.filter(pk=role.pk).update(rights={"*": {"view": "all"}}, version=role.version + 2)
    with pytest.raises(Forbidden):
        cleanse(ACCOUNTS, ["name"], again(alice), begin=at_once)


def test_the_page_shows_old_and_new_and_leaves_out_what_is_not_ticked(alice: User, untidy: list[Any]) -> None:
    page = signed_in(alice)
    text = page.get(TIDY, {"field": ["email", "industry"]}).content.decode()
    assert text.count('name="ids"') == 2 and "<del>sales@gmial.com</del>" in text and "<ins>sales@gmail.com</ins>" in text
    assert "<del>Banking</del>" in text and "<ins>Finance</ins>" in text
    first, second = sorted(str(record.pk) for record in untidy[:2])
    answer = page.post(TIDY, {"field": "email", "listed": [first, second], "ids": [first], "all": "1"})
    assert answer.status_code == 204 and Job.objects.get(kind="cleanse").state == JobState.QUEUED
    perform(Job.objects.get(kind="cleanse"))
    assert sorted(emails(untidy[:2])) == ["sales@gmail.com", "sales@gmial.com"]
    answer = page.post(TIDY, {"field": "email", "listed": [second], "ids": [second]})
    assert "sales@gmail.com" in page.get(answer["Location"]).content.decode() and set(emails(untidy[:2])) == {"sales@gmail.com"}
    assert "Nothing to tidy" in page.get(TIDY, {"field": "email"}).content.decode()
    assert page.post(TIDY, {"field": "email", "listed": [second]}).status_code == 422


def test_the_api_tells_what_would_be_changed_and_changes_it(alice: User, untidy: list[Any]) -> None:
    program = Api(alice)
    told = program.post("accounts/tidy/", {"fields": ["email"], "dry_run": True}).json()
    assert [item["changes"] for item in told["items"]] == [{"email": ["sales@gmial.com", "sales@gmail.com"]}] * 2
    asked = {"fields": ["email"], "filter": {"field": "name", "op": "contains", "value": "0"}}
    begun = program.post("accounts/tidy/", asked)
    assert begun.status_code == 202
    perform(Job.objects.get(pk=begun.json()["job"]))
    assert emails(untidy[:2]) == ["sales@gmail.com", "sales@gmial.com"]
    for wrong in ({}, {"fields": "email"}, {"fields": ["owner"]}, {"fields": ["email"], "dry_run": True, "after": "x"}):
        assert program.post("accounts/tidy/", wrong).status_code == 422


def test_the_quality_of_a_type_is_measured_field_by_field(dao: User, alice: User, untidy: list[Any]) -> None:
    measure(ACCOUNTS)
    day = QualityDay.objects.get(type="accounts", field="email")
    assert (day.rows, day.filled, day.valid, day.untidy, day.repeated, day.stale) == (4, 4, 1, 3, 3, 0)
    assert (day.is_filled, day.is_valid, day.is_fresh, day.is_single, day.is_good) == (100, 25, 100, 25, 25)
    QualityDay.objects.filter(pk=day.pk).update(day="2026-01-01")
    measure(ACCOUNTS)
    page = signed_in(dao)
    text = page.get("/accounts/quality/").content.decode()
    assert page.post(TIDY, {"field": "email", "all": "1"}).status_code == 204, "as its button asks"
    assert 'href="/accounts/tidy/?field=email"' in text and "25 %" in text and "Accounts" in page.get("/quality/").content.decode()
    items = {item["field"]: item for item in Api(dao).get("accounts/quality/").json()["items"]}
    assert (items["email"]["untidy"], items["registration_number"]["repeated"], items["city"]["filled"]) == (3, 3, 0)
    assert signed_in(alice).get("/accounts/quality/").status_code == Api(alice).get("accounts/quality/").status_code == 403


def test_measuring_is_asked_for_on_the_page(dao: User, untidy: list[Any]) -> None:
    page = signed_in(dao)
    assert "Not measured yet" in page.get("/people/quality/").content.decode()
    assert page.post("/people/quality/").status_code == 302
    assert QualityDay.objects.filter(type="people", field="name").exists()
    measure_nightly(0)
    for job in Job.objects.filter(kind="measure-quality", state=JobState.QUEUED):
        perform(job)
    assert set(QualityDay.objects.values_list("type", flat=True)) == {kind.slug for kind in open_kinds(dao)}
