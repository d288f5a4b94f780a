"""Connections and transactions over SQLAlchemy, for SQLite (WAL) and PostgreSQL.

SQLite: `synchronous=FULL` syncs the log at every commit, so an acknowledged write survives even a power cut;
`secure_delete` overwrites what is erased. One writer at a time: a lock in the process, BEGIN IMMEDIATE between them.
PostgreSQL: writes that take a number (outbox, events, ledger) hold one advisory lock until they commit, so numbers
become visible in order and a reader that asks "after n" misses nothing.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, select, text
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import ArgumentError
from sqlalchemy.sql.schema import Table

from daogou.errors import SettingsError, StoreError
from daogou.stores.sql.failures import translated
from daogou.stores.sql.migrate import migrate
from daogou.stores.sql.schema import counters

BUSY_S = 60
_LOCK = 0x64616F676F75  # "daogou"


class _Local(threading.local):
    connection: Connection | None = None
    serial: bool = False
    broken: BaseException | None = None


class Connections:
    """Hands out connections; `read()` and `write()` join the thread's open transaction."""

    def __init__(self, address: str, *, pool_size: int = 16) -> None:
        try:
            url = make_url(address)
        except ArgumentError:
            raise SettingsError(
                f"{address!r} is not a database address.", next_step="For example sqlite:////data/store.sqlite3"
            ) from None
        if url.drivername in {"postgresql", "postgres"}:
            url = url.set(drivername="postgresql+psycopg")
        self.address = url.render_as_string(hide_password=True)
        self.sqlite = url.get_backend_name() == "sqlite"
        self._writer = threading.RLock()
        self._local = _Local()
        with translated(self.address):
            self._engine = _sqlite(url, pool_size) if self.sqlite else _postgres(url, pool_size)
            # SQLite reads need no BEGIN as it is; PostgreSQL is spared the BEGIN and ROLLBACK round trips.
            self._reader = self._engine if self.sqlite else self._engine.execution_options(isolation_level="AUTOCOMMIT")
            with self.write(serial=True) as connection:
                migrate(connection, self.address)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection to read with: what is committed, or the thread's own open transaction."""
        if self._local.connection is not None:
            yield self._local.connection
            return
        with translated(self.address), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def write(self, *, serial: bool = False) -> Iterator[Connection]:
        """A transaction to write in, durable when the outermost one ends. `serial`: it takes numbers in order."""
        local = self._local
        if local.connection is not None:
            with self._joined(local.connection) as connection:
                yield connection
            return
        with translated(self.address):
            if self.sqlite:
                with self._writer, self._outer(serial) as connection:
                    yield connection
            else:
                with self._outer(serial) as connection:
                    yield connection

    @property
    def in_transaction(self) -> bool:
        """Whether this thread has a transaction open."""
        return self._local.connection is not None

    @contextmanager
    def _joined(self, connection: Connection) -> Iterator[Connection]:
        try:
            with translated(self.address):
                yield connection
        except BaseException as failure:
            self._local.broken = failure
            raise

    @contextmanager
    def _outer(self, serial: bool) -> Iterator[Connection]:
        local = self._local
        with self._engine.connect() as connection:
            if self.sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            elif serial:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            local.connection, local.broken = connection, None
            try:
                yield connection
                if local.broken is not None:
                    raise StoreError(
                        f"A write inside this transaction failed ({local.broken}), so none of it was kept.",
                        next_step="Let the failure pass out of the transaction.",
                    )
                connection.commit()
            except BaseException:
                connection.rollback()
                raise
            finally:
                local.connection, local.broken = None, None

    def insert(self, table: Table) -> Any:
        """The engine's own INSERT, which knows ON CONFLICT."""
        return sqlite_insert(table) if self.sqlite else postgres_insert(table)

    def upsert(self, table: Table, key: str) -> Any:
        """INSERT … ON CONFLICT (key) DO UPDATE with every other column."""
        statement = self.insert(table)
        new = {column.name: statement.excluded[column.name] for column in table.columns if column.name != key}
        return statement.on_conflict_do_update(index_elements=[key], set_=new)

    def number(self, connection: Connection, name: str) -> int:
        """The last number taken from the counter `name`; inside `write(serial=True)` nobody else can take one."""
        return connection.execute(select(counters.c.value).where(counters.c.name == name)).scalar() or 0

    def take(self, connection: Connection, name: str, value: int) -> None:
        """Sets the counter `name` to the last number taken."""
        connection.execute(self.upsert(counters, "name"), {"name": name, "value": value})

    def forget_freed(self) -> None:
        """After an erasure: empties SQLite's write-ahead log, so that no older copy of a page remains in it."""
        if self.sqlite and not self.in_transaction:
            with self.read() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Closes every pooled connection."""
        self._engine.dispose()


def _sqlite(url: URL, pool_size: int) -> Engine:
    if not url.database or url.database == ":memory:":
        raise SettingsError(
            "An SQLite database needs a path: several threads and processes share it.",
            next_step="For example sqlite:////data/store.sqlite3",
        )
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    _owner_only(url.database)
    engine = create_engine(
        url, connect_args={"timeout": BUSY_S, "check_same_thread": False}, pool_size=pool_size, max_overflow=-1
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun by us, never behind our back
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "secure_delete=ON",
            "temp_store=MEMORY",
            "cache_size=-32768",
            "mmap_size=268435456",
        ):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _owner_only(path: str) -> None:
    """A new database holds shoppers' data: only its owner may read it."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return


def _postgres(url: URL, pool_size: int) -> Engine:
    try:
        return create_engine(url, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True)
    except ModuleNotFoundError as missing:
        raise SettingsError(
            f"PostgreSQL needs the package {missing.name!r}, which is not installed.",
            next_step="pip install 'daogou[postgres]'",
        ) from None
