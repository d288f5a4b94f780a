"""Every database engine passes the one contract."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from daogou.stores import Database, open_database
from daogou.stores.checks import DatabaseContract


class TestSqlite(DatabaseContract):
    @pytest.fixture
    def database(self, tmp_path: Path) -> Iterator[Database]:
        database = open_database(f"sqlite:///{tmp_path / 'store.sqlite3'}")
        yield database
        database.close()


@pytest.mark.postgres
class TestPostgres(DatabaseContract):
    @pytest.fixture
    def database(self, postgres_address: str) -> Iterator[Database]:
        database = open_database(postgres_address)
        yield database
        database.close()
