from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from renmai.kernel.access.rights import READY_ROLES
from renmai.kernel.access.user import Role, Team, User
from renmai.kernel.following.marks import saw
from renmai.kernel.records.store import create, remove
from renmai.kernel.records.types import registry
from renmai.kernel.search.alike import BY_INDEX
from renmai.kernel.search.asking import answering
from renmai.kernel.search.find import find, look

pytestmark = pytest.mark.django_db


@pytest.fixture
def rep() -> Role:
    return Role.objects.create(name="rep", rights=READY_ROLES["rep"])


@pytest.fixture
def alice(rep: Role) -> User:
    return User.objects.create(name="Alice", email="alice@example.com", roles=[rep.pk], team=Team.objects.create(name="North"))


@pytest.fixture
def charlie(rep: Role) -> User:
    return User.objects.create(name="Charlie", email="charlie@example.com", roles=[rep.pk], team=Team.objects.create(name="South"))


def make(by: User, slug: str = "accounts", **values: Any) -> Any:
    return create(registry[slug], values, by)


def titles(text: str, by: User, **options: Any) -> list[str]:
    return [hit.title for hit in find(text, by, **options)]


@pytest.mark.parametrize("text", ["華為", "华为", "华", "huawei", "hw", "HUAWEI JISHU"])
def test_a_company_is_found_in_either_script_and_in_pinyin(alice: User, text: str) -> None:
    make(alice, name="华为技术")
    assert titles(text, alice) == ["华为技术"]


@pytest.mark.parametrize("text", ["王伟", "wangwei", "ww", "wang wei", "5678", "081-234-5678", "wei.w@", "xampl"])
def test_a_person_is_found_by_name_phone_and_mail(alice: User, text: str) -> None:
    make(alice, "people", name="王伟", email="wei.w@example.com", phone="+66812345678")
    assert titles(text, alice) == ["王伟"]


@pytest.mark.parametrize("text", ["คุณสมชาย ใจดี", "นายสมชาย", "สมชายใจดี", "Khun สมชาย"])
def test_a_title_or_a_missing_blank_hides_nobody(alice: User, text: str) -> None:
    make(alice, "people", name="สมชาย ใจดี")
    make(alice, "people", name="สมหญิง รักไทย")
    assert titles(text, alice) == ["สมชาย ใจดี"]


def test_people_and_deals_are_found_by_their_company(alice: User, charlie: User) -> None:
    huaxin = make(alice, name="北京华信科技")
    for name in ("王伟", "李娜"):
        make(alice, "people", name=name, account=huaxin.pk)
    make(alice, "opportunities", name="Servers", account=huaxin.pk)
    assert set(titles("华信", alice)) == {"北京华信科技", "王伟", "李娜", "Servers"}
    assert titles("华信", alice)[0] == "北京华信科技"
    for text in ("华信 王伟", "wangwei 华信", "华信科技 北京 王伟"):
        assert titles(text, alice) == ["王伟"]
    assert titles("华信 王伟", charlie) == []
    assert look("华信", alice, ["people"]).counts == {"people": 2}


def test_a_company_that_may_not_be_seen_finds_nobody(alice: User, charlie: User, rep: Role) -> None:
    create(registry["people"], {"name": "Ada", "account": make(alice, name="Huaxin").pk, "owner": charlie.pk}, None)
    assert (titles("Huaxin", charlie), titles("Ada", charlie)) == ([], ["Ada"])
    Role.objects.filter(pk=rep.pk).update(fields={"people": {"account": "hidden"}})
    make(alice, "people", name="Eve", account=make(alice, name="Acme").pk)
    assert titles("Acme", User.objects.get(pk=alice.pk)) == ["Acme"]


def test_one_box_looks_in_all_types(alice: User) -> None:
    make(alice, name="สมชายการค้า")
    make(alice, "people", name="สมชาย ใจดี")
    make(alice, "leads", name="คุณสมชาย")
    assert {hit.type for hit in find("สมชาย", alice)} == {"accounts", "people", "leads"}


def test_a_search_can_be_kept_to_some_types(alice: User) -> None:
    make(alice, name="Acme")
    make(alice, "leads", name="Acme")
    assert [hit.type for hit in find("acme", alice, types=["leads", "unheard-of"])] == ["leads"]


def test_what_may_not_be_seen_is_not_found(alice: User, charlie: User) -> None:
    make(alice, name="Acme")
    assert titles("acme", charlie) == []


def test_what_is_in_the_recycle_bin_is_not_found(alice: User) -> None:
    remove(registry["accounts"], make(alice, name="Acme").pk, alice)
    assert titles("acme", alice) == []


def test_the_best_comes_first(alice: User) -> None:
    for name in ["Blacksmith Works", "John Smith", "Smithson", "Smith"]:
        make(alice, name=name)
    assert titles("smith", alice) == ["Smith", "Smithson", "John Smith", "Blacksmith Works"]


def test_pinyin_of_the_whole_name_comes_before_a_longer_one(alice: User) -> None:
    for name in ["王伟明", "王伟"]:
        make(alice, name=name)
    assert titles("wangwei", alice) == ["王伟", "王伟明"]


def test_ones_own_comes_before_a_colleagues(alice: User, rep: Role) -> None:
    bob = User.objects.create(name="Bob", email="bob@example.com", roles=[rep.pk], team=alice.team)
    make(alice, name="Acme", city="Bangkok")
    make(bob, name="Acme", city="Taipei")
    assert find("acme", bob)[0].id == registry["accounts"].model.objects.get(owner=bob).pk


@pytest.mark.parametrize("typed", ["jonh smith", "john smth", "Jahn Smith", "johnn smith", "smith jhon"])
def test_a_name_is_found_that_was_mistyped(alice: User, typed: str) -> None:
    make(alice, name="John Smith")
    make(alice, name="Joan Smitson")
    hits = find(typed, alice)
    assert [(hit.title, hit.is_alike) for hit in hits] == [("John Smith", True)]
    assert "".join(part for part, is_found in hits[0].spans(typed) if is_found) == "JohnSmith"


def test_nobody_waits_long_for_a_guess(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    make(alice, name="John Smith")
    monkeypatch.setitem(BY_INDEX, "statement_timeout", "1")
    monkeypatch.setattr("renmai.kernel.search.text.neighbours", lambda word: frozenset(f"{word}{at}" for at in range(20_000)) | {"john"})
    assert titles("jonh smith", alice) == []
    assert titles("john smith", alice) == ["John Smith"]


def test_what_is_written_as_typed_hides_what_is_only_alike(alice: User) -> None:
    make(alice, name="Anderson")
    make(alice, name="Andersen")
    assert titles("anderson", alice) == ["Anderson"]


def test_the_whole_title_comes_first_among_more_than_are_looked_at(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        make(alice, name=f"Old Smithy {number}")
    make(alice, name="Smith")
    monkeypatch.setattr("renmai.kernel.search.find.CANDIDATES", 3)
    found = look("smith", alice)
    assert found.hits[0].title == "Smith"
    assert found.counts == {"accounts": 3}


def test_what_was_looked_at_lately_comes_first_among_equals(alice: User) -> None:
    made = {name: make(alice, name=name) for name in ["Acme North", "Acme South"]}
    first, second = titles("acme", alice)
    saw(registry["accounts"], made[second], alice)
    assert titles("acme", alice) == [second, first]


def test_there_are_no_more_than_asked_for(alice: User) -> None:
    for number in range(5):
        make(alice, name=f"Acme {number}")
    assert len(find("acme", alice, limit=3)) == 3


def test_a_hidden_field_does_not_tell_what_it_holds(alice: User, rep: Role) -> None:
    make(alice, "people", name="王伟", email="secret@example.com")
    rep.fields = {"people": {"email": "hidden", "emails": "hidden"}}
    rep.save()
    reader = User.objects.get(pk=alice.pk)
    assert titles("secret", reader) == []
    assert titles("王伟", reader) == ["王伟"]


def test_a_list_does_not_tell_what_a_hidden_field_holds(alice: User, rep: Role) -> None:
    make(alice, "people", name="王伟", email="secret@example.com")
    people = registry["people"]
    seen = people.model.objects.visible_to(alice)
    assert [person.title for person in answering(seen, people, alice, "secret")] == ["王伟"]
    rep.fields = {"people": {"email": "hidden", "emails": "hidden"}}
    rep.save()
    reader = User.objects.get(pk=alice.pk)
    assert not answering(seen, people, reader, "secret")
    assert [person.title for person in answering(seen, people, reader, "ww")] == ["王伟"]
    assert not answering(seen, people, reader, "!")


def test_more_records_need_no_more_queries(alice: User) -> None:
    def count() -> int:
        reader = User.objects.get(pk=alice.pk)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            find("acme", reader)
        return len(queries)

    make(alice, name="Acme 0")
    before = count()
    for number in range(1, 10):
        make(alice, name=f"Acme {number}")
    assert count() == before


@pytest.mark.parametrize("text", ["", "  ", "' & | ! ( ) : * \\", "\x00", "😀", "x" * 10_000])
def test_any_text_is_answered(alice: User, text: str) -> None:
    assert find(text, alice) == []


def test_a_hit_shows_what_was_found(alice: User) -> None:
    make(alice, name="華為技術")
    hit = find("华为", alice)[0]
    assert hit.spans("华为") == [("華為", True), ("技術", False)]
    assert hit.path == f"/accounts/{hit.id}/"


def test_one_type_with_many_hits_does_not_hide_the_others(alice: User) -> None:
    for index in range(12):
        create(registry["opportunities"], {"name": f"Acme deal {index}"}, alice)
    create(registry["people"], {"name": "Bob of Acme"}, alice)
    assert "people" in {hit.type for hit in find("acme", alice, limit=6)}
    assert len(find("acme", alice, limit=12)) == 12


def test_a_subtitle_does_not_tell_what_may_not_be_seen(alice: User, charlie: User, dao: User) -> None:
    account = create(registry["accounts"], {"name": "Secret customer", "owner": charlie}, dao)
    create(registry["opportunities"], {"name": "Deal", "account": account, "owner": alice}, dao)
    assert [hit.subtitle for hit in find("deal", alice)] == [""]
    assert [hit.subtitle for hit in find("deal", dao)] == ["Secret customer"]
    create(registry["opportunities"], {"name": "Secret customer: second", "account": account, "owner": alice}, dao)
    assert [hit.subtitle for hit in find("second", dao)] == [""], "its title says it already"


def test_the_line_under_a_title_shows_what_answered(alice: User) -> None:
    acme = make(alice, name="Clearbrook Solar", industry="energy")
    make(alice, "people", name="Ada Wong", job_title="Buyer", account=acme.pk, emails=[{"value": "ada@rooftop.example"}])
    create(
        registry["notes"], {"subject": "Call", "body": "They asked about batteries. " * 9 + "Wong likes Clearbrook.", "owner": alice}, alice
    )
    lines = {hit.title: hit.subtitle for hit in find("Clearbrook", alice)}
    assert lines["Ada Wong"] == "Clearbrook Solar"
    assert lines["Clearbrook Solar"] == "Energy"
    assert lines["Call"].startswith("…") and "Clearbrook" in lines["Call"]
    hit = find("rooftop", alice)[0]
    assert hit.beneath("rooftop") == [("ada@", False), ("rooftop", True), (".example", False)]
    assert [hit.subtitle for hit in find("Ada Wong", alice)] == ["Buyer"]
    assert find("Clearbrook Solar", alice)[0].type == "accounts"
