from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daogou.errors import RecordError
from daogou.intake.money import parse_price
from daogou.records import CURRENCIES, Money


@pytest.mark.parametrize(
    ("written", "minor", "currency"),
    [
        ("15.00 USD", 1500, "USD"),
        ("USD 15.00", 1500, "USD"),
        ("usd15", 1500, "USD"),
        ("¥1,299.00", 129900, "CNY"),
        ("￥156元", 15600, "CNY"),
        ("1299元", 129900, "CNY"),
        ("80元/件", 8000, "CNY"),
        ("80元起", 8000, "CNY"),
        ("１２９９．００ 元", 129900, "CNY"),
        ("1.299,00 EUR", 129900, "EUR"),
        ("1.299.000,00 €", 129900000, "EUR"),
        ("1 299,00 €", 129900, "EUR"),
        ("1'299.50 CHF", 129950, "CHF"),
        ("12,5 EUR", 1250, "EUR"),
        ("1,299 USD", 129900, "USD"),
        ("US$80", 8000, "USD"),
        ("HK$80.50", 8050, "HKD"),
        ("$80", 8000, "USD"),
        ("£0.99", 99, "GBP"),
        ("0.995 EUR", 100, "EUR"),
        ("1,29,900.00 INR", 12990000, "INR"),
        ("1500 JPY", 1500, "JPY"),
        ("1.250 KWD", 1250, "KWD"),
        (".99 USD", 99, "USD"),
        ("+5 USD", 500, "USD"),
    ],
)
def test_a_price_with_its_currency(written: str, minor: int, currency: str) -> None:
    if written == "1.250 KWD":  # three decimals are what dinars have, and yet 1.250 is also a thousand somewhere
        with pytest.raises(RecordError, match="can be read as 1250 or as"):
            parse_price(written, currency=None)
        return
    assert parse_price(written, currency=None) == Money(minor=minor, currency=currency)


@pytest.mark.parametrize(
    ("value", "default", "minor_unit", "expected"),
    [
        ("49.90", "CNY", False, Money(minor=4990, currency="CNY")),
        (49.9, "CNY", False, Money(minor=4990, currency="CNY")),
        (Decimal("49.90"), "USD", False, Money(minor=4990, currency="USD")),
        (4995, "USD", True, Money(minor=4995, currency="USD")),
        ("4995", "USD", True, Money(minor=4995, currency="USD")),
        (500, "JPY", True, Money(minor=500, currency="JPY")),
        ("¥500", "JPY", False, Money(minor=500, currency="JPY")),
        ("$5", "AUD", False, Money(minor=500, currency="AUD")),
        ("$5", "CNY", False, Money(minor=500, currency="USD")),
        ("5 EUR", "USD", False, Money(minor=500, currency="EUR")),
        ("", "USD", False, None),
        ("  ", "USD", False, None),
        (None, "USD", False, None),
    ],
)
def test_a_bare_price_takes_the_stores_currency(
    value: Any, default: str, minor_unit: bool, expected: Money | None
) -> None:
    assert parse_price(value, currency=default, minor=minor_unit) == expected


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("-5 USD", "negative"),
        ("-$5", "negative"),
        ("(5.00) USD", "negative"),
        (-5, "negative"),
        ("5 XYZ", "no known currency"),
        ("5 bananas", "no known currency"),
        ("USD 5 EUR", "two currencies"),
        ("1.299 EUR", "can be read as 1299 or as 1.299"),
        ("call us", "not a price"),
        ("面议", "not a price"),
        ("10-20 USD", "no known currency"),
        ("10 20 USD", "not one number"),
        ("1,29,900.00 USD", "not a number"),
        (float("nan"), "finite"),
        (float("inf"), "finite"),
        ("NaN", "not a price"),
        (True, "not a price"),
        (["5"], "not a price"),
        ("99999999999999999999 USD", "more than"),
    ],
)
def test_what_is_no_price_is_refused(value: Any, rule: str) -> None:
    with pytest.raises(RecordError, match=rule):
        parse_price(value, currency="USD")


def test_a_bare_price_without_any_currency_is_refused_with_what_to_type() -> None:
    with pytest.raises(RecordError, match="--currency"):
        parse_price("5.00", currency=None)


def test_cents_must_be_whole() -> None:
    with pytest.raises(RecordError, match="whole number of minor units"):
        parse_price("49.95", currency="USD", minor=True)


money = st.builds(Money, minor=st.integers(min_value=0, max_value=10**12), currency=st.sampled_from(sorted(CURRENCIES)))


@given(money)
def test_a_price_written_out_is_read_back(price: Money) -> None:
    three = len(price.decimal.partition(".")[2]) == 3
    for written in (
        f"{price.decimal} {price.currency}",
        f"{price.currency} {price.decimal}",
        f"{price.currency}{price.decimal}",
    ):
        whole = price.decimal.partition(".")[0]
        if three and 0 < len(whole) <= 3 and whole != "0":
            with pytest.raises(RecordError):
                parse_price(written, currency=None)
        else:
            assert parse_price(written, currency=None) == price


@given(money)
def test_a_price_with_grouped_thousands_is_read_back(price: Money) -> None:
    if len(price.decimal.partition(".")[2]) == 3 or "." not in price.decimal:
        return
    english = f"{Decimal(price.decimal):,f}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert parse_price(f"{english} {price.currency}", currency=None) == price
    assert parse_price(f"{german} {price.currency}", currency=None) == price


@given(st.text(max_size=30))
def test_any_text_is_a_price_or_a_record_error(text: str) -> None:
    try:
        found = parse_price(text, currency="CNY")
    except RecordError:
        return
    assert found is None or found.minor >= 0
