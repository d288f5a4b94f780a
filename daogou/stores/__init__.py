"""What is kept: the database (the truth) and the index (derived, can be rebuilt). An address picks the engine."""

from daogou.stores.columns import MISSING
from daogou.stores.open import DATABASES, INDEXES, open_database, open_index
from daogou.stores.protocols import (
    Change,
    Database,
    Index,
    IndexEntry,
    IndexMeta,
    IndexStore,
    PutCount,
    Scored,
    Sparse,
    Vector,
)
from daogou.stores.sparse import DEFAULT_AVERAGES, Weighting, document_weights, query_weights, token_id

__all__ = [
    "DATABASES",
    "DEFAULT_AVERAGES",
    "INDEXES",
    "MISSING",
    "Change",
    "Database",
    "Index",
    "IndexEntry",
    "IndexMeta",
    "IndexStore",
    "PutCount",
    "Scored",
    "Sparse",
    "Vector",
    "Weighting",
    "document_weights",
    "open_database",
    "open_index",
    "query_weights",
    "token_id",
]
