"""Ranking: the features of each candidate, and their weighted sum."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from daogou.search.fuse import fuse
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
    boosts: tuple[Boost, ...]


def rank(
    candidates: Candidates,
    items: Mapping[str, Prepared],
    boosts: Sequence[Boost] = (),
    *,
    cheap: bool = False,
    weights: Weights = WEIGHTS,
) -> list[Ranked]:
    """Candidates best first, ties by id. Products the database no longer has are left out."""
    cheapness = _cheapness(items.values()) if cheap else {}
    wanted = _by_source(boosts)
    found: list[Ranked] = []
    for product_id, (score, part) in fuse(candidates, weights).items():
        item = items.get(product_id)
        if item is None:
            continue
        had = tuple(boost for boost in boosts if (boost.field, boost.value) in item.pair_set) if boosts else ()
        if had:
            score += weights.boost * len({boost.source for boost in had}) / len(wanted)
        if cheap:
            score += weights.cheap * cheapness.get(product_id, 0.0)
        if not item.buyable:
            score += weights.absent
        found.append(Ranked(item, score, part.words, part.meaning, had))
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


def _cheapness(items: Iterable[Prepared]) -> dict[str, float]:
    priced = sorted((item.price, item.product.id) for item in items if item.price is not None)
    last = max(len(priced) - 1, 1)
    return {product_id: 1.0 - at / last for at, (_, product_id) in enumerate(priced)}


def _by_source(boosts: Sequence[Boost]) -> frozenset[str]:
    return frozenset(boost.source for boost in boosts)
