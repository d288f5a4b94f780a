"""Units of measure: what a shopper writes, brought to the unit a catalogue counts in (2 斤 = 1 kg, 0.5 l = 500 ml)."""

from __future__ import annotations

import re

# dimension -> spelling -> factor to the dimension's base unit
_UNITS: dict[str, dict[str, float]] = {
    "mass": {
        "mg": 1e-3,
        "毫克": 1e-3,
        "g": 1,
        "gram": 1,
        "grams": 1,
        "克": 1,
        "kg": 1e3,
        "kgs": 1e3,
        "kilo": 1e3,
        "kilos": 1e3,
    }
    | {"kilogram": 1e3, "kilograms": 1e3, "公斤": 1e3, "千克": 1e3, "斤": 500, "两": 50, "吨": 1e6}
    | {
        "oz": 28.3495,
        "ounce": 28.3495,
        "ounces": 28.3495,
        "lb": 453.592,
        "lbs": 453.592,
        "pound": 453.592,
        "pounds": 453.592,
    },
    "volume": {"ml": 1.0, "毫升": 1, "millilitre": 1, "milliliter": 1, "cl": 10, "l": 1e3, "litre": 1e3, "liter": 1e3}
    | {"litres": 1e3, "liters": 1e3, "升": 1e3, "fl oz": 29.5735},
    "length": {"mm": 1, "毫米": 1, "cm": 10, "厘米": 10, "公分": 10, "m": 1e3, "米": 1e3, "metre": 1e3, "meter": 1e3}
    | {"metres": 1e3, "meters": 1e3, "km": 1e6, "公里": 1e6, "inch": 25.4, "inches": 25.4, '"': 25.4, "″": 25.4}
    | {"英寸": 25.4, "寸": 25.4, "ft": 304.8, "foot": 304.8, "feet": 304.8, "英尺": 304.8},
    "data": {"kb": 2.0**-20, "mb": 2.0**-10, "gb": 1, "g": 1, "gib": 1, "tb": 2.0**10, "t": 2.0**10, "tib": 2.0**10},
    "time": {"s": 1.0, "sec": 1, "seconds": 1, "秒": 1, "min": 60, "mins": 60, "minute": 60, "minutes": 60, "分钟": 60}
    | {"h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600, "小时": 3600, "个小时": 3600}
    | {"day": 86400, "days": 86400, "天": 86400, "week": 604800, "weeks": 604800, "周": 604800}
    | {
        "month": 2629800,
        "months": 2629800,
        "个月": 2629800,
        "year": 31557600,
        "years": 31557600,
        "年": 31557600,
        "岁": 31557600,
    },
    "power": {"w": 1, "watt": 1, "watts": 1, "瓦": 1, "kw": 1e3, "千瓦": 1e3},
    "charge": {"mah": 1, "毫安": 1, "毫安时": 1, "ah": 1e3},
    "energy": {"wh": 1, "kwh": 1e3, "瓦时": 1},
    "frequency": {"hz": 1, "赫兹": 1, "khz": 1e3, "mhz": 1e6, "ghz": 1e9},
    "voltage": {"v": 1, "volt": 1, "volts": 1, "伏": 1, "mv": 1e-3, "kv": 1e3},
    "pixels": {"mp": 1, "megapixel": 1, "megapixels": 1, "万像素": 0.01, "万像素的": 0.01},
    "loudness": {"db": 1, "分贝": 1},
    "share": {"%": 1, "percent": 1},
    "temperature": {"°c": 1, "℃": 1, "摄氏度": 1, "度": 1},
    "count": {
        "pcs": 1,
        "pieces": 1,
        "pack": 1,
        "片": 1,
        "包": 1,
        "颗": 1,
        "粒": 1,
        "只": 1,
        "支": 1,
        "袋": 1,
        "盒": 1,
        "瓶": 1,
    },
}
_BY_LENGTH = sorted({spelling for spellings in _UNITS.values() for spelling in spellings}, key=len, reverse=True)


def _pattern(spelling: str) -> str:
    return re.escape(spelling) + ("(?![a-z])" if spelling[-1].isascii() and spelling[-1].isalpha() else "")


UNIT = "(?:" + "|".join(map(_pattern, _BY_LENGTH)) + ")"
"""A pattern of every unit, longest first, over lower-case text."""


def dimensions(unit: str) -> dict[str, float]:
    """What a written unit can measure: 'g' is grams or, of memory, gigabytes. dimension -> factor to its base."""
    unit = unit.strip().lower()
    return {name: spellings[unit] for name, spellings in _UNITS.items() if unit in spellings}


def convert(value: float, written: str, wanted: str) -> float | None:
    """`value` of unit `written` in unit `wanted`; None where they do not measure the same thing."""
    if written.strip().lower() == wanted.strip().lower():
        return value
    ours = dimensions(wanted)
    if len(ours) > 1:  # a catalogue's own unit is meant plainly: its 'g' are grams, memory is counted in GB
        ours.pop("data", None)
    for dimension, factor in dimensions(written).items():
        if dimension in ours:
            return value * factor / ours[dimension]
    return None
