"""Weighted pair counts that can be added to and taken from, exactly.

Weights are whole numbers (`UNIT` stands for 1.0), because sums of whole numbers do not depend on their order: counting
one event at a time gives bit for bit what counting all of them at once gives, and taking a shopper's events away again
leaves no trace. Floating-point sums would promise neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

UNIT = 1 << 12  # 1.0; the smallest weight that still counts is 1 / 4096

Numbers = NDArray[np.int32]
Weights = NDArray[np.int64]


class Pairs(NamedTuple):
    """Three arrays of one length: row, column, weight. The same pair may stand several times."""

    rows: Numbers
    cols: Numbers
    weights: Weights

    @classmethod
    def empty(cls) -> Pairs:
        """No pairs."""
        return cls(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int64))

    @classmethod
    def join(cls, parts: list[Pairs]) -> Pairs:
        """One after the other."""
        if not parts:
            return cls.empty()
        return cls(
            np.concatenate([part.rows for part in parts]),
            np.concatenate([part.cols for part in parts]),
            np.concatenate([part.weights for part in parts]),
        )

    def minus(self, other: Pairs) -> Pairs:
        """What has to be added to `other` to get this, each pair once, nothing that stays the same."""
        rows = np.concatenate([self.rows, other.rows]).astype(np.int64)
        cols = np.concatenate([self.cols, other.cols]).astype(np.int64)
        weights = np.concatenate([self.weights, -other.weights])
        keys, inverse = np.unique(rows << 32 | cols, return_inverse=True)
        sums = np.zeros(len(keys), np.int64)
        np.add.at(sums, inverse, weights)
        kept = sums != 0
        keys = keys[kept]
        return Pairs((keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32), sums[kept])


class PairCounts:
    """A sparse (rows, columns) table of whole-number weights, with its row and column sums.

    The bulk lies in compressed rows; a row that is touched later moves into a dict. `keep` bounds memory: a row that
    grows past 2 x keep columns is cut to its `keep` heaviest. Until a row was cut, adding piece by piece equals
    fitting anew; the sums are never cut. Memory: 12 bytes a pair at rest, about 100 in a touched row."""

    def __init__(self, keep: int = 500) -> None:
        self.keep = keep
        self._indptr = np.zeros(1, np.int64)
        self._cols: Numbers = np.empty(0, np.int32)
        self._weights: Weights = np.empty(0, np.int64)
        self._touched: dict[int, dict[int, int]] = {}
        self._read: dict[int, tuple[Numbers, Weights]] = {}
        self._row_sums = np.zeros(0, np.int64)
        self._col_sums = np.zeros(0, np.int64)

    def fit(self, pairs: Pairs) -> None:
        """Counts `pairs` and nothing else."""
        height = int(pairs.rows.max()) + 1 if len(pairs.rows) else 0
        width = int(pairs.cols.max()) + 1 if len(pairs.cols) else 0
        table = sparse.coo_array((pairs.weights, (pairs.rows, pairs.cols)), shape=(height, width)).tocsr()
        table.sum_duplicates()
        table.eliminate_zeros()
        self._touched, self._read = {}, {}
        self._row_sums = np.asarray(table.sum(axis=1), np.int64).reshape(-1)
        self._col_sums = np.asarray(table.sum(axis=0), np.int64).reshape(-1)
        self._place(table.indptr, table.indices, table.data)

    def _place(self, indptr: NDArray[Any], cols: NDArray[Any], weights: NDArray[Any]) -> None:
        lengths = np.diff(indptr)
        crowded = np.flatnonzero(lengths > 2 * self.keep)
        if len(crowded):
            kept = np.ones(len(cols), bool)
            for row in crowded:
                start, stop = int(indptr[row]), int(indptr[row + 1])
                order = np.lexsort((cols[start:stop], -weights[start:stop]))
                kept[start + order[self.keep :]] = False
            owners = np.repeat(np.arange(len(lengths)), lengths)[kept]
            cols, weights = cols[kept], weights[kept]
            indptr = np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=len(lengths)))])
        self._indptr = indptr.astype(np.int64)
        self._cols = cols.astype(np.int32)
        self._weights = weights.astype(np.int64)

    def add(self, pairs: Pairs) -> None:
        """Adds weights (negative ones take away). Cost: the number of pairs, and the length of a row touched first."""
        if not len(pairs.rows):
            return
        self._row_sums = _added(self._row_sums, pairs.rows, pairs.weights)
        self._col_sums = _added(self._col_sums, pairs.cols, pairs.weights)
        for row, col, weight in zip(pairs.rows.tolist(), pairs.cols.tolist(), pairs.weights.tolist(), strict=True):
            cells = self._touch(row)
            value = cells.get(col, 0) + weight
            if value > 0:
                cells[col] = value
            else:
                cells.pop(col, None)
        for row in set(pairs.rows.tolist()):
            cells = self._touched[row]
            if len(cells) > 2 * self.keep:
                heaviest = sorted(cells.items(), key=lambda cell: (-cell[1], cell[0]))[: self.keep]
                self._touched[row] = dict(heaviest)
            self._read.pop(row, None)

    def _touch(self, row: int) -> dict[int, int]:
        cells = self._touched.get(row)
        if cells is None:
            cols, weights = self._resting(row)
            cells = self._touched[row] = dict(zip(cols.tolist(), weights.tolist(), strict=True))
        return cells

    def _resting(self, row: int) -> tuple[Numbers, Weights]:
        if row + 1 >= len(self._indptr):
            return self._cols[:0], self._weights[:0]
        part = slice(int(self._indptr[row]), int(self._indptr[row + 1]))
        return self._cols[part], self._weights[part]

    def row(self, row: int) -> tuple[Numbers, Weights]:
        """Columns (ascending) and weights of one row."""
        if row not in self._touched:
            return self._resting(row)
        found = self._read.get(row)
        if found is None:
            cells = sorted(self._touched[row].items())
            found = self._read[row] = (
                np.array([cell[0] for cell in cells], np.int32),
                np.array([cell[1] for cell in cells], np.int64),
            )
        return found

    def get(self, row: int, col: int) -> int:
        """One cell."""
        cells = self._touched.get(row)
        if cells is not None:
            return cells.get(col, 0)
        cols, weights = self._resting(row)
        place = int(cols.searchsorted(col))
        return int(weights[place]) if place < len(cols) and cols[place] == col else 0

    def row_sums(self, n: int) -> Weights:
        """(n,) sum of every row, cut columns included."""
        return _padded(self._row_sums, n)

    def col_sums(self, n: int) -> Weights:
        """(n,) sum of every column."""
        return _padded(self._col_sums, n)

    def table(self) -> Pairs:
        """Everything, in order of row and column."""
        rows = np.repeat(np.arange(len(self._indptr) - 1, dtype=np.int32), np.diff(self._indptr))
        resting = Pairs(rows, self._cols, self._weights)
        if not self._touched:
            return resting
        moved = np.zeros(max(len(self._indptr) - 1, max(self._touched) + 1), bool)
        moved[list(self._touched)] = True
        kept = ~moved[rows]
        parts = [Pairs(rows[kept], self._cols[kept], self._weights[kept])]
        for row in self._touched:
            cols, weights = self.row(row)
            parts.append(Pairs(np.full(len(cols), row, np.int32), cols, weights))
        joined = Pairs.join(parts)
        order = np.argsort(joined.rows, kind="stable")
        return Pairs(joined.rows[order], joined.cols[order], joined.weights[order])

    def state(self, name: str) -> dict[str, NDArray[Any]]:
        """Plain arrays for `np.savez`, each key starting with `name`."""
        pairs = self.table()
        return {
            f"{name}_rows": pairs.rows,
            f"{name}_cols": pairs.cols,
            f"{name}_weights": pairs.weights,
            f"{name}_row_sums": self._row_sums,
            f"{name}_col_sums": self._col_sums,
        }

    def restore(self, name: str, arrays: Mapping[str, NDArray[Any]]) -> None:
        """The reverse of `state`."""
        self.fit(Pairs(arrays[f"{name}_rows"], arrays[f"{name}_cols"], arrays[f"{name}_weights"]))
        self._row_sums = arrays[f"{name}_row_sums"].astype(np.int64)
        self._col_sums = arrays[f"{name}_col_sums"].astype(np.int64)


def _added(sums: Weights, where: Numbers, weights: Weights) -> Weights:
    needed = int(where.max()) + 1
    if needed > len(sums):
        sums = _padded(sums, max(needed, len(sums) * 5 // 4))
    np.add.at(sums, where, weights)
    return sums


def _padded(sums: Weights, n: int) -> Weights:
    return sums[:n] if len(sums) >= n else np.concatenate([sums, np.zeros(n - len(sums), np.int64)])
