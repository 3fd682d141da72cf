"""As of a moment: every picture that was taken then is shown again, under the permissions of today."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from renmai.kernel.access.user import Role, User
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.actions.run import run
from renmai.kernel.criteria import condition
from renmai.kernel.history.model import KnownField
from renmai.kernel.history.past import as_of, past
from renmai.kernel.records.counting import count
from renmai.kernel.records.groups import groups
from renmai.kernel.records.listing import Question, page, sorts
from renmai.kernel.records.reading import as_json
from renmai.kernel.records.store import create, remove, update
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.testing.people import Api, again

ACCOUNTS, QUOTES, NOTES, LEADS = registry["accounts"], registry["quotes"], registry["notes"], registry["leads"]
By = Callable[[User], Api]
UNKEPT = {"search", "match_keys"}  # what only the database looks at has no past


def moment() -> dt.datetime:
    """Now by the clock that the history goes by."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]  # type: ignore[no-any-return]


def ids(kind: RecordType, by: User, *, sort: str = "", tree: Any = None, limit: int = 50) -> list[str]:
    """Every id that a list shows, page after page."""
    found: list[str] = []
    after = None
    while True:
        asked = Question(kind, by, condition(tree, kind, by) if tree else None, sorts=sorts(kind, sort))
        rows, after = page(asked, limit=limit, after=after)
        found += [str(row.pk) for row in rows]
        if after is None:
            return found


def names(by: User, at: dt.datetime, **asked: Any) -> list[str]:
    with past(at, by):
        keys = ids(ACCOUNTS, by, **asked)
        titles = dict(ACCOUNTS.model.objects.visible_to(by).filter(pk__in=keys).values_list("pk", "title"))
    return [{str(pk): title for pk, title in titles.items()}[key] for key in keys]


def test_what_was_changed_since_is_shown_as_it_was(alice: User) -> None:
    account = create(ACCOUNTS, {"name": "Siam Steel", "tags": ["old"]}, alice)
    then = moment()
    update(ACCOUNTS, account.pk, {"name": "Thai Steel", "tags": ["new", "er"]}, alice)
    with past(then, alice):
        item = as_json(ACCOUNTS, page(Question(ACCOUNTS, alice))[0], alice)[0]
    assert (item["name"], item["tags"], item["version"]) == ("Siam Steel", ["old"], 1)


def test_what_was_made_since_is_not_there_and_what_was_deleted_since_is(alice: User) -> None:
    gone = create(ACCOUNTS, {"name": "Gone"}, alice)
    then = moment()
    remove(ACCOUNTS, gone.pk, alice)
    create(ACCOUNTS, {"name": "New"}, alice)
    assert names(alice, then) == ["Gone"]


def test_an_import_of_old_records_does_not_change_the_past(alice: User) -> None:
    then = moment()
    made = create(ACCOUNTS, {"name": "Old"}, alice)
    ACCOUNTS.model.objects.filter(pk=made.pk).update(created_at=then - dt.timedelta(days=900))
    assert names(alice, then) == []


def test_filter_sort_groups_and_sums_go_by_the_values_of_then(alice: User) -> None:
    leads = [create(LEADS, {"name": name, "expected_amount": str(worth), "currency": "THB"}, alice) for name, worth in (("A", 5), ("B", 7))]
    then = moment()
    update(LEADS, leads[0].pk, {"name": "Z", "status": "working", "expected_amount": "100"}, alice)
    with past(then, alice):
        assert ids(LEADS, alice, sort="name") == [str(lead.pk) for lead in leads]
        assert ids(LEADS, alice, tree={"field": "status", "op": "eq", "value": "working"}) == []
        told = groups(Question(LEADS, alice), "status", "expected_amount")
    assert [(group["key"], group["count"], group["sums"]) for group in told] == [("new", 2, [{"currency": "THB", "sum": "12.00"}])]


def test_links_bear_their_title_of_that_day(alice: User) -> None:
    parent = create(ACCOUNTS, {"name": "Siam Group"}, alice)
    child = create(ACCOUNTS, {"name": "Child", "parent": str(parent.pk)}, alice)
    then = moment()
    update(ACCOUNTS, parent.pk, {"name": "World Group"}, alice)
    update(ACCOUNTS, child.pk, {"parent": None}, alice)
    with past(then, alice):
        item = as_json(ACCOUNTS, list(ACCOUNTS.model.objects.visible_to(alice).filter(pk=child.pk)), alice)[0]
        assert ids(ACCOUNTS, alice, tree={"field": "parent.name", "op": "eq", "value": "Siam Group"}) == [str(child.pk)]
    assert item["parent"]["title"] == "Siam Group"


def test_the_lines_of_a_document_are_those_of_then(alice: User) -> None:
    lines = [{"description": "Steel", "quantity": "2", "unit_price": "10"}, {"description": "Rope", "quantity": "1", "unit_price": "3"}]
    quote = create(QUOTES, {"currency": "THB", "lines": lines}, alice)
    then = moment()
    update(QUOTES, quote.pk, {"lines": [{"id": str(quote.rows("lines")[0].pk), "description": "Iron", "quantity": "9"}]}, alice)
    with past(then, alice):
        item = as_json(QUOTES, list(QUOTES.model.objects.visible_to(alice)), alice)[0]
    assert [(line["description"], line["quantity"]) for line in item["lines"]] == [("Steel", "2"), ("Rope", "1")]
    assert item["total"] == "23.00"


def test_what_a_note_was_about_is_what_it_was_about_then(alice: User) -> None:
    first, second = (create(ACCOUNTS, {"name": name}, alice) for name in ("First", "Second"))
    note = create(NOTES, {"body": "Called", "about": [{"type": "accounts", "id": str(first.pk)}]}, alice)
    then = moment()
    update(NOTES, note.pk, {"about": [{"type": "accounts", "id": str(second.pk)}]}, alice)
    with past(then, alice):
        item = as_json(NOTES, list(NOTES.model.objects.visible_to(alice)), alice)[0]
    assert [link["title"] for link in item["about"]] == ["First"]


def test_today_and_now_are_those_of_then(alice: User) -> None:
    create(ACCOUNTS, {"name": "Siam Steel"}, alice)
    update(ACCOUNTS, ACCOUNTS.model.objects.get().pk, {"city": "Bangkok"}, alice)
    tree = {"field": "created_at", "op": "before", "value": {"var": "now"}}
    with past(moment() + dt.timedelta(days=1), alice):
        assert len(ids(ACCOUNTS, alice, tree=tree)) == 1


def test_what_is_gone_for_good_stays_gone(alice: User) -> None:
    account = create(ACCOUNTS, {"name": "Siam Steel"}, alice)
    then = moment()
    update(ACCOUNTS, account.pk, {"city": "Bangkok"}, alice)
    ACCOUNTS.model.objects.filter(pk=account.pk).delete()
    assert names(alice, then) == []


def test_todays_permissions_count_not_those_of_then(alice: User, bob: User, charlie: User) -> None:
    account = create(ACCOUNTS, {"name": "Siam Steel"}, alice)
    then = moment()
    run(ACCOUNTS, "assign", account.pk, by=alice, arguments={"owner": str(charlie.pk)})
    assert names(charlie, then) == ["Siam Steel"]
    assert names(alice, then) == names(bob, then) == []


def test_a_right_by_criteria_looks_at_the_record_of_today(alice: User, charlie: User) -> None:
    rights = {"accounts": {"view": {"criteria": {"field": "city", "op": "eq", "value": "Bangkok"}}}}
    Role.objects.filter(name="rep").update(rights=rights)
    account = create(ACCOUNTS, {"name": "Siam Steel", "city": "Bangkok"}, None)
    then = moment()
    assert names(again(charlie), then) == ["Siam Steel"]
    ACCOUNTS.model.objects.filter(pk=account.pk).update(city="Taipei")
    assert names(again(charlie), then) == []


def test_the_past_is_counted(alice: User) -> None:
    for number in range(3):
        create(ACCOUNTS, {"name": str(number)}, alice)
    then = moment()
    create(ACCOUNTS, {"name": "New"}, alice)
    with past(then, alice):
        assert count(Question(ACCOUNTS, alice)) == (3, False)


def test_the_past_cannot_be_written(alice: User) -> None:
    account = create(ACCOUNTS, {"name": "Siam Steel"}, alice)
    with past(moment(), alice), pytest.raises(RuntimeError):
        ACCOUNTS.model.objects.filter(pk=account.pk).update(city="X")


@pytest.mark.parametrize("text", ["yesterday", "2025-13-01", "2025-11-22T", "9999-12-31", "0001-01-01T00:00:00+14:00"])
def test_a_day_that_cannot_be_read_or_lies_ahead_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        as_of(text)


def test_a_day_means_its_end_and_today_means_now() -> None:
    with timezone.override("Asia/Bangkok"):
        assert as_of("2025-11-22") == dt.datetime(2025, 11, 22, 16, 59, 59, 999999, tzinfo=dt.UTC)
        assert as_of(timezone.localdate().isoformat()) <= timezone.now()  # type: ignore[operator]


class Story:
    """A company in which everything happens at random: edits, deletions, restorations, statements typed by hand, rows gone for good."""

    def __init__(self, seed: int, by: User) -> None:
        self.dice, self.by = random.Random(seed), by
        self.quotes: list[Any] = []
        self.verbs: list[Callable[[], None]] = [
            self.make,
            self.edit,
            self.edit,
            self.edit,
            self.drop,
            self.restore,
            self.by_hand,
            self.lines,
        ]

    def step(self) -> None:
        with transaction.atomic():
            self.dice.choice(self.verbs)()

    def some(self, **state: Any) -> Any:
        found = list(ACCOUNTS.model.objects.filter(**state).order_by("pk"))
        return self.dice.choice(found) if found else None

    def word(self) -> str:
        return self.dice.choice(["Steel", "王伟", "สมชาย", "O'Neill \\ {}", "ß", ""])

    def make(self) -> None:
        create(ACCOUNTS, {"name": self.word() or "Acme", "city": self.word()}, self.by)
        self.quotes.append(create(QUOTES, {"currency": "THB", "lines": [self.line()]}, self.by))

    def line(self) -> dict[str, Any]:
        return {"description": self.word() or "Thing", "quantity": str(self.dice.randint(1, 9)), "unit_price": "1.2345"}

    def edit(self) -> None:
        account = self.some(deleted_at=None)
        if account is None:
            return
        parent = self.some(deleted_at=None)
        values: dict[str, Any] = {
            "name": self.word() or "Acme",
            "city": self.word(),
            "tags": self.dice.sample(["a", "b", "c"], self.dice.randint(0, 3)),
            "annual_revenue": self.dice.choice([None, "0.0001", "1234567890123456", "12.5"]),
            "external_ids": self.dice.choice([{}, {"zoho": str(account.pk)}]),
            "phones": self.dice.choice([[], [{"value": "021234567", "kind": "work"}]]),
            "parent": str(parent.pk) if parent.pk > account.pk else None,
        }
        chosen = self.dice.sample(sorted(values), self.dice.randint(1, 4))
        update(ACCOUNTS, account.pk, {name: values[name] for name in chosen}, self.by)

    def drop(self) -> None:
        if account := self.some(deleted_at=None):
            remove(ACCOUNTS, account.pk, self.by)

    def restore(self) -> None:
        if account := self.some(deleted_at__isnull=False):
            run(ACCOUNTS, "restore", account.pk, by=self.by)

    def by_hand(self) -> None:
        """Without a verb: several rows at once, an amount, own fields."""
        rows = ACCOUNTS.model.objects.filter(pk__in=[account.pk for account in (self.some(), self.some()) if account])
        rows.update(
            custom=self.dice.choice([{}, {"budget": 5}, {"budget": 7, "size": ["L"]}]),
            annual_revenue=self.dice.choice([None, Decimal("3.5")]),
            version=self.dice.randint(1, 99),
        )

    def lines(self) -> None:
        if self.quotes:
            quote = self.dice.choice(self.quotes)
            kept = [
                {"id": str(row.pk), "quantity": str(self.dice.randint(1, 9))} for row in quote.rows("lines") if self.dice.random() < 0.6
            ]
            full = [{"description": row.description, "unit_price": str(row.unit_price)} for row in quote.rows("lines")]
            rows = [{**values, **more} for values, more in zip(full, kept, strict=False)]
            update(QUOTES, quote.pk, {"lines": [*rows, self.line()]}, self.by)


def picture(by: User) -> dict[str, Any]:
    """Everything that can be read, and every order of it."""
    rows = {kind.slug: list(kind.model.objects.order_by("pk").values()) for kind in (ACCOUNTS, QUOTES)}
    lines = list(QUOTES.collections["lines"].model._default_manager.order_by("pk").values())
    orders = {sort: ids(ACCOUNTS, by, sort=sort, limit=3) for sort in ("name", "-created_at", "-name")}
    return {"rows": {slug: [_bare(row) for row in found] for slug, found in rows.items()}, "lines": lines, "orders": orders}


def _bare(row: dict[str, Any]) -> dict[str, Any]:
    return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items() if name not in UNKEPT}


@pytest.mark.property
@pytest.mark.parametrize("seed", range(2))
def test_each_picture_that_was_taken_is_shown_again_exactly(dao: User, seed: int) -> None:
    story = Story(seed, dao)
    taken: list[tuple[dt.datetime, dict[str, Any]]] = []
    for place in range(48):
        story.step()
        if place % 6 == 0:
            taken.append((moment(), picture(dao)))
    for at, before in taken:
        with past(at, dao):
            assert picture(dao) == before


def test_a_field_that_did_not_exist_then_is_named(alice: User, api: By) -> None:
    create(ACCOUNTS, {"name": "Siam Steel", "city": "Bangkok"}, alice)
    then = moment()
    KnownField.objects.filter(type="accounts", name="city").update(since=timezone.now())
    answer = api(alice).get("accounts/", as_of=then.isoformat()).json()
    assert (answer["missing"], answer["items"][0]["city"]) == (["city", "goes_back_at"], None), "of the other no history is kept"


def test_the_api_reads_lists_records_and_groups_as_of(alice: User, api: By) -> None:
    account = create(ACCOUNTS, {"name": "Siam Steel", "industry": "Steel"}, alice)
    then = moment().isoformat()
    update(ACCOUNTS, account.pk, {"industry": "Rope"}, alice)
    program = api(alice)
    assert program.get("accounts/", as_of=then).json()["items"][0]["industry"] == "Steel"
    assert program.get(f"accounts/{account.pk}/", as_of=then).json()["industry"] == "Steel"
    assert program.get("accounts/groups/", by="industry", as_of=then).json()["items"][0]["key"] == "Steel"
    assert program.get("accounts/", as_of=then, q="siam").status_code == 422
    assert program.get("accounts/", as_of="soon").status_code == 422
    tree = json.dumps({"field": "industry", "op": "eq", "value": "Steel"})
    assert program.get("accounts/", as_of=then, filter=tree, total=1).json()["total"] == 1


def test_a_record_that_was_not_there_yet_is_not_found(alice: User, api: By) -> None:
    then = moment().isoformat()
    account = create(ACCOUNTS, {"name": "Siam Steel"}, alice)
    assert api(alice).get(f"accounts/{account.pk}/", as_of=then).status_code == 404
