"""The ranker: its features and what each is worth. One linear sum, so that it can be read, argued with and changed.

Scores are convex combinations of normalised word and meaning scores (Bruch, Gai and Ingber 2023, "An analysis of fusion
functions for hybrid retrieval"), steadied by reciprocal ranks, with additions for what the plan recognised but does not
filter by.
"""

from __future__ import annotations

from dataclasses import dataclass

DEPTH = 200
"""Candidates asked of each of words and meaning."""
IDEOGRAPH = 0.5
"""What a single ideograph of a longer Chinese word counts, the word itself being 1."""
RRF_K = 60
"""The constant of reciprocal ranks (Cormack, Clarke and Büttcher 2009)."""
TEMPERATURE = 0.12
"""Of the softmax over the candidates' scores."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What a candidate's features add to its score; every feature lies between 0 and 1.

    words: BM25F score over the best of the query. meaning: cosine over the range of the candidates. agreement: how high
    it stands in both lists, whatever the scores. boost: share of recognised values the product has. audience: made for
    whom the shopper named. cheap: cheaper than the other candidates, where the shopper asked for that. absent: cannot
    be ordered now.

    Tried and left out, since nDCG fell or did not move: all words in the title, words side by side in the title, the
    last word in the title, how early it stands there, 'for' and 'compatible' in the title."""

    words: float = 0.60
    meaning: float = 0.40
    agreement: float = 0.50
    boost: float = 0.15
    audience: float = 0.20
    cheap: float = 0.25
    absent: float = -0.10
    cut: float = 0.30
    """Candidates below this share of the best score are no longer shown."""
    cut_sorted: float = 0.55
    """The same where the shopper sorts by something else: what is far off must not come first for being cheap."""
    keep: int = 10
    """At least so many candidates stay, whatever their score."""


WEIGHTS = Weights()
