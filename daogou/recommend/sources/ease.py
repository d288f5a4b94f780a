"""EASE: each item predicted by a linear mix of all others, in closed form (Steck 2019, arXiv:1905.03375).

    P = (X'X + lambda I)^-1,  B = -P / diag(P),  diag(B) = 0,  score = history x B

X is (shoppers x items), 1 where chosen. Needs 8 x items^2 bytes while it is fitted (1.2 GB at 12,000 items) and time
with the cube, so it sits out above `max_items`. What is kept is each item's `keep` strongest weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from daogou.recommend.catalogue import Catalogue
from daogou.recommend.sources.base import Arrays, Asked, Scores, Why, newest_part, recency, strongest
from daogou.recommend.sources.neighbours import chosen
from daogou.recommend.trails import Batch, Change


class Ease:
    """Not incremental: a new event counts as part of the history it is asked about, new pairs with the next fit."""

    name = "ease"

    def __init__(self, *, ridge: float = 100.0, recency: float = 0.8, max_items: int = 3_000, keep: int = 300) -> None:
        self.ridge = ridge
        self.recency = recency
        self.max_items = max_items
        self.keep = keep
        self._weights = sparse.csr_array((0, 0), dtype=np.float32)
        self._catalogue: Catalogue | None = None

    def fit(self, batch: Batch, catalogue: Catalogue) -> None:
        """O(items^3), items being those anybody chose."""
        self._catalogue = catalogue
        owners, items = chosen(batch)
        used, columns = np.unique(items, return_inverse=True)
        if not len(used) or len(used) > self.max_items:
            self._weights = sparse.csr_array((0, 0), dtype=np.float32)
            return
        table = sparse.csr_array((np.ones(len(owners), np.float32), (owners, columns)))
        gram = (table.T @ table).toarray().astype(np.float32)
        gram[np.diag_indices_from(gram)] += self.ridge
        inverse = _inverse(gram)
        inverse /= -np.diag(inverse).copy()
        np.fill_diagonal(inverse, 0.0)
        self._weights = _strongest_of_rows(inverse, self.keep, used, int(used[-1]) + 1)

    def update(self, change: Change) -> None:
        """Nothing: the inverse would have to be computed anew."""

    def score(self, asked: Asked) -> Scores:
        """(n,). Negative predictions count as none."""
        scores = np.zeros(len(self._catalogue or ()), np.float32)
        for item, weight in zip(asked.items.tolist(), recency(len(asked.items), self.recency).tolist(), strict=True):
            cols, weights = self._row(item)
            scores[cols] += np.float32(weight) * weights
        return np.maximum(scores, 0.0)

    def why(self, asked: Asked, item: int) -> Why | None:
        """The history item with the largest weight."""
        asked = newest_part(asked)
        parts = []
        for other in asked.items.tolist():
            cols, weights = self._row(other)
            parts.append(float(weights[cols == item].sum()))
        found = strongest(asked, np.array(parts) * recency(len(asked.items), self.recency))
        return None if found is None else Why(*found)

    def _row(self, item: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        if item >= self._weights.shape[0]:
            return np.empty(0, np.int32), np.empty(0, np.float32)
        part = slice(self._weights.indptr[item], self._weights.indptr[item + 1])
        return self._weights.indices[part], self._weights.data[part]

    def save(self) -> Arrays:
        weights = self._weights
        return {"indptr": weights.indptr, "indices": weights.indices, "data": weights.data}

    def load(self, arrays: Mapping[str, NDArray[Any]], catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        height = len(arrays["indptr"]) - 1
        parts = (arrays["data"], arrays["indices"], arrays["indptr"])
        self._weights = sparse.csr_array(parts, shape=(height, height), dtype=np.float32)


def _inverse(gram: NDArray[np.float32]) -> NDArray[np.float32]:
    """Inverse of a symmetric positive definite matrix, in place where LAPACK can: Cholesky takes a third of the
    work."""
    factor, failed = linalg.lapack.spotrf(gram, lower=1, overwrite_a=1)
    if failed == 0:
        factor, failed = linalg.lapack.spotri(factor, lower=1, overwrite_c=1)
    if failed != 0:
        raise np.linalg.LinAlgError(f"the Gram matrix is not positive definite (LAPACK says {failed})")
    lower = np.tril(factor)
    lower += np.tril(factor, -1).T
    return np.ascontiguousarray(lower)


def _strongest_of_rows(
    weights: NDArray[np.float32], keep: int, used: NDArray[np.int64], height: int
) -> sparse.csr_array:
    """The `keep` largest positive weights of every row, in the numbering of the catalogue."""
    m = len(used)
    k = min(keep, m)
    rows, cols, data = [], [], []
    for row in range(m):
        line = weights[row]
        best = np.argpartition(line, m - k)[m - k :] if k < m else np.arange(m)
        best = np.sort(best[line[best] > 0])
        rows.append(np.full(len(best), used[row], np.int32))
        cols.append(used[best].astype(np.int32))
        data.append(line[best])
    entries = (np.concatenate(data), (np.concatenate(rows), np.concatenate(cols)))
    return sparse.csr_array(entries, shape=(height, height), dtype=np.float32)
