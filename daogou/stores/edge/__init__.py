"""The embedded index: Qdrant Edge in this process, with facet columns beside it."""

from daogou.stores.edge.index import EdgeIndex
from daogou.stores.edge.store import EdgeIndexStore

__all__ = ["EdgeIndex", "EdgeIndexStore"]
