"""Products and their outbox."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, bindparam, delete, func, select

from daogou.records import Product
from daogou.stores.protocols import Change, PutCount
from daogou.stores.sql.connections import Connections
from daogou.stores.sql.documents import CHUNK, chunks, digest
from daogou.stores.sql.parsed import ParsedProducts
from daogou.stores.sql.schema import outbox, products

MAX_CATCH_UP = 2000
"""Beyond this many missed changes the cache of parsed products starts afresh."""

_by_ids = select(products.c.id, products.c.body).where(products.c.id.in_(bindparam("ids", expanding=True)))
_hashes = select(products.c.id, products.c.hash).where(products.c.id.in_(bindparam("ids", expanding=True)))
_newest = select(func.max(outbox.c.seq))


class Catalogue:
    """The part of the database that keeps the products."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._parsed = ParsedProducts()

    def put_products(self, given: Sequence[Product]) -> PutCount:
        total = PutCount()
        with self._connections.write(serial=True) as connection:
            seq = self._connections.number(connection, "outbox")
            first = seq
            for some in chunks(given):
                known = {row.id: row.hash for row in connection.execute(_hashes, {"ids": [one.id for one in some]})}
                rows: dict[str, dict[str, str]] = {}
                new = changed = 0
                for product in some:
                    body = product.model_dump_json()
                    hashed = digest(body)
                    before = known.get(product.id)
                    if before == hashed:
                        continue
                    new += before is None
                    changed += before is not None
                    known[product.id] = hashed
                    rows[product.id] = {"id": product.id, "hash": hashed, "body": body}
                if rows:
                    connection.execute(self._connections.upsert(products, "id"), list(rows.values()))
                    seq = self._note(connection, list(rows), "put", seq)
                total += PutCount(new, changed, len(some) - new - changed)
            if seq != first:
                self._connections.take(connection, "outbox", seq)
        return total

    def touch(self, connection: Connection, ids: Sequence[str]) -> None:
        """Notes in the outbox that what is kept about these products changed (their reviews), where they exist."""
        seq = first = self._connections.number(connection, "outbox")
        for some in chunks(sorted(set(ids))):
            there = [row.id for row in connection.execute(_hashes, {"ids": some})]
            if there:
                seq = self._note(connection, sorted(there), "put", seq)
        if seq != first:
            self._connections.take(connection, "outbox", seq)

    def delete_products(self, ids: Sequence[str]) -> int:
        count = 0
        with self._connections.write(serial=True) as connection:
            seq = first = self._connections.number(connection, "outbox")
            for some in chunks(list(dict.fromkeys(ids))):
                there = [row.id for row in connection.execute(_hashes, {"ids": some})]
                if there:
                    connection.execute(delete(products).where(products.c.id.in_(there)))
                    seq = self._note(connection, there, "delete", seq)
                    count += len(there)
            if seq != first:
                self._connections.take(connection, "outbox", seq)
        return count

    def _note(self, connection: Connection, ids: Sequence[str], kind: str, seq: int) -> int:
        lines = [{"product_id": one, "seq": seq + n, "kind": kind} for n, one in enumerate(ids, start=1)]
        connection.execute(self._connections.upsert(outbox, "product_id"), lines)
        return seq + len(ids)

    def get_product(self, product_id: str) -> Product | None:
        return self.get_products([product_id]).get(product_id)

    def get_products(self, ids: Sequence[str]) -> dict[str, Product]:
        wanted = list(dict.fromkeys(ids))
        with self._connections.read() as connection:
            if self._connections.in_transaction:
                return _read(connection, wanted)
            change = self._catch_up(connection)
            found = self._parsed.get(wanted)
            missing = [one for one in wanted if one not in found]
            if missing:
                read = _read(connection, missing)
                self._parsed.keep(read, change=change)
                found |= read
        return {one: found[one] for one in wanted if one in found}

    def _catch_up(self, connection: Connection) -> int:
        """Drops from the cache what was changed since it was last asked; the number it is now valid up to."""
        newest = connection.execute(_newest).scalar() or 0
        since = self._parsed.change
        if newest > since:
            lines = select(outbox.c.product_id).where(outbox.c.seq > since).limit(MAX_CATCH_UP + 1)
            changed = list(connection.execute(lines).scalars()) if since >= 0 else []
            self._parsed.advance(newest, changed if len(changed) <= MAX_CATCH_UP else None)
        return newest

    def products(self, *, after: str = "", batch: int = 1000) -> Iterator[Product]:
        page = select(products.c.id, products.c.body).order_by(products.c.id).limit(batch)
        while True:
            with self._connections.read() as connection:
                rows = connection.execute(page.where(products.c.id > after)).all()
            for row in rows:
                yield Product.model_validate_json(row.body)
            if len(rows) < batch:
                return
            after = rows[-1].id

    def count_products(self) -> int:
        with self._connections.read() as connection:
            return connection.execute(select(func.count()).select_from(products)).scalar_one()

    def changes(self, *, after: int = 0, limit: int = 1000) -> list[Change]:
        lines = select(outbox).where(outbox.c.seq > after).order_by(outbox.c.seq).limit(limit)
        with self._connections.read() as connection:
            return [Change(row.seq, row.product_id, row.kind) for row in connection.execute(lines)]

    def last_change(self) -> int:
        with self._connections.read() as connection:
            return connection.execute(_newest).scalar() or 0


def _read(connection: Connection, ids: Sequence[str]) -> dict[str, Product]:
    found = {}
    for start in range(0, len(ids), CHUNK):
        for row in connection.execute(_by_ids, {"ids": ids[start : start + CHUNK]}):
            found[row.id] = Product.model_validate_json(row.body)
    return found
