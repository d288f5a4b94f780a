"""Variety: maximal marginal relevance (Carbonell & Goldstein 1998), with category and brand as what makes things
alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

SAME_LEAF = 0.35  # in units of f: how much each earlier product of the same category costs
SAME_BRAND = 0.15


def varied(logits: Sequence[float], leaves: Sequence[str], brands: Sequence[str], limit: int) -> list[int]:
    """Places of the candidates in the order to show them, greedily: f minus what earlier picks already show.

    The first pick is always the best candidate. A product without category or brand is like no other. O(limit x c)."""
    left = list(range(len(logits)))
    seen_leaves, seen_brands = Counter[str](), Counter[str]()
    picked: list[int] = []
    while left and len(picked) < limit:
        best = max(
            left,
            key=lambda place: (
                logits[place] - SAME_LEAF * seen_leaves[leaves[place]] - SAME_BRAND * seen_brands[brands[place]],
                -place,
            ),
        )
        left.remove(best)
        picked.append(best)
        if leaves[best]:
            seen_leaves[leaves[best]] += 1
        if brands[best]:
            seen_brands[brands[best]] += 1
    return picked
