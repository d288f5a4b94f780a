"""The tables. Records are JSON documents; beside each stand only the columns that are searched by.

Times are microseconds since 1970 UTC. Ids compare by code point in both engines (PostgreSQL: collation "C"), so that
keyset pages and Python agree on the order.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Column, Float, Index, MetaData, String, Table, Text

REVISION = "0001"
"""The newest migration this code knows; a test compares it with `migrations/versions`."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ID = String().with_variant(String(collation="C"), "postgresql")

metadata = MetaData()

counters = Table(
    "counters",
    metadata,
    Column("name", _ID, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

products = Table(
    "products",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("hash", String(32), nullable=False),
    Column("body", Text, nullable=False),
)

# One line a product: its last change. Its newest number never falls, as it is only ever replaced by a larger one.
outbox = Table(
    "outbox",
    metadata,
    Column("product_id", _ID, primary_key=True),
    Column("seq", BigInteger, nullable=False, unique=True),
    Column("kind", String(8), nullable=False),
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("product_id", _ID, nullable=False),
    Column("rating", Float),
    Column("time", BigInteger, nullable=False),
    Column("hash", String(32), nullable=False),
    Column("body", Text, nullable=False),
    Index("reviews_product", "product_id", "time"),
)

policies = Table(
    "policies",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("hash", String(32), nullable=False),
    Column("body", Text, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("id", _ID, nullable=False, unique=True),
    Column("shopper_id", _ID),
    Column("session_id", _ID),
    Column("time", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Index("events_shopper", "shopper_id", "time"),
    Index("events_session", "session_id", "time"),
)

shoppers = Table(
    "shoppers",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("body", Text, nullable=False),
)

carts = Table(
    "carts",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("shopper_id", _ID, index=True),
    Column("body", Text, nullable=False),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("shopper_id", _ID, index=True),
    Column("cart_id", _ID),
    Column("body", Text, nullable=False),
)

ledger = Table(
    "ledger",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", _ID, nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("shopper_id", _ID, index=True),
    Column("body", Text, nullable=False),
    Index("ledger_kind", "kind", "seq"),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("key", _ID, primary_key=True),
    Column("body", Text, nullable=False),
)


def to_micros(time: datetime) -> int:
    """An aware instant -> microseconds since 1970 UTC, exactly."""
    return (time - _EPOCH) // timedelta(microseconds=1)


def from_micros(value: int) -> datetime:
    """The inverse of `to_micros`."""
    return _EPOCH + timedelta(microseconds=value)
