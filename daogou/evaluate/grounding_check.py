"""Is a reply the record's? A checker that shares nothing with the guide's own verifier, so that it can catch it out.

It works on the finished text: amounts, other numbers, names, links, and claims about stock, delivery and
discounts. What the text may draw on is given as plain text: the products in play as JSON, evidence, the words said."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

_MONEY = re.compile(
    r"(?:[¥￥$€£]|\b(?:CNY|USD|EUR|GBP|RMB)\s?)\s?(\d[\d,]*(?:\.\d+)?)|(\d[\d,]*(?:\.\d+)?)\s?(?:元|块|yuan|dollars|euros)"
)
_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
_LINK = re.compile(r"https?:|www\.|\b[\w-]+\.(?:com|cn|net|org|shop)\b|@\w", re.IGNORECASE)
_ZH_NAME = re.compile(r"「([^」]+)」")
_EN_NAME = re.compile(r"(?:[A-Z][\w'&-]*|\d[\w.-]*)(?:\s+(?:[A-Z][\w'&-]*|\d[\w.-]*|of|and|for|the)){1,}")
_SOLD_OUT = re.compile(r"sold out|out of stock|缺货|售完|售罄|断货|无货", re.IGNORECASE)
_IN_STOCK = re.compile(r"\bin stock\b|有货|现货|可选：|只剩|\bonly \d+ left\b", re.IGNORECASE)
_DELIVERY = re.compile(r"free (?:shipping|delivery)|包邮|免运费|次日达|当天发货|next[- ]day", re.IGNORECASE)
_DISCOUNT = re.compile(r"\bdiscount|\bon sale\b|打折|\d折|促销|优惠价|特价|coupon|优惠券", re.IGNORECASE)


@dataclass(slots=True)
class InPlay:
    """What a turn may draw on. products: the records in play. said: evidence, labels and the shopper's words."""

    products: list[Any] = field(default_factory=list)
    said: str = ""
    numbers: set[str] = field(default_factory=set)
    amounts: set[str] = field(default_factory=set)


def _plain(number: str) -> str:
    number = number.replace(",", "")
    return number.rstrip("0").rstrip(".") if "." in number else number


def _record_text(products: Iterable[Any]) -> str:
    return " ".join(json.dumps(one.model_dump(mode="json"), ensure_ascii=False) for one in products)


def inventions(text: str, play: InPlay) -> list[str]:
    """Everything in a reply that is not the record's, each as 'kind: words'. Empty where all of it is."""
    record = _record_text(play.products)
    whole = f"{record} {play.said}"
    found: list[str] = []
    amounts = set(play.amounts)
    for one in play.products:
        amounts |= {_plain(money.decimal) for money in one.all_prices}
    amounts |= {_plain(a or b) for a, b in _MONEY.findall(play.said)}
    written = [left or right for left, right in _MONEY.findall(text)]
    found.extend(f"price: {one}" for one in written if _plain(one) not in amounts)
    numbers = {_plain(one) for one in _DIGITS.findall(whole)} | play.numbers | amounts
    found.extend(f"number: {one}" for one in _DIGITS.findall(text) if _plain(one) not in numbers)
    found.extend(f"link: {one}" for one in _LINK.findall(text) if one not in whole)
    lowered = whole.lower()
    found.extend(
        f"name: {name}"
        for name in _ZH_NAME.findall(text)
        if name.lower() not in lowered and not all(part.lower() in lowered for part in re.split(r"[、,]", name))
    )
    for sentence in re.split(r"(?<=[.!?;:])\s+", text):
        for match in _EN_NAME.finditer(sentence):
            words = re.findall(r"[\w'&.-]+", match.group().lower())[
                match.start() == 0 :
            ]  # any word may open a sentence
            words = [word.strip(".'") for word in words if not word[0].isdigit()]  # numbers were looked at above
            if not all(word in lowered for word in words):
                found.append(f"name: {match.group()}")
    found.extend(_stock(text, play))
    for kind, pattern in (("delivery", _DELIVERY), ("discount", _DISCOUNT)):
        found.extend(f"{kind}: {one.group()}" for one in pattern.finditer(text) if one.group().lower() not in lowered)
    return found


def _stock(text: str, play: InPlay) -> list[str]:
    """Stock claims against the records: of the product named in the same sentence, else of those in play."""
    wrong = []
    for sentence in re.split(r"(?<=[。！？!?])|(?<=[.])\s", text):
        named = [one for one in play.products if any(two.title in sentence for two in one.wordings())] or play.products
        sold = [not one.buyable or any(variant.stock == 0 for variant in one.variants) for one in named]
        there = [one.buyable for one in named]
        if _SOLD_OUT.search(sentence) and not any(sold) and not _SOLD_OUT.search(play.said):
            wrong.append(f"stock: {sentence.strip()[:60]}")
        if _IN_STOCK.search(sentence) and not any(there) and not _IN_STOCK.search(play.said):
            wrong.append(f"stock: {sentence.strip()[:60]}")
    return wrong
