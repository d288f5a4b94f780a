"""Reviews and policies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table, and_, func, or_, select

from daogou.records import Policy, Review
from daogou.stores.protocols import PutCount
from daogou.stores.sql.catalogue import Catalogue
from daogou.stores.sql.connections import Connections
from daogou.stores.sql.documents import chunks, digest
from daogou.stores.sql.schema import policies, reviews, to_micros

_NO_TIME = -(2**62)
_PAGE = 1000


class Content:
    """The part of the database that keeps what is written about products and the store."""

    def __init__(self, connections: Connections, catalogue: Catalogue) -> None:
        self._connections = connections
        self._catalogue = catalogue

    def put_reviews(self, given: Sequence[Review]) -> PutCount:
        rows = [
            _row(one)
            | {
                "product_id": one.product_id,
                "rating": one.rating,
                "time": _NO_TIME if one.time is None else to_micros(one.time),
            }
            for one in given
        ]
        with self._connections.write(serial=True) as connection:
            count, written = self._put(connection, reviews, rows)
            self._catalogue.touch(connection, [row["product_id"] for row in written])
        return count

    def put_policies(self, given: Sequence[Policy]) -> PutCount:
        with self._connections.write(serial=True) as connection:
            return self._put(connection, policies, [_row(one) for one in given])[0]

    def _put(
        self, connection: Connection, table: Table, given: Sequence[dict[str, Any]]
    ) -> tuple[PutCount, list[dict[str, Any]]]:
        total = PutCount()
        written: list[dict[str, Any]] = []
        for some in chunks(given):
            ids = [row["id"] for row in some]
            known: dict[str, str] = {
                row.id: row.hash
                for row in connection.execute(select(table.c.id, table.c.hash).where(table.c.id.in_(ids)))
            }
            rows: dict[str, dict[str, Any]] = {}
            new = changed = 0
            for row in some:
                before = known.get(row["id"])
                if before == row["hash"]:
                    continue
                new += before is None
                changed += before is not None
                known[row["id"]] = row["hash"]
                rows[row["id"]] = row
            if rows:
                connection.execute(self._connections.upsert(table, "id"), list(rows.values()))
                written += rows.values()
            total += PutCount(new, changed, len(some) - new - changed)
        return total, written

    def reviews(self, product_id: str, *, limit: int = 200) -> list[Review]:
        query = (
            select(reviews.c.body)
            .where(reviews.c.product_id == product_id)
            .order_by(reviews.c.time.desc(), reviews.c.id)
            .limit(limit)
        )
        with self._connections.read() as connection:
            return [Review.model_validate_json(body) for body in connection.execute(query).scalars()]

    def all_reviews(self) -> Iterator[Review]:
        page = (
            select(reviews.c.product_id, reviews.c.id, reviews.c.body)
            .order_by(reviews.c.product_id, reviews.c.id)
            .limit(_PAGE)
        )
        product, last = "", ""
        while True:
            later = or_(reviews.c.product_id > product, and_(reviews.c.product_id == product, reviews.c.id > last))
            with self._connections.read() as connection:
                rows = connection.execute(page.where(later)).all()
            for row in rows:
                yield Review.model_validate_json(row.body)
            if len(rows) < _PAGE:
                return
            product, last = rows[-1].product_id, rows[-1].id

    def ratings(self, ids: Sequence[str] | None = None) -> dict[str, tuple[float, int]]:
        rated = (
            select(reviews.c.product_id, func.avg(reviews.c.rating), func.count(reviews.c.rating))
            .where(reviews.c.rating.is_not(None))
            .group_by(reviews.c.product_id)
        )
        groups = [rated] if ids is None else [rated.where(reviews.c.product_id.in_(some)) for some in chunks(ids)]
        with self._connections.read() as connection:
            return {product: (float(mean), n) for group in groups for product, mean, n in connection.execute(group)}

    def policies(self) -> list[Policy]:
        with self._connections.read() as connection:
            bodies = connection.execute(select(policies.c.body).order_by(policies.c.id)).scalars()
            return [Policy.model_validate_json(body) for body in bodies]


def _row(record: Review | Policy) -> dict[str, Any]:
    body = record.model_dump_json()
    return {"id": record.id, "hash": digest(body), "body": body}
