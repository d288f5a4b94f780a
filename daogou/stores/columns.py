"""Facets and numbers of the products as columns in memory: filters, counts, facets and sorting in about a millisecond.

The embedded engine takes milliseconds for one facet and has no sorting with ties; these columns stand beside it, are
read back from its payloads at open and follow every upsert. Append-only: a changed product gets a new row and its old
one is marked dead; when a quarter of the rows are dead the columns are packed. About 21 bytes a facet value.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daogou.records import Constraint

Mask = NDArray[np.bool_]
Rows = NDArray[np.int64]
MISSING = -1e18
"""Score of a product without the number it is sorted by: it comes last."""
SMALL = 2000
"""Up to this many products a filter is handed to the engine as their ids: faster there than any condition."""
_MASKS = 32
_PACK_FROM = 2048


class _Growing:
    """A numpy array that can be appended to: what is new waits in a list until somebody reads."""

    __slots__ = ("_data", "_new", "_size")

    def __init__(self, values: NDArray[Any]) -> None:
        self._data = values
        self._size = len(values)
        self._new: list[Any] = []

    def append(self, value: Any) -> None:
        self._new.append(value)

    def __len__(self) -> int:
        return self._size + len(self._new)

    @property
    def view(self) -> NDArray[Any]:
        if self._new:
            need = self._size + len(self._new)
            if need > len(self._data):
                grown = np.empty(max(need + need // 2, 64), dtype=self._data.dtype)
                grown[: self._size] = self._data[: self._size]
                self._data = grown
            self._data[self._size : need] = self._new
            self._size = need
            self._new.clear()
        return self._data[: self._size]


def _empty(dtype: Any) -> _Growing:
    return _Growing(np.empty(0, dtype=dtype))


class _Keywords:
    """One facet field: (row, value) pairs."""

    def __init__(self) -> None:
        self.values: list[str] = []
        self.code_of: dict[str, int] = {}
        self.rows = _empty(np.int32)
        self.codes = _empty(np.int32)

    def add(self, row: int, values: Sequence[str]) -> None:
        for value in values if len(values) == 1 else dict.fromkeys(values):
            code = self.code_of.setdefault(value, len(self.values))
            if code == len(self.values):
                self.values.append(value)
            self.rows.append(row)
            self.codes.append(code)

    def rows_with(self, values: Iterable[str]) -> NDArray[np.int32]:
        rows: NDArray[np.int32] = self.rows.view
        codes = [self.code_of[value] for value in values if value in self.code_of]
        if not codes:
            return rows[:0]
        if len(codes) == 1:
            chosen: NDArray[np.bool_] = self.codes.view == codes[0]
            return rows[chosen]
        wanted = np.zeros(len(self.values), dtype=np.bool_)
        wanted[codes] = True
        chosen = wanted[self.codes.view]
        return rows[chosen]

    def counts(self, mask: Mask) -> list[tuple[str, int]]:
        counts = np.bincount(self.codes.view[mask[self.rows.view]], minlength=len(self.values))
        return [(self.values[code], int(counts[code])) for code in np.flatnonzero(counts)]


class _Pairs:
    """Every (field, value) of every row in one table, in order of the rows: what a few rows hold is found at once,
    however many fields a catalogue has (thousands, where each kind of product has its own attributes)."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.values: list[tuple[int, str]] = []
        self._name_of: dict[str, int] = {}
        self._code_of: dict[tuple[int, str], int] = {}
        self.rows = _empty(np.int32)
        self.codes = _empty(np.int32)
        self.fields = _empty(np.int32)
        self.first = _empty(np.bool_)

    def add(self, row: int, facets: Mapping[str, Sequence[str]]) -> None:
        for name, values in facets.items():
            field = self._name_of.setdefault(name, len(self.names))
            if field == len(self.names):
                self.names.append(name)
            first = True
            for value in values if len(values) == 1 else dict.fromkeys(values):
                code = self._code_of.setdefault((field, value), len(self.values))
                if code == len(self.values):
                    self.values.append((field, value))
                self.rows.append(row)
                self.codes.append(code)
                self.fields.append(field)
                self.first.append(first)
                first = False

    def counts_of(self, wanted: Rows) -> dict[str, list[tuple[str, int]]]:
        """field -> (value, number of these rows). `wanted` ascending."""
        rows = self.rows.view
        first, last = np.searchsorted(rows, wanted, "left"), np.searchsorted(rows, wanted, "right")
        lengths = last - first
        places = np.repeat(last - np.cumsum(lengths), lengths) + np.arange(int(lengths.sum()))
        codes, counts = np.unique(self.codes.view[places], return_counts=True)
        found: dict[str, list[tuple[str, int]]] = {}
        for code, count in zip(codes.tolist(), counts.tolist(), strict=True):
            field, value = self.values[code]
            found.setdefault(self.names[field], []).append((value, count))
        return found

    def coverage(self, mask: Mask) -> dict[str, int]:
        """field -> number of the rows that have it."""
        counts = np.bincount(self.fields.view[mask[self.rows.view] & self.first.view], minlength=len(self.names))
        return {self.names[field]: int(counts[field]) for field in np.flatnonzero(counts)}

    def pack(self, alive: Mask, moved: NDArray[np.int32]) -> None:
        kept = alive[self.rows.view]
        self.codes, self.fields = _Growing(self.codes.view[kept]), _Growing(self.fields.view[kept])
        self.first = _Growing(self.first.view[kept])
        self.rows = _Growing(moved[self.rows.view[kept]])


class _Numbers:
    """One number field: (row, value) pairs."""

    def __init__(self) -> None:
        self.rows = _empty(np.int32)
        self.values = _empty(np.float64)

    def rows_between(self, low: float | None, high: float | None) -> NDArray[np.int32]:
        values = self.values.view
        inside = np.ones(len(values), dtype=np.bool_)
        if low is not None:
            inside &= values >= low
        if high is not None:
            inside &= values <= high
        rows: NDArray[np.int32] = self.rows.view
        return rows[inside]

    def values_of(self, wanted: Rows) -> dict[int, float]:
        """row -> value, for those of these rows that have one."""
        rows = self.rows.view
        if not len(rows):
            return {}
        places = np.minimum(np.searchsorted(rows, wanted), len(rows) - 1)
        values = self.values.view[places]
        having = rows[places] == wanted
        return dict(zip(wanted[having].tolist(), values[having].tolist(), strict=True))


class Columns:
    """Facets and numbers by product id. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._ids: list[str] = []
        self._row_of: dict[str, int] = {}
        self._alive = _empty(np.bool_)
        self._keywords: dict[str, _Keywords] = {}
        self._numbers: dict[str, _Numbers] = {}
        self._pairs = _Pairs()
        self._masks: dict[tuple[Any, ...], Mask] = {}
        self._ranks: Rows | None = None

    def put(self, product_id: str, facets: Mapping[str, Sequence[str]], numbers: Mapping[str, float]) -> None:
        """Inserts or replaces one product."""
        with self._lock:
            self._bury(product_id)
            row = len(self._ids)
            self._ids.append(product_id)
            self._row_of[product_id] = row
            self._alive.append(True)
            self._pairs.add(row, facets)
            for name, values in facets.items():
                if values:
                    keywords = self._keywords.get(name)
                    if keywords is None:
                        keywords = self._keywords[name] = _Keywords()
                    keywords.add(row, values)
            for name, value in numbers.items():
                column = self._numbers.get(name)
                if column is None:
                    column = self._numbers[name] = _Numbers()
                column.rows.append(row)
                column.values.append(value)
            self._touched()

    def remove(self, product_id: str) -> None:
        """Removes one product, if it is there."""
        with self._lock:
            self._bury(product_id)
            self._touched()

    def __contains__(self, product_id: object) -> bool:
        return product_id in self._row_of

    def __len__(self) -> int:
        return len(self._row_of)

    def ids(self) -> list[str]:
        """Every product id, in order."""
        with self._lock:
            return sorted(self._row_of)

    def matching(self, filters: Sequence[Constraint]) -> tuple[int, list[str] | None]:
        """How many products satisfy every filter; and their ids, where they are at most `SMALL`."""
        with self._lock:
            mask = self._mask(filters)
            count = int(np.count_nonzero(mask))
            return count, [self._ids[row] for row in np.flatnonzero(mask)] if count <= SMALL else None

    def satisfying(self, ids: Sequence[str], filters: Sequence[Constraint]) -> list[bool]:
        """Which of these products satisfy every filter."""
        with self._lock:
            mask = self._mask(filters)
            rows = (self._row_of.get(one) for one in ids)
            return [row is not None and bool(mask[row]) for row in rows]

    def count(self, filters: Sequence[Constraint]) -> int:
        """How many products satisfy every filter."""
        with self._lock:
            return int(np.count_nonzero(self._mask(filters)))

    def covered(self, name: str) -> int:
        """How many products have the number `name`, at most (replaced rows count until they are packed)."""
        with self._lock:
            column = self._numbers.get(name)
            return 0 if column is None else len(column.rows)

    def facets(
        self, fields: Sequence[str], filters: Sequence[Constraint], limit: int
    ) -> dict[str, list[tuple[str, int]]]:
        """field -> (value, number of products), most first, then by value."""
        with self._lock:
            mask = self._mask(filters)
            counted = {name: self._keywords[name].counts(mask) for name in fields if name in self._keywords}
        best = {name: sorted(counts, key=lambda pair: (-pair[1], pair[0]))[:limit] for name, counts in counted.items()}
        return {name: best.get(name, []) for name in fields}

    def facets_of(self, ids: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
        """Every facet of these products."""
        with self._lock:
            rows = self._rows(ids)
            counted = self._pairs.counts_of(rows)
        return {name: sorted(counts, key=lambda pair: (-pair[1], pair[0])) for name, counts in counted.items()}

    def numbers_of(self, name: str, ids: Sequence[str]) -> dict[str, float]:
        """A number of these products, for those that have it."""
        with self._lock:
            column = self._numbers.get(name)
            found = {} if column is None else column.values_of(self._rows(ids))
            return {self._ids[row]: value for row, value in found.items()}

    def _rows(self, ids: Sequence[str]) -> Rows:
        found = {row for one in ids if (row := self._row_of.get(one)) is not None}
        return np.array(sorted(found), dtype=np.int64)

    def fields(self, filters: Sequence[Constraint]) -> dict[str, int]:
        """Facet field -> how many of the products have it, most first."""
        with self._lock:
            mask = self._mask(filters)
            having = self._pairs.coverage(mask)
        return dict(sorted(((n, c) for n, c in having.items() if c), key=lambda pair: (-pair[1], pair[0])))

    def number_range(self, name: str, filters: Sequence[Constraint]) -> tuple[float, float] | None:
        """Smallest and largest value, or None where no product has one."""
        with self._lock:
            column = self._numbers.get(name)
            if column is None:
                return None
            values = column.values.view[self._mask(filters)[column.rows.view]]
            return (float(values.min()), float(values.max())) if len(values) else None

    def browse(self, filters: Sequence[Constraint], sort: str, limit: int, offset: int) -> list[tuple[str, float]]:
        """(id, score) sorted by a number, ties by id; products without the number come last."""
        with self._lock:
            mask = self._mask(filters)
            rows = np.flatnonzero(mask)
            ranks = self._id_ranks()
            scores = np.zeros(len(mask))
            if sort:
                scores[:] = MISSING
                column = self._numbers.get(sort.removeprefix("-"))
                if column is not None:
                    scores[column.rows.view] = column.values.view if sort.startswith("-") else -column.values.view
            order = rows[np.lexsort((ranks[rows], -scores[rows]))][offset : offset + limit]
            return [(self._ids[row], float(scores[row])) for row in order]

    def _mask(self, filters: Sequence[Constraint]) -> Mask:
        key = tuple((one.field, one.op, one.values, one.low, one.high, one.negated) for one in filters)
        mask = self._masks.get(key)
        if mask is None:
            mask = self._alive.view.copy()
            for one in filters:
                mask &= self._satisfying(one)
            if len(self._masks) >= _MASKS:
                self._masks.pop(next(iter(self._masks)))
            self._masks[key] = mask
        return mask

    def _satisfying(self, one: Constraint) -> Mask:
        having = np.zeros(len(self._ids), dtype=np.bool_)
        if one.op == "in" and one.field in self._keywords:
            having[self._keywords[one.field].rows_with(one.values)] = True
        elif one.op == "range" and one.field in self._numbers:
            having[self._numbers[one.field].rows_between(one.low, one.high)] = True
        return ~having if one.negated else having

    def _id_ranks(self) -> Rows:
        if self._ranks is None:
            order = sorted(range(len(self._ids)), key=self._ids.__getitem__)
            self._ranks = np.empty(len(order), dtype=np.int64)
            self._ranks[order] = np.arange(len(order))
        return self._ranks

    def _touched(self) -> None:
        self._masks.clear()
        self._ranks = None
        if len(self._ids) >= _PACK_FROM and len(self._row_of) * 4 < len(self._ids) * 3:
            self._pack()

    def _bury(self, product_id: str) -> None:
        row = self._row_of.pop(product_id, None)
        if row is not None:
            self._alive.view[row] = False

    def _pack(self) -> None:
        alive = self._alive.view
        moved = (np.cumsum(alive) - 1).astype(np.int32)
        self._ids = [one for one, kept in zip(self._ids, alive, strict=True) if kept]
        self._row_of = {one: row for row, one in enumerate(self._ids)}
        columns: list[_Keywords | _Numbers] = [*self._keywords.values(), *self._numbers.values()]
        for column in columns:
            kept = alive[column.rows.view]
            if isinstance(column, _Keywords):
                column.codes = _Growing(column.codes.view[kept])
            else:
                column.values = _Growing(column.values.view[kept])
            column.rows = _Growing(moved[column.rows.view[kept]])
        self._pairs.pack(alive, moved)
        self._alive = _Growing(np.ones(len(self._ids), dtype=np.bool_))
