"""Brings the tables to this code's version at open, under a lock; refuses a database that is newer than the code."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from daogou.errors import StoreError
from daogou.stores.sql.schema import REVISION


def current_revision(connection: Connection) -> str | None:
    """The migration the database is at, or None where it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def migrate(connection: Connection, address: str) -> None:
    """Runs inside a write transaction that holds the writer lock, so that two processes cannot migrate at once."""
    found = current_revision(connection)
    if found == REVISION:
        return
    if found is not None and found > REVISION:
        raise StoreError(
            f"The database {address} has tables of version {found}; this daogou knows versions up to {REVISION}.",
            next_step="Upgrade daogou, or open a database made by this version.",
        )
    from alembic import command  # imported here: it costs 0.2 s and is needed once in a database's life
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
