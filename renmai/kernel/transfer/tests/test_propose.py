from __future__ import annotations

from pathlib import Path

import pytest

from renmai.kernel.records.types import registry
from renmai.kernel.transfer.propose import Proposal, propose
from renmai.kernel.transfer.read import look


def proposed(tmp_path: Path, slug: str, text: str) -> Proposal:
    path = tmp_path / "list.csv"
    path.write_text(text, "utf-8")
    return propose(registry[slug], look(path))


@pytest.mark.parametrize(
    ("slug", "header", "fields"),
    [
        ("leads", "name,email,expected_amount", ["name", "email", "expected_amount"]),
        ("leads", "Full Name,E-mail Address,Lead Source,Lead Owner", ["name", "email", "source", "owner"]),
        ("people", "First Name,Last Name,Title,Account Name", ["given_name", "family_name", "job_title", "account"]),
        ("people", "姓名,手机,邮箱,公司名称", ["name", "mobile", "email", "account"]),
        ("people", "姓名,手機,電子郵件,公司名稱", ["name", "mobile", "email", "account"]),
        ("leads", "Name / 姓名,E-mail／邮箱,City / State", ["name", "email"]),
        ("leads", "ชื่อ,นามสกุล,เบอร์โทรศัพท์,อีเมล", ["given_name", "family_name", "phone", "email"]),
        ("accounts", "ACCOUNTID,Account Name,Industry,Website", ["external_ids.import", "name", "industry", "domain"]),
        ("opportunities", "Record ID,Deal Name,Deal Stage,Deal owner,Amount", ["external_ids.import", "name", "stage", "owner", "amount"]),
        ("follow-ups", "EVENTID,Subject,CONTACTID,ACCOUNTID", ["external_ids.import", "subject", "about.people", "about.accounts"]),
        ("products", "product,series,sales_price", ["name", "category", "price"]),
    ],
)
def test_columns_are_known_by_the_names_that_systems_and_languages_give_them(
    tmp_path: Path, slug: str, header: str, fields: list[str]
) -> None:
    assert list(proposed(tmp_path, slug, f"{header}\n").mapping.values()) == fields


def test_a_strange_column_is_left_out(tmp_path: Path) -> None:
    assert proposed(tmp_path, "leads", "Name,Shoe size\nAda,38\n").mapping == {"Name": "name"}


def test_content_can_veto_a_name(tmp_path: Path) -> None:
    assert "Closed" not in proposed(tmp_path, "opportunities", "Name,Closed\nBig,Yes\nSmall,No\n").mapping


def test_addresses_and_numbers_are_known_by_content_under_any_name(tmp_path: Path) -> None:
    text = "Who,Where to,Call\nAda,ada@example.com,+66 81 234 5678\nBob,bob@example.com,02-123-4567\n"
    assert proposed(tmp_path, "leads", text).mapping == {"Where to": "email", "Call": "phone"}


def test_addresses_of_machines_are_no_phones(tmp_path: Path) -> None:
    assert "IP" not in proposed(tmp_path, "leads", "Name,IP\nAda,10.0.0.1\nBob,10.0.0.2\n").mapping


def test_the_order_of_dates_comes_from_the_whole_column(tmp_path: Path) -> None:
    found = proposed(tmp_path, "leads", "Name,Created Time\nAda,03/04/2021\nBob,31/12/2021\n")
    assert (found.reading.date_order, found.questions) == ("dmy", {})


def test_what_is_in_doubt_is_asked(tmp_path: Path) -> None:
    found = proposed(tmp_path, "leads", 'Name,Created Time,Budget\nAda,03/04/2021,"1,200"\n')
    assert set(found.questions) == {"date_order", "decimal"}


def test_buddhist_years_are_found_and_told(tmp_path: Path) -> None:
    found = proposed(tmp_path, "people", "Name,Birthday\nAda,31/12/2531\n")
    assert found.reading.era == "be"
    assert "era" in found.questions


@pytest.mark.parametrize(
    ("slug", "header", "template"),
    [
        ("opportunities", "account,product,stage", "{account} – {product}"),
        ("leads", "Company,Email", "{company}"),
        ("leads", "First Name,Email", ""),
        ("leads", "Lead ID,City", "{external_ids.import}"),
    ],
)
def test_a_name_is_made_where_no_column_is_one(tmp_path: Path, slug: str, header: str, template: str) -> None:
    assert proposed(tmp_path, slug, f"{header}\n").name_template == template
