"""Files of every kind whose rows come back, each for a reason of its own, are mended and go in."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from renmai.kernel.access.user import User
from renmai.kernel.files.store import keep
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.transfer.model import ChangeSet
from renmai.kernel.transfer.plan import Plan
from renmai.kernel.transfer.propose import propose
from renmai.kernel.transfer.read import look
from renmai.kernel.transfer.run import prepare, run
from renmai.kernel.transfer.tests.files import counts, errors
from renmai.kernel.transfer.tests.test_wizard import own_folder

pytestmark = pytest.mark.django_db
__all__ = ["own_folder"]

PEOPLE = registry["people"]
HEADER = ["姓名", "电子邮件", "公司", "生日", "编号"]
ROWS = [
    ["王伟", "wang@example.com", "华南贸易", "1980-02-29", "007"],
    ["李娜", "没有", "华南贸易", "", "008"],
    ["张敏", "zhang@example.com", "不存在的公司", "", "009"],
    ["刘洋", "liu@example.com", "", "1981-02-30", "010"],
    ["=陈静", "坏", "重名", "", "011"],
]
MENDED = {"没有": "li@example.com", "坏": "chen@example.com", "不存在的公司": "华南贸易", "重名": "", "1981-02-30": "1981-02-28"}
CARD = """BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{0}\r\nN:{0};;;;\r\nEMAIL;TYPE=WORK:{1}\r\nORG:{2}\r\nEND:VCARD\r\n"""
CARDS = "".join(CARD.format(*row) for row in ROWS[:3])


def _workbook() -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in [HEADER, *ROWS]:
        book.active.append([_as_text(book.active, text) for text in row])
    book.save(file)
    return file.getvalue()


def _as_text(sheet: Any, text: str) -> WriteOnlyCell:
    """A cell that holds no formula, whatever its text begins with."""
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell


def _table(encoding: str) -> bytes:
    return "\r\n".join(",".join(row) for row in [HEADER, *ROWS]).encode(encoding)


def _imported(name: str, content: bytes, by: User) -> ChangeSet:
    stored = keep(name, [content], by=by)
    found = look(stored.path)
    proposal = propose(PEOPLE, found)
    plan = Plan.of({"columns": proposal.mapping, "name_template": proposal.name_template, "reading": proposal.reading.as_json()})
    change_set = prepare(PEOPLE, stored, plan, found.layout, by=by)
    run(change_set, by=by)
    return change_set


def _mended(back: list[dict[str, str]]) -> bytes:
    """The file as somebody mends it in a spreadsheet: wrong values replaced wherever they stand."""
    file = io.StringIO()
    writer = csv.DictWriter(file, back[0].keys())
    writer.writeheader()
    writer.writerows({name: MENDED.get(text, text) for name, text in row.items()} for row in back)
    return b"\xef\xbb\xbf" + file.getvalue().encode()


@pytest.mark.parametrize(
    ("name", "content", "failed", "made"),
    [
        ("contacts.xlsx", _workbook, 4, 5),
        ("contacts.csv", lambda: _table("gb18030"), 4, 5),
        ("contacts.vcf", CARDS.encode, 2, 3),
    ],
)
def test_every_row_that_came_back_goes_in_once_it_is_mended(
    name: str, content: Callable[[], bytes], failed: int, made: int, alice: User
) -> None:
    for title in ("华南贸易", "重名", "重名"):
        create(registry["accounts"], {"name": title}, alice)
    first = _imported(name, content(), alice)
    back = errors(first)
    assert (counts(first), [bool(row["Reason"]) for row in back]) == ((made - failed, 0, 0, failed), [True] * failed)
    again = _imported("mended.csv", _mended(back), alice)
    assert counts(again) == (failed, 0, 0, 0)
    people = PEOPLE.model.objects.filter(email__in=["wang@example.com", "li@example.com", "zhang@example.com"])
    assert {person.account.title for person in people} == {"华南贸易"}
    assert PEOPLE.model.objects.filter(name__in=["王伟", "李娜", "张敏", "刘洋", "=陈静"]).count() == made
