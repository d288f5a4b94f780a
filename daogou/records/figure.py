"""Figures: numbers with their units as they stand in a text, read the same way in Chinese and English.

`figures("约 1.5 公斤，续航三十小时")` gives 1,500 g and 1,800 min, so a claim can be compared with a record
whatever the language and unit of either. Codes (IPX4, iPhone15) are names, not numbers: `codes` gives those.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Figure(NamedTuple):
    """A number in the base unit of its kind (g, ml, mm, min, day, …); `unit` is empty where none is written."""

    value: float
    unit: str
    text: str

    def same(self, other: Figure) -> bool:
        """Same amount of the same kind; a figure without a unit is only the number."""
        return (self.unit == other.unit) and abs(self.value - other.value) <= 1e-6 * max(1.0, abs(self.value))


# base unit -> (ways to write a unit of its kind, factor to the base unit)
_UNITS: dict[str, dict[str, float]] = {
    "g": {"g": 1, "gram": 1, "grams": 1, "克": 1, "kg": 1000, "kgs": 1000, "kilogram": 1000, "kilograms": 1000}
    | {
        "千克": 1000,
        "公斤": 1000,
        "斤": 500,
        "mg": 0.001,
        "毫克": 0.001,
        "oz": 28.349523,
        "lb": 453.59237,
        "lbs": 453.59237,
    }
    | {"ounce": 28.349523, "ounces": 28.349523, "pound": 453.59237, "pounds": 453.59237, "吨": 1e6},
    "ml": {"ml": 1, "millilitre": 1, "millilitres": 1, "milliliter": 1, "milliliters": 1, "毫升": 1, "l": 1000}
    | {"litre": 1000, "litres": 1000, "liter": 1000, "liters": 1000, "升": 1000, "cl": 10, "fl oz": 29.573530},
    "mm": {"mm": 1, "毫米": 1, "cm": 10, "厘米": 10, "公分": 10, "m": 1000, "米": 1000, "metre": 1000, "metres": 1000}
    | {"meter": 1000, "meters": 1000, "km": 1e6, "公里": 1e6, "千米": 1e6, "centimetre": 10, "centimetres": 10}
    | {"inch": 25.4, "inches": 25.4, "英寸": 25.4, "寸": 25.4, '"': 25.4, "ft": 304.8, "feet": 304.8, "英尺": 304.8}
    | {"millimetre": 1, "millimetres": 1, "centimeter": 10, "centimeters": 10, "in": 25.4},
    "min": {"min": 1, "mins": 1, "minute": 1, "minutes": 1, "分钟": 1, "h": 60, "hr": 60, "hrs": 60, "hour": 60}
    | {"hours": 60, "小时": 60, "个小时": 60, "钟头": 60, "s": 1 / 60, "sec": 1 / 60, "second": 1 / 60}
    | {"seconds": 1 / 60, "秒": 1 / 60, "秒钟": 1 / 60},
    "day": {"day": 1, "days": 1, "天": 1, "日": 1, "week": 7, "weeks": 7, "周": 7, "星期": 7, "个星期": 7},
    "month": {
        "month": 1,
        "months": 1,
        "个月": 1,
        "月": 1,
        "year": 12,
        "years": 12,
        "年": 12,
        "岁": 12,
        "yr": 12,
        "yrs": 12,
    },
    "w": {"w": 1, "watt": 1, "watts": 1, "瓦": 1, "kw": 1000, "千瓦": 1000},
    "mah": {"mah": 1, "毫安时": 1, "毫安": 1},
    "wh": {"wh": 1, "瓦时": 1, "kwh": 1000},
    "gb": {"gb": 1, "g内存": 1, "tb": 1024, "mb": 1 / 1024, "gib": 1, "tib": 1024},
    "db": {"db": 1, "decibel": 1, "decibels": 1, "分贝": 1},
    "hz": {"hz": 1, "khz": 1e3, "mhz": 1e6, "ghz": 1e9, "赫兹": 1},
    "v": {"v": 1, "volt": 1, "volts": 1, "伏": 1},
    "c": {"°c": 1, "℃": 1, "摄氏度": 1, "degrees": 1, "度": 1},
    "%": {"%": 1, "percent": 1, "％": 1},
    "discount": {"折": 1},
    "CNY": {"元": 1, "块": 1, "块钱": 1, "人民币": 1, "yuan": 1, "rmb": 1, "cny": 1, "¥": 1, "￥": 1, "万元": 1e4},
    "USD": {"dollar": 1, "dollars": 1, "usd": 1, "$": 1, "美元": 1, "美金": 1, "bucks": 1},
    "EUR": {"euro": 1, "euros": 1, "eur": 1, "€": 1, "欧元": 1},
    "GBP": {"gbp": 1, "£": 1, "英镑": 1},
    "px": {"px": 1, "pixels": 1, "pixel": 1, "像素": 1},
    "mp": {"mp": 1, "megapixel": 1, "megapixels": 1},
}
_UNIT: dict[str, tuple[str, float]] = {
    way: (base, factor) for base, ways in _UNITS.items() for way, factor in ways.items()
}
MONEY_UNITS = frozenset({"CNY", "USD", "EUR", "GBP"})
_SIGNS = {"¥": "CNY", "￥": "CNY", "$": "USD", "€": "EUR", "£": "GBP"}
_BY_LENGTH = sorted(_UNIT, key=len, reverse=True)
_LATIN_UNITS = "|".join(re.escape(way) for way in _BY_LENGTH if way[0].isascii() and way[0].isalpha())
_OTHER_UNITS = "|".join(re.escape(way) for way in _BY_LENGTH if not (way[0].isascii() and way[0].isalpha()))
_UNIT_AFTER = re.compile(rf"\s?(?:({_OTHER_UNITS})|[-‑]?({_LATIN_UNITS})(?![a-z]))", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![A-Za-z0-9.])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)")
_CODE = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z0-9+-]*[A-Za-z])(?=[A-Za-z0-9+-]*\d)[A-Za-z0-9][A-Za-z0-9+-]*")
_SCALES = {"万": 1e4, "千": 1e3, "百": 1e2, "k": 1e3, "亿": 1e8}
_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_CHINESE = re.compile(r"[零〇一二两三四五六七八九十百千万]*[一二两三四五六七八九十百千万]")
_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}
_WORDS |= {"ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40}
_WORDS |= {"fifty": 50, "sixty": 60, "hundred": 100}
_WORD = re.compile(rf"\b({'|'.join(_WORDS)})\b", re.IGNORECASE)
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
_COUNTERS = frozenset("款个种件下些点样双台本只方直般起定边面切共旦致时")


def chinese_number(text: str) -> float | None:
    """'三百五十' -> 350, '两万' -> 20000, '三百五' -> 350; None where it is not a number."""
    total, section, digit, last = 0.0, 0.0, None, 1.0
    for char in text:
        if char in _DIGITS:
            digit = float(_DIGITS[char])
            if char in "零〇":
                last = 1.0
        elif char == "万":
            total, section, digit, last = (total + section + (digit or 0)) * 1e4, 0.0, None, 1e4
        elif char in "十百千":
            last = {"十": 10.0, "百": 100.0, "千": 1000.0}[char]
            section, digit = section + (1.0 if digit is None else digit) * last, None
        else:
            return None
    if digit is not None:
        section += digit * (last / 10 if last > 10 and text[-2:-1] in set("百千万") else 1)
    return total + section


def figures(text: str) -> tuple[Figure, ...]:
    """Every figure of a text, in order. Small Chinese counts (两款, 一个) and bare English number words are no
    figures."""
    text = text.translate(_FULL_WIDTH)
    found: list[tuple[int, Figure]] = []
    coded = [match.span() for match in _CODE.finditer(text) if not _is_amount(match.group())]
    for match in _NUMBER.finditer(text):
        if any(start <= match.start() < end for start, end in coded):
            continue
        value, end = float(match.group(1).replace(",", "")), match.end()
        if end < len(text) and text[end] in "万千百亿":
            value, end = value * _SCALES[text[end]], end + 1
        sign = text[: match.start()].rstrip()[-1:]
        if sign in _SIGNS:
            found.append((match.start(), Figure(value, _SIGNS[sign], text[match.start() - 1 : end])))
            continue
        found.append((match.start(), _with_unit(value, text, match.start(), end)))
    for match in _CHINESE.finditer(text):
        amount = chinese_number(match.group())
        figure = None if amount is None else _with_unit(amount, text, match.start(), match.end())
        if figure and (
            figure.unit or (len(match.group()) > 1 and text[match.end() : match.end() + 1] not in _COUNTERS)
        ):
            if text[match.start() - 1 : match.start()] in set("0123456789第") and match.start():
                continue
            found.append((match.start(), figure))
    for match in _WORD.finditer(text):
        figure = _with_unit(float(_WORDS[match.group().lower()]), text, match.start(), match.end())
        if figure.unit:
            found.append((match.start(), figure))
    return tuple(figure for _, figure in sorted(found, key=lambda one: one[0]))


def codes(text: str) -> tuple[str, ...]:
    """Names that mix letters and digits, in lower case: 'IPX4', 'A2141', 'iPhone15' -> 'ipx4', …; amounts are left
    out."""
    text = text.translate(_FULL_WIDTH)
    return tuple(match.group().lower().strip("-") for match in _CODE.finditer(text) if not _is_amount(match.group()))


def _is_amount(token: str) -> bool:
    """'250g', '30-day', '1080' are amounts; 'IPX4' and '13X' are names."""
    match = re.fullmatch(r"(\d+)[-‑]?([A-Za-z]+)", token)
    return bool(match) and match.group(2).lower() in _UNIT if match else False


def _with_unit(value: float, text: str, start: int, end: int) -> Figure:
    match = _UNIT_AFTER.match(text, end)
    if match is None:
        return Figure(value, "", text[start:end])
    written = (match.group(1) or match.group(2)).lower()
    if written == "in" and text[match.end() : match.end() + 1].strip(" "):
        return Figure(value, "", text[start:end])
    base, factor = _UNIT[written]
    return Figure(value * factor, base, text[start : match.end()])


def supported(claim: Figure, known: tuple[Figure, ...]) -> bool:
    """Whether a figure stands among those known. A claim without a unit is held up by its number alone."""
    if not claim.unit:
        return any(abs(one.value - claim.value) < 1e-6 or abs(_written(one) - claim.value) < 1e-6 for one in known)
    return any(claim.same(one) for one in known)


def _written(figure: Figure) -> float:
    """The number as it is written, before it was brought to the base unit."""
    match = _NUMBER.search(figure.text)
    return float(match.group(1).replace(",", "")) if match else figure.value
