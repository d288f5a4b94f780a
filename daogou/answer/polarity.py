"""Yes, no or partly: what an attribute's value says to a yes/no question, and what a reviewer says of one aspect."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from daogou.answer.asks import Ask
from daogou.answer.evidence import Fact
from daogou.answer.text import contains
from daogou.records import figures

Verdict = Literal["yes", "no", "partly"]
_YES = frozenset({"yes", "true", "y", "是", "有", "支持", "含", "可以", "可", "supported", "included"})
_NO = frozenset(
    {
        "no",
        "none",
        "false",
        "n",
        "not supported",
        "not available",
        "否",
        "无",
        "没有",
        "不支持",
        "不含",
        "不可以",
        "不可",
        "n/a",
    }
)
_NEGATED = re.compile(r"^(?:not |no |non-|不|非|无|未|没)")
_ASKS_NO = re.compile(r"\b(?:free|without)\b|无|不含|免")
# Values shoppers name when they ask "is it leather?": if one is named and the record lists others, it is not listed.
_NAMEABLE_WORDS = """
leather cotton wool silk linen polyester nylon plastic wood wooden glass steel ceramic bamboo rubber metal canvas suede
denim cashmere titanium aluminium aluminum black white red blue green yellow pink purple grey gray brown beige orange
navy silver gold
真皮 皮革 纯棉 棉 羊毛 真丝 亚麻 涤纶 尼龙 塑料 实木 木头 玻璃 不锈钢 陶瓷 竹 橡胶 金属 帆布 牛仔 羊绒 钛 铝
黑色 白色 红色 蓝色 绿色 黄色 粉色 紫色 灰色 棕色 米色 橙色 银色 金色 干皮 油皮 敏感肌 干性 油性 混合性 中性
"""
_NAMEABLE = (
    *_NAMEABLE_WORDS.split(),
    *("dry skin", "oily skin", "sensitive skin", "combination skin", "normal skin", "stainless steel"),
)


def settle(question: str, group: Ask | None, fact: Fact) -> Verdict | None:
    """What an attribute answers to a yes/no question about it; None where its value alone does not settle it."""
    values = {value.lower() for value in fact.values} | (fact.also & _settling(group))
    if values & _NO or (group and any(_is(value, group.no) for value in values)):
        return "yes" if group and group.no and _ASKS_NO.search(question) and not values & _NO else "no"
    named = [value for value in _all_values(fact) if len(value) > 1 and contains(question, value)]
    if named:
        return "yes"
    if values & _YES:
        return "yes"
    if group and (group.yes or group.partly):
        if any(_holds(value, group.partly) for value in values):
            return "partly"
        if any(_holds(value, group.yes) for value in values):
            return "yes"
    if all(_NEGATED.match(value) for value in values):
        return "no"
    return None


def _settling(group: Ask | None) -> frozenset[str]:
    return frozenset((*group.yes, *group.no, *group.partly)) if group else frozenset()


def _is(value: str, ways: Sequence[str]) -> bool:
    return value in ways or any(value.startswith(way) and len(way) > 2 for way in ways)


def _holds(value: str, ways: Sequence[str]) -> bool:
    return any(value == way or (len(way) > 1 and way in value) for way in ways)


def _all_values(fact: Fact) -> frozenset[str]:
    return frozenset(value.lower() for value in fact.values) | fact.also


def about_value(question: str, fact: Fact) -> str:
    """The value a question names that the attribute does not list ('leather'), or ''. Figures count as values too."""
    held = " ".join(_all_values(fact))
    for name in sorted(_NAMEABLE, key=len, reverse=True):
        if contains(question, name) and name not in held:
            return name
    known = figures(held)
    return next(
        (one.text for one in figures(question) if one.unit and known and not any(one.same(two) for two in known)), ""
    )


def opinion_of(text: str, group: Ask, rating: float | None) -> int:
    """What a sentence of a review says of an aspect: 1 well, -1 badly, 0 neither. The longest word decides; 'not' turns
    it round; without such a word the stars decide."""
    lowered = text.lower()
    found: list[tuple[int, int]] = []
    for sign, terms in ((1, group.praise), (-1, group.blame)):
        for term in terms:
            at = lowered.find(term)
            if at >= 0:
                turned = (
                    re.search(
                        r"(?:(?:\bnot?\b|n't|\bnever\b)\W{0,2}(?:[a-z]+\s)?|[不没][太怎很是够那么算]{0,2}|毫无)$",
                        lowered[:at],
                    )
                    is not None
                )
                found.append((len(term), -sign if turned else sign))
    if found:
        return max(found)[1]
    if rating is None or 2.5 < rating < 3.5:
        return 0
    return 1 if rating > 3 else -1
