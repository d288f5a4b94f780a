from __future__ import annotations

from pathlib import Path

import pytest

from daogou.errors import SettingsError
from daogou.stores import Database, IndexStore, open_database, open_index


@pytest.mark.parametrize("address", ["mysql://host/x", "", "store.sqlite3", "mongodb://u:secret@h"])
def test_an_unknown_database_lists_the_known_ones(address: str) -> None:
    with pytest.raises(SettingsError, match=r"known are sqlite:///PATH, postgresql.* DAOGOU_DATABASE") as caught:
        open_database(address)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("address", ["faiss:/x", "edge:", "", "qdrant://host", "http://u:secret@h:6333"])
def test_an_unknown_index_lists_the_known_ones(address: str) -> None:
    with pytest.raises(SettingsError, match=r"known are edge:PATH, qdrant\+http.* DAOGOU_INDEX") as caught:
        open_index(address)
    assert "secret" not in str(caught.value)


def test_a_qdrant_address_without_a_host() -> None:
    with pytest.raises(SettingsError, match="names no host"):
        open_index("qdrant+http://")


def test_the_address_picks_the_engine(tmp_path: Path) -> None:
    database, indexes = open_database(f"sqlite:///{tmp_path}/s.db"), open_index(f"edge:{tmp_path}/index")
    assert isinstance(database, Database)
    assert isinstance(indexes, IndexStore)
    assert indexes.address == f"edge:{tmp_path}/index"
    database.close()
    indexes.close()
