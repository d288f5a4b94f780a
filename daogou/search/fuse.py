"""Fusion: two ranked lists become one score per candidate."""

from __future__ import annotations

from typing import NamedTuple

from daogou.search.retrieve import Candidates
from daogou.search.weights import RRF_K, WEIGHTS, Weights


class Fused(NamedTuple):
    """A candidate's score and what made it: words, meaning and agreement, each between 0 and 1."""

    score: float
    words: float
    meaning: float
    agreement: float


def fuse(candidates: Candidates, weights: Weights = WEIGHTS) -> dict[str, Fused]:
    """product id -> fused score. Where only one of words and meaning was asked, it stands for both.

    Words are divided by the best score, since 0 means 'shares no word'. Cosines of E5 lie in a narrow band far from 0,
    so meaning is spread from the worst candidate (0) to the best (1). What one list did not find has 0 there. Agreement
    is the mean reciprocal rank over the lists that were asked, 1 for what leads them all."""
    lists = bool(candidates.words) + bool(candidates.meaning)
    if not lists:
        return {}
    word_share = weights.words if candidates.words else 0.0
    meaning_share = weights.meaning if candidates.meaning else 0.0
    scale = (weights.words + weights.meaning) / ((word_share + meaning_share) or 1.0)
    word_share, meaning_share = scale * word_share, scale * meaning_share
    steps = [
        (RRF_K + 1) / (RRF_K + 1 + at) / lists for at in range(max(len(candidates.words), len(candidates.meaning)))
    ]
    found: dict[str, Fused] = {}
    best = max((one.score for one in candidates.words), default=0.0) or 1.0
    for one, step in zip(candidates.words, steps, strict=False):
        words = one.score / best
        found[one.product_id] = Fused(word_share * words + weights.agreement * step, words, 0.0, step)
    floor = candidates.meaning[-1].score if candidates.meaning else 0.0
    span = candidates.meaning[0].score - floor if candidates.meaning else 0.0
    for one, step in zip(candidates.meaning, steps, strict=False):
        meaning = (one.score - floor) / span if span > 0 else 1.0
        added = meaning_share * meaning + weights.agreement * step
        known = found.get(one.product_id)
        if known is None:
            found[one.product_id] = Fused(added, 0.0, meaning, step)
        else:
            found[one.product_id] = Fused(known.score + added, known.words, meaning, known.agreement + step)
    return found
