"""The sample company comes in every language, the same every time, and goes without a trace."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from renmai.activity.note.model import Note
from renmai.config.env import Env
from renmai.demo import load, open_sign_ins, remove, sign_in_hint, signin
from renmai.demo.story import SOURCE
from renmai.directory.account.model import Account
from renmai.directory.person.model import Person
from renmai.kernel.access.user import User
from renmai.kernel.facts import Fact, FactAbout
from renmai.kernel.history.model import ExternalId, History
from renmai.kernel.overlay.company import Company, change_company
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.sales.opportunity.model import Opportunity
from renmai.sales.pipeline.model import Stage

pytestmark = [pytest.mark.django_db, pytest.mark.property]
NOW = dt.datetime(2026, 3, 18, 10, tzinfo=dt.UTC)
SMALL = 0.02


@pytest.fixture
def sample() -> dict[str, int]:
    """A very small sample company, in English."""
    return load("en", now=NOW, scale=SMALL).counts


def sample_user(name: str) -> User:
    return User.objects.get(email=f"{name}@example.com")


def snapshot() -> list[tuple[object, ...]]:
    """What a reader could tell two sample companies apart by."""
    sales = Opportunity.objects.order_by("created_at", "title", "amount").values_list(
        "title", "amount", "stage__position", "owner__email", "created_at"
    )
    people = Person.objects.order_by("email", "title").values_list("title", "email", "mobile", "account__title")
    facts = (
        Fact.objects.exclude(at=None)
        .filter(kind="opportunity.moved")
        .order_by("at", "data__amount", "data__to__title")
        .values_list("at", "data__amount")
    )
    return [*sales, *people, *facts]


def test_the_same_day_gives_the_same_company(sample: dict[str, int]) -> None:
    first = snapshot()
    remove()
    load("en", now=NOW, scale=SMALL)

    assert snapshot() == first


@pytest.mark.parametrize(
    ("language", "stage", "currency"), [("en", "Contact", "USD"), ("zh-Hans", "", "CNY"), ("zh-Hant", "", "TWD"), ("th", "", "THB")]
)
def test_it_speaks_the_language_of_the_company(language: str, stage: str, currency: str) -> None:
    load(language, now=NOW, scale=0.01)

    assert Company.objects.get().language == language
    assert set(Opportunity.objects.values_list("currency", flat=True)) == {currency}
    product = registry["products"].model.objects.get(code="LG-500")
    assert product.name.isascii() == (language == "en")
    assert not stage or Stage.objects.filter(name=stage).exists()


def test_removing_takes_everything_away() -> None:
    before = {"facts": Fact.objects.count(), "history": History.objects.count(), "users": User.objects.count()}
    load("en", now=NOW, scale=SMALL)
    remove()

    assert {"facts": Fact.objects.count(), "history": History.objects.count() - _renamed_stages(), "users": User.objects.count()} == before
    assert not any(kind.model.objects.filter(external_ids__has_key=SOURCE).exists() for kind in registry.all())
    assert not ExternalId.objects.filter(source=SOURCE).exists()
    assert Company.objects.get().sample_at is None
    assert Company.objects.get().name == ""


def _renamed_stages() -> int:
    return History.objects.filter(type="stages", operation="U").count()


def test_removing_leaves_ones_own_records_without_the_links(sample: dict[str, int]) -> None:
    account, alice = Account.objects.first(), sample_user("alice")
    own = create(registry.of(Person), {"name": "Own", "account": account}, None)
    about = [{"type": "accounts", "id": account.pk}, {"type": "people", "id": own.pk}]
    note = create(registry.of(Note), {"body": "Mine", "owner": alice, "about": about}, None)
    remove()

    own.refresh_from_db()
    note.refresh_from_db()
    assert own.account is None
    assert note.owner is None
    assert [mark.record_id for mark in FactAbout.objects.filter(fact__kind="note.created")] == [note.pk, own.pk]


def test_a_sample_person_who_did_own_work_stays_without_a_sign_in(sample: dict[str, int]) -> None:
    alice = sample_user("alice")
    create(registry.of(Note), {"body": "Mine"}, alice)
    remove()

    alice.refresh_from_db()
    assert (alice.active, alice.email, alice.password, alice.team) == (False, "", "", None)
    assert User.objects.filter(email__endswith="example.com").count() == 0


def test_a_company_that_was_set_up_keeps_its_name_and_money() -> None:
    change_company(name="Acme", currency="EUR", language="th", set_up_at=timezone.now())
    load(now=NOW, scale=0.01)

    assert set(Opportunity.objects.values_list("currency", flat=True)) == {"EUR"}
    assert Company.objects.get().name == "Acme"
    remove()
    assert Company.objects.get().name == "Acme"


def test_sample_people_sign_in_only_on_this_machine(sample: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signin, "env", Env(host="127.0.0.1"))
    open_sign_ins()
    assert sample_user("alice").check_password(signin.PASSWORD)
    assert "alice@example.com" in sign_in_hint()

    monkeypatch.setattr(signin, "env", Env(host="0.0.0.0"))
    open_sign_ins()
    assert not sample_user("alice").check_password(signin.PASSWORD)
    assert sign_in_hint() == ""


def test_only_the_named_people_have_a_password(sample: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signin, "env", Env(host="127.0.0.1"))
    open_sign_ins()

    assert set(User.objects.exclude(password="").values_list("email", flat=True)) == set(signin.KNOWN)
