"""What is kept, as protocols: the database (the truth) and the index (derived, can be rebuilt).

Engines live beside this file, `open.py` turns an address into one, `checks.py` is the contract any engine must pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from daogou.records import Cart, Constraint, DialogueState, Event, Policy, Product, Review, Shopper

Vector = NDArray[np.float32]
Sparse = Mapping[int, float]


@dataclass(frozen=True, slots=True)
class PutCount:
    """What a write did: new + changed + unchanged = what was given."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: PutCount) -> PutCount:
        return PutCount(self.new + other.new, self.changed + other.changed, self.unchanged + other.unchanged)


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the outbox: product `product_id` was put or deleted as the `seq`-th change of this database."""

    seq: int
    product_id: str
    kind: Literal["put", "delete"]


@runtime_checkable
class Database(Protocol):
    """Records, events, carts, conversations, ledger: the truth. Thread-safe. Every write is durable when it returns.

    Raises StoreUnavailable where it cannot be reached, StoreFull where no space is left."""

    address: str

    def transaction(self) -> AbstractContextManager[None]:
        """Writes inside happen together or not at all. Nested transactions join the outer one."""
        ...

    # catalogue
    def put_products(self, products: Sequence[Product]) -> PutCount:
        """Insert or replace by id. Each new or changed product gets one outbox line; an unchanged one gets none."""
        ...

    def delete_products(self, ids: Sequence[str]) -> int: ...

    def get_product(self, product_id: str) -> Product | None: ...

    def get_products(self, ids: Sequence[str]) -> dict[str, Product]:
        """The products that exist, by id."""
        ...

    def products(self, *, after: str = "", batch: int = 1000) -> Iterator[Product]:
        """All products in id order, from the one after `after`; bounded memory."""
        ...

    def count_products(self) -> int: ...

    def changes(self, *, after: int = 0, limit: int = 1000) -> list[Change]:
        """The outbox, in order: what happened to the catalogue after number `after`. One line a product, its last."""
        ...

    def last_change(self) -> int:
        """The number of the newest change, 0 where there is none."""
        ...

    # what is written about products and the store
    def put_reviews(self, reviews: Sequence[Review]) -> PutCount: ...

    def reviews(self, product_id: str, *, limit: int = 200) -> list[Review]:
        """Newest first."""
        ...

    def all_reviews(self) -> Iterator[Review]: ...

    def ratings(self, ids: Sequence[str] | None = None) -> dict[str, tuple[float, int]]:
        """product id -> (mean stars, number of reviews with stars), for those that have any."""
        ...

    def put_policies(self, policies: Sequence[Policy]) -> PutCount: ...

    def policies(self) -> list[Policy]: ...

    # events
    def put_events(self, events: Sequence[Event]) -> PutCount:
        """Append; an event id already kept is counted as unchanged and left as it is."""
        ...

    def events(
        self, *, after: int = 0, until: datetime | None = None, since: datetime | None = None
    ) -> Iterator[tuple[int, Event]]:
        """(sequence number, event) in order of arrival after number `after`; bounded memory."""
        ...

    def shopper_events(
        self, *, shopper_id: str | None = None, session_id: str | None = None, limit: int = 200
    ) -> list[Event]:
        """Events of the shopper or of the session (of either, where both are given), newest first."""
        ...

    def count_events(self) -> int: ...

    # shoppers, carts, conversations
    def put_shopper(self, shopper: Shopper) -> None: ...

    def get_shopper(self, shopper_id: str) -> Shopper | None: ...

    def put_cart(self, cart: Cart, *, shopper_id: str | None = None) -> None: ...

    def get_cart(self, cart_id: str) -> Cart | None: ...

    def put_conversation(self, state: DialogueState) -> None: ...

    def get_conversation(self, conversation_id: str) -> DialogueState | None: ...

    def export_shopper(self, shopper_id: str) -> dict[str, list[dict[str, Any]]]:
        """Everything kept about a shopper, by kind."""
        ...

    def erase_shopper(self, shopper_id: str) -> dict[str, int]:
        """Erases everything kept about a shopper; what was erased, by kind. A second call gives zeros."""
        ...

    # ledger and checkpoints
    def log(self, kind: str, data: Mapping[str, Any], *, shopper_id: str | None = None) -> int:
        """Appends to the ledger (what was shown, answered, trained, published). Returns its number."""
        ...

    def ledger(self, kind: str, *, after: int = 0, limit: int = 1000) -> list[tuple[int, datetime, dict[str, Any]]]: ...

    def get_checkpoint(self, key: str) -> dict[str, Any] | None: ...

    def set_checkpoint(self, key: str, value: Mapping[str, Any]) -> None: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One product as the index keeps it.

    dense: (dim,) unit vector, or None. sparse: token id -> BM25 document weight (the engine multiplies by IDF).
    facets: keyword fields, several values each: `brand`, `category` (every prefix of the path joined with ' > '),
    `attr:NAME`, `stock` ('yes' / 'no'), `currency`. numbers: `price` (minor units), `created` (Unix seconds),
    `rating` (stars), `attr:NAME` where the attribute is numeric."""

    product_id: str
    dense: Vector | None
    sparse: Sparse
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scored:
    """A product id and the engine's score of it, larger is better."""

    product_id: str
    score: float


@runtime_checkable
class Index(Protocol):
    """One version of the retrieval index. Thread-safe for queries; upserts and deletes are visible at once.

    `filters` are ANDed constraints (see records.Constraint): op "in" matches any of its values, "range" is inclusive,
    `negated` excludes (a product without the field satisfies a negated constraint and fails a plain one)."""

    version: str

    def upsert(self, entries: Sequence[IndexEntry]) -> None: ...

    def delete(self, ids: Sequence[str]) -> None: ...

    def count(self, filters: Sequence[Constraint] = ()) -> int: ...

    def ids(self) -> Iterator[str]: ...

    def search_dense(self, vector: Vector, *, filters: Sequence[Constraint] = (), limit: int = 100) -> list[Scored]:
        """By cosine similarity, best first; ties by id."""
        ...

    def search_sparse(self, weights: Sparse, *, filters: Sequence[Constraint] = (), limit: int = 100) -> list[Scored]:
        """By sum over tokens of query weight x IDF x document weight, best first; only products sharing a token."""
        ...

    def browse(
        self, *, filters: Sequence[Constraint] = (), sort: str = "", limit: int = 100, offset: int = 0
    ) -> list[Scored]:
        """Without a query: by a number field, 'price' ascending or '-price' descending; by id where `sort` is empty."""
        ...

    def facets(
        self, fields: Sequence[str], *, filters: Sequence[Constraint] = (), limit: int = 20
    ) -> dict[str, list[tuple[str, int]]]:
        """field -> (value, number of products), most first."""
        ...

    def fields(self, *, filters: Sequence[Constraint] = ()) -> dict[str, int]:
        """Facet field -> number of the products that have it, most first."""
        ...

    def number_range(self, name: str, *, filters: Sequence[Constraint] = ()) -> tuple[float, float] | None:
        """Smallest and largest value of a number field, or None."""
        ...

    def facets_of(self, ids: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
        """Every facet of these products: field -> (value, number of them), most first."""
        ...

    def numbers_of(self, name: str, ids: Sequence[str]) -> dict[str, float]:
        """A number field of these products, for those that have it."""
        ...

    def satisfying(self, ids: Sequence[str], filters: Sequence[Constraint]) -> list[bool]:
        """Which of these products satisfy every filter; one that is not kept does not."""
        ...

    def vectors(self, ids: Sequence[str]) -> dict[str, Vector]:
        """The dense vectors that are kept, by product id."""
        ...

    def flush(self) -> None:
        """Makes what was written durable."""
        ...

    def optimize(self) -> None:
        """Packs what was written for fast reading, at the end of a build. May take seconds."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class IndexMeta:
    """What a published version was made of: written last, so its presence means finished."""

    version: str
    products: int
    change: int
    encoder: str
    dim: int
    built: str
    extra: Mapping[str, Any] = field(default_factory=dict)


@runtime_checkable
class IndexStore(Protocol):
    """Versions of the index; one is current. Switching is one atomic step; a half-built version is never current."""

    address: str

    def create(self, version: str, *, dim: int) -> Index:
        """A new empty version, not current yet. An unfinished one of the same name is opened again, to resume."""
        ...

    def publish(self, meta: IndexMeta) -> None:
        """Makes `meta.version` current in one step. Of the current version only the description is replaced."""
        ...

    def current(self) -> Index | None:
        """The current version, opened once and shared; once another process published, the next call gives the new one.

        Raises StoreUnavailable, naming who holds it, where another process has the version open."""
        ...

    def current_meta(self) -> IndexMeta | None: ...

    def versions(self) -> list[str]: ...

    def drop(self, version: str) -> None:
        """Forgets a version that is not current."""
        ...

    def close(self) -> None: ...
