"""Fusion: two ranked lists become one score per candidate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from daogou.search.retrieve import Candidates
from daogou.search.weights import RRF_K, WEIGHTS, Weights
from daogou.stores import Scored


def normalised(candidates: Candidates) -> dict[str, tuple[float, float]]:
    """product id -> (words, meaning), each between 0 and 1.

    Words are divided by the best score, since 0 means 'shares no word'. Cosines of E5 lie in a narrow band far from 0,
    so meaning is spread from the worst candidate (0) to the best (1). What one list did not find has 0 there."""
    best = max((one.score for one in candidates.words), default=0.0)
    words = {one.product_id: one.score / best for one in candidates.words} if best > 0 else {}
    if candidates.meaning:
        top, floor = candidates.meaning[0].score, candidates.meaning[-1].score
        span = max(top - floor, 1e-6)
        meaning = {one.product_id: (one.score - floor) / span for one in candidates.meaning}
        if len(candidates.meaning) == 1:
            meaning = {one.product_id: 1.0 for one in candidates.meaning}
    else:
        meaning = {}
    return {one: (words.get(one, 0.0), meaning.get(one, 0.0)) for one in candidates.ids}


def fuse(candidates: Candidates, weights: Weights = WEIGHTS) -> dict[str, float]:
    """product id -> convex combination of words and meaning, over whichever of the two there is."""
    word_share = weights.words if candidates.words else 0.0
    meaning_share = weights.meaning if candidates.meaning else 0.0
    total = word_share + meaning_share or 1.0
    return {
        one: (word_share * words + meaning_share * meaning) / total
        for one, (words, meaning) in normalised(candidates).items()
    }


def reciprocal_rank_fusion(lists: Iterable[Sequence[Scored]], *, k: int = RRF_K) -> list[Scored]:
    """Plain RRF (Cormack, Clarke and Büttcher 2009): sum of 1 / (k + rank). Best first, ties by id. The baseline."""
    scores: dict[str, float] = {}
    for ranked in lists:
        for rank, one in enumerate(ranked, start=1):
            scores[one.product_id] = scores.get(one.product_id, 0.0) + 1.0 / (k + rank)
    return [Scored(one, score) for one, score in sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))]
