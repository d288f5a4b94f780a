"""Popularity that fades: how much each item was chosen, a day counting half as much every `half_life` days.

Counts are kept by item and day, so that fading is computed when asked and not stored; exact under updates. For a
shopper with a history, items of the categories they look at count more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daogou.recommend.catalogue import Catalogue
from daogou.recommend.counts import UNIT, PairCounts, Pairs
from daogou.recommend.sources.base import Arrays, Asked, Scores, Why, recency
from daogou.recommend.trails import Batch, Change

_DAY = 86_400.0
_EPOCH = 10_000  # day number 0 is that many days before 1970, so that no column is negative


class Popularity:
    """score(i) = sum over days of weight(i, day) x 2^(-age / half_life), as a share of all.

    `own`: the share of the score that is the shopper's categories'; the rest is the store's."""

    name = "popularity"

    def __init__(self, *, half_life_days: float = 21.0, own: float = 0.7, recency: float = 0.8) -> None:
        self.half_life_days = half_life_days
        self.own = own
        self.recency = recency
        self.days = PairCounts(keep=3_660)
        self._catalogue: Catalogue | None = None
        self._faded: Scores | None = None

    def fit(self, batch: Batch, catalogue: Catalogue) -> None:
        """O(actions)."""
        self._catalogue = catalogue
        self.days.fit(self.pairs(batch))
        self._faded = None

    def update(self, change: Change) -> None:
        """Exact."""
        self.days.add(self.pairs(Batch.of([change.after])).minus(self.pairs(Batch.of([change.before]))))
        self._faded = None

    @staticmethod
    def pairs(batch: Batch) -> Pairs:
        """(item, day, weight); the same shopper choosing the same item twice in a day counts once, by the stronger."""
        batch = batch.telling()
        days = np.floor(batch.times / _DAY).astype(np.int64) + _EPOCH
        order = np.lexsort((-batch.weights, days, batch.items, batch.owners))
        key = np.stack([batch.owners[order], batch.items[order].astype(np.int64), days[order]])
        first = np.ones(len(order), bool)
        first[1:] = (key[:, 1:] != key[:, :-1]).any(axis=0)
        kept = order[first]
        weights = np.rint(batch.weights[kept] * UNIT).astype(np.int64)
        return Pairs(batch.items[kept], days[kept].astype(np.int32), weights)

    def shares(self) -> Scores:
        """(n,) each item's share of all faded choices. The reference day is the newest, which every share has in
        common."""
        n = len(self._catalogue or ())
        if self._faded is None or len(self._faded) != n:
            table = self.days.table()
            faded = np.zeros(n)
            if len(table.rows):
                ages = int(table.cols.max()) - table.cols.astype(np.float64)
                np.add.at(faded, table.rows, table.weights * np.exp2(-ages / self.half_life_days))
            total = faded.sum()
            self._faded = (faded / total if total else faded).astype(np.float32)
        return self._faded

    def by_leaf(self) -> NDArray[np.int32]:
        """(n,) category number of every item."""
        return np.zeros(0, np.int32) if self._catalogue is None else self._catalogue.leaves()

    def score(self, asked: Asked) -> Scores:
        """(n,). Without a history, the shares alone."""
        shares = self.shares()
        leaves = self.by_leaf()
        if not len(asked.items) or not len(leaves):
            return shares
        taste = np.zeros(int(leaves.max()) + 1)
        fade = recency(len(asked.items), self.recency) * asked.weights
        np.add.at(taste, leaves[asked.items], fade)
        taste[0] = 0.0
        if not taste.sum():
            return shares
        inside = shares * (taste / taste.sum())[leaves].astype(np.float32)
        total = inside.sum()
        return (1 - self.own) * shares + self.own * inside / total if total else shares

    def why(self, asked: Asked, item: int) -> Why | None:
        """Nothing in the history: `place` says where it stands."""
        return None

    def place(self, item: int) -> tuple[int | None, int | None]:
        """Rank of an item in its category and in the store, from 1; None where nobody chose it (or it has no
        category)."""
        shares, leaves = self.shares(), self.by_leaf()
        own = shares[item] if item < len(shares) else 0.0
        if own <= 0:
            return None, None
        ahead = shares > own
        inside = None if leaves[item] == 0 else int((ahead & (leaves == leaves[item])).sum()) + 1
        return inside, int(ahead.sum()) + 1

    def save(self) -> Arrays:
        return self.days.state("days")

    def load(self, arrays: Mapping[str, NDArray[Any]], catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.days.restore("days", arrays)
        self._faded = None
