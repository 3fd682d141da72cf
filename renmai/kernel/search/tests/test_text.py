from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from renmai.kernel.search.fold import fold
from renmai.kernel.search.text import lexemes, parse, query

scripts = st.text(st.one_of(st.sampled_from("王伟華为重庆สมชายน้ำé' &|!():*\\<->\x00😀abcW0๑１+-@."), st.characters()), max_size=30)


def found(text: str, *values: str, kind: str = "text") -> bool:
    """Whether a record with these values answers the text, as the database says."""
    asked = query(text)
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_to_tsvector(%s::text[]) @@ %s::tsquery", [lexemes((kind, value) for value in values), asked])
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("王伟", "王伟"),
        ("王", "王伟"),
        ("伟", "王伟"),
        ("華為", "华为技术有限公司"),
        ("华为", "華為技術有限公司"),
        ("技術", "华为技术有限公司"),
        ("臺灣", "台湾积体电路"),
        ("wangwei", "王伟"),
        ("WangWei", "王伟"),
        ("wáng wěi", "王伟"),
        ("wang wei", "王伟"),
        ("wei wang", "王伟"),
        ("wangw", "王伟"),
        ("wan", "王伟"),
        ("ww", "王伟"),
        ("WW", "王偉"),
        ("huawei", "上海華為技術有限公司"),
        ("hwjs", "上海華為技術有限公司"),
        ("xian", "西安银行"),
        ("chongqing", "重庆"),
        ("yinhang", "西安银行"),
        ("lvbu", "吕布"),
        ("lubu", "吕布"),
        ("shan", "单雄信"),
        ("zeng", "曾国藩"),
        ("欧阳", "欧阳修"),
        ("สมชาย", "นายสมชาย ใจดี"),
        ("กินข้าว", "เขากำลังกินข้าวอยู่ที่บ้าน"),
        ("น้ำ", "บริษัทน\u0e4d\u0e49าดื่ม"),
        ("น\u0e49\u0e4dา", "น้ำดื่ม"),
        ("ก\u0e48\u0e35", "กี\u0e48ทอง"),
        ("เเก้ว", "แก้ว"),
        ("ก", "กานดา"),
        ("๒๕๖๙", "แผนปี 2569"),
        ("2569", "แผนปี ๒๕๖๙"),
        ("１２３", "order 123"),
        ("ａｃｍｅ", "ACME Ltd"),
        ("acme", "ＡＣＭＥ"),
        ("mit", "Smith"),
        ("smi", "Smith"),
        ("s", "Smith"),
        ("muller", "Müller"),
        ("Müller", "muller"),
        ("obrien", "O’Brien"),
        ("o'brien", "OBrien"),
        ("strasse", "Hauptstraße"),
        ("Viet", "Việt Nam"),
        ("somchai.j", "somchai.j@example.co.th"),
        ("somchai.j@example.co.th", "somchai.j@example.co.th"),
        ("xampl", "somchai.j@example.co.th"),
        ("修改youer", "修改youer服务端"),
        ("服务端", "修改youer服务端"),
        ("王wei", "王伟"),
        ("さくら", "株式会社さくら"),
        ("정우", "김정우"),
        ("моск", "Москва"),
    ],
)
def test_it_is_found(text: str, value: str) -> None:
    assert found(text, value)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("李", "王伟"),
        ("伟王", "王伟"),
        ("wangfang", "王伟"),
        ("wf", "王伟"),
        ("สมหมาย", "สมชาย"),
        ("smyth", "Smith"),
        ("王 李", "王伟"),
        ("acme", "nike"),
    ],
)
def test_it_is_not_found(text: str, value: str) -> None:
    assert not found(text, value)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "5678",
        "345678",
        "0812345678",
        "081-234-5678",
        "081 234 5678",
        "+66812345678",
        "+66 (0)81 234 5678",
        "66812345678",
        "0812",
        "๕๖๗๘",
        "５６７８",
    ],
)
def test_a_phone_is_found_by_its_beginning_and_its_end(text: str) -> None:
    assert found(text, "+66812345678", kind="phone")


@pytest.mark.django_db
def test_a_phone_is_not_found_by_the_end_of_another() -> None:
    assert not found("5679", "+66812345678", kind="phone")
    assert found("5678", "+66212345678;ext=12", kind="phone")


@pytest.mark.django_db
def test_words_may_be_in_different_fields() -> None:
    assert found("王 华为", "王伟", "華為")
    assert found("smith acme", "Acme Ltd", "John Smith")


@pytest.mark.django_db
def test_prose_is_found_by_words_and_by_parts_of_thai_and_han() -> None:
    text = "คุยกับลูกค้าเรื่องราคา, 客户很满意, the customer is happy"
    assert all(found(part, text, kind="long_text") for part in ["ลูกค้า", "客户", "满", "custom", "happy customer"])


def test_prose_carries_no_trigrams_or_pinyin() -> None:
    assert not [lexeme for lexeme in lexemes([("long_text", "王伟 customer")]) if lexeme[0] in "~=>@"]


@pytest.mark.parametrize("text", ["", " ", "'", "&", "|", "!", "(", ")", ":*", "\\", "\x00", "😀", "'&|!():*\\\x00 😀", "\ud800", "<->"])
def test_signs_alone_look_for_nothing(text: str) -> None:
    assert query(text) == ""


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["a" * 10_000, "王" * 10_000, "ก้" * 5_000, "a b " * 2_500, "1-" * 5_000, "' " * 5_000, "a'b\\c:*d!e"])
def test_long_and_strange_queries_are_accepted(text: str) -> None:
    assert found(text, "something else") is False


@pytest.mark.property
@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(scripts, scripts)
def test_the_database_accepts_any_query_and_answers_as_memory_does(text: str, value: str) -> None:
    stored = lexemes([("text", value), ("phone", value), ("long_text", value)])
    term = parse(text)
    assert found(text, value) is (term is not None and term.found_in(lexemes([("text", value)])))
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_to_tsvector(%s::text[]) @@ %s::tsquery", [stored, query(text)])
        assert cursor.fetchone()[0] is (term is not None and term.found_in(stored))


@pytest.mark.property
@example("Garc", "Ana García")
@example("ext", "+66 81;ext=12")
@given(scripts, scripts)
def test_short_texts_answer_alike_whether_long_ones_are_looked_through_or_not(text: str, value: str) -> None:
    whole, short = parse(text), parse(text, in_prose=False)
    stored = set(lexemes([("text", value)]))
    assert (whole is None) == (short is None)
    assert whole is None or short is None or whole.found_in(stored) == short.found_in(stored)


def test_without_long_texts_a_word_is_asked_for_by_its_trigrams_alone() -> None:
    assert "'nora':*" not in str(parse("Nora", in_prose=False))
    assert "'nor':*" in str(parse("Nor", in_prose=False))
    assert "'nora':*" in str(parse("Nora"))


@given(st.text("王伟華重庆สมชายกข", min_size=1, max_size=20), st.integers(0, 19), st.integers(1, 20))
def test_any_part_of_a_han_or_thai_run_is_found(value: str, start: int, size: int) -> None:
    term = parse(value[start : start + size])
    assert term is None or term.found_in(lexemes([("text", value)]))


@given(st.text("abcéß019", min_size=3, max_size=12), st.integers(0, 9), st.integers(3, 12))
def test_any_three_letters_of_a_word_are_found(value: str, start: int, size: int) -> None:
    part = value[min(start, len(value) - 3) :][:size]
    term = parse(part)
    assert term is not None
    assert term.found_in(lexemes([("text", value)]))


@given(scripts)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(scripts)
def test_a_record_is_found_by_its_own_text(text: str) -> None:
    term = parse(text)
    assert term is None or term.found_in(lexemes([("text", text)]))


@pytest.mark.parametrize("selector", ["\ufe0f", "\U000e0100"])
def test_the_shape_of_a_character_does_not_count(selector: str) -> None:
    assert fold(f"葛{selector}城") == fold("葛城")
