from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daogou.search.amounts import find_amounts
from daogou.search.language import normalise
from daogou.search.money import Prices, Unconverted
from daogou.search.numbers import parse_number
from daogou.search.units import convert


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("500", 500), ("1,299.50", 1299.5), ("1k", 1000), ("2w", 20000), ("三千", 3000), ("两千五", 2500),
        ("三百五", 350),
        ("三百五十", 350), ("两千零五", 2005), ("十五", 15), ("二十五", 25),
        ("一万二", 12000), ("3万", 30000), ("1千5", 1500),
        ("twenty", 20), ("fifty-five", 55), ("two hundred", 200), ("1.5k", 1500),
    ],
)  # fmt: skip
def test_numbers_are_read_in_both_languages(text: str, value: float) -> None:
    figure = parse_number(text)
    assert figure is not None
    assert figure.value == value


@given(st.integers(1, 99_999_999))
def test_arabic_numbers_are_read_as_written(number: int) -> None:
    for text in (str(number), f"{number:,}"):
        figure = parse_number(text)
        assert figure is not None
        assert figure.value == number


def _han(number: int) -> str:
    digits, places = "零一二三四五六七八九", "千百十"
    out, gap = "", False
    for at, char in enumerate(f"{number:04}"):
        if char == "0":
            gap = bool(out)
            continue
        out += ("零" if gap else "") + digits[int(char)] + (places[at] if at < 3 else "")
        gap = False
    return out


@given(st.integers(1, 9999))
def test_chinese_numerals_are_read_as_written(number: int) -> None:
    figure = parse_number(_han(number))
    assert figure is not None
    assert figure.value == number


@pytest.mark.parametrize(
    ("text", "low", "high", "money"),
    [
        ("500以内", None, 500, ""), ("三千块以下", None, 3000, "元"), ("200-300", 200, 300, ""),
        ("一百多", 100, 200, ""),
        ("不超过1k", None, 1000, ""), ("五百元左右", 400, 600, "元"), ("under $80", None, 80, "$"),
        ("less than 50 bucks", None, 50, "$"), ("between 20 and 40 usd", 20, 40, "USD"), ("$30-$50", 30, 50, "$"),
        ("about 100", 80, 120, ""), ("over 1000 yuan", 1000, None, "CNY"), ("三百到五百", 300, 500, ""),
        ("两三百", 200, 300, ""), ("百元以内", None, 100, "元"), ("几百块", 200, 999, "元"), ("2-3k", 2000, 3000, ""),
        ("预算三千", None, 3000, ""), ("上千元", 1000, None, "元"), ("别超过五百块", None, 500, "元"),
        ("１００元以下", None, 100, "元"), ("no more than 60 dollars", None, 60, "$"), ("€20 to €40", 20, 40, "EUR"),
    ],
)  # fmt: skip
def test_bounds(text: str, low: float | None, high: float | None, money: str) -> None:
    (amount,) = find_amounts(normalise(text).text)
    assert (amount.low, amount.high, amount.money) == (low, high, money)
    assert text[amount.start : amount.end].strip() == text


@pytest.mark.parametrize("text", ["一起", "我要一个包", "千万别", "size 42", "第三个", "usb-c"])
def test_what_is_no_amount(text: str) -> None:
    assert [one for one in find_amounts(text) if one.bound != "exact" or one.money] == []


def test_units_are_converted() -> None:
    assert convert(2, "斤", "g") == 1000
    assert convert(0.5, "l", "ml") == 500
    assert convert(10, "inch", "mm") == pytest.approx(254)
    assert convert(1, "tb", "gb") == 1024
    assert convert(1, "kg", "ml") is None


def test_foreign_limits_are_converted_and_say_so() -> None:
    prices = Prices("CNY", {"usd": 7.0})
    (amount,) = find_amounts("under $80")
    constraint = prices.constraint(amount, source="under $80", language="en")
    assert constraint is not None
    assert constraint.high == 56_000
    assert constraint.label == "under $80 (≈ ¥560)"


def test_a_currency_without_a_rate_is_not_guessed() -> None:
    (amount,) = find_amounts("under £80")
    with pytest.raises(Unconverted, match="GBP"):
        Prices("CNY", {"USD": 7.0}).constraint(amount, source="", language="en")


def test_minor_units_follow_the_currency() -> None:
    (amount,) = find_amounts("under 500")
    yen = Prices("JPY", {}).constraint(amount, source="", language="en")
    assert yen is not None
    assert yen.high == 500
