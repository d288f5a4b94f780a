from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daogou.errors import InputError, RecordError
from daogou.intake.values import (
    gtin_of,
    guess_language,
    number_text,
    parse_availability,
    parse_count,
    parse_number,
    parse_time,
    pictures,
    plain_text,
)
from daogou.records import Availability


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Soft &amp; warm</p><ul><li>Wool</li><li>Machine wash</li></ul>", "Soft & warm\nWool\nMachine wash"),
        ("纯棉<br/>透气<br>", "纯棉\n透气"),
        ("a < b and c > d", "a < b and c > d"),
        ("R&amp;D &#8364;5", "R&D €5"),
        ("<script>alert(1)</script><style>p{}</style>Text", "Text"),
        ("<!-- hidden -->Shown", "Shown"),
        ("one\r\n\r\n  two  ", "one\ntwo"),
        ("<td>a</td><td>b</td>", "a b"),
        (None, ""),
        ("AT&T 5G", "AT&T 5G"),
    ],
)
def test_html_becomes_text(html: str | None, text: str) -> None:
    assert plain_text(html) == text


@given(st.text())
def test_plain_text_is_clean_whatever_comes_in(text: str) -> None:
    out = plain_text(text)
    assert "\x00" not in out
    assert out == "\n".join(line.strip() for line in out.split("\n"))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2018-02-01 00:00:00", "2018-02-01T00:00:00"),
        ("2018/2/1", "2018-02-01T00:00:00"),
        ("2018.02.01 9:05", "2018-02-01T09:05:00"),
        ("2018年2月1日", "2018-02-01T00:00:00"),
        ("2018年2月1日 08:30", "2018-02-01T08:30:00"),
        ("20180201", "2018-02-01T00:00:00"),
        ("2009-12-10T00:00:00Z", "2009-12-10T00:00:00"),
        ("2018-02-01T08:00:00+08:00", "2018-02-01T00:00:00"),
        ("Thu, 01 Feb 2018 08:00:00 +0800", "2018-02-01T00:00:00"),
        (1517443200, "2018-02-01T00:00:00"),
        (1517443200000, "2018-02-01T00:00:00"),
        ("1517443200000000", "2018-02-01T00:00:00"),
    ],
)
def test_times_are_read_as_utc(value: Any, expected: str) -> None:
    assert parse_time(value) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_a_time_without_zone_is_in_the_merchants() -> None:
    assert parse_time("2018-02-01 08:00", timezone="Asia/Shanghai") == datetime(2018, 2, 1, tzinfo=UTC)
    with pytest.raises(InputError, match="Nowhere"):
        parse_time("2018-02-01", timezone="Nowhere/Town")


@pytest.mark.parametrize(
    "value", ["soon", "2018-13-01", "31/12/2018x", True, -5, "0001-01-01", "9999-12-31", 1e30, float("nan")]
)
def test_what_is_no_time_is_refused(value: Any) -> None:
    with pytest.raises(RecordError):
        parse_time(value)


moments = st.datetimes(min_value=datetime(1974, 1, 1), max_value=datetime(2099, 1, 1), timezones=st.just(UTC))


@given(moments)
def test_times_round_trip(moment: datetime) -> None:
    assert parse_time(moment.isoformat()) == moment
    micros = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    found = parse_time(micros)
    assert found is not None
    assert abs(found - moment) < timedelta(milliseconds=1)


@given(st.text(max_size=40))
def test_any_text_is_a_time_or_a_record_error(text: str) -> None:
    with suppress(RecordError):
        assert parse_time(text) is None or parse_time(text).tzinfo is UTC  # type: ignore[union-attr]


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_counts_round_trip(number: int) -> None:
    assert (
        parse_count(number)
        == parse_count(str(number))
        == parse_count(f"{number:,}")
        == parse_count(float(number))
        == number
    )


@given(st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False))
def test_numbers_round_trip(number: float) -> None:
    assert parse_number(repr(number), "n") == number
    assert float(number_text(number)) == number


@pytest.mark.parametrize("value", ["12.5", "many", "NaN", float("nan"), float("inf"), True, [1]])
def test_what_is_no_count_is_refused(value: Any) -> None:
    with pytest.raises(RecordError):
        parse_count(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("in stock", Availability.in_stock),
        ("in_stock", Availability.in_stock),
        ("https://schema.org/InStock", Availability.in_stock),
        ("http://schema.org/OutOfStock", Availability.out_of_stock),
        ("缺货", Availability.out_of_stock),
        ("preorder", Availability.preorder),
        (True, Availability.in_stock),
        ("", None),
    ],
)
def test_availability_words(value: Any, expected: Availability | None) -> None:
    assert parse_availability(value) is expected


def test_an_unknown_availability_lists_the_known_ones() -> None:
    with pytest.raises(RecordError, match="in_stock, out_of_stock, preorder, backorder"):
        parse_availability("perhaps")


def test_pictures_in_every_shape() -> None:
    assert pictures("http://a/1.jpg,http://a/2.jpg") == [("http://a/1.jpg", ""), ("http://a/2.jpg", "")]
    assert pictures('["http://a/1.jpg", "http://a/2.jpg"]') == [("http://a/1.jpg", ""), ("http://a/2.jpg", "")]
    assert pictures([{"file": "x/1.jpg", "color": "Red"}], "http://cdn/") == [("http://cdn/x/1.jpg", "Red")]
    assert pictures("http://a/w_1,h_2/1.jpg") == [("http://a/w_1,h_2/1.jpg", "")]
    assert pictures("http://a/1.jpg", "http://cdn") == [("http://a/1.jpg", "")]
    assert pictures(None) == pictures("") == pictures([]) == []


def test_gtins_that_are_none_are_left_out_with_a_note() -> None:
    assert gtin_of(["0095205603217"]) == ("0095205603217", "")
    assert gtin_of("4006381-333931") == ("4006381333931", "")
    assert gtin_of("") == (None, "")
    assert gtin_of("n/a")[1] == "gtin 'n/a' is not 8, 12, 13 or 14 digits"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("保湿面霜", "zh"),
        ("Apple iPhone 15 手机", "zh"),
        ("Red shoes", "en"),
        ("化粧水 しっとり", "ja"),
        ("", "en"),
        ("Mug with 福 on it", "en"),
    ],
)
def test_language_by_script(text: str, language: str) -> None:
    assert guess_language(text) == language
