"""Formulas and roll-ups are right after every change, whoever makes it and however."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import F, Sum

from renmai.kernel.access.user import User
from renmai.kernel.actions.bulk import in_bulk
from renmai.kernel.actions.run import run
from renmai.kernel.history.purge import purge
from renmai.kernel.jobs.model import Job
from renmai.kernel.jobs.work import at_once, perform
from renmai.kernel.overlay import version
from renmai.kernel.overlay.computed import install, marks, work
from renmai.kernel.overlay.computed.marks import Unindexed
from renmai.kernel.overlay.field import CustomField
from renmai.kernel.records import store
from renmai.kernel.records.types import registry
from renmai.kernel.search.text import query
from renmai.kernel.testing.people import Api

Calls = Callable[[User], Api]
ACCOUNTS, DEALS = registry["accounts"], registry["opportunities"]
WON = {"field": "stage.kind", "op": "eq", "value": "won"}


@pytest.fixture
def made(dao: User) -> Callable[..., CustomField]:
    """Makes a computed field."""

    def make(of: str, key: str, **more: Any) -> CustomField:
        kind = "formula" if "formula" in more else "roll_up"
        values = {"type": of, "label": key.title(), "key": key, "kind": kind, "filterable": True, **more}
        field = store.create(registry["custom-fields"], values, dao)
        version.refresh()
        return field  # type: ignore[return-value]

    return make


def own(record: Any) -> dict[str, Any]:
    """The own values of a record as they are stored."""
    return dict(type(record)._base_manager.values_list("custom", flat=True).get(pk=record.pk))


def test_a_formula_is_there_at_once_wherever_a_field_is(api: Calls, alice: User, dao: User) -> None:
    api(alice).post("leads/", {"name": "Ann", "expected_amount": "1000", "currency": "JPY"})
    field = {
        "type": "leads",
        "label": "Fee",
        "kind": "formula",
        "formula": "expected_amount * 0.0555",
        "result": "money",
        "filterable": True,
    }
    assert api(dao).post("custom-fields/", field).status_code == 201
    program = api(alice)
    bo = program.post("leads/", {"name": "Bo", "expected_amount": "2000", "currency": "THB"}).json()
    assert bo["custom"]["fee"] == "111.00"
    asked = {"filter": json.dumps({"field": "custom.fee", "op": "gt", "value": "1"}), "sort": "custom.fee", "fields": "custom.fee"}
    assert [item["custom"]["fee"] for item in program.get("leads/", **asked).json()["items"]] == ["56", "111.00"]
    changed = program.patch(f"leads/{bo['id']}/", {"expected_amount": None}).json()
    assert changed["custom"]["fee"] is None
    assert program.get(f"leads/{bo['id']}/history/").json()["items"][0]["changes"]["custom.fee"] == ["111.00", None]
    assert program.patch(f"leads/{bo['id']}/", {"custom": {"fee": "7"}}).status_code == 422


def test_a_formula_cannot_keep_a_record_from_being_stored(made: Any, alice: User) -> None:
    made("leads", "bad", formula="add_days(date(2026, employees, 1), employees)")
    made("leads", "huge", formula="employees * 99999999999999999999")
    lead = store.create(registry["leads"], {"name": "Ann", "employees": 2_000_000}, alice)
    assert lead.custom == {}


def test_a_formula_follows_what_its_record_links_to(made: Any, alice: User) -> None:
    made("opportunities", "where", formula="concat(account.country, '-', upper(account.name))")
    account = store.create(ACCOUNTS, {"name": "Siam", "country": "TH"}, alice)
    deal = store.create(DEALS, {"name": "One", "account": account.pk}, alice)
    assert deal.custom == {"where": "TH-SIAM"}
    store.update(ACCOUNTS, account.pk, {"name": "Lanna"}, alice)
    assert own(deal) == {"where": "TH-LANNA"}
    store.remove(ACCOUNTS, account.pk, alice)
    assert own(deal) == {"where": "-"}


def test_a_text_that_was_worked_out_finds_its_record(made: Any, api: Calls, alice: User) -> None:
    made("leads", "code", formula="concat('zq', employees)")
    api(alice).post("leads/", {"name": "Ann", "employees": 4711})
    assert [hit["title"] for hit in api(alice).get("search/", q="zq4711").json()["items"]] == ["Ann"]


def hits(word: str) -> int:
    """How many opportunities are found by a word."""
    return DEALS.model.objects.filter(search__matches=query(word)).count()  # type: ignore[no-any-return]


def test_a_text_that_follows_from_another_record_finds_its_record_at_once(made: Any, alice: User) -> None:
    made("opportunities", "where", formula="concat('at ', account.name)")
    made("accounts", "newest", relation="opportunities", aggregate="latest", related_field="name")
    account = store.create(ACCOUNTS, {"name": "Siam"}, alice)
    for name in ("One", "Two"):
        store.create(DEALS, {"name": name, "account": account.pk}, alice)
    assert ACCOUNTS.model.objects.filter(search__matches=query("Two")).count() == 1
    store.update(ACCOUNTS, account.pk, {"name": "Lanna"}, alice)
    assert (hits("Siam"), hits("Lanna")) == (0, 2)
    in_bulk(ACCOUNTS, "update", alice, ids=[str(account.pk)], arguments={"name": "Isan"}, begin=at_once)
    assert (hits("Lanna"), hits("Isan")) == (0, 2)
    assert not Unindexed.objects.exists()


def test_many_texts_are_found_by_a_job_and_those_of_a_statement_by_hand_a_little_later(
    made: Any, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    made("opportunities", "where", formula="concat('at ', account.name)")
    account = store.create(ACCOUNTS, {"name": "Siam"}, alice)
    for name in ("One", "Two", "Three"):
        store.create(DEALS, {"name": name, "account": account.pk}, alice)
    monkeypatch.setattr(marks, "AT_ONCE", 2)
    store.update(ACCOUNTS, account.pk, {"name": "Lanna"}, alice)
    assert hits("Lanna") == 2
    perform(Job.objects.get(kind=marks.WORK))
    assert hits("Lanna") == 3
    ACCOUNTS.model.objects.filter(pk=account.pk).update(name="Isan")
    assert hits("Isan") == 0
    marks.take_left(0)
    assert hits("Isan") == 3


def test_amounts_of_several_currencies_are_not_added_up(made: Any, alice: User) -> None:
    made("accounts", "worth", relation="opportunities", aggregate="sum", related_field="amount")
    account = store.create(ACCOUNTS, {"name": "Siam", "currency": "THB"}, alice)
    deals = [store.create(DEALS, {"name": "Deal", "account": account.pk, "amount": "10.5", "currency": "THB"}, alice) for _one in "ab"]
    assert own(account) == {"worth": "21"}
    store.update(DEALS, deals[0].pk, {"currency": "USD"}, alice)
    assert own(account) == {}
    store.update(DEALS, deals[1].pk, {"currency": "USD"}, alice)
    store.update(ACCOUNTS, account.pk, {"currency": "USD"}, alice)
    assert own(account) == {"worth": "21"}


def test_activities_are_rolled_up_too(made: Any, alice: User) -> None:
    made("accounts", "open", relation="tasks", aggregate="count", criteria={"field": "done_at", "op": "is_empty"})
    made("accounts", "newest", relation="tasks", aggregate="latest", related_field="subject")
    one, other = (store.create(ACCOUNTS, {"name": name}, alice) for name in ("One", "Other"))
    task = store.create(registry["tasks"], {"subject": "Call", "about": [{"type": "accounts", "id": str(one.pk)}]}, alice)
    assert own(one) == {"open": "1", "newest": "Call"}
    store.update(registry["tasks"], task.pk, {"about": [{"type": "accounts", "id": str(other.pk)}]}, alice)
    assert (own(one), own(other)) == ({"open": "0"}, {"open": "1", "newest": "Call"})
    run(registry["tasks"], "done", task.pk, by=alice)
    assert own(other) == {"open": "0", "newest": "Call"}


def test_lines_of_a_document_are_rolled_up(made: Any, alice: User) -> None:
    made("opportunities", "pieces", relation="lines", aggregate="sum", related_field="quantity")
    product = store.create(registry["products"], {"name": "Lamp", "price": "5", "currency": "THB"}, None)
    lines = [{"product": product.pk, "quantity": "2"}, {"product": product.pk, "quantity": "3.5"}]
    deal = store.create(DEALS, {"name": "One", "lines": lines}, alice)
    assert deal.custom == {"pieces": "5.5"}
    store.update(DEALS, deal.pk, {"lines": lines[:1]}, alice)
    assert own(deal) == {"pieces": "2"}


def test_fields_that_follow_from_each_other_in_a_circle_are_refused(made: Any, api: Calls, dao: User) -> None:
    made("accounts", "total", relation="opportunities", aggregate="sum", related_field="probability")
    made("opportunities", "share", formula="probability / account.custom.total")
    wrong = {"type": "accounts", "label": "Shares", "kind": "roll_up", "relation": "opportunities", "aggregate": "sum"}
    fine = api(dao).post("custom-fields/", {**wrong, "related_field": "custom.share"})
    assert fine.status_code == 201
    total = CustomField.objects.get(key="total")
    answer = api(dao).patch(f"custom-fields/{total.pk}/", {"related_field": "custom.share"})
    assert answer.status_code == 422
    assert "Accounts: Total → Opportunities: Share → Accounts: Total" in answer.json()["errors"][0]["message"]
    assert api(dao).delete(f"custom-fields/{total.pk}/").status_code == 409


def test_what_is_wrong_is_told_by_field(api: Calls, dao: User) -> None:
    roll = {"type": "accounts", "label": "X", "kind": "roll_up", "relation": "opportunities", "aggregate": "sum", "related_field": "amount"}
    formula = {"type": "leads", "label": "X", "kind": "formula", "formula": "score + 1"}
    today = {"field": "close_on", "op": "eq", "value": {"var": "today"}}
    cases: list[tuple[dict[str, Any], str]] = [
        ({**formula, "formula": "scor + 1"}, "formula"),
        ({**formula, "result": "date"}, "result"),
        ({**roll, "relation": "nothing"}, "relation"),
        ({**roll, "aggregate": ""}, "aggregate"),
        ({**roll, "related_field": "name"}, "related_field"),
        ({**roll, "aggregate": "latest", "latest_by": "name"}, "latest_by"),
        ({**roll, "criteria": {"field": "nothing", "op": "eq", "value": 1}}, "criteria"),
        ({**roll, "criteria": today}, "criteria"),
        ({**roll, "criteria": {"field": "tasks", "op": "any"}}, "criteria"),
    ]
    for values, field in cases:
        answer = api(dao).post("custom-fields/", values)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field), values


def test_more_records_than_one_statement_takes_follow_in_a_job(made: Any, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "AT_ONCE", 2)
    field = made("opportunities", "where", formula="account.country")
    account = store.create(ACCOUNTS, {"name": "Siam", "country": "TH"}, alice)
    deals = [store.create(DEALS, {"name": f"Deal {number}", "account": account.pk}, alice) for number in range(3)]
    store.update(ACCOUNTS, account.pk, {"country": "CN"}, alice)
    store.update(ACCOUNTS, account.pk, {"country": "JP"}, alice)
    assert own(deals[0]) == {"where": "TH"}
    assert work.waiting() == {str(field.pk)}
    work.recompute_asked(field=str(field.pk))
    assert [own(deal) for deal in deals] == [{"where": "JP"}] * 3
    assert Job.objects.get(kind=work.WORK).done == 3


def test_a_removed_formula_stops_and_a_restored_one_goes_on(made: Any, alice: User, dao: User) -> None:
    field = made("leads", "twice", formula="employees * 2")
    lead = store.create(registry["leads"], {"name": "Ann", "employees": 1}, alice)
    store.remove(registry["custom-fields"], field.pk, dao)
    store.update(registry["leads"], lead.pk, {"employees": 5}, alice)
    assert own(lead) == {"twice": "2"}
    run(registry["custom-fields"], "restore", field.pk, by=dao)
    assert own(lead) == {"twice": "10"}


def test_a_formula_that_names_something_gone_is_empty_and_harms_nobody(made: Any, alice: User, dao: User) -> None:
    custom_fields = registry["custom-fields"]
    size = store.create(custom_fields, {"type": "leads", "label": "Size", "kind": "number"}, dao)
    version.refresh()
    field = made("leads", "twice", formula="custom.size * 2")
    for one in (field, size):
        store.remove(custom_fields, one.pk, dao)
    version.refresh()
    run(custom_fields, "restore", field.pk, by=dao)
    work.recompute_asked(field=str(field.pk))
    assert store.create(registry["leads"], {"name": "Ann"}, alice).custom == {}


def test_own_types_share_a_table_but_no_formula(made: Any, api: Calls, dao: User) -> None:
    for name in ("boat", "car"):
        api(dao).post("custom-types/", {"label": name, "label_plural": f"{name}s"})
    made("boats", "size", formula="length(name)")
    made("accounts", "boats", relation="accounts", aggregate="count")
    boat, car = (api(dao).post(f"{kind}/", {"name": "Ferry"}).json() for kind in ("boats", "cars"))
    assert (boat["custom"], car["custom"]) == ({"size": "5"}, {})


# --- random changes, compared with what comes out of nothing


class Sales:
    """Accounts, their deals and every way in which these change."""

    def __init__(self, seed: int, by: User) -> None:
        self.random, self.by = random.Random(seed), by
        self.accounts = [store.create(ACCOUNTS, {"name": f"Account {number}"}, by) for number in range(4)]
        self.stages = list(registry["stages"].model.objects.live())
        self.deals: list[Any] = []

    def deal(self) -> Any:
        """One of the deals."""
        return self.random.choice(self.deals) if self.deals else self.add()

    def account(self) -> Any:
        """One of the accounts."""
        return self.random.choice(self.accounts)

    def probability(self) -> int:
        return self.random.randint(0, 9)

    def add(self) -> Any:
        values = {
            "name": "Deal",
            "account": self.account().pk,
            "stage": self.random.choice(self.stages[:2]).pk,
            "probability": self.probability(),
        }
        self.deals.append(store.create(DEALS, values, self.by))
        return self.deals[-1]

    def edit(self) -> None:
        self.rows().filter(pk=self.deal().pk).update(probability=self.probability())

    def move(self) -> None:
        self.rows().filter(pk=self.deal().pk).update(account=self.random.choice([None, self.account()]))

    def move_many(self) -> None:
        self.rows().filter(probability__gt=4).update(account=self.account(), version=F("version") + 1)

    def advance(self) -> None:
        self.rows().filter(pk=self.deal().pk).update(stage=self.random.choice(self.stages))

    def turn(self) -> None:
        stage = self.random.choice(self.stages)
        type(stage).objects.filter(pk=stage.pk).update(kind=self.random.choice(["open", "won", "lost"]))

    def lift(self) -> None:
        account = self.account()
        ACCOUNTS.model.objects.filter(pk=account.pk).update(
            parent=self.random.choice([None, *(one for one in self.accounts if one.pk < account.pk)])
        )

    def remove(self) -> None:
        deal = DEALS.model.objects.live().filter(pk=self.deal().pk).first()
        if deal is not None:
            store.remove(DEALS, deal.pk, self.by)

    def restore(self) -> None:
        deal = DEALS.model.objects.exclude(deleted_at=None).first()
        if deal is not None:
            run(DEALS, "restore", deal.pk, by=self.by)

    def erase(self) -> None:
        deal = DEALS.model.objects.exclude(deleted_at=None).first()
        if deal is not None:
            self.deals = [one for one in self.deals if one.pk != deal.pk]
            purge(DEALS, deal.pk, self.by)

    def by_sql(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE sales_opportunity SET probability = probability + 1, custom = '{}' WHERE account_id = %s", [self.account().pk]
            )

    def rows(self) -> Any:
        return DEALS.model.objects.filter(pk__in=[deal.pk for deal in self.deals])

    def change(self) -> None:
        """One change of any kind."""
        ways = [self.add, self.add, self.edit, self.move, self.move_many, self.advance, self.turn, self.lift, self.remove, self.restore]
        self.random.choice([*ways, self.erase, self.by_sql])()

    def expected(self) -> Iterator[tuple[Any, dict[str, str]]]:
        """What every own value has to be, worked out of nothing."""
        won = {}
        for account in ACCOUNTS.model.objects.all():
            deals = DEALS.model.objects.live().filter(account=account)
            won[account.pk] = deals.filter(stage__kind="won").aggregate(n=Sum("probability"))["n"], deals.count(), account.parent_id
        for key, (total, count, _parent) in won.items():
            below = [found[0] for found in won.values() if found[2] == key and found[0] is not None]
            worth = None if total is None else Decimal(total) * 2 + count
            yield key, told(deals=count, won=total, worth=worth, group=sum(below) if below else None)
        for deal in DEALS.model.objects.filter(account__isnull=False):
            total = won[deal.account_id][0]
            yield deal.pk, told(share=None if not total else round(Decimal(deal.probability) / total, 4))


def told(**values: Any) -> dict[str, str]:
    """Numbers as own fields keep them."""
    return {key: format(Decimal(value).normalize() + 0, "f") for key, value in values.items() if value is not None}


@pytest.mark.property
@pytest.mark.parametrize("seed", range(4))
def test_after_any_changes_all_is_as_if_worked_out_of_nothing(made: Any, dao: User, seed: int) -> None:
    made("accounts", "deals", relation="opportunities", aggregate="count")
    made("accounts", "won", relation="opportunities", aggregate="sum", related_field="probability", criteria=WON)
    made("accounts", "worth", formula="custom.won * 2 + custom.deals")
    made("accounts", "group", relation="accounts", aggregate="sum", related_field="custom.won")
    made("opportunities", "share", formula="probability / account.custom.won")
    sales = Sales(seed, dao)
    for _change in range(25):
        sales.change()
        kept = dict(ACCOUNTS.model.objects.values_list("pk", "custom")) | dict(DEALS.model.objects.values_list("pk", "custom"))
        for key, values in sales.expected():
            assert kept[key] == values


@pytest.mark.django_db
def test_a_company_without_such_fields_pays_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'renmai_compute%' OR tgname LIKE 'renmai_dependents%'")
        assert cursor.fetchone()[0] == 0
