from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renmai.kernel.locale.dates import BadDate, format_date, format_moment, format_time, parse_date, parse_moment


@dataclass
class Person:
    language: str = "en"
    time_zone: str = "Asia/Bangkok"
    era: str = "ce"


people = st.builds(
    Person,
    language=st.sampled_from(["en", "zh-Hans", "zh-hant", "th"]),
    time_zone=st.sampled_from(["UTC", "Asia/Bangkok", "Asia/Taipei"]),
    era=st.sampled_from(["ce", "be", "roc"]),
)
days = st.dates(date(1860, 1, 1), date(2350, 12, 31))


@given(days, people, st.booleans())
def test_a_written_date_reads_back_for_the_same_reader(day: date, reader: Person, numeric: bool) -> None:
    assert parse_date(format_date(day, reader, numeric=numeric), reader.era, reader.language) == day


@given(days, people)
def test_iso_is_a_common_year_in_every_era(day: date, reader: Person) -> None:
    assert parse_date(day.isoformat(), reader.era, reader.language) == day


@given(st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)), people)
def test_a_written_moment_reads_back_to_the_minute(moment: datetime, reader: Person) -> None:
    minute = moment.replace(second=0, microsecond=0)
    assert parse_moment(format_moment(moment, reader), reader) == minute


@given(st.text(max_size=30), people)
def test_any_text_is_a_date_or_a_clear_refusal(text: str, reader: Person) -> None:
    try:
        parse_date(text, reader.era, reader.language)
    except BadDate as refusal:
        assert str(refusal)


@pytest.mark.parametrize(
    ("reader", "shown"),
    [
        (Person("en"), "22 Sep 2026"),
        (Person("en", era="be"), "22 Sep 2569 BE"),
        (Person("th", era="be"), "22 ก.ย. 2569"),
        (Person("th", era="ce"), "22 ก.ย. 2026"),
        (Person("zh-Hans"), "2026年9月22日"),
        (Person("zh-Hant", era="roc"), "民國115年9月22日"),
    ],
)
def test_a_date_is_written_in_the_readers_language_and_era(reader: Person, shown: str) -> None:
    assert format_date(date(2026, 9, 22), reader) == shown


def test_years_before_the_republic_are_counted_backwards() -> None:
    reader = Person("zh-Hant", era="roc")
    assert format_date(date(1911, 10, 10), reader) == "民國前1年10月10日"
    assert parse_date("民國前1年10月10日", "ce", "zh-Hant") == date(1911, 10, 10)


@pytest.mark.parametrize(
    ("text", "era", "language"),
    [
        ("22/11/2026", "ce", "en"),
        ("2026/11/22", "ce", "en"),
        ("22 November 2026", "ce", "th"),
        ("Nov 22nd, 2026", "ce", "en"),
        ("๒๒/๑๑/๒๕๖๙", "be", "th"),
        ("22 พฤศจิกายน พ.ศ. 2569", "ce", "th"),
        ("22 พ.ย. 2569", "be", "th"),
        ("BE 2569-11-22", "ce", "en"),
        ("民國115年11月22日", "ce", "zh-Hant"),
        ("中華民國 115 年 11 月 22 日", "ce", "zh-Hant"),
        ("115/11/22", "roc", "zh-Hant"),
        ("西元2026年11月22日", "roc", "zh-Hant"),
        ("２０２６年１１月２２日", "ce", "zh-Hans"),
        ("2026.11.22", "ce", "zh-Hans"),
    ],
)
def test_dates_are_read_as_people_type_them(text: str, era: str, language: str) -> None:
    assert parse_date(text, era, language) == date(2026, 11, 22)


def test_the_order_of_a_file_wins_over_the_language() -> None:
    assert parse_date("11/22/2026", "ce", "en", order="mdy") == date(2026, 11, 22)
    assert parse_date("15 Apr, 2021", "ce", "en", order="mdy") == date(2021, 4, 15)


def test_a_leap_day_of_another_era_is_a_leap_day() -> None:
    assert parse_date("29/2/2567", "be", "th") == date(2024, 2, 29)
    assert parse_date("113/2/29", "roc", "zh-Hant") == date(2024, 2, 29)
    with pytest.raises(BadDate):
        parse_date("29/2/2568", "be", "th")


@pytest.mark.parametrize(
    ("text", "era", "advice"),
    [
        ("22/11/69", "be", "four digits"),
        ("22/11/26", "ce", "four digits"),
        ("22/11/2569", "ce", "BE 2569"),
        ("22/11/2026", "be", "CE 2026"),
    ],
)
def test_a_year_that_could_be_another_is_asked_about(text: str, era: str, advice: str) -> None:
    with pytest.raises(BadDate, match=advice):
        parse_date(text, era, "en")


def test_two_digits_are_a_whole_year_in_the_roc_era() -> None:
    assert parse_date("95/3/1", "roc", "zh-Hant") == date(2006, 3, 1)


@pytest.mark.parametrize("text", ["", "soon", "0000-00-00", "2026-13-01", "99999-1-1", "พ.ศ. ROC 2569", "31/11/2026", "7"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(BadDate):
        parse_date(text, "ce", "en")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("15 Apr, 2021 00:03:00", datetime(2021, 4, 14, 17, 3, tzinfo=UTC)),
        ("2026-11-22T05:06", datetime(2026, 11, 21, 22, 6, tzinfo=UTC)),
        ("2026年11月22日下午3:05", datetime(2026, 11, 22, 8, 5, tzinfo=UTC)),
        ("22/11/2026 12:05 am", datetime(2026, 11, 21, 17, 5, tzinfo=UTC)),
        ("22/11/2026 12.30 น.", datetime(2026, 11, 22, 5, 30, tzinfo=UTC)),
        ("22/11/2026", datetime(2026, 11, 21, 17, 0, tzinfo=UTC)),
    ],
)
def test_moments_are_read_in_the_readers_zone(text: str, moment: datetime) -> None:
    assert parse_moment(text, Person()) == moment


def test_a_time_that_does_not_exist_is_refused() -> None:
    with pytest.raises(BadDate):
        parse_moment("22/11/2026 25:05", Person())


def test_a_time_of_day_is_the_readers() -> None:
    assert format_time(datetime(2026, 11, 22, 20, 5, tzinfo=UTC), Person(time_zone="Asia/Taipei")) == "04:05"
