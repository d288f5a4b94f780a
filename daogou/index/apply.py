"""Brings an index in step with the database's outbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from daogou.index.entry import dense_text, to_entries
from daogou.models import TextEncoder
from daogou.records import Product
from daogou.stores import Database, Index, Weighting

BATCH = 128


def apply_changes(
    database: Database,
    index: Index,
    encoder: TextEncoder,
    *,
    after: int,
    averages: Mapping[str, float],
    weighting: Weighting,
    seen: Callable[[Sequence[Product]], None] = lambda products: None,
) -> int:
    """Applies every change after number `after`, in order and in small batches; the number of the last one applied.

    Applying a change twice does no harm: what is written is the product as it is now. `seen` is told of the products
    written."""
    while True:
        changes = database.changes(after=after, limit=BATCH)
        if not changes:
            return after
        # A product put and deleted since is not found any more: its deletion stands later in the outbox, or it is gone.
        there = database.get_products([change.product_id for change in changes])
        products = list(there.values())
        if products:
            vectors = encoder.encode_passages([dense_text(product) for product in products])
            ratings = database.ratings(list(there))
            index.upsert(to_entries(products, vectors, ratings, averages, weighting))
            seen(products)
        index.delete([change.product_id for change in changes if change.product_id not in there])
        after = changes[-1].seq
