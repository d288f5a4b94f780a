"""Measures of a ranking: recall, precision, hit rate, nDCG, MRR, coverage, calibration, and a bootstrap interval.

Ranks count from 1. Where scores tie, the wanted item is put behind everything it ties with: a model that gives every
item the same score must not look good.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def rank_of(scores: NDArray[Any], wanted: int, *, excluded: Sequence[int] | NDArray[Any] = ()) -> int:
    """The rank of item `wanted` among (n,) scores, the `excluded` left out, ties counted against it.

    A score that is not a number ranks behind everything."""
    own = scores[wanted]
    if np.isnan(own):
        return len(scores)
    ahead = scores >= own
    if len(excluded):
        ahead[np.asarray(excluded, dtype=np.int64)] = False
    ahead[wanted] = False
    return int(ahead.sum()) + 1


def hits_at(ranks: Sequence[int] | NDArray[Any], k: int) -> Floats:
    """(n,) ranks of one wanted item each -> (n,) of 1.0 where it stands in the first k. Its mean is recall@k = HR@k."""
    return (np.asarray(ranks) <= k).astype(np.float64)


def gains_at(ranks: Sequence[int] | NDArray[Any], k: int) -> Floats:
    """(n,) ranks of one wanted item each -> (n,) nDCG@k: 1 / log2(rank + 1) within the first k, else 0."""
    array = np.asarray(ranks, dtype=np.float64)
    return np.where(array <= k, 1.0 / np.log2(array + 1.0), 0.0)


def reciprocal_at(ranks: Sequence[int] | NDArray[Any], k: int) -> Floats:
    """(n,) ranks -> (n,) reciprocal ranks within the first k, else 0. Its mean is MRR@k."""
    array = np.asarray(ranks, dtype=np.float64)
    return np.where(array <= k, 1.0 / array, 0.0)


def ndcg(ranked: Sequence[str], gains: Mapping[str, float], k: int) -> float:
    """nDCG@k of one ranked list under graded gains (Järvelin & Kekäläinen 2002): sum of gain / log2(rank + 1),
    divided by
    the best possible. 0 where nothing has a positive gain."""
    best = sorted((gain for gain in gains.values() if gain > 0), reverse=True)[:k]
    ideal = sum(gain / float(np.log2(rank + 1)) for rank, gain in enumerate(best, start=1))
    if ideal == 0:
        return 0.0
    got = sum(
        max(gains.get(item, 0.0), 0.0) / float(np.log2(rank + 1)) for rank, item in enumerate(ranked[:k], start=1)
    )
    return got / ideal


def precision(ranked: Sequence[str], wanted: set[str], k: int) -> float:
    """Share of the first k places that hold a wanted item; an empty place is a miss."""
    return sum(item in wanted for item in ranked[:k]) / k


def recall(ranked: Sequence[str], wanted: set[str], k: int) -> float:
    """Share of the wanted items that stand in the first k; 0 where nothing is wanted."""
    return sum(item in wanted for item in ranked[:k]) / len(wanted) if wanted else 0.0


def reciprocal_rank(ranked: Sequence[str], wanted: set[str], k: int) -> float:
    """1 / rank of the first wanted item within the first k, else 0."""
    return next((1.0 / rank for rank, item in enumerate(ranked[:k], start=1) if item in wanted), 0.0)


def coverage(lists: NDArray[Any], n_items: int) -> float:
    """Share of the catalogue that stands in at least one of the (n, k) lists; negative entries are empty places."""
    return float(len(np.unique(lists[lists >= 0]))) / n_items if n_items else 0.0


def calibration_error(probabilities: NDArray[Any], happened: NDArray[Any], *, bins: int = 15) -> float:
    """Expected calibration error over bins of equal count (Nguyen & O'Connor 2015): mean |said - happened|.

    Equal count, as recommendation probabilities are small and bins of equal width would hold all of them in one."""
    if len(probabilities) == 0:
        return 0.0
    order = np.argsort(probabilities, kind="stable")
    total = 0.0
    for part in np.array_split(order, min(bins, len(order))):
        total += abs(float(np.mean(probabilities[part])) - float(np.mean(happened[part]))) * len(part)
    return total / len(order)


def bootstrap(values: Sequence[float] | NDArray[Any], *, seed: int, rounds: int = 1000) -> tuple[float, float]:
    """95% percentile interval of the mean of (n,) independent values (Efron 1979). Resamples in chunks: O(n) memory."""
    array = np.asarray(values, dtype=np.float64)
    if len(array) == 0:
        return (0.0, 0.0)
    rng = np.random.default_rng(seed)
    means = np.empty(rounds)
    for done in range(rounds):
        means[done] = array[rng.integers(0, len(array), len(array))].mean()
    low, high = np.percentile(means, [2.5, 97.5])
    return (float(low), float(high))
