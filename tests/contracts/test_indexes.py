"""Every index engine passes the one contract.

The client's own engine stands in for a Qdrant server, which cannot be installed from package registries; what it does
not show is payload indexes (a server needs them to sort and count), syncing and the network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from daogou.stores import Index, IndexStore, open_index
from daogou.stores.checks import DIM, IndexContract, IndexStoreContract

# The client says so of its in-memory engine on many calls.
pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect in the local Qdrant")


class TestEdgeIndex(IndexContract):
    @pytest.fixture
    def index(self, tmp_path: Path) -> Iterator[Index]:
        indexes = open_index(f"edge:{tmp_path}")
        yield indexes.create("v1", dim=DIM)
        indexes.close()


class TestQdrantIndex(IndexContract):
    @pytest.fixture
    def index(self) -> Iterator[Index]:
        indexes = open_index("qdrant+memory:")
        yield indexes.create("v1", dim=DIM)
        indexes.close()


class TestEdgeStore(IndexStoreContract):
    @pytest.fixture
    def indexes(self, tmp_path: Path) -> Iterator[IndexStore]:
        indexes = open_index(f"edge:{tmp_path}")
        yield indexes
        indexes.close()


class TestQdrantStore(IndexStoreContract):
    @pytest.fixture
    def indexes(self) -> Iterator[IndexStore]:
        indexes = open_index("qdrant+memory:")
        yield indexes
        indexes.close()
