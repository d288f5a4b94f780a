from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from index_things import HashEncoder

from daogou.stores import Database, IndexStore, open_database, open_index


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    yield database
    database.close()


@pytest.fixture
def indexes(tmp_path: Path) -> Iterator[IndexStore]:
    indexes = open_index(f"edge:{tmp_path / 'index'}")
    yield indexes
    indexes.close()


@pytest.fixture
def encoder() -> HashEncoder:
    return HashEncoder()
