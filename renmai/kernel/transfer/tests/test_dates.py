from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renmai.kernel.transfer.dates import Era, Order, find_era, find_order, looks_like_date, parse_day, parse_moment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-04-15 23:03:00", "2021-04-15T23:03:00"),
        ("15 Apr, 2021 00:03:00", "2021-04-15T00:03:00"),
        ("3/15/2024 2:30 PM", "2024-03-15T14:30:00"),
        ("12/31/2024 12:00 AM", "2024-12-31T00:00:00"),
        ("2024年3月15日", "2024-03-15T00:00:00"),
        ("2024年3月15日 下午3:05", "2024-03-15T15:05:00"),
        ("15 เมษายน พ.ศ. 2564", "2021-04-15T00:00:00"),
        ("民國113年3月15日", "2024-03-15T00:00:00"),
        ("01 Sep 2026", "2026-09-01T00:00:00"),
        ("24 October 2011", "2011-10-24T00:00:00"),
        ("April 15th, 2021 at 3:04 pm", "2021-04-15T15:04:00"),
        ("Thu, 15 Apr 2021 10:00:00 GMT", "2021-04-15T10:00:00"),
        ("20240315", "2024-03-15T00:00:00"),
        ("31.12.2020", "2020-12-31T00:00:00"),
        ("15-Apr-21", "2021-04-15T00:00:00"),
        ("2021/4/5 13:05", "2021-04-05T13:05:00"),
    ],
)
def test_dates_of_other_systems_are_read(text: str, expected: str) -> None:
    assert parse_moment(text) == dt.datetime.fromisoformat(expected).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("text", "order", "era", "expected"),
    [
        ("03/04/2021", "dmy", "ce", "2021-04-03"),
        ("03/04/2021", "mdy", "ce", "2021-03-04"),
        ("๑๕/๐๔/๒๕๖๔", "dmy", "be", "2021-04-15"),
        ("15 เม.ย. 2564", "", "be", "2021-04-15"),
        ("29/02/2567", "", "be", "2024-02-29"),
        ("113/03/15", "", "roc", "2024-03-15"),
        ("99/12/31", "", "roc", "2010-12-31"),
    ],
)
def test_order_and_era_are_settings(text: str, order: Order, era: Era, expected: str) -> None:
    assert parse_day(text, order=order, era=era).isoformat() == expected


@pytest.mark.parametrize(
    ("text", "era", "sentence"),
    [
        ("03/04/2021", "ce", "cannot be told apart"),
        ("2564-04-15", "ce", "Buddhist"),
        ("15/04/2564", "ce", "Buddhist"),
        ("5 ม.ค. 66", "be", "two digits"),
        ("2021-02-30", "ce", "is not a date"),
        ("99/99/2021", "ce", "is not a date"),
        ("hello", "ce", "is not a date"),
        ("12:30", "ce", "is not a date"),
    ],
)
def test_doubt_is_told_and_never_guessed(text: str, era: Era, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        parse_moment(text, era=era)


def test_a_day_that_is_its_own_month_needs_no_order() -> None:
    assert parse_day("04/04/2021") == dt.date(2021, 4, 4)


def test_the_offset_in_the_text_counts() -> None:
    assert parse_moment("2021-04-15T10:00:00+07:00") == dt.datetime(2021, 4, 15, 3, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["1/2/2020", "13/2/2020"], ("dmy", False)),
        (["1/2/2020", "2/13/2020"], ("mdy", False)),
        (["1/2/2020", "3/4/2020"], ("", True)),
        (["13/2/2020", "2/13/2020"], ("", True)),
        (["2020-01-02", "15 Apr 2020"], ("", False)),
    ],
)
def test_the_order_of_a_column(texts: list[str], expected: tuple[str, bool]) -> None:
    assert find_order(texts) == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [(["1/2/2564", "3/4/2565"], "be"), (["113/1/2"], "roc"), (["15 Apr 2021"], "ce"), (["1/2/2564", "1/2/2021"], None), ([], "ce")],
)
def test_the_era_of_a_column(texts: list[str], expected: str | None) -> None:
    assert find_era(texts) == expected


@pytest.mark.parametrize("text", ["12", "805-247-8982", "10.5", "James 12 2000", "1 2 3", "A-2021-04"])
def test_other_texts_are_no_dates(text: str) -> None:
    assert not looks_like_date(text)


@given(st.datetimes(min_value=dt.datetime(1900, 1, 1), max_value=dt.datetime(2099, 12, 31), timezones=st.just(dt.UTC)))
def test_an_exported_moment_comes_back_the_same(moment: dt.datetime) -> None:
    assert parse_moment(moment.isoformat()) == moment


@given(st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2099, 12, 31)))
def test_every_day_is_read_in_every_era(day: dt.date) -> None:
    thai = f"{day.day}/{day.month}/{day.year + 543}"
    assert parse_day(thai, order="dmy", era="be") == day
    if day.year > 1911:
        assert parse_day(f"民國{day.year - 1911}年{day.month}月{day.day}日") == day
