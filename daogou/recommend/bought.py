"""What was bought already, and whether it is bought again: soap is, a fridge is not.

The store's own events decide. A category is consumable where at least `MIN_SHARE` of the shoppers who bought one of its
products bought the same product again on another day, and at least `MIN_AGAIN` did.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from daogou.recommend.catalogue import Catalogue
from daogou.recommend.counts import PairCounts, Pairs
from daogou.recommend.trails import Batch, Change, Kind, Trail

MIN_SHARE = 0.05
MIN_AGAIN = 5
_DAY = 86_400.0
_BOUGHT, _AGAIN, _WAITS = 0, 1, 2  # columns; from _WAITS on, intervals of 2^k days


class Repurchases:
    """Counts by item, summed by category when asked; exact under updates."""

    def __init__(self) -> None:
        self._counts = PairCounts()
        self._catalogue: Catalogue | None = None
        self._by_leaf: dict[str, NDArray[np.int64]] | None = None
        self._version = -1

    def fit(self, batch: Batch, catalogue: Catalogue) -> None:
        """O(purchases)."""
        self._catalogue = catalogue
        self._counts.fit(self._pairs(batch))
        self._by_leaf = None

    def update(self, change: Change) -> None:
        """Exact."""
        self._counts.add(self._pairs(Batch.of([change.after])).minus(self._pairs(Batch.of([change.before]))))
        self._by_leaf = None

    @staticmethod
    def _pairs(batch: Batch) -> Pairs:
        batch = batch.only(batch.kinds == Kind.BUY)
        days = np.floor(batch.times / _DAY).astype(np.int64)
        order = np.lexsort((days, batch.items, batch.owners))
        owners, items, days = batch.owners[order], batch.items[order], days[order]
        same = (owners[1:] == owners[:-1]) & (items[1:] == items[:-1])
        first = np.concatenate([np.ones(min(len(items), 1), bool), ~same])
        waits = days[1:][same] - days[:-1][same]
        again_items, waits = items[1:][same][waits > 0], waits[waits > 0]
        shoppers = np.unique(owners[1:][same][days[1:][same] > days[:-1][same]] << 32 | again_items.astype(np.int64))
        parts = [
            _column(items[first], _BOUGHT),
            _column((shoppers & 0xFFFFFFFF).astype(np.int32), _AGAIN),
            _column(again_items, _WAITS + np.log2(waits).astype(np.int32)),
        ]
        return Pairs.join(parts)

    def again(self, item: int, days_since: float) -> bool:
        """Whether it is worth showing a product again that was bought `days_since` days ago: its category is bought
        again, and half of the usual wait is over."""
        card = None if self._catalogue is None else self._catalogue.card(item)
        if card is None:
            return False
        counts = self._leaf(card.leaf if card.leaf else f"\0{item}")
        if counts is None or counts[_AGAIN] < MIN_AGAIN or counts[_AGAIN] < MIN_SHARE * counts[_BOUGHT]:
            return False
        waits = np.cumsum(counts[_WAITS:])
        median = 2.0 ** int(np.searchsorted(waits, waits[-1] / 2))
        return days_since >= median / 2

    def _leaf(self, leaf: str) -> NDArray[np.int64] | None:
        if self._catalogue is None:
            return None
        if self._by_leaf is None or self._version != self._catalogue.version:
            table = self._counts.table()
            width = int(table.cols.max(initial=_WAITS)) + 1
            self._by_leaf, self._version = {}, self._catalogue.version
            for item, col, weight in zip(table.rows.tolist(), table.cols.tolist(), table.weights.tolist(), strict=True):
                card = self._catalogue.card(item)
                if card is not None:
                    name = card.leaf if card.leaf else f"\0{item}"
                    self._by_leaf.setdefault(name, np.zeros(width, np.int64))[col] += weight
        return self._by_leaf.get(leaf)


def owned(trail: Trail) -> dict[int, float]:
    """item -> when it was last bought (Unix seconds), for what was bought and not given back."""
    found: dict[int, float] = {}
    for item, moment, kind in zip(trail.items.tolist(), trail.times.tolist(), trail.kinds.tolist(), strict=True):
        if kind == Kind.BUY:
            found[item] = moment
        elif kind == Kind.REFUND:
            found.pop(item, None)
    return found


def disliked(trail: Trail) -> set[int]:
    """Items whose last rating was a bad one."""
    rated = trail.at((trail.kinds == Kind.LIKE) | (trail.kinds == Kind.DISLIKE))
    last = dict(zip(rated.items.tolist(), rated.kinds.tolist(), strict=True))
    return {item for item, kind in last.items() if kind == Kind.DISLIKE}


def _column(items: NDArray[np.int32], column: int | NDArray[np.int32]) -> Pairs:
    return Pairs(items, np.broadcast_to(np.int32(column), items.shape).astype(np.int32), np.ones(len(items), np.int64))
