"""The index on a Qdrant server or cluster through its client: one collection a version, an alias for the current one.

`qdrant+http://HOST:PORT` or `qdrant+https://KEY@HOST:PORT`; `qdrant+memory:` is the client's own engine in this
process, which stands in for a server in tests. Field names may hold blanks, dots and Chinese, so each has a hashed
place in the payload; the names themselves stand in the field `fields`.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import orjson
from qdrant_client import QdrantClient
from qdrant_client import models as q
from qdrant_client.http.exceptions import ApiException, ResponseHandlingException, UnexpectedResponse

from daogou.errors import InputError, NotFound, SettingsError, StoreError, StoreFull, StoreUnavailable
from daogou.records import Constraint
from daogou.stores.columns import MISSING
from daogou.stores.protocols import IndexEntry, IndexMeta, Scored, Sparse, Vector

_PREFIX = "daogou_"
_ALIAS = "daogou"
_META = "daogou_meta"
_PAGE = 1000
_ALL_VALUES = 10_000


class QdrantIndex:
    """`daogou.stores.Index` on one collection. Thread-safe."""

    def __init__(self, client: QdrantClient, collection: str, *, version: str, address: str) -> None:
        self.version = version
        self._client = client
        self._collection = collection
        self._address = address
        self._local = address == "qdrant+memory:"
        self._indexed: set[str] = set()

    # writing

    def upsert(self, entries: Sequence[IndexEntry]) -> None:
        points = []
        for entry in entries:
            vector: dict[str, Any] = {}
            if entry.dense is not None:
                vector["text"] = entry.dense.tolist()
            if entry.sparse:
                vector["words"] = q.SparseVector(indices=list(entry.sparse), values=list(entry.sparse.values()))
            points.append(q.PointStruct(id=_point(entry.product_id), vector=vector, payload=_payload(entry)))
        if not points:
            return
        with _translated(self._address):
            self._index_fields(entries)
            self._client.upsert(self._collection, points, wait=True)

    def _index_fields(self, entries: Sequence[IndexEntry]) -> None:
        """A server filters, counts and sorts by a field only when it is indexed; the local engine needs none."""
        if self._local:
            return
        new = {_key("f", name): q.PayloadSchemaType.KEYWORD for one in entries for name in one.facets}
        new |= {_key("n", name): q.PayloadSchemaType.FLOAT for one in entries for name in one.numbers}
        new["fields"] = q.PayloadSchemaType.KEYWORD
        for key, schema in new.items():
            if key not in self._indexed:
                self._client.create_payload_index(self._collection, key, schema, wait=True)
                self._indexed.add(key)

    def delete(self, ids: Sequence[str]) -> None:
        if ids:
            with _translated(self._address):
                self._client.delete(self._collection, [_point(one) for one in ids], wait=True)

    def flush(self) -> None:
        """A server syncs what it acknowledged by itself."""

    def optimize(self) -> None:
        """A server optimises by itself."""

    def close(self) -> None:
        """The connection is the store's."""

    # reading

    def count(self, filters: Sequence[Constraint] = ()) -> int:
        with _translated(self._address):
            return self._client.count(self._collection, count_filter=_filter(filters), exact=True).count

    def ids(self) -> Iterator[str]:
        return iter(sorted(record.payload["id"] for record in self._scroll(_filter(()), ["id"]) if record.payload))

    def search_dense(self, vector: Vector, *, filters: Sequence[Constraint] = (), limit: int = 100) -> list[Scored]:
        return self._search(vector.tolist(), "text", filters, limit)

    def search_sparse(self, weights: Sparse, *, filters: Sequence[Constraint] = (), limit: int = 100) -> list[Scored]:
        if not weights:
            return []
        return self._search(
            q.SparseVector(indices=list(weights), values=list(weights.values())), "words", filters, limit
        )

    def _search(self, query: Any, using: str, filters: Sequence[Constraint], limit: int) -> list[Scored]:
        with _translated(self._address):
            points = self._client.query_points(
                self._collection,
                query=query,
                using=using,
                query_filter=_filter(filters),
                limit=limit,
                with_payload=["id"],
            ).points
        found = [Scored(point.payload["id"], point.score) for point in points if point.payload]
        return sorted(found, key=lambda one: (-one.score, one.product_id))

    def browse(
        self, *, filters: Sequence[Constraint] = (), sort: str = "", limit: int = 100, offset: int = 0
    ) -> list[Scored]:
        """The engine sorts by numbers only: without `sort`, the ids of all matching products are fetched and sorted."""
        wanted = offset + limit
        if not sort:
            ids = sorted(one.payload["id"] for one in self._scroll(_filter(filters), ["id"]) if one.payload)
            return [Scored(one, 0.0) for one in ids[offset:wanted]]
        name, descending = sort.removeprefix("-"), sort.startswith("-")
        key = _key("n", name)
        having, lacking = _filter(filters), _filter(filters)
        having.must = [*_conditions(having.must), q.FieldCondition(key=key, range=q.Range(gte=_LOWEST))]
        order = q.OrderBy(key=key, direction=q.Direction.DESC if descending else q.Direction.ASC)
        with _translated(self._address):
            self._index_number(name)
            records = self._client.scroll(
                self._collection, scroll_filter=having, limit=wanted, order_by=order, with_payload=["id", key]
            )[0]
        found = []
        for record in records:
            number = float((record.payload or {})["n"][key[2:]])
            found.append(Scored((record.payload or {})["id"], number if descending else -number))
        found.sort(key=lambda one: (-one.score, one.product_id))
        if len(found) < wanted:
            lacking.must = [*_conditions(lacking.must), q.IsEmptyCondition(is_empty=q.PayloadField(key=key))]
            rest = sorted(one.payload["id"] for one in self._scroll(lacking, ["id"]) if one.payload)
            found += [Scored(one, MISSING) for one in rest]
        return found[offset:wanted]

    def _index_number(self, name: str) -> None:
        key = _key("n", name)
        if not self._local and key not in self._indexed:
            self._client.create_payload_index(self._collection, key, q.PayloadSchemaType.FLOAT, wait=True)
            self._indexed.add(key)

    def facets(
        self, fields: Sequence[str], *, filters: Sequence[Constraint] = (), limit: int = 20
    ) -> dict[str, list[tuple[str, int]]]:
        return {name: self._counted(_key("f", name), filters)[:limit] for name in fields}

    def fields(self, *, filters: Sequence[Constraint] = ()) -> dict[str, int]:
        return dict(self._counted("fields", filters))

    def _counted(self, key: str, filters: Sequence[Constraint]) -> list[tuple[str, int]]:
        with _translated(self._address):
            try:
                response = self._client.facet(
                    self._collection, key=key, facet_filter=_filter(filters), limit=_ALL_VALUES, exact=True
                )
            except UnexpectedResponse as failure:
                if failure.status_code == 400:  # no product has the field, so it has no payload index
                    return []
                raise
        return sorted(((str(hit.value), hit.count) for hit in response.hits), key=lambda pair: (-pair[1], pair[0]))

    def number_range(self, name: str, *, filters: Sequence[Constraint] = ()) -> tuple[float, float] | None:
        ends = []
        key = _key("n", name)
        with _translated(self._address):
            self._index_number(name)
            having = _filter(filters)
            having.must = [*_conditions(having.must), q.FieldCondition(key=key, range=q.Range(gte=_LOWEST))]
            for direction in (q.Direction.ASC, q.Direction.DESC):
                order = q.OrderBy(key=key, direction=direction)
                records = self._client.scroll(
                    self._collection, scroll_filter=having, limit=1, order_by=order, with_payload=[key]
                )[0]
                if not records:
                    return None
                ends.append(float((records[0].payload or {})["n"][key[2:]]))
        return ends[0], ends[1]

    def facets_of(self, ids: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
        counts: dict[str, Counter[str]] = {}
        for payload in self._payloads(ids, ["fields", "f"]):
            for name in payload.get("fields", ()):
                counts.setdefault(name, Counter()).update(payload["f"][_key("f", name)[2:]])
        return {name: sorted(values.items(), key=lambda pair: (-pair[1], pair[0])) for name, values in counts.items()}

    def numbers_of(self, name: str, ids: Sequence[str]) -> dict[str, float]:
        key = _key("n", name)
        return {
            payload["id"]: float(payload["n"][key[2:]])
            for payload in self._payloads(ids, ["id", key])
            if key[2:] in payload.get("n", {})
        }

    def satisfying(self, ids: Sequence[str], filters: Sequence[Constraint]) -> list[bool]:
        if not ids:
            return []
        narrowed = _filter(filters)
        narrowed.must = [*_conditions(narrowed.must), q.HasIdCondition(has_id=[_point(one) for one in ids])]
        passing = {record.payload["id"] for record in self._scroll(narrowed, ["id"]) if record.payload}
        return [one in passing for one in ids]

    def _payloads(self, ids: Sequence[str], keys: list[str]) -> list[Mapping[str, Any]]:
        if not ids:
            return []
        points = list({_point(one) for one in ids})
        with _translated(self._address):
            records = self._client.retrieve(self._collection, points, with_payload=keys)
        return [record.payload for record in records if record.payload]

    def vectors(self, ids: Sequence[str]) -> dict[str, Vector]:
        with _translated(self._address):
            records = self._client.retrieve(
                self._collection, [_point(one) for one in ids], with_payload=["id"], with_vectors=["text"]
            )
        found = {}
        for record in records:
            dense = record.vector.get("text") if isinstance(record.vector, dict) else None
            if dense is not None and record.payload:
                found[record.payload["id"]] = np.asarray(dense, dtype=np.float32)
        return found

    def _scroll(self, narrowed: q.Filter, payload: list[str]) -> Iterator[q.Record]:
        offset: Any = None
        while True:
            with _translated(self._address):
                records, offset = self._client.scroll(
                    self._collection, scroll_filter=narrowed, limit=_PAGE, offset=offset, with_payload=payload
                )
            yield from records
            if offset is None:
                return


class QdrantIndexStore:
    """`daogou.stores.IndexStore` on a Qdrant server: an alias names the current collection and is moved in one step."""

    def __init__(self, address: str) -> None:
        self._client, self.address = _connect(address)
        self._lock = threading.RLock()
        self._current: QdrantIndex | None = None

    def create(self, version: str, *, dim: int) -> QdrantIndex:
        if not version or not all(letter.isalnum() or letter in "._-" for letter in version):
            raise InputError(f"{version!r} is no name for an index version.", next_step="Use letters, digits, . _ -")
        if self._meta(version) is not None:
            raise StoreError(f"The index version {version} is finished.", next_step="Choose another name.")
        with _translated(self.address):
            if not self._client.collection_exists(_PREFIX + version):
                self._client.create_collection(
                    _PREFIX + version,
                    vectors_config={"text": q.VectorParams(size=dim, distance=q.Distance.COSINE)},
                    sparse_vectors_config={"words": q.SparseVectorParams(modifier=q.Modifier.IDF)},
                    quantization_config=q.ScalarQuantization(
                        scalar=q.ScalarQuantizationConfig(type=q.ScalarType.INT8, always_ram=True)
                    ),
                )
        return self._index(version)

    def publish(self, meta: IndexMeta) -> None:
        with _translated(self.address):
            if not self._client.collection_exists(_PREFIX + meta.version):
                raise NotFound("index version", meta.version)
            if not self._client.collection_exists(_META):
                self._client.create_collection(_META, vectors_config={})
            payload = {"meta": orjson.dumps(asdict(meta)).decode(), "version": meta.version}
            self._client.upsert(_META, [q.PointStruct(id=_point(meta.version), vector={}, payload=payload)], wait=True)
            before = self._pointer()
            if before == meta.version:
                return
            moves: list[Any] = []
            if before is not None:
                moves.append(q.DeleteAliasOperation(delete_alias=q.DeleteAlias(alias_name=_ALIAS)))
            made = q.CreateAlias(collection_name=_PREFIX + meta.version, alias_name=_ALIAS)
            self._client.update_collection_aliases([*moves, q.CreateAliasOperation(create_alias=made)])

    def current(self) -> QdrantIndex | None:
        version = self._pointer()
        if version is None:
            return None
        with self._lock:
            if self._current is None or self._current.version != version:
                self._current = self._index(version)
            return self._current

    def current_meta(self) -> IndexMeta | None:
        version = self._pointer()
        return None if version is None else self._meta(version)

    def versions(self) -> list[str]:
        with _translated(self.address):
            names = [one.name for one in self._client.get_collections().collections]
        return sorted(name.removeprefix(_PREFIX) for name in names if name.startswith(_PREFIX) and name != _META)

    def drop(self, version: str) -> None:
        if version == self._pointer():
            raise StoreError(f"The index version {version} is current.", next_step="Publish another one first.")
        with _translated(self.address):
            if not self._client.collection_exists(_PREFIX + version):
                raise NotFound("index version", version)
            self._client.delete_collection(_PREFIX + version)
            if self._client.collection_exists(_META):
                self._client.delete(_META, [_point(version)], wait=True)

    def close(self) -> None:
        self._client.close()

    def _index(self, version: str) -> QdrantIndex:
        return QdrantIndex(self._client, _PREFIX + version, version=version, address=self.address)

    def _pointer(self) -> str | None:
        with _translated(self.address):
            for alias in self._client.get_aliases().aliases:
                if alias.alias_name == _ALIAS:
                    return alias.collection_name.removeprefix(_PREFIX)
        return None

    def _meta(self, version: str) -> IndexMeta | None:
        with _translated(self.address):
            if not self._client.collection_exists(_META):
                return None
            records = self._client.retrieve(_META, [_point(version)], with_payload=True)
        return IndexMeta(**orjson.loads(records[0].payload["meta"])) if records and records[0].payload else None


_LOWEST = -1.7976931348623157e308


def _connect(address: str) -> tuple[QdrantClient, str]:
    """The client, and the address without its key."""
    if address == "qdrant+memory:":
        return QdrantClient(":memory:"), address
    parts = urlsplit(address.removeprefix("qdrant+"))
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SettingsError(
            f"{address.partition('://')[0]}://… names no host.", next_step="For example qdrant+http://localhost:6333"
        )
    port = parts.port or (443 if parts.scheme == "https" else 6333)
    shown = f"qdrant+{parts.scheme}://{parts.hostname}:{port}"
    client = QdrantClient(
        url=f"{parts.scheme}://{parts.hostname}:{port}",
        api_key=parts.password or parts.username or None,
        timeout=30,
        check_compatibility=False,
    )
    with _translated(shown):
        client.get_collections()
    return client, shown


class _translated:  # noqa: N801
    """Raises StoreUnavailable, StoreFull or StoreError in place of the client's errors."""

    def __init__(self, address: str) -> None:
        self._address = address

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, failure: BaseException | None, _trace: object) -> None:
        if isinstance(failure, ResponseHandlingException | OSError):
            raise StoreUnavailable(
                f"The index {self._address} cannot be reached: {failure}.",
                next_step="Check that the server runs and that DAOGOU_INDEX names it.",
            ) from failure
        if isinstance(failure, UnexpectedResponse) and b"space" in failure.content.lower():
            raise StoreFull(
                f"The index {self._address} has no space left to write to.", next_step="Free some space on the server."
            ) from failure
        if isinstance(failure, ApiException):
            raise StoreError(f"The index {self._address} failed: {failure}.") from failure


def _point(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little") >> 1


def _key(kind: str, name: str) -> str:
    return f"{kind}.{blake2b(name.encode(), digest_size=8).hexdigest()}"


def _payload(entry: IndexEntry) -> Mapping[str, Any] | Any:
    facets = {name: list(dict.fromkeys(values)) for name, values in entry.facets.items() if values}
    return {
        "id": entry.product_id,
        "fields": list(facets),
        "f": {_key("f", name)[2:]: values for name, values in facets.items()},
        "n": {_key("n", name)[2:]: float(value) for name, value in entry.numbers.items()},
    }


def _filter(filters: Sequence[Constraint]) -> q.Filter:
    must: list[Any] = []
    must_not: list[Any] = []
    for one in filters:
        (must_not if one.negated else must).append(_condition(one))
    return q.Filter(must=must, must_not=must_not)


def _condition(one: Constraint) -> q.FieldCondition:
    if one.op == "in":
        return q.FieldCondition(key=_key("f", one.field), match=q.MatchAny(any=list(one.values)))
    low = _LOWEST if one.low is None and one.high is None else one.low
    return q.FieldCondition(key=_key("n", one.field), range=q.Range(gte=low, lte=one.high))


def _conditions(given: Any) -> list[Any]:
    return list(given or [])
