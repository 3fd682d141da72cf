from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renmai.kernel.search.highlight import highlight


def marked(title: str, text: str) -> list[str]:
    return [part for part, hit in highlight(title, text) if hit]


@pytest.mark.parametrize(
    ("title", "text", "parts"),
    [
        ("華為技術有限公司", "华为", ["華為"]),
        ("王伟", "wangwei", ["王伟"]),
        ("王伟明", "wang wei", ["王伟"]),
        ("王伟明", "wwm", ["王伟明"]),
        ("上海华为", "huaw", ["华为"]),
        ("นายสมชาย ใจดี", "สมชาย", ["สมชาย"]),
        ("บริษัทน้ำดื่ม", "น\u0e4d\u0e49า", ["น้ำ"]),
        ("น\u0e4d\u0e49าดื่ม", "น้ำ", ["น\u0e4d\u0e49า"]),
        ("กี่ทอง", "ก", ["กี่"]),
        ("Müller & Söhne", "muller sohne", ["Müller", "Söhne"]),
        ("Cafe\u0301 Noir", "cafe", ["Cafe\u0301"]),
        ("Smith and Sons", "s", ["S", "S"]),
        ("Blacksmith", "smith", ["smith"]),
        ("ＡＣＭＥ Ltd", "acme", ["ＡＣＭＥ"]),
        ("Hauptstraße 5", "strasse", ["straße"]),
        ("Order 2569", "๒๕๖๙", ["2569"]),
        ("Nothing here", "王", []),
    ],
)
def test_what_was_found_is_marked(title: str, text: str, parts: list[str]) -> None:
    assert marked(title, text) == parts


@given(st.text(max_size=30), st.text(max_size=10))
def test_the_parts_are_the_title(title: str, text: str) -> None:
    assert "".join(part for part, _hit in highlight(title, text)) == title


def test_the_title_is_text_and_not_markup() -> None:
    assert highlight("<b>Acme</b>", "acme") == [("<b>", False), ("Acme", True), ("</b>", False)]
