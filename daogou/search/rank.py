"""Ranking: the features of each candidate, and their weighted sum."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from daogou.search.fuse import normalised
from daogou.search.prepared import Prepared
from daogou.search.retrieve import Candidates
from daogou.search.understand import Boost
from daogou.search.weights import TEMPERATURE, WEIGHTS, Weights


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its score and the features that made it, each between 0 and 1."""

    item: Prepared
    score: float
    words: float
    meaning: float
    title: float
    boosts: tuple[Boost, ...]


def rank(
    candidates: Candidates,
    items: Mapping[str, Prepared],
    tokens: Sequence[str],
    boosts: Sequence[Boost] = (),
    *,
    cheap: bool = False,
    weights: Weights = WEIGHTS,
) -> list[Ranked]:
    """Candidates best first, ties by id. Products the database no longer has are left out."""
    word_share = weights.words if candidates.words else 0.0
    meaning_share = weights.meaning if candidates.meaning else 0.0
    total = word_share + meaning_share or 1.0
    scale = weights.words + weights.meaning
    cheapness = _cheapness(items.values()) if cheap else {}
    wanted = _by_source(boosts)
    found: list[Ranked] = []
    for product_id, (words, meaning) in normalised(candidates).items():
        item = items.get(product_id)
        if item is None:
            continue
        title, phrase, head = _title_match(item, tokens)
        had = tuple(boost for boost in boosts if (boost.field, boost.value) in item.pair_set) if boosts else ()
        score = (
            scale * (word_share * words + meaning_share * meaning) / total
            + weights.title * title
            + weights.phrase * phrase
            + weights.head * head
        )
        if had:
            score += weights.boost * len({boost.source for boost in had}) / len(wanted)
        if cheap:
            score += weights.cheap * cheapness.get(product_id, 0.0)
        if not item.product.buyable:
            score += weights.absent
        found.append(Ranked(item, score, words, meaning, title, had))
    found.sort(key=lambda one: (-one.score, one.item.product.id))
    return found


def relevant(ranked: list[Ranked], *, cut: float, keep: int) -> list[Ranked]:
    """The candidates within `cut` of the best score, and at least `keep` of them."""
    if not ranked:
        return ranked
    least = ranked[0].score * cut
    count = next((at for at, one in enumerate(ranked) if one.score < least), len(ranked))
    return ranked[: max(count, keep)]


def probabilities(scores: Sequence[float], temperature: float = TEMPERATURE) -> list[float]:
    """Softmax of the scores."""
    if not scores:
        return []
    best = max(scores)
    grown = [math.exp((score - best) / temperature) for score in scores]
    total = sum(grown)
    return [one / total for one in grown]


def _title_match(item: Prepared, tokens: Sequence[str]) -> tuple[float, float, float]:
    """Share of the words in the title, whether they stand side by side there, whether the last is among them."""
    if not tokens:
        return 0.0, 0.0, 0.0
    best = (0.0, 0.0, 0.0)
    for words, order in zip(item.title_words, item.titles, strict=True):
        hits = sum(token in words for token in tokens)
        if hits:
            whole = hits == len(tokens)
            phrase = 1.0 if whole and (len(tokens) == 1 or _side_by_side(order, tokens)) else 0.0
            best = max(best, (hits / len(tokens), phrase, 1.0 if tokens[-1] in words else 0.0))
    return best


def _side_by_side(order: Sequence[str], tokens: Sequence[str]) -> bool:
    size, first = len(tokens), tokens[0]
    wanted = tuple(tokens)
    return any(
        word == first and tuple(order[at : at + size]) == wanted
        for at, word in enumerate(order[: len(order) - size + 1])
    )


def _cheapness(items: Iterable[Prepared]) -> dict[str, float]:
    priced = sorted((item.price, item.product.id) for item in items if item.price is not None)
    last = max(len(priced) - 1, 1)
    return {product_id: 1.0 - at / last for at, (_, product_id) in enumerate(priced)}


def _by_source(boosts: Sequence[Boost]) -> frozenset[str]:
    return frozenset(boost.source for boost in boosts)
