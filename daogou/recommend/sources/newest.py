"""The newest products: what is left to show where nothing is known of anybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daogou.recommend.catalogue import Catalogue
from daogou.recommend.sources.base import Arrays, Asked, Scores, Why
from daogou.recommend.trails import Batch, Change

_DAY = 86_400.0
_UNDATED = 1e-6  # a product without a date can still be shown, after all those with one


class Newest:
    """score(i) = 2^(-days behind the newest product / half_life)."""

    name = "newest"

    def __init__(self, *, half_life_days: float = 30.0) -> None:
        self.half_life_days = half_life_days
        self._catalogue: Catalogue | None = None
        self._scores: tuple[tuple[int, int], Scores] | None = None

    def fit(self, batch: Batch, catalogue: Catalogue) -> None:
        """Reads the catalogue; events say nothing here."""
        self._catalogue = catalogue
        self._scores = None

    def update(self, change: Change) -> None:
        """Nothing: events say nothing here."""

    def score(self, asked: Asked) -> Scores:
        """(n,), the same for everybody; computed anew when the catalogue changed."""
        catalogue = self._catalogue
        if catalogue is None:
            return np.zeros(0, np.float32)
        stamp = catalogue.stamp
        if self._scores is None or self._scores[0] != stamp:
            created = catalogue.created()
            behind = (created.max(initial=0.0) - created) / _DAY
            fresh = np.maximum(np.exp2(-behind / self.half_life_days), _UNDATED)
            self._scores = (stamp, np.where(created > 0, fresh, _UNDATED).astype(np.float32))
        return self._scores[1]

    def why(self, asked: Asked, item: int) -> Why | None:
        """Nothing in the history."""
        return None

    def save(self) -> Arrays:
        """Nothing: the catalogue is the source."""
        return {}

    def load(self, arrays: Mapping[str, NDArray[Any]], catalogue: Catalogue) -> None:
        self.fit(Batch.of([]), catalogue)
