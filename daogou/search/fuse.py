"""Fusion: two ranked lists become one score per candidate."""

from __future__ import annotations

from typing import NamedTuple

from daogou.search.retrieve import Candidates
from daogou.search.weights import RRF_K, WEIGHTS, Weights


class Parts(NamedTuple):
    """What fusion knows of a candidate, each between 0 and 1."""

    words: float
    meaning: float
    agreement: float


def parts(candidates: Candidates) -> dict[str, Parts]:
    """product id -> its parts.

    Words are divided by the best score, since 0 means 'shares no word'. Cosines of E5 lie in a narrow band far from 0,
    so meaning is spread from the worst candidate (0) to the best (1). What one list did not find has 0 there. Agreement
    is the mean reciprocal rank over the lists that were asked, 1 for what leads them all."""
    best = max((one.score for one in candidates.words), default=0.0)
    words = {one.product_id: one.score / best for one in candidates.words} if best > 0 else {}
    meaning: dict[str, float] = {}
    if candidates.meaning:
        floor = candidates.meaning[-1].score
        span = candidates.meaning[0].score - floor
        meaning = {one.product_id: (one.score - floor) / span if span > 0 else 1.0 for one in candidates.meaning}
    lists = [ranked for ranked in (candidates.words, candidates.meaning) if ranked]
    agreement: dict[str, float] = {}
    for ranked in lists:
        for at, one in enumerate(ranked):
            agreement[one.product_id] = agreement.get(one.product_id, 0.0) + (RRF_K + 1) / (RRF_K + 1 + at)
    return {
        one: Parts(words.get(one, 0.0), meaning.get(one, 0.0), total / len(lists)) for one, total in agreement.items()
    }


def fuse(candidates: Candidates, weights: Weights = WEIGHTS) -> dict[str, tuple[float, Parts]]:
    """product id -> (score, parts). Where only one of words and meaning was asked, it stands for both."""
    word_share = weights.words if candidates.words else 0.0
    meaning_share = weights.meaning if candidates.meaning else 0.0
    scale = (weights.words + weights.meaning) / (word_share + meaning_share or 1.0)
    word_share, meaning_share = scale * word_share, scale * meaning_share
    return {
        one: (word_share * part.words + meaning_share * part.meaning + weights.agreement * part.agreement, part)
        for one, part in parts(candidates).items()
    }
