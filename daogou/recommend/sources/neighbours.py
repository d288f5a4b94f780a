"""Item neighbours: items are alike where the same shoppers chose them (ItemKNN: Sarwar et al. 2001; Deshpande &
Karypis 2004).

likeness(a, b) = shoppers(a and b) / (shoppers(a) x shoppers(b))^norm, shrunk by shoppers / (shoppers + shrink)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daogou.recommend.catalogue import Catalogue
from daogou.recommend.counts import PairCounts, Pairs
from daogou.recommend.sources.base import Arrays, Asked, Scores, Why, newest_part, recency, strongest
from daogou.recommend.trails import Batch, Change


class Neighbours:
    """Cosine over the (shoppers x items) table, kept as counts of shoppers; exact under updates."""

    name = "neighbours"

    def __init__(self, *, norm: float = 0.45, shrink: float = 5.0, recency: float = 0.7, keep: int = 500) -> None:
        self.norm = norm
        self.shrink = shrink
        self.recency = recency
        self.together = PairCounts(keep)
        self.alone = PairCounts()
        self._catalogue: Catalogue | None = None

    def fit(self, batch: Batch, catalogue: Catalogue) -> None:
        """O(sum over shoppers of the square of their items)."""
        self._catalogue = catalogue
        self.together.fit(both(batch))
        self.alone.fit(each(batch))

    def update(self, change: Change) -> None:
        """Exact."""
        self.exchange(Batch.of([change.before]), Batch.of([change.after]))

    def exchange(self, before: Batch, after: Batch) -> None:
        """Takes one batch away and puts another in."""
        self.together.add(both(after).minus(both(before)))
        self.alone.add(each(after).minus(each(before)))

    def shoppers(self, first: int, second: int) -> int:
        """How many shoppers chose both."""
        return self.together.get(first, second)

    def likeness(self, item: int) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Neighbours of an item and how alike each is."""
        cols, counts = self.together.row(item)
        alone = self.alone.row_sums(len(self._catalogue or ()))
        scale = (float(alone[item]) * alone[cols]) ** self.norm
        return cols, counts / scale * (counts / (counts + self.shrink))

    def score(self, asked: Asked) -> Scores:
        """(n,)."""
        scores = np.zeros(len(self._catalogue or ()))
        for item, weight in zip(asked.items.tolist(), recency(len(asked.items), self.recency).tolist(), strict=True):
            cols, alike = self.likeness(item)
            scores[cols] += weight * alike
        return scores.astype(np.float32)

    def why(self, asked: Asked, item: int) -> Why | None:
        """The most alike item of the history, and how many shoppers chose both."""
        asked = newest_part(asked)
        fade = recency(len(asked.items), self.recency)
        alone = self.alone.row_sums(len(self._catalogue or ()))
        counts = np.array([self.together.get(other, item) for other in asked.items.tolist()], np.float64)
        scale = np.maximum(float(alone[item]) * alone[asked.items], 1.0) ** self.norm
        best = strongest(asked, counts / scale * (counts / (counts + self.shrink)) * fade)
        return None if best is None else Why(*best, self.shoppers(best[0], item))

    def save(self) -> Arrays:
        return self.together.state("together") | self.alone.state("alone")

    def load(self, arrays: Mapping[str, NDArray[Any]], catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.together.restore("together", arrays)
        self.alone.restore("alone", arrays)


def chosen(batch: Batch) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(owner, item) of everything chosen, each pair once, in order of owner."""
    batch = batch.telling()
    keys = np.unique(batch.owners.astype(np.int64) << 32 | batch.items.astype(np.int64))
    return keys >> 32, keys & 0xFFFFFFFF


def each(batch: Batch) -> Pairs:
    """(item, 0, 1) for every shopper who chose the item."""
    _, items = chosen(batch)
    return Pairs(items.astype(np.int32), np.zeros(len(items), np.int32), np.ones(len(items), np.int64))


def both(batch: Batch) -> Pairs:
    """(a, b, 1) for every shopper who chose a and b, both ways round."""
    owners, items = chosen(batch)
    parts = []
    gap = 1
    while gap < len(items):
        same = owners[gap:] == owners[:-gap]
        if not same.any():
            break
        first, second = items[:-gap][same].astype(np.int32), items[gap:][same].astype(np.int32)
        ones = np.ones(len(first), np.int64)
        parts += [Pairs(first, second, ones), Pairs(second, first, ones)]
        gap += 1
    return Pairs.join(parts)
