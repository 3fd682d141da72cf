"""The sample company: the same for everyone, true in itself, seen by rights, and gone without a trace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import phonenumbers
import pytest
from django.utils import timezone

from renmai.activity.task.model import Task
from renmai.commerce.quote.model import Quote
from renmai.demo import load, remove
from renmai.demo.story import SOURCE
from renmai.directory.account.model import Account
from renmai.directory.person.model import Person
from renmai.kernel.access.user import Team, User
from renmai.kernel.actions.errors import Refused
from renmai.kernel.facts import Fact, FactAbout
from renmai.kernel.facts.timeline import timeline
from renmai.kernel.history.model import ExternalId
from renmai.kernel.history.read import changes_of
from renmai.kernel.overlay.company import Company
from renmai.kernel.records.clean import clean
from renmai.kernel.records.types import registry
from renmai.kernel.search.text import query
from renmai.sales.lead.model import Lead
from renmai.sales.opportunity.model import Opportunity

pytestmark = [pytest.mark.django_db, pytest.mark.property]
NOW = dt.datetime(2026, 3, 18, 10, tzinfo=dt.UTC)
SMALL = 0.1


@pytest.fixture(scope="module")
def sample(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, int]]:
    """A small sample company in English, loaded once for all tests that only look."""
    with django_db_blocker.unblock():
        yield load("en", now=NOW, scale=SMALL).counts
        remove()
        Company.objects.all().delete()


def sample_user(name: str) -> User:
    return User.objects.get(email=f"{name}@example.com")


def test_it_counts_what_is_there(sample: dict[str, int]) -> None:
    stored = {kind.slug: kind.model.objects.filter(external_ids__has_key=SOURCE).count() for kind in registry.all()}

    assert {slug: count for slug, count in stored.items() if count} == sample
    assert sample["opportunities"] == 600
    assert sample["products"] == 9
    assert sample["users"] == 38
    assert sample["teams"] == 11


def test_it_is_not_loaded_twice(sample: dict[str, int]) -> None:
    with pytest.raises(Refused):
        load("en", now=NOW, scale=SMALL)


def test_every_telephone_number_is_valid_in_its_country(sample: dict[str, int]) -> None:
    numbers = [*Person.objects.values_list("mobile", "country"), *Account.objects.values_list("phone", "country")]

    assert numbers
    for number, country in numbers:
        assert phonenumbers.is_valid_number_for_region(phonenumbers.parse(number), country), number


def test_every_address_is_an_example(sample: dict[str, int]) -> None:
    addresses = [
        *Person.objects.values_list("email", flat=True),
        *Lead.objects.values_list("email", flat=True),
        *User.objects.values_list("email", flat=True),
    ]

    assert all(address.endswith(("example.com", "example.org", "example.net")) and address.isascii() for address in addresses)


def test_a_person_would_be_stored_the_same_by_hand(sample: dict[str, int]) -> None:
    kind = registry.of(Person)
    for person in Person.objects.all():
        values = {name: getattr(person, name) for name in ("email", "mobile", "country", "language", "birthday", "gender")}
        assert clean(kind, {**values, "name": person.name}, None).columns == {**values, "name": person.name}


def test_the_last_move_of_each_sale_leads_to_its_stage(sample: dict[str, int]) -> None:
    moves = (
        FactAbout.objects.filter(position=0, fact__kind="opportunity.moved")
        .order_by("fact_id")
        .values_list("record_id", "fact__data__to__id")
    )
    reached = dict(moves)
    moved = Opportunity.objects.filter(pk__in=reached)

    assert reached
    assert {sale.pk: str(sale.stage_id) for sale in moved} == reached
    assert set(Opportunity.objects.exclude(pk__in=reached).values_list("stage__position", flat=True)) <= {1}


def test_closed_sales_took_20_to_90_days_and_their_facts_say_when(sample: dict[str, int]) -> None:
    closed = Opportunity.objects.exclude(closed_at=None)

    assert closed.exists()
    for sale in closed:
        assert 17 <= (sale.closed_at - sale.created_at).days <= 93  # a weekend may be in the way
        ends = FactAbout.objects.filter(record_id=sale.pk, position=0, fact__kind__in=["opportunity.won", "opportunity.lost"])
        assert [end.at for end in ends] == [sale.closed_at]


def test_an_amount_with_lines_is_their_sum(sample: dict[str, int]) -> None:
    with_lines = Opportunity.objects.filter(amount_source="lines")

    assert with_lines.exists()
    for sale in with_lines:
        assert sale.amount == sum((line.net for line in sale.lines.all()), Decimal(0))


def test_quotes_are_numbered_and_end_as_their_sale_does(sample: dict[str, int]) -> None:
    quotes = Quote.objects.select_related("opportunity__stage")
    ends = {("won", "accepted"), ("lost", "refused"), ("open", "draft"), ("open", "sent")}

    assert quotes
    assert {(quote.opportunity.stage.kind, quote.status) for quote in quotes} <= ends
    assert all(quote.number and quote.total == quote.net_total + quote.tax_total for quote in quotes)


def test_nothing_but_plans_lies_in_the_future(sample: dict[str, int]) -> None:
    assert not Fact.objects.filter(at__gt=timezone.now()).exists()
    sample_facts = Fact.objects.filter(about__record_id__in=ExternalId.objects.filter(source=SOURCE).values("record_id"))
    assert sample_facts.exists()
    assert not sample_facts.filter(at__gt=NOW).exists()
    assert Task.objects.filter(due_at__gt=NOW, done_at=None).exists()


def test_nothing_happens_before_what_it_is_about_was_there(sample: dict[str, int]) -> None:
    for sale in Opportunity.objects.select_related("account", "person"):
        assert sale.account.created_at <= sale.created_at
        assert sale.person.created_at <= sale.created_at


def test_a_rep_sees_what_the_team_has(sample: dict[str, int]) -> None:
    alice = sample_user("alice")
    seen = Opportunity.objects.visible_to(alice)

    assert seen.exists()
    assert set(seen.values_list("team", flat=True)) == {alice.team_id}
    assert seen.count() < Opportunity.objects.visible_to(sample_user("dao")).count() == sample["opportunities"]


def test_a_manager_sees_the_branch(sample: dict[str, int]) -> None:
    mina = sample_user("mina")
    below = Team.objects.filter(parent=mina.team).values_list("pk", flat=True)

    assert set(Opportunity.objects.visible_to(mina).values_list("team", flat=True)) == set(below)


def test_timelines_tell_the_story_newest_first(sample: dict[str, int]) -> None:
    sale = Opportunity.objects.exclude(closed_at=None).order_by("-closed_at").first()
    cards, _next = timeline(sale, sample_user("dao"), limit=100)

    assert [card.fact.at for card in cards] == sorted((card.fact.at for card in cards), reverse=True)
    assert cards[-1].fact.kind in {"opportunity.created", "lead.created"}  # what was a lead before brings its past along
    assert {"opportunity.won", "opportunity.lost"} & {card.fact.kind for card in cards}


def test_history_begins_when_the_record_was_made(sample: dict[str, int]) -> None:
    sale = Opportunity.objects.first()
    changes = changes_of(registry.of(Opportunity), sale, sample_user("dao"))

    assert [(change.at, change.by) for change in changes] == [(sale.created_at, sale.owner)]


def test_search_finds_sample_people(sample: dict[str, int]) -> None:
    person = Person.objects.first()

    assert person in Person.objects.filter(search__matches=query(person.name))
