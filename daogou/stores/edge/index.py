"""One version of the index: a Qdrant Edge shard for the vectors, columns in memory for filters, facets and sorting.

Dense vectors are searched flat (no graph) in int8 and rescored exactly: right to about 200,000 products. Writes are
visible at once and reach the disk with `flush()`; what a power cut takes with it is replayed from the database's
outbox. `flush` and `optimize` hold the interpreter's lock, for seconds after a bulk load.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from qdrant_edge import (
    Distance,
    EdgeConfig,
    EdgeShard,
    EdgeSparseVectorParams,
    EdgeVectorParams,
    Filter,
    FloatIndexParams,
    HnswIndexConfig,
    KeywordIndexParams,
    Memory,
    Modifier,
    Point,
    QuantizationSearchParams,
    Query,
    QueryRequest,
    ScalarQuantizationConfig,
    ScalarType,
    ScrollRequest,
    SearchParams,
    SparseVector,
    UpdateOperation,
)

from daogou.errors import StoreError, StoreFull
from daogou.records import Constraint
from daogou.stores.columns import SMALL, Columns
from daogou.stores.edge.payload import (
    PLAIN_NUMBERS,
    from_payload,
    ids_filter,
    number_key,
    point_id,
    to_filter,
    to_payload,
)
from daogou.stores.protocols import IndexEntry, Scored, Sparse, Vector

_PAGE = 5000
_WIDE = 4
"""A filter that at least one product in four satisfies is applied after the search."""
_PARAMS = SearchParams(quantization=QuantizationSearchParams(rescore=True, oversampling=1.5))


class EdgeIndex:
    """`daogou.stores.Index` over one shard directory. Thread-safe."""

    def __init__(self, path: Path, *, version: str, dim: int) -> None:
        """Opens the shard at `path`, or creates it there. Raises StoreError where it is damaged."""
        self.version = version
        self.dim = dim
        self._path = path
        self._columns = Columns()
        self._names: dict[int, str] = {}
        self._ranged = set(PLAIN_NUMBERS)
        self._write = threading.Lock()
        self._shard: EdgeShard | None = None
        self._shard = self._load() if (path / "edge_config.json").exists() else self._create()

    def _create(self) -> EdgeShard:
        self._path.mkdir(parents=True, exist_ok=True)
        shard: EdgeShard = self._do(EdgeShard.create, str(self._path), _config(self.dim))
        self._do(shard.update, UpdateOperation.create_field_index("f", KeywordIndexParams(enable_hnsw=False)))
        for name in PLAIN_NUMBERS:
            self._do(shard.update, _ranged(name))
        return shard

    def _load(self) -> EdgeShard:
        shard: EdgeShard = self._do(EdgeShard.load, str(self._path))
        offset = None
        while True:
            records, offset = self._do(shard.scroll, ScrollRequest(offset=offset, limit=_PAGE, with_payload=True))
            for record in records:
                product_id, facets, numbers = from_payload(record.payload)
                self._names[record.id] = product_id
                self._columns.put(product_id, facets, numbers)
            if offset is None:
                return shard

    # writing

    def upsert(self, entries: Sequence[IndexEntry]) -> None:
        points = []
        for entry in entries:
            vectors: dict[str, Any] = {}
            if entry.dense is not None:
                vectors["text"] = entry.dense.tolist()
            if entry.sparse:
                vectors["words"] = SparseVector(list(entry.sparse.keys()), list(entry.sparse.values()))
            payload = to_payload(entry.product_id, entry.facets, entry.numbers)
            points.append(Point(point_id(entry.product_id), vectors, payload))
        if not points:
            return
        with self._write:
            self._do(self._open.update, UpdateOperation.upsert_points(points))
            for entry in entries:
                self._names[point_id(entry.product_id)] = entry.product_id
                self._columns.put(entry.product_id, entry.facets, entry.numbers)
            for name in {name for entry in entries for name in entry.numbers} - self._ranged:
                if self._columns.covered(name) > SMALL:
                    self._do(self._open.update, _ranged(name))
                    self._ranged.add(name)

    def delete(self, ids: Sequence[str]) -> None:
        if not ids:
            return
        with self._write:
            self._do(self._open.update, UpdateOperation.delete_points([point_id(one) for one in ids]))
            for one in ids:
                self._columns.remove(one)
                self._names.pop(point_id(one), None)

    def flush(self) -> None:
        with self._write:
            self._do(self._open.flush)

    def optimize(self) -> None:
        """Packs the segments and quantises the vectors. Holds the interpreter's lock: only at the end of a build."""
        with self._write:
            self._do(self._open.optimize)

    def close(self) -> None:
        with self._write:
            shard, self._shard = self._shard, None
            if shard is not None:
                shard.close()

    # reading

    def count(self, filters: Sequence[Constraint] = ()) -> int:
        return self._columns.count(filters)

    def ids(self) -> Iterator[str]:
        return iter(self._columns.ids())

    def search_dense(self, vector: Vector, *, filters: Sequence[Constraint] = (), limit: int = 100) -> list[Scored]:
        return self._search(Query.Nearest(vector.tolist(), using="text"), filters, limit, _PARAMS)

    def search_sparse(self, weights: Sparse, *, filters: Sequence[Constraint] = (), limit: int = 100) -> list[Scored]:
        if not weights:
            return []
        words = SparseVector(list(weights.keys()), list(weights.values()))
        return self._search(Query.Nearest(words, using="words"), filters, limit, None)

    def browse(
        self, *, filters: Sequence[Constraint] = (), sort: str = "", limit: int = 100, offset: int = 0
    ) -> list[Scored]:
        return [Scored(one, score) for one, score in self._columns.browse(filters, sort, limit, offset)]

    def facets(
        self, fields: Sequence[str], *, filters: Sequence[Constraint] = (), limit: int = 20
    ) -> dict[str, list[tuple[str, int]]]:
        return self._columns.facets(fields, filters, limit)

    def fields(self, *, filters: Sequence[Constraint] = ()) -> dict[str, int]:
        return self._columns.fields(filters)

    def number_range(self, name: str, *, filters: Sequence[Constraint] = ()) -> tuple[float, float] | None:
        return self._columns.number_range(name, filters)

    def facets_of(self, ids: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
        return self._columns.facets_of(ids)

    def numbers_of(self, name: str, ids: Sequence[str]) -> dict[str, float]:
        return self._columns.numbers_of(name, ids)

    def satisfying(self, ids: Sequence[str], filters: Sequence[Constraint]) -> list[bool]:
        return self._columns.satisfying(ids, filters)

    def vectors(self, ids: Sequence[str]) -> dict[str, Vector]:
        wanted = [point_id(one) for one in ids if one in self._columns]
        if not wanted:
            return {}
        records = self._do(self._open.retrieve, wanted, False, ["text"])
        return {
            self._names[record.id]: np.asarray(record.vector["text"], dtype=np.float32)
            for record in records
            if record.id in self._names and record.vector and "text" in record.vector
        }

    def _search(
        self, query: Query, filters: Sequence[Constraint], limit: int, params: SearchParams | None
    ) -> list[Scored]:
        narrowed: Filter | None = None
        if filters:
            count, few = self._columns.matching(filters)
            if count == 0:
                return []
            if few is not None:
                narrowed = ids_filter(few)
            elif count * _WIDE >= len(self._columns):
                # Most products pass: cheaper to find more and drop those that do not than to test each on the way.
                asked = 20 + int(limit * 1.5 * len(self._columns) / count)
                more = self._query(query, None, asked, params)
                passing = self._columns.satisfying([one.product_id for one in more], filters)
                found = [one for one, passes in zip(more, passing, strict=True) if passes]
                if len(found) >= limit or len(more) < asked:
                    return found[:limit]
                narrowed = to_filter(filters)
            else:
                narrowed = to_filter(filters)
        return self._query(query, narrowed, limit, params)

    def _query(self, query: Query, narrowed: Filter | None, limit: int, params: SearchParams | None) -> list[Scored]:
        request = QueryRequest(limit=limit, query=query, filter=narrowed, params=params, with_payload=False)
        found = [
            Scored(self._names[point.id], point.score)
            for point in self._do(self._open.query, request)
            if point.id in self._names
        ]
        found.sort(key=lambda one: (-one.score, one.product_id))
        return found

    @property
    def shard(self) -> EdgeShard:
        """The engine, for whoever has to close it."""
        return self._open

    @property
    def _open(self) -> EdgeShard:
        shard = self._shard
        if shard is None:
            raise StoreError(f"The index version {self.version} is closed.", next_step="Ask the store for `current()`.")
        return shard

    def _do(self, call: Any, *arguments: Any) -> Any:
        """Calls the engine; its errors in our words."""
        try:
            return call(*arguments)
        except StoreError:
            raise
        except Exception as failure:  # the engine raises bare exceptions of several kinds
            said = str(failure)
            if "No space left" in said or "os error 28" in said or "out of disk" in said.lower():
                raise StoreFull(
                    f"The index {self._path} has no space left to write to.",
                    next_step="Free some space; `daogou index` rebuilds it from the database.",
                ) from failure
            raise StoreError(
                f"The index {self._path} failed: {said}.", next_step="`daogou index` rebuilds it from the database."
            ) from failure


def _ranged(name: str) -> UpdateOperation:
    return UpdateOperation.create_field_index(number_key(name), FloatIndexParams(enable_hnsw=False))


def _config(dim: int) -> EdgeConfig:
    return EdgeConfig(
        vectors={
            "text": EdgeVectorParams(
                size=dim,
                distance=Distance.Cosine,
                hnsw_config=HnswIndexConfig(m=0, ef_construct=16, full_scan_threshold=10_000),
                quantization_config=ScalarQuantizationConfig(type=ScalarType.Int8, quantile=0.99, memory=Memory.Pinned),
            )
        },
        sparse_vectors={"words": EdgeSparseVectorParams(modifier=Modifier.Idf)},
        payload_memory=Memory.Cached,
    )
