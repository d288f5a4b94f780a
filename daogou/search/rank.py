"""Ranking: the fused score, and what the plan recognised but did not filter by. Reads the index, not the products."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from daogou.records import Constraint
from daogou.search.fuse import Fused, fuse
from daogou.search.retrieve import Candidates
from daogou.search.understand import Boost
from daogou.search.weights import TEMPERATURE, WEIGHTS, Weights
from daogou.stores import Index

_BUYABLE = Constraint(field="stock", values=("yes",))


class Ranked(NamedTuple):
    """A candidate, its score, what fusion knew of it, and the recognised values it has."""

    product_id: str
    score: float
    fused: Fused
    boosts: tuple[Boost, ...] = ()


class Lift(NamedTuple):
    """What is added to some candidates' scores: `amount` for each share (0 to 1) in `shares`."""

    amount: float
    shares: dict[str, float]


def lifts(
    index: Index, ids: Sequence[str], boosts: Sequence[Boost], *, cheap: bool, weights: Weights = WEIGHTS
) -> tuple[list[Lift], dict[str, tuple[Boost, ...]]]:
    """What the plan adds to or takes from these candidates, and which recognised values each has."""
    absent = {one: 1.0 for one, here in zip(ids, index.satisfying(ids, [_BUYABLE]), strict=True) if not here}
    found = [Lift(weights.absent, absent)] if absent else []
    having = _having(index, ids, boosts)
    if having:
        sources = len({boost.source for boost in boosts})
        shares = {one: len({boost.source for boost in had}) / sources for one, had in having.items()}
        found.append(Lift(weights.boost, shares))
        served = {one: 1.0 for one, had in having.items() if any(boost.kind == "audience" for boost in had)}
        found.append(Lift(weights.audience, served))
    if cheap:
        found.append(Lift(weights.cheap, _cheapness(index.numbers_of("price", ids))))
    return found, having


def rank(
    candidates: Candidates,
    added: Sequence[Lift] = (),
    having: dict[str, tuple[Boost, ...]] | None = None,
    *,
    cut: float = 0.0,
    keep: int = 0,
    weights: Weights = WEIGHTS,
) -> list[Ranked]:
    """Candidates best first, ties by id: those within `cut` of the best score, and at least `keep` of them."""
    fused = fuse(candidates, weights)
    scores = {product_id: one.score for product_id, one in fused.items()}
    for lift in added:
        for product_id, share in lift.shares.items():
            if product_id in scores:
                scores[product_id] += lift.amount * share
    order = sorted((-score, product_id) for product_id, score in scores.items())
    if order:
        least = order[0][0] * cut
        order = order[: max(bisect_right(order, (least, "\U0010ffff")), keep)]
    had = having or {}
    return [Ranked(one, -score, fused[one], had.get(one, ())) for score, one in order]


def probabilities(scores: Sequence[float], temperature: float = TEMPERATURE) -> list[float]:
    """Softmax of the scores."""
    if not scores:
        return []
    best = max(scores)
    grown = [math.exp((score - best) / temperature) for score in scores]
    total = sum(grown)
    return [one / total for one in grown]


def _having(index: Index, ids: Sequence[str], boosts: Sequence[Boost]) -> dict[str, tuple[Boost, ...]]:
    """product id -> the recognised values it has."""
    found: dict[str, tuple[Boost, ...]] = {}
    for boost in boosts:
        wanted = Constraint.model_construct(
            field=boost.field, op="in", values=(boost.value,), low=None, high=None, negated=False, source="", label=""
        )
        for one, has in zip(ids, index.satisfying(ids, [wanted]), strict=True):
            if has:
                found[one] = (*found.get(one, ()), boost)
    return found


def _cheapness(prices: dict[str, float]) -> dict[str, float]:
    """1 for the cheapest, 0 for the dearest, by rank."""
    order = sorted(prices, key=lambda one: (prices[one], one))
    last = max(len(order) - 1, 1)
    return {product_id: 1.0 - at / last for at, product_id in enumerate(order)}
