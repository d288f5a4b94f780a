"""Which products an utterance means: 'the second one', 「便宜的那个」, 'the red one', 'it', 'both'."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from daogou.answer import aligned_attributes, contains, words
from daogou.chat.lexicon import says
from daogou.records import Product, chinese_number

_EN_ORDINAL = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "1st": 1, "2nd": 2, "3rd": 3}
_EN_ORDINAL |= {"4th": 4, "5th": 5, "6th": 6}
_ORDINAL = re.compile(rf"\b({'|'.join(_EN_ORDINAL)})\b|(?:#|\bnumber |\bno\.? ?|\boption )(\d)\b", re.IGNORECASE)
_ZH_ORDINAL = re.compile(r"第([一二三四五六七八九十]|\d{1,2})(?!天|年|次)(?:[个款双件台本种瓶只条支部包盒]|)")
_LAST = re.compile(r"\bthe last(?: one)?\b|最后(?:一?[个款双件台]|那[个款])", re.IGNORECASE)
_FIRST_FEW = re.compile(r"\bthe (?:first |top )(two|three|four|2|3|4)\b|前([两二三四234])[个款双件台]?", re.IGNORECASE)
_FEW = {"two": 2, "three": 3, "four": 4, "两": 2, "二": 2, "三": 3, "四": 4, "2": 2, "3": 3, "4": 4}
_THAT_ONE = re.compile(
    r"\bthe ([\w -]{2,40}?) (?:one|ones|version|model)\b|([㐀-鿿A-Za-z0-9]{1,10}?)的?那[个款双件台本瓶只条支部包盒]",
    re.IGNORECASE,
)
_NOT_DESCRIBING = frozenset(
    {"first", "second", "third", "fourth", "last", "cheaper", "cheapest", "other", "same", "only", "right", "best"}
    | {"better", "next", "new"}
)


@dataclass(frozen=True, slots=True)
class Referred:
    """The products meant, in the order named. `how` says by what: ordinal, price, words, pronoun, both, title;
    `missing` is what was pointed at but is not there ('the seventh one')."""

    products: tuple[Product, ...] = ()
    how: str = ""
    missing: str = ""


def resolve(text: str, shown: Sequence[Product], focus: Product | None, seen: Sequence[Product] = ()) -> Referred:
    """Reads references against the products last shown, the one being talked about, and those shown earlier."""
    by_order = _ordinals(text, shown)
    if by_order.how:
        return by_order
    if shown:
        if says("cheap_one", text):
            return Referred(_extreme(shown, -1), "price")
        if says("dear_one", text):
            return Referred(_extreme(shown, 1), "price")
    titled = _by_title(text, [*shown, *([focus] if focus and focus not in shown else [])])
    described = _described(text, shown) or _described(text, seen)
    if described:
        return described
    if len(titled) > 1 and says("compare", text):
        return Referred(titled, "title")
    if says("both", text) and len(shown) > 1:
        return Referred(tuple(shown[: 3 if re.search(r"三|three|all", text) else 2]), "both")
    titled = titled or _by_title(text, seen)
    if titled:
        return Referred(titled[:1], "title")
    if says("refer", text):
        one = focus or (shown[0] if shown else None)
        return Referred((one,), "pronoun") if one else Referred(missing="it")
    return Referred()


def _ordinals(text: str, shown: Sequence[Product]) -> Referred:
    few = _FIRST_FEW.search(text)
    if few:
        count = _FEW[(few.group(1) or few.group(2)).lower()]
        return Referred(tuple(shown[:count]), "ordinal", "" if shown else few.group())
    places = [
        (match.start(), _EN_ORDINAL.get((match.group(1) or "").lower()) or int(match.group(2)), match.group())
        for match in _ORDINAL.finditer(text)
    ]
    for match in _ZH_ORDINAL.finditer(text):
        number = int(match.group(1)) if match.group(1).isdigit() else int(chinese_number(match.group(1)) or 0)
        places.append((match.start(), number, match.group()))
    if not places and _LAST.search(text) and shown:
        return Referred((shown[-1],), "ordinal")
    places.sort()
    found = [shown[number - 1] for _, number, _ in places if 0 < number <= len(shown)]
    missing = next((words_said for _, number, words_said in places if not 0 < number <= len(shown)), "")
    return Referred(tuple({one.id: one for one in found}.values()), "ordinal" if places else "", missing)


def _extreme(shown: Sequence[Product], sign: int) -> tuple[Product, ...]:
    priced = [one for one in shown if one.price and one.buyable] or [one for one in shown if one.price]
    return (max(priced, key=lambda one: sign * (one.price.minor if one.price else 0)),) if priced else tuple(shown[:1])


def _described(text: str, shown: Sequence[Product]) -> Referred | None:
    """'the red one': the product whose title or attributes carry the word."""
    for match in _THAT_ONE.finditer(text):
        said = (match.group(1) or match.group(2) or "").lower().strip()
        said = re.sub(
            r"^(?:还是|想|要|买|就|选|看看?|我|把|说说|和|跟|那|这|刚才|之前|前面|的)+", "", said
        ).removesuffix("的")
        if not said or said in _NOT_DESCRIBING:
            continue
        fitting = [one for one in shown if _carries(one, said)]
        if fitting:
            return Referred((fitting[0],), "words")
    return None


def _carries(product: Product, said: str) -> bool:
    values = {
        value for one in aligned_attributes(product, product.language) for also in one.values_also for value in also
    }
    values |= {
        value.lower() for variant in product.variants for listed in variant.attributes.values() for value in listed
    }
    titles = " ".join(f"{one.title} {one.brand}" for one in product.wordings()).lower()
    return any(contains(value, said) or value == said for value in values) or contains(titles, said)


def _by_title(text: str, listed: Sequence[Product]) -> tuple[Product, ...]:
    """Products whose own words (in the title, in no other title shown) stand in the utterance."""
    asked = words(text)
    held = {one.id: frozenset().union(*(words(f"{two.title} {two.brand}") for two in one.wordings())) for one in listed}
    scored = []
    for at, one in enumerate(listed):
        others = frozenset().union(*(held[two.id] for two in listed if two.id != one.id))
        own = held[one.id] - others
        whole = any(len(two.title) > 3 and two.title.lower() in text.lower() for two in one.wordings())
        brand = any(len(two.brand) > 1 and contains(text.lower(), two.brand.lower()) for two in one.wordings())
        overlap = len(asked & own)
        if whole or (overlap and brand) or (overlap >= 2 and overlap / max(1, len(asked)) >= 0.3):
            scored.append((-(100 if whole else overlap), at, one))
    return tuple(one for _, _, one in sorted(scored, key=lambda row: row[:2]))
