"""What is alike by what it is: shared category, brand, attributes, title words; or by the meaning of its text.

Both need no events, so they serve a product nobody has seen yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from daogou.recommend.catalogue import Catalogue
from daogou.recommend.sources.base import Arrays, Asked, Scores, Why, newest_part, recency, strongest
from daogou.recommend.trails import Batch, Change

VectorsOf = Callable[[Sequence[str]], Mapping[str, NDArray[np.float32]]]


class Attributes:
    """Cosine of rarity-weighted features (`Catalogue.features`): (n, features) @ profile, O(features of all
    products)."""

    name = "attributes"

    def __init__(self, *, recency: float = 0.7) -> None:
        self.recency = recency
        self._catalogue: Catalogue | None = None
        self._table = sparse.csr_array((0, 1), dtype=np.float32)
        self._stamp = (-1, 0)

    def fit(self, batch: Batch, catalogue: Catalogue) -> None:
        """Reads the catalogue; events say nothing here."""
        self._catalogue = catalogue
        self.refresh()

    def update(self, change: Change) -> None:
        """Nothing: events say nothing here."""

    def refresh(self) -> None:
        """Takes up changed products; does nothing where none changed."""
        if self._catalogue is not None and self._stamp != self._catalogue.stamp:
            self._table = self._catalogue.features()
            self._stamp = self._catalogue.stamp

    def score(self, asked: Asked) -> Scores:
        """(n,)."""
        n = len(self._catalogue or ())
        items, fade = self._known(asked)
        if not len(items):
            return np.zeros(n, np.float32)
        profile = self._table[items].T @ fade.astype(np.float32)
        return _padded(self._table @ profile, n)

    def why(self, asked: Asked, item: int) -> Why | None:
        """The history item that shares the most."""
        asked = newest_part(asked)
        if item >= self._table.shape[0]:
            return None
        own = np.zeros(self._table.shape[1], np.float32)
        columns, weights = self._row(item)
        own[columns] = weights
        parts = [float(own[columns] @ weights) for columns, weights in map(self._row, asked.items.tolist())]
        found = strongest(asked, np.array(parts) * recency(len(asked.items), self.recency))
        return None if found is None else Why(*found)

    def _row(self, item: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        # By hand, as indexing a sparse array costs a hundred times what the few numbers of one row do.
        if item >= self._table.shape[0]:
            return np.empty(0, np.int32), np.empty(0, np.float32)
        part = slice(self._table.indptr[item], self._table.indptr[item + 1])
        return self._table.indices[part], self._table.data[part]

    def _known(self, asked: Asked) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        fade = recency(len(asked.items), self.recency)
        known = asked.items < self._table.shape[0]
        return asked.items[known], fade[known]

    def save(self) -> Arrays:
        """Nothing: the catalogue is the source."""
        return {}

    def load(self, arrays: Mapping[str, NDArray[Any]], catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.refresh()


class Meaning:
    """Cosine of the index's text vectors: (n, dim) @ profile. Memory: 4 x dim bytes an item, 18 MB at 12,000 x 384."""

    name = "meaning"

    def __init__(
        self, vectors_of: VectorsOf, *, recency: float = 0.7, floor: float = 0.8, max_items: int = 50_000
    ) -> None:
        self.vectors_of = vectors_of
        self.recency = recency
        self.floor = floor
        self.max_items = max_items
        self._catalogue: Catalogue | None = None
        self._table = np.zeros((0, 0), np.float32)
        self._have = np.zeros(0, bool)

    def fit(self, batch: Batch, catalogue: Catalogue) -> None:
        """Reads the vectors of every product; above `max_items` products it sits out."""
        self._catalogue = catalogue
        self._table, self._have = np.zeros((0, 0), np.float32), np.zeros(0, bool)
        self.refresh(catalogue.kept())

    def refresh(self, product_ids: Sequence[str]) -> None:
        """Reads the vectors of these products anew."""
        if self._catalogue is None or self._catalogue.products > self.max_items:
            return
        for start in range(0, len(product_ids), 1_000):
            part = product_ids[start : start + 1_000]
            self._place(self.vectors_of(part))

    def _place(self, found: Mapping[str, NDArray[np.float32]]) -> None:
        if not found or self._catalogue is None:
            return
        dim = len(next(iter(found.values())))
        n = len(self._catalogue)
        if self._table.shape[1] != dim:
            self._table, self._have = np.zeros((n, dim), np.float32), np.zeros(n, bool)
        elif self._table.shape[0] < n:
            self._table = np.concatenate([self._table, np.zeros((n - len(self._table), dim), np.float32)])
            self._have = np.concatenate([self._have, np.zeros(n - len(self._have), bool)])
        for product_id, vector in found.items():
            number = self._catalogue.ids.get(product_id)
            if number is not None:
                self._table[number] = vector
                self._have[number] = True

    def without(self, product_ids: Sequence[str]) -> list[str]:
        """Those of the products whose vector is not known; none where it sits out."""
        if self._catalogue is None or self._catalogue.products > self.max_items:
            return []
        numbers = [(one, self._catalogue.ids.get(one)) for one in product_ids]
        return [one for one, k in numbers if k is not None and not (k < len(self._have) and self._have[k])]

    def update(self, change: Change) -> None:
        """Nothing: events say nothing here."""

    def score(self, asked: Asked) -> Scores:
        """(n,). E5's cosines of unrelated texts lie around 0.75, so only what is above `floor` counts."""
        n = len(self._catalogue or ())
        fade = recency(len(asked.items), self.recency)
        known = np.array([item < len(self._have) and bool(self._have[item]) for item in asked.items], bool)
        if not known.any():
            return np.zeros(n, np.float32)
        fade = (fade[known] / fade[known].sum()).astype(np.float32)
        near = self._table @ (fade @ self._table[asked.items[known]])
        return _padded(np.maximum(near - self.floor, 0.0) * self._have, n)

    def why(self, asked: Asked, item: int) -> Why | None:
        """The nearest item of the history."""
        asked = newest_part(asked)
        if item >= len(self._have) or not self._have[item]:
            return None
        parts = [
            max(float(self._table[other] @ self._table[item]) - self.floor, 0.0) if other < len(self._have) else 0.0
            for other in asked.items.tolist()
        ]
        found = strongest(asked, np.array(parts) * recency(len(asked.items), self.recency))
        return None if found is None else Why(*found)

    def save(self) -> Arrays:
        """Nothing: the index is the source."""
        return {}

    def load(self, arrays: Mapping[str, NDArray[Any]], catalogue: Catalogue) -> None:
        self.fit(Batch.of([]), catalogue)


def _padded(scores: NDArray[Any], n: int) -> Scores:
    scores = np.asarray(scores, np.float32)
    return scores[:n] if len(scores) >= n else np.concatenate([scores, np.zeros(n - len(scores), np.float32)])
