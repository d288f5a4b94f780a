"""BM25F weights as sparse vectors: the one place where index and search agree on token numbers and constants.

A document's weight of a token is tf' (k1 + 1) / (tf' + k1), with tf' = sum over fields of w_f tf_f / (1 - b_f + b_f
len_f / average_f) (Robertson, Zaragoza and Taylor 2004, "Simple BM25 extension to multiple weighted fields"). The
engine multiplies it by the inverse document frequency at query time, so that counts stay true as products come and go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b

DEFAULT_AVERAGES = {"title": 10.0, "brand": 1.2, "category": 5.0, "attributes": 25.0, "description": 60.0}


@dataclass(frozen=True, slots=True)
class Weighting:
    """What can be tuned. `fields`: name -> (weight, b); b = 0 ignores the field's length, 1 normalises it fully."""

    k1: float = 1.2
    fields: Mapping[str, tuple[float, float]] = field(
        default_factory=lambda: {
            "title": (8.0, 0.6),
            "brand": (2.0, 0.0),
            "category": (1.5, 0.2),
            "attributes": (0.7, 0.6),
            "description": (2.0, 0.75),
        }
    )


@lru_cache(maxsize=1 << 18)
def token_id(token: str) -> int:
    """A stable 32-bit number for a token. Two of 200,000 tokens share one with probability 1 in 20,000 each."""
    return int.from_bytes(blake2b(token.encode("utf-8", "replace"), digest_size=4).digest(), "little")


def document_weights(
    wordings: Iterable[Mapping[str, Sequence[str]]],
    averages: Mapping[str, float],
    weighting: Weighting,
) -> dict[int, float]:
    """Field -> tokens, once per language the product is worded in -> token number -> weight, 0 < weight < k1 + 1.

    Each wording is weighed by its own lengths, and a token counts as in its best wording: a product is not worse for
    being translated."""
    best: dict[int, float] = {}
    for wording in wordings:
        frequency: dict[str, float] = {}
        for name, tokens in wording.items():
            weight, b = weighting.fields[name]
            if not tokens or weight <= 0:
                continue
            norm = weight / (1 - b + b * len(tokens) / max(averages.get(name, 1.0), 1e-9))
            for token, count in Counter(tokens).items():
                frequency[token] = frequency.get(token, 0.0) + count * norm
        for token, tf in frequency.items():
            number = token_id(token)
            best[number] = max(best.get(number, 0.0), tf * (weighting.k1 + 1) / (tf + weighting.k1))
    return best


def query_weights(tokens: Iterable[str], weights: Mapping[str, float] | None = None) -> dict[int, float]:
    """Distinct tokens of a query -> token number -> weight (1, or what `weights` says of the token)."""
    weights = weights or {}
    return {token_id(token): weights.get(token, 1.0) for token in dict.fromkeys(tokens)}
