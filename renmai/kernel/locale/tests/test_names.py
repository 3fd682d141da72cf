from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renmai.kernel.locale.names import Parts, compose, split


@pytest.mark.parametrize(
    ("family", "given_name", "other", "shown"),
    [
        ("王", "伟", "", "王伟"),
        ("陳", "大文", "David", "陳大文 David"),
        ("欧阳", "修", "", "欧阳修"),
        ("김", "정우", "", "김정우"),
        ("山田", "さくら", "", "山田さくら"),
        ("Smith", "John", "", "John Smith"),
        ("Smith", "John", "Q.", "John Q. Smith"),
        ("ใจดี", "สมชาย", "", "สมชาย ใจดี"),
        ("Chan", "大文", "", "大文 Chan"),
        ("", "สมชาย", "", "สมชาย"),
        ("王", "", "", "王"),
        ("", "", "", ""),
    ],
)
def test_a_name_is_in_the_order_of_its_script(family: str, given_name: str, other: str, shown: str) -> None:
    assert compose(family, given_name, other) == shown


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        (Parts("ใจดี", "สมชาย", "นาย"), "นายสมชาย ใจดี"),
        (Parts("王", "伟", "先生"), "王伟先生"),
        (Parts("王", "", "总"), "王总"),
        (Parts("Smith", "John", "Dr."), "Dr. John Smith"),
    ],
)
def test_a_title_stands_where_its_script_puts_it(parts: Parts, shown: str) -> None:
    assert compose(parts.family, parts.given, honorific=parts.honorific) == shown


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("นายสมชาย ใจดี", Parts("ใจดี", "สมชาย", "นาย")),
        ("นางสาวสุดา  รักไทย", Parts("รักไทย", "สุดา", "นางสาว")),
        ("นาง สุดา รักไทย", Parts("รักไทย", "สุดา", "นาง")),
        ("คุณสมชาย", Parts("", "สมชาย", "คุณ")),
        ("คุณน้ำฝน", Parts("", "น้ำฝน", "คุณ")),
        ("นายกิตติ ณ อยุธยา", Parts("ณ อยุธยา", "กิตติ", "นาย")),
        ("รศ.ดร.วิชัย ใจดี", Parts("ใจดี", "วิชัย", "รศ.ดร.")),
        ("王先生", Parts("王", "", "先生")),
        ("王总", Parts("王", "", "总")),
        ("陳經理", Parts("陳", "", "經理")),
        ("王伟先生", Parts("王", "伟", "先生")),
        ("林志玲小姐", Parts("林", "志玲", "小姐")),
        ("李总经理", Parts("李", "", "总经理")),
    ],
)
def test_a_title_makes_the_parts_certain(name: str, parts: Parts) -> None:
    assert split(name) == parts


@pytest.mark.parametrize(
    "name",
    [
        "王伟",
        "欧阳先生",
        "司馬懿先生",
        "諸葛亮",
        "陳大文 David Chan",
        "小明先生",
        "สมชาย ใจดี",
        "คุณากร ใจดี",
        "คุณธรรม ใจดี",
        "นายกรัฐมนตรี ไทย",
        "นายสมชาย ใจดี รักไทย",
        "John Smith",
        "Mr. John Smith",
        "先生",
        "นาย",
        "",
    ],
)
def test_what_is_not_certain_is_not_split(name: str) -> None:
    assert split(name) is None


@given(st.text(max_size=20))
def test_any_text_passes_and_parts_come_from_it(name: str) -> None:
    parts = split(name)
    assert parts is None or parts.given or parts.family
