"""Bought together: items put in one basket. Likeness is the share of an item's baskets, held against chance.

    score(b | a) = baskets(a and b) / (baskets(a) x baskets(b))^0.5 x baskets / (baskets + shrink)

A basket is what one shopper carted or bought with no more than `SPAN` between one thing and the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daogou.recommend.catalogue import Catalogue
from daogou.recommend.sources.base import Arrays, Asked, Scores, Why
from daogou.recommend.sources.neighbours import Neighbours
from daogou.recommend.trails import Batch, Change, Kind

SPAN = 6 * 3600.0  # seconds


class Baskets:
    """Neighbours over (baskets x items); exact under updates. `why` counts baskets, not shoppers."""

    name = "baskets"

    def __init__(self, *, shrink: float = 1.0, keep: int = 200) -> None:
        self.neighbours = Neighbours(norm=0.5, shrink=shrink, recency=1.0, keep=keep)

    def fit(self, batch: Batch, catalogue: Catalogue) -> None:
        """O(sum over baskets of the square of their items)."""
        self.neighbours.fit(baskets_of(batch), catalogue)

    def update(self, change: Change) -> None:
        """Exact."""
        before, after = baskets_of(Batch.of([change.before])), baskets_of(Batch.of([change.after]))
        self.neighbours.exchange(before, after)

    def score(self, asked: Asked) -> Scores:
        """(n,)."""
        return self.neighbours.score(asked)

    def why(self, asked: Asked, item: int) -> Why | None:
        """The item of the history most often in a basket with `item`."""
        return self.neighbours.why(asked, item)

    def save(self) -> Arrays:
        return self.neighbours.save()

    def load(self, arrays: Mapping[str, NDArray[Any]], catalogue: Catalogue) -> None:
        self.neighbours.load(arrays, catalogue)


def baskets_of(batch: Batch) -> Batch:
    """The carted and bought actions, owned by their basket instead of their shopper."""
    batch = batch.only((batch.kinds == Kind.CART) | (batch.kinds == Kind.BUY))
    if not len(batch.items):
        return batch
    starts = np.ones(len(batch.items), bool)
    starts[1:] = (batch.owners[1:] != batch.owners[:-1]) | (batch.times[1:] - batch.times[:-1] > SPAN)
    return batch._replace(owners=np.cumsum(starts))
