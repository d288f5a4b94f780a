"""Amounts in a query: numbers with a currency or a unit, joined to ranges, with the words that make them bounds."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from daogou.search.numbers import NUMBER, magnitude, parse_number
from daogou.search.units import UNIT

Bound = Literal["high", "low", "about", "range", "exact"]

_SIGNS = r"us\$|hk\$|nt\$|a\$|c\$|s\$|rmb|cny|usd|eur|gbp|¥|￥|\$|€|£|₩|₹"
_MONEY_SPELLINGS = {
    "USD": ("us$", "usd", "美元", "美金", "美刀", "刀"),
    "HKD": ("hk$", "hkd", "港币", "港元"),
    "TWD": ("nt$", "twd", "台币"),
    "AUD": ("a$",),
    "CAD": ("c$",),
    "SGD": ("s$",),
    "CNY": ("rmb", "cny", "yuan", "kuai", "人民币"),
    "EUR": ("eur", "€", "euros", "euro", "欧元"),
    "GBP": ("gbp", "£", "pounds sterling", "quid", "英镑"),
    "JPY": ("jpy", "yen", "日元"),
    "KRW": ("krw", "₩"),
    "INR": ("inr", "₹"),
    "¥": ("¥", "￥"),
    "$": ("$", "dollars", "dollar", "bucks", "buck"),
    "元": ("元", "块钱", "块", "圆"),
}
"""ISO code, or a sign several currencies share -> ways to write it."""
_MONEY_WORDS = {word: money for money, words in _MONEY_SPELLINGS.items() for word in words}
_MONEY = "|".join(
    re.escape(word) + ("(?![a-z])" if word[-1].isalpha() and word[-1].isascii() else "")
    for word in sorted(_MONEY_WORDS, key=len, reverse=True)
)
_AMOUNT = re.compile(
    rf"(?:(?P<sign>{_SIGNS})\s?)?(?P<number>{NUMBER})(?P<vague>多|来|好几|"
    rf"余)?\s?(?:-?\s?(?P<unit>{UNIT})|(?P<money>{_MONEY}))?"
)
_JOIN = re.compile(r"\s?(?:-+|到|至|~|to|and|和)\s?")

_FRAME = (
    r"(?:(?:的?价格|价位|价钱|价|售价|预算|costs?|costing|priced?|price range|budget|"
    r"spend(?:ing)?)\s?(?:在|是|为|of|is|at|:|：|to)?\s?)?"
)
_BEFORE: tuple[tuple[Bound, bool, str], ...] = (
    # kind, whether it needs a currency to be a price, words
    (
        "high",
        False,
        r"(?:no|not) (?:more|higher|over|above|exceeding)(?: than)?|don't exceed|不(?:要|能|想)?(?:超过|"
        r"高于|多于|大于|贵于)|别超过|不超|不到|低于|少于|小于|不足|最多|至多|最高|顶多|不高于|(?:under|"
        r"below|beneath|less than|cheaper than|lower than|up to|at most|within|<=?|≤)",
    ),
    (
        "low",
        False,
        r"(?:no|not) (?:less|lower|cheaper|under|below)(?: than)?|不(?:低于|少于|小于)|(?:over|above|"
        r"more than|greater than|higher than|at least|>=?|≥)|超过|高于|大于|多于|至少|最少|最低|起码",
    ),
    ("about", False, r"about|around|approximately|approx\.?|roughly|大约|大概|约莫|约|差不多|接近"),
    ("high", True, r"max(?:imum)?(?: of)?|budget(?: of| is|:)?|预算(?:是|在|为|:|：)?|以下"),
    ("low", True, r"min(?:imum)?(?: of)?|from|starting (?:at|from)|上"),
)
_AFTER: tuple[tuple[Bound, bool, str], ...] = (
    ("about", False, r"(?:的)?(?:左右|上下|前后|附近)|ish(?![a-z])|or so(?![a-z])"),
    (
        "high",
        False,
        r"(?:及|或|的)?(?:以内|之内|以下|之下|以里|封顶)|内(?![存置部裤衣胆饰搭])|(?:or|and) (?:less|"
        r"under|below|cheaper|lower)(?![a-z])|(?:的)?预算|budget(?![a-z])|max(?:imum)?(?![a-z])|"
        r"tops(?![a-z])",
    ),
    ("low", False, r"(?:及|或|的)?(?:以上|之上|往上)|(?:or|and) (?:more|up|above|over|higher)(?![a-z])"),
    ("low", True, r"起|\+"),
)
_BEFORES = tuple(
    (kind, money, re.compile(rf"(?<![a-z])(?:{_FRAME}(?:{words})\s?{_FRAME})$")) for kind, money, words in _BEFORE
)
_AFTERS = tuple((kind, money, re.compile(rf"\s?(?:{words})")) for kind, money, words in _AFTER)
_OPENING = re.compile(rf"(?<![a-z])(?:{_FRAME}(?:between|from|介于|在|从)?\s?)$")
_CLOSING = re.compile(r"\s?(?:之间|间|的?价位|价格|档位|档|这个价)")
_SIZES = re.compile(r"(?:size|sizes|尺码|码数|eu|us|uk|no\.|#|第)\s?$")
_DISCOUNT = re.compile(r"\s?(?:折|% off|码|号|代|款|件套|件|岁|in 1|合一|g(?:hz|bps)|[a-z]*bps)")
_LOOK_BACK = 40
VAGUE = 0.2
"""How far 'about' reaches either way."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure with its bound. `money`: ISO code, or a sign several currencies share; `unit` as written."""

    start: int
    end: int
    low: float | None
    high: float | None
    bound: Bound
    money: str = ""
    unit: str = ""
    plain: bool = True
    """Written in digits, not in Chinese numerals that may be part of a word (一起, 千万)."""


def find_amounts(text: str) -> list[Amount]:
    """Every amount of a normalised text, left to right, without overlaps."""
    found: list[Amount] = []
    at = 0
    while (match := _AMOUNT.search(text, at)) is not None:
        amount = _read(text, match)
        at = max(match.end(), amount.end if amount else 0, at + 1)
        if amount is not None:
            found.append(amount)
    return found


def _read(text: str, match: re.Match[str]) -> Amount | None:
    one = _single(match)
    if one is None or _SIZES.search(text[max(0, match.start() - _LOOK_BACK) : match.start()]):
        return None
    joined = _JOIN.match(text, one.end)
    other = _AMOUNT.match(text, joined.end()) if joined else None
    if other is not None and (far := _single(other)) is not None and (both := _range(one, far)) is not None:
        return _frame(text, both)
    return _bounded(text, one)


def _single(match: re.Match[str]) -> Amount | None:
    figure = parse_number(match["number"])
    if figure is None:
        return None
    sign = _MONEY_WORDS.get(match["sign"] or "", "")
    money = _MONEY_WORDS.get(match["money"] or "", "") or sign
    low, high = figure.value, figure.high
    bound: Bound = "exact" if high is None else "range"
    if match["vague"] == "来":
        low, high, bound = figure.value * (1 - VAGUE), figure.value * (1 + VAGUE), "about"
    elif match["vague"]:
        low, high, bound = figure.value, figure.value + magnitude(figure.value), "range"
    plain = match["number"][0].isdigit()
    hundreds = match["number"] in {"百", "千", "万"}
    if hundreds and money:
        low, high, bound = figure.value, figure.value * 2 - 1, "range"
    unit = match["unit"] or ""
    end = match.start() + len(match[0].rstrip())
    if not plain and not money and not unit and figure.value < 10:
        return None
    return Amount(match.start(), end, low, high, bound, money, unit, plain)


def _range(one: Amount, other: Amount) -> Amount | None:
    """'200-300元', '$20 to $40', '三百到五百', 'between 20 and 40 usd', '1-2 kg'; '2-3k' counts both in thousands."""
    if one.bound != "exact" or other.bound != "exact" or (one.unit and other.unit and one.unit != other.unit):
        return None
    low, high = one.low or 0.0, other.low or 0.0
    step = next((size for size in (1e4, 1e3) if low < 100 and low * size < high and high % size == 0), 1.0)
    low *= step
    if low >= high:
        return None
    money, unit = one.money or other.money, other.unit or one.unit
    if (money and unit) or (other.money and one.money and other.money != one.money):
        return None
    return replace(one, end=other.end, low=low, high=high, bound="range", money=money, unit=unit)


def _frame(text: str, amount: Amount) -> Amount:
    before = _OPENING.search(text[max(0, amount.start - _LOOK_BACK) : amount.start])
    after = _CLOSING.match(text, amount.end)
    start = amount.start - len(before[0]) if before else amount.start
    return replace(amount, start=start, end=after.end() if after else amount.end)


def _bounded(text: str, amount: Amount) -> Amount | None:
    lead = text[max(0, amount.start - _LOOK_BACK) : amount.start]
    if not amount.money and not amount.unit and _DISCOUNT.match(text, amount.end):
        return None
    bound, start, end, strong = amount.bound, amount.start, amount.end, bool(amount.money or amount.unit)
    for kind, needs, pattern in _BEFORES:
        if (strong or not needs or "budget" in lead or "预算" in lead) and (cue := pattern.search(lead)):
            bound, start = kind, amount.start - len(cue[0])
            break
    for kind, needs, pattern in _AFTERS:
        if (strong or not needs) and (tail := pattern.match(text, end)):
            bound, end = (kind, tail.end()) if bound in {"exact", "about", "range", kind} else (bound, tail.end())
            break
    value, reach = amount.low or 0.0, amount.high
    low: float | None = value
    high: float | None = value if reach is None else reach
    if bound == "high":
        low, high = None, value if reach == value * 2 - 1 else high
    elif bound == "low":
        high = None
    elif bound == "about" and reach is None:
        low, high = value * (1 - VAGUE), value * (1 + VAGUE)
    framed = replace(amount, start=start, end=end, low=low, high=high, bound=bound)
    return _frame(text, framed) if bound in {"exact", "about", "range"} and amount.money else framed
