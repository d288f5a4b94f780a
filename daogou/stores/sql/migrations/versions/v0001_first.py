"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def _id(name: str, **options: object) -> sa.Column[str]:
    return sa.Column(name, _ID, **options)  # type: ignore[arg-type]


def _number(name: str, **options: object) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, **options)  # type: ignore[arg-type]


def _body() -> sa.Column[str]:
    return sa.Column("body", sa.Text, nullable=False)


def _hash() -> sa.Column[str]:
    return sa.Column("hash", sa.String(32), nullable=False)


def upgrade() -> None:
    """Creates every table of version 0001."""
    op.create_table("counters", _id("name", primary_key=True), _number("value", nullable=False))
    op.create_table("products", _id("id", primary_key=True), _hash(), _body())
    op.create_table(
        "outbox",
        _id("product_id", primary_key=True),
        _number("seq", nullable=False, unique=True),
        sa.Column("kind", sa.String(8), nullable=False),
    )
    op.create_table(
        "reviews",
        _id("id", primary_key=True),
        _id("product_id", nullable=False),
        sa.Column("rating", sa.Float),
        _number("time", nullable=False),
        _hash(),
        _body(),
    )
    op.create_index("reviews_product", "reviews", ["product_id", "time"])
    op.create_table("policies", _id("id", primary_key=True), _hash(), _body())
    op.create_table(
        "events",
        _number("seq", primary_key=True, autoincrement=False),
        _id("id", nullable=False, unique=True),
        _id("shopper_id"),
        _id("session_id"),
        _number("time", nullable=False),
        _body(),
    )
    op.create_index("events_shopper", "events", ["shopper_id", "time"])
    op.create_index("events_session", "events", ["session_id", "time"])
    op.create_table("shoppers", _id("id", primary_key=True), _body())
    op.create_table("carts", _id("id", primary_key=True), _id("shopper_id", index=True), _body())
    op.create_table(
        "conversations", _id("id", primary_key=True), _id("shopper_id", index=True), _id("cart_id"), _body()
    )
    op.create_table(
        "ledger",
        _number("seq", primary_key=True, autoincrement=False),
        _id("kind", nullable=False),
        _number("time", nullable=False),
        _id("shopper_id", index=True),
        _body(),
    )
    op.create_index("ledger_kind", "ledger", ["kind", "seq"])
    op.create_table("checkpoints", _id("key", primary_key=True), _body())
