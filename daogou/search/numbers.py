"""Numbers as shoppers type them: 500, 1,299.50, 1k, 2w, 三千, 两千五, 一百多, 几百, 千元, twenty."""

from __future__ import annotations

import re
from typing import NamedTuple

_DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "俩": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_TENS = {"十": 10.0, "百": 100.0, "千": 1000.0}
_SCALES = {
    "k": 1e3,
    "w": 1e4,
    "千": 1e3,
    "万": 1e4,
    "百": 1e2,
    "百万": 1e6,
    "million": 1e6,
    "thousand": 1e3,
    "hundred": 1e2,
}
_ENGLISH = {
    word: float(value)
    for word, value in zip(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "twelve",
            "fifteen",
            "twenty",
            "thirty",
            "forty",
            "fifty",
            "sixty",
            "seventy",
            "eighty",
            "ninety",
            "hundred",
            "thousand",
        ],
        (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 30, 40, 50, 60, 70, 80, 90, 100, 1000),
        strict=True,
    )
}
_HAN = "零〇一二两俩三四五六七八九十百千万"
_ARABIC = (
    r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:\s?(?:百万|万|千|百)(?:[1-9](?!\d|\.\d))?|(?:k|"
    r"w)(?![a-z])|\s(?:million|thousand|hundred)\b)?"
)
_WORDS = "|".join(sorted(_ENGLISH, key=len, reverse=True))
NUMBER = (
    rf"(?:(?<![\d.])(?<![a-z]-)(?<![a-z]){_ARABIC}"
    rf"|几(?:十|百|千|万)|[{_HAN}]+|(?<![a-z])(?:(?:{_WORDS})(?:[ -](?:{_WORDS}))*)(?![a-z]))"
)
"""A pattern (without groups) of anything `parse_number` reads; to be compiled into larger ones over lower-case text."""

_ARABIC_PARTS = re.compile(r"([\d,]+(?:\.\d+)?)\s?(百万|万|千|百|k|w|million|thousand|hundred)?([1-9])?")
MAX_NUMBER = 1e12


class Figure(NamedTuple):
    """`value`, and what a vague number may reach (几百 is 200 to 999); `high` is None where exact."""

    value: float
    high: float | None = None


def parse_number(text: str) -> Figure | None:
    """One number in lower case, or None where it is not one or is larger than 10^12."""
    text = text.strip()
    figure = _arabic(text) or _vague(text) or _chinese(text) or _english(text)
    return figure if figure is not None and figure.value <= MAX_NUMBER else None


def magnitude(value: float) -> float:
    """The last place a number speaks of: 100 for 一百 or 300, 1000 for 三千; what 多 ('and some') may add."""
    step = 1.0
    while step < 1e9 and value and value % (step * 10) == 0:
        step *= 10
    return step


def _arabic(text: str) -> Figure | None:
    match = _ARABIC_PARTS.fullmatch(text)
    if match is None or len(match[1]) > 20:
        return None
    scale = _SCALES[match[2]] if match[2] else 1.0
    tail = float(match[3]) * scale / 10 if match[3] and match[2] else 0.0
    if match[3] and not match[2]:
        return Figure(float((match[1] + match[3]).replace(",", "")))
    return Figure(float(match[1].replace(",", "")) * scale + tail)


def _vague(text: str) -> Figure | None:
    unit = {"十": 10.0, "百": 100.0, "千": 1e3, "万": 1e4}.get(text[-1:])
    if unit and len(text) == 2 and text[0] == "几":
        return Figure(2 * unit, 10 * unit - 1)
    if unit and len(text) == 3 and text[0] in _DIGITS and text[1] in _DIGITS and _DIGITS[text[0]] < _DIGITS[text[1]]:
        return Figure(_DIGITS[text[0]] * unit, _DIGITS[text[1]] * unit)
    return None


def _chinese(text: str) -> Figure | None:
    """'三百五十' 350, '三百五' 350, '两千零五' 2005, '一万二' 12000, '三千' 3000."""
    if not text or any(char not in _HAN for char in text):
        return None
    total = section = 0.0
    digit: float | None = None
    place = 1.0
    for at, char in enumerate(text):
        if char in _DIGITS:
            if digit is not None and char not in "零〇" and digit != 0:
                return None
            digit = float(_DIGITS[char])
            if char in "零〇":
                place = 1.0
        elif char == "万":
            total, section, digit, place = (total + section + (digit or 0.0) or 1.0) * 1e4, 0.0, None, 1e4
        else:
            unit = _TENS[char]
            section += (1.0 if digit is None or (digit == 0 and at) else digit) * unit
            digit, place = None, unit
    if digit is not None:
        section += digit * (place / 10 if place > 10 else 1.0)
    return Figure(total + section)


def _english(text: str) -> Figure | None:
    total = 0.0
    for word in re.split(r"[ -]", text):
        value = _ENGLISH.get(word)
        if value is None:
            return None
        total = max(total, 1.0) * value if value >= 100 else total + value
    return Figure(total)
