"""An address -> an engine. This is the only place where an engine is picked; each is imported when it is asked for."""

from __future__ import annotations

from pathlib import Path

from daogou.errors import SettingsError
from daogou.stores.protocols import Database, IndexStore

DATABASES = ("sqlite:///PATH", "postgresql+psycopg://USER:PASSWORD@HOST/NAME")
INDEXES = ("edge:PATH", "qdrant+http://HOST:PORT", "qdrant+https://HOST:PORT", "qdrant+memory:")


def open_database(address: str) -> Database:
    """Opens and, where needed, creates or migrates the database. Raises SettingsError, StoreUnavailable, StoreFull."""
    scheme = address.partition(":")[0].partition("+")[0]
    if scheme in {"sqlite", "postgresql", "postgres"}:
        from daogou.stores.sql import SqlDatabase

        return SqlDatabase(address)
    raise _unknown("database", address, DATABASES, "DAOGOU_DATABASE")


def open_index(address: str) -> IndexStore:
    """Opens a store of index versions; nothing is built. Raises SettingsError, StoreUnavailable."""
    scheme, _, rest = address.partition(":")
    if scheme == "edge" and rest:
        from daogou.stores.edge import EdgeIndexStore

        return EdgeIndexStore(Path(rest.removeprefix("//")))
    if scheme in {"qdrant+http", "qdrant+https", "qdrant+memory"}:
        from daogou.stores.qdrant import QdrantIndexStore

        return QdrantIndexStore(address)
    raise _unknown("index", address, INDEXES, "DAOGOU_INDEX")


def _unknown(kind: str, address: str, known: tuple[str, ...], setting: str) -> SettingsError:
    shown = address if "@" not in address else address.partition(":")[0] + "://…"
    return SettingsError(
        f"{shown!r} is no address of a {kind}; known are {', '.join(known)}.", next_step=f"Correct {setting}."
    )
