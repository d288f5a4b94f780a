"""Which question to ask when the wish is vague: the facet that splits the remaining candidates best."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from daogou.answer import aligned_attributes, contains
from daogou.records import Constraint, Facet, Hit, Money, Product, SearchResult, Suggestion, figures

MANY = 8
MAX_ASKED = 4
_CHOICES = 4
# How readily shoppers can answer: what it is for comes before how it looks, and both before a figure.
_EASE = {"category": 1.35, "price": 1.0, "brand": 0.55}
_PURPOSE = (
    "适用",
    "适合",
    "用途",
    "场景",
    "类型",
    "功效",
    "suitable",
    "best for",
    "use",
    "type",
    "style",
    "benefit",
    "occasion",
)
_LOOKS = ("颜色", "color", "colour", "pattern", "图案", "成分", "ingredient")
_HARD = ("model", "gtin", "mpn", "code", "number", "date", "型号", "编号", "条码", "日期")


@dataclass(frozen=True, slots=True)
class ClarifyingQuestion:
    """One question: the field it asks about, its label, and ready answers."""

    field: str
    label: str
    suggestions: tuple[Suggestion, ...]


def clarify(
    result: SearchResult, constraints: Sequence[Constraint], asked: Sequence[str], language: str
) -> ClarifyingQuestion | None:
    """The question of the largest expected information over the remaining candidates, or None where few remain or all
    has been asked. Expected information: entropy of the answer times the share of candidates that have the facet."""
    if result.total <= MANY or len(asked) >= MAX_ASKED:
        return None
    settled = {one.field for one in constraints if not one.negated} | set(asked)
    best: tuple[float, ClarifyingQuestion] | None = None
    for facet in result.facets:
        if facet.field in settled or facet.field in {"stock", "currency"} or not facet.values:
            continue
        gain = _gain(facet, result.total)
        if gain > 0.35 and (best is None or gain > best[0]):
            best = (gain, _ask_facet(facet, result.total, language))
    if "price" not in settled:
        prices = _price_question(result.hits, language)
        if prices and (best is None or best[0] < 0.9):
            return prices
    return best[1] if best else None


def facet_answer(text: str, facets: Sequence[Facet]) -> Constraint | None:
    """The facet value an utterance names ('EU 38'), the longest that stands in it. What a shopper taps, or says in the
    words of the list, is understood even where the words alone could mean several things."""
    lowered = text.lower()
    found = [
        (len(way), facet.field, one)
        for facet in facets
        if facet.field not in {"stock", "currency"}
        for one in facet.values
        for way in {_leaf(one.value).lower(), _leaf(one.label).lower()}
        if len(way) > 1 and one.count and contains(lowered, way)
    ]
    if not found:
        return None
    _, field, value = max(found, key=lambda row: (row[0], row[2].count))
    return Constraint(field=field, values=(value.value,), source=_leaf(value.label), label=_leaf(value.label))


def value_answer(text: str, products: Sequence[Product], language: str) -> Constraint | None:
    """The same from the products themselves: a list of facets shows only the commonest values."""
    lowered = text.lower()
    found: list[tuple[int, str, str, str]] = []
    for product in products:
        shown = {one.name: one for one in aligned_attributes(product, language)}
        own = list(aligned_attributes(product, product.language))
        for at, one in enumerate(own):
            worded = list(shown.values())[at] if len(shown) == len(own) else one
            for place, (value, also) in enumerate(zip(one.values, one.values_also, strict=True)):
                longest = max((len(way) for way in also if len(way) > 1 and contains(lowered, way)), default=0)
                if longest:
                    label = worded.values[place] if len(worded.values) == len(one.values) else value
                    found.append((longest, one.name, value, label))
    if not found:
        return None
    _, name, value, label = max(found)
    return Constraint(field=f"attr:{name}", values=(value,), source=label, label=label)


def _gain(facet: Facet, total: int) -> float:
    values = [one for one in facet.values if 0 < one.count < total]
    if len(values) < 2 or any(word in facet.field.lower() for word in _HARD):
        return 0.0
    counted = sum(one.count for one in values)
    entropy = -sum(one.count / counted * math.log2(one.count / counted) for one in values)
    coverage = min(1.0, counted / total)
    return min(entropy, 2.0) * coverage * _ease(facet)


def _ease(facet: Facet) -> float:
    if facet.field in _EASE:
        return _EASE[facet.field]
    named = f"{facet.field} {facet.label}".lower()
    if sum(bool(figures(one.value)) for one in facet.values) > len(facet.values) / 2:
        return 0.35
    if any(word in named for word in _PURPOSE):
        return 1.2
    return 0.6 if any(word in named for word in _LOOKS) else 0.8


def _ask_facet(facet: Facet, total: int, language: str) -> ClarifyingQuestion:
    values = [one for one in facet.values if one.count < total]
    if facet.field == "category":
        deepest = max(one.value.count(" > ") for one in values)
        values = [one for one in values if one.value.count(" > ") == deepest] or values
    chosen = sorted(values, key=lambda one: -one.count)[:_CHOICES]
    ready = tuple(Suggestion(label=_leaf(one.label), text=_leaf(one.label)) for one in chosen)
    return ClarifyingQuestion(facet.field, _leaf(facet.label), (*ready, _either(language)))


def _leaf(label: str) -> str:
    return label.rsplit(" > ", 1)[-1]


def _either(language: str) -> Suggestion:
    text = "都可以" if language == "zh" else "No preference"
    return Suggestion(label=text, text=text)


def _price_question(hits: Sequence[Hit], language: str) -> ClarifyingQuestion | None:
    """Three budgets cut at round numbers near the terciles of the candidates' prices."""
    prices = sorted((hit.product.price for hit in hits if hit.product.price), key=lambda one: one.minor)
    if len(prices) < 6 or prices[-1].minor < 2 * prices[0].minor:
        return None
    low, high = _round(prices[len(prices) // 3]), _round(prices[2 * len(prices) // 3])
    if low.minor >= high.minor:
        return None
    if language == "zh":
        texts = (f"{_plain(low)}元以内", f"{_plain(low)}到{_plain(high)}元", f"{_plain(high)}元以上")
        label = "预算"
    else:
        a, b = low.format(language), high.format(language)
        texts = (f"under {a}", f"{a} to {b}", f"over {b}")
        label = "budget"
    ready = tuple(Suggestion(label=text, text=text) for text in texts)
    return ClarifyingQuestion("price", label, (*ready, _either(language)))


def _round(money: Money) -> Money:
    """The nearest amount with one significant digit and a half: 100, 150, 200, …"""
    size = 10 ** max(0, len(str(money.minor)) - 1)
    step = max(1, size // 2)
    return money.model_copy(update={"minor": max(step, round(money.minor / step) * step)})


def _plain(money: Money) -> str:
    return money.decimal.removesuffix(".00")
