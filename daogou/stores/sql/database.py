"""The database over SQLAlchemy: SQLite in one file, or a PostgreSQL server, behind the same protocol."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from daogou.stores.sql.catalogue import Catalogue
from daogou.stores.sql.connections import Connections
from daogou.stores.sql.content import Content
from daogou.stores.sql.happened import Happened
from daogou.stores.sql.people import People


class SqlDatabase(Catalogue, Content, Happened, People):
    """`daogou.stores.Database` on `sqlite:///PATH` or `postgresql+psycopg://USER:PASSWORD@HOST/NAME`.

    Opening creates or migrates the tables. Thread-safe; several processes may share it. Every write is durable when it
    returns, unless it stands inside `transaction()`, where all of them are when the outermost one ends."""

    def __init__(self, address: str) -> None:
        connections = Connections(address)
        Catalogue.__init__(self, connections)
        Content.__init__(self, connections, self)
        Happened.__init__(self, connections)
        People.__init__(self, connections)
        self.address = connections.address

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._connections.write(serial=True):
            yield

    def close(self) -> None:
        self._connections.close()
