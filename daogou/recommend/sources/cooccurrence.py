"""Directed co-occurrence: what is looked at, carted or bought soon after what.

A pair (a, b) of one trail, b being `gap` actions after a, adds to a -> b

    weight(b) x gap_decay^(gap - 1) x 2^(-days between / half_life)

and `backward` times as much to b -> a. A history scores b by its items' rows, each divided by the row's weight to the
power `row_norm` and b's popularity to the power `col_norm`, newest item first with weight `recency`^k. The idea is
that of sequential rules (Ludewig & Jannach 2018, "Evaluation of session-based recommendation algorithms"), both ways.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daogou.recommend.catalogue import Catalogue
from daogou.recommend.counts import UNIT, PairCounts, Pairs
from daogou.recommend.sources.base import Arrays, Asked, Scores, Why, newest_part, recency, strongest
from daogou.recommend.trails import Batch, Change

_DAY = 86_400.0


class CoOccurrence:
    """Exact under updates. Memory: at most 2 x keep neighbours an item."""

    name = "sequence"

    def __init__(
        self,
        *,
        window: int = 20,
        gap_decay: float = 0.9,
        backward: float = 0.5,
        half_life_days: float = 14.0,
        recency: float = 0.4,
        row_norm: float = 0.3,
        col_norm: float = 0.15,
        keep: int = 500,
    ) -> None:
        self.window = window
        self.gap_decay = gap_decay
        self.backward = backward
        self.half_life_days = half_life_days
        self.recency = recency
        self.row_norm = row_norm
        self.col_norm = col_norm
        self.counts = PairCounts(keep)
        self._catalogue: Catalogue | None = None

    def fit(self, batch: Batch, catalogue: Catalogue) -> None:
        """O(actions x window)."""
        self._catalogue = catalogue
        self.counts.fit(self.pairs(batch))

    def update(self, change: Change) -> None:
        """Exact: afterwards everything is as if it had been fitted on the changed trails."""
        self.counts.add(self.pairs(Batch.of([change.after])).minus(self.pairs(Batch.of([change.before]))))

    def pairs(self, batch: Batch) -> Pairs:
        """Every pair of the trails with its weight."""
        batch = batch.telling()
        weights, parts = batch.weights, []
        for gap in range(1, min(self.window, len(batch.items) - 1) + 1):
            same = (batch.owners[gap:] == batch.owners[:-gap]) & (batch.items[gap:] != batch.items[:-gap])
            if not same.any():
                continue
            first, second = batch.items[:-gap][same], batch.items[gap:][same]
            days = np.abs(batch.times[gap:][same] - batch.times[:-gap][same]) / _DAY
            near = self.gap_decay ** (gap - 1) * np.exp2(-days / self.half_life_days) * UNIT
            parts.append(Pairs(first, second, np.rint(near * weights[gap:][same]).astype(np.int64)))
            back = np.rint(near * weights[:-gap][same] * self.backward).astype(np.int64)
            parts.append(Pairs(second, first, back))
        return Pairs.join(parts)

    def score(self, asked: Asked) -> Scores:
        """(n,)."""
        n = len(self._catalogue or ())
        scores = np.zeros(n)
        row_sums = self.counts.row_sums(n)
        for item, weight in zip(asked.items.tolist(), recency(len(asked.items), self.recency).tolist(), strict=True):
            if weight < 1e-4:
                break
            cols, weights = self.counts.row(item)
            if len(cols):
                scores[cols] += weight * weights / (float(row_sums[item]) / UNIT) ** self.row_norm
        scores /= np.maximum(self.counts.col_sums(n) / UNIT, 1.0) ** self.col_norm * UNIT
        return scores.astype(np.float32)

    def why(self, asked: Asked, item: int) -> Why | None:
        """The history item whose followers `item` is among the most."""
        asked = newest_part(asked)
        fade = recency(len(asked.items), self.recency)
        parts = np.array([self.counts.get(int(other), item) for other in asked.items]) * fade
        found = strongest(asked, parts)
        return None if found is None else Why(*found)

    def save(self) -> Arrays:
        return self.counts.state("pairs")

    def load(self, arrays: Mapping[str, NDArray[Any]], catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.counts.restore("pairs", arrays)
