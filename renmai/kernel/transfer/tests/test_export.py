from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Forbidden, Invalid
from renmai.kernel.history.model import ExternalId
from renmai.kernel.records.listing import Question, sorts
from renmai.kernel.records.reading import as_json
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.transfer import export as exporting
from renmai.kernel.transfer.export import Export, csv_lines, write_xlsx
from renmai.kernel.transfer.guard import guarded, unguarded
from renmai.kernel.transfer.tests.files import counts, imported

LEADS = registry["leads"]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stored files go with the test."""
    from renmai.kernel.files import model

    monkeypatch.setattr(model, "FOLDER", tmp_path)


def export(slug: str, by: User, *names: str, sort: str = "", for_people: bool = False, where: Any = None) -> Export:
    kind = registry[slug]
    return Export.of(Question(kind, by, where, sorts=sorts(kind, sort)), names, for_people=for_people)


def table(export: Export) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(csv_lines(export, bom=False)))))


@given(st.text())
def test_a_guarded_text_is_no_formula_and_comes_back(text: str) -> None:
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unguarded(guarded(text)) == text


@pytest.mark.django_db
@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "'=1"])
def test_text_never_becomes_a_formula(dao: User, tmp_path: Path, evil: str) -> None:
    create(LEADS, {"name": evil}, dao)
    found = export("leads", dao, "name")
    assert table(found)[0]["name"] == f"'{evil}"
    write_xlsx(found, tmp_path / "x.xlsx")
    rows = CalamineWorkbook.from_path(str(tmp_path / "x.xlsx")).get_sheet_by_index(0).to_python()
    assert rows[1][1] == evil


@pytest.mark.django_db
def test_numbers_stay_numbers(dao: User, tmp_path: Path) -> None:
    create(LEADS, {"name": "Ada", "expected_amount": "-5.5", "employees": 12, "currency": "THB"}, dao)
    found = export("leads", dao, "expected_amount", "employees")
    assert table(found)[0]["expected_amount"] == "-5.50"
    write_xlsx(found, tmp_path / "x.xlsx")
    rows = CalamineWorkbook.from_path(str(tmp_path / "x.xlsx")).get_sheet_by_index(0).to_python()
    assert rows[1][1:] == [-5.5, 12.0]


@pytest.mark.django_db
@pytest.mark.parametrize("for_people", [True, False])
def test_columns_say_what_records_say(alice: User, charlie: User, monkeypatch: pytest.MonkeyPatch, for_people: bool) -> None:
    monkeypatch.setattr(exporting, "CHUNK", 2)
    hidden = create(registry["campaigns"], {"name": "Not hers"}, charlie)
    whole = {
        "source": "web",
        "expected_amount": "12.3450",
        "currency": "JPY",
        "employees": 0,
        "tags": ["a", "b,c"],
        "external_ids": {"x": "1"},
    }
    create(LEADS, {"name": "Ada", "campaign": str(hidden.pk), **whole}, None)
    for name in ("=1", "Zoë", "王伟"):
        create(LEADS, {"name": name, "owner": str(alice.pk), "expected_amount": "7", "currency": "THB"}, None)
    LEADS.model.objects.update(owner=alice, team=alice.team)
    for sort in ("-expected_amount", "name", "-created_at"):
        wanted = export("leads", alice, sort=sort, for_people=for_people)
        by_column, by_record = ([[cell if cell != "" else None for cell in row] for row in rows_of(pages)] for pages in ways_of(wanted))
        assert by_column == by_record and len(by_column) == 4


def ways_of(export: Export) -> tuple[Any, Any]:
    """The pages read as plain values, and as records."""
    return export._of_columns(), export._of_records()


def rows_of(pages: Any) -> Any:
    """Pages of columns as rows."""
    return (row for columns in pages for row in zip(*columns, strict=True))


@pytest.mark.django_db
def test_only_what_one_may_see_goes_out(alice: User, bob: User, charlie: User) -> None:
    create(LEADS, {"name": "Ada"}, alice)
    assert [row["name"] for row in table(export("leads", alice))] == ["Ada"]
    assert table(export("leads", bob)) == []
    assert table(export("leads", charlie)) == []


@pytest.mark.django_db
def test_a_linked_record_that_one_may_not_see_stays_hidden(alice: User, charlie: User, dao: User) -> None:
    secret = create(registry["accounts"], {"name": "Secret", "owner": charlie}, dao)
    create(registry["people"], {"name": "Ada", "account": secret, "owner": alice}, dao)
    row = table(export("people", alice))[0]
    assert (row["account"], row["account.id"]) == ("", "")


@pytest.mark.django_db
def test_whom_roles_do_not_let_export_is_refused(dao: User) -> None:
    role = create(registry["roles"], {"name": "viewer", "rights": {"leads": {"view": "all"}}}, dao)
    eve = create(registry["users"], {"name": "Eve", "roles": [str(role.pk)]}, dao)
    with pytest.raises(Forbidden):
        export("leads", eve)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_field_that_is_hidden_or_unknown_is_refused(dao: User) -> None:
    hiding = create(registry["roles"], {"name": "x", "rights": {"*": {"*": "all"}}, "fields": {"leads": {"email": "hidden"}}}, dao)
    eve: Any = create(registry["users"], {"name": "Eve", "roles": [str(hiding.pk)]}, dao)
    create(LEADS, {"name": "Ada", "email": "ada@example.com"}, dao)
    assert "email" not in table(export("leads", eve))[0]
    for name in ("email", "nonsense"):
        with pytest.raises(Invalid):
            export("leads", eve, name)


@pytest.mark.django_db
def test_people_get_labels_and_words(dao: User) -> None:
    create(LEADS, {"name": "Ada", "status": "mql"}, dao)
    assert table(export("leads", dao, "name", "status", for_people=True)) == [{"Name": "Ada", "Status": "Marketing qualified"}]


@pytest.mark.django_db
def test_order_and_pages(dao: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "CHUNK", 2)
    for name in "CADBE":
        create(LEADS, {"name": name}, dao)
    assert [row["name"] for row in table(export("leads", dao, "name", sort="-name"))] == list("EDCBA")


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_an_export_that_is_imported_again_gives_the_same_records(dao: User, tmp_path: Path, format: str) -> None:
    acme = create(registry["accounts"], {"name": "Acme"}, dao)
    create(registry["accounts"], {"name": "Acme"}, dao)
    values = {
        "name": '=เอดา, "Countess"\nof 洛夫萊斯',
        "email": "ada@example.com",
        "phone": "+66812345678",
        "birthday": dt.date(1985, 12, 10),
        "account": acme,
        "emails": [{"value": "ada@example.com", "kind": "work", "primary": True}, {"value": "b@example.com", "kind": "home"}],
        "tags": ["vip", "a, b"],
        "external_ids": {"old": "7"},
        "country": "GB",
        "owner": dao,
    }
    one = create(registry["people"], values, dao)
    one.created_at = dt.datetime(2020, 5, 1, 3, 4, 5, tzinfo=dt.UTC)
    one.save(update_fields=["created_at"])
    before = as_json(registry["people"], [one], None)[0]
    text = _round_trip(export("people", dao), tmp_path, format)
    type(one).objects.all().delete()
    ExternalId.objects.all().delete()
    change_set = imported(text, "people", by=dao)
    assert (counts(change_set), list(change_set.rows_of_file.values_list("reason", flat=True))) == ((1, 0, 0, 0), [""])
    after = as_json(registry["people"], [type(one).objects.get()], None)[0]
    passing = {"id", "updated_at", "affiliations"}
    assert {name: value for name, value in after.items() if name not in passing} == {
        name: value for name, value in before.items() if name not in passing
    }


def _round_trip(found: Export, folder: Path, format: str) -> str:
    """The file as CSV text; a workbook is read as any reader of workbooks does."""
    if format == "csv":
        return "".join(csv_lines(found, bom=False))
    write_xlsx(found, folder / "x.xlsx")
    out = io.StringIO()
    for row in CalamineWorkbook.from_path(str(folder / "x.xlsx")).get_sheet_by_index(0).to_python():
        csv.writer(out).writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue()


@pytest.mark.django_db
def test_the_exact_amount_survives_a_workbook(dao: User, tmp_path: Path) -> None:
    create(LEADS, {"name": "Ada", "expected_amount": Decimal("123456789012345.67"), "currency": "THB"}, dao)
    write_xlsx(export("leads", dao, "expected_amount"), tmp_path / "x.xlsx")
    rows = CalamineWorkbook.from_path(str(tmp_path / "x.xlsx")).get_sheet_by_index(0).to_python()
    assert rows[1][1] == "123456789012345.67"


@pytest.mark.django_db
def test_the_number_of_queries_follows_pages_not_rows(dao: User, django_assert_max_num_queries: Any) -> None:
    imported("Name\n" + "".join(f"Lead {number}\n" for number in range(300)), "leads", by=dao)
    with django_assert_max_num_queries(12):
        assert len(table(export("leads", dao))) == 300
