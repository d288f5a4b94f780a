"""Shoppers, carts and conversations; everything kept about a shopper, exported and erased."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import ColumnElement, Table, and_, delete, func, or_, select

from daogou.records import Cart, DialogueState, Shopper
from daogou.stores.sql.connections import Connections
from daogou.stores.sql.documents import chunks
from daogou.stores.sql.schema import carts, conversations, events, ledger, shoppers


class People:
    """The part of the database that is about shoppers."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def put_shopper(self, shopper: Shopper) -> None:
        row = {"id": shopper.id, "body": shopper.model_dump_json()}
        with self._connections.write() as connection:
            connection.execute(self._connections.upsert(shoppers, "id"), [row])

    def get_shopper(self, shopper_id: str) -> Shopper | None:
        body = self._body(shoppers, shopper_id)
        return None if body is None else Shopper.model_validate_json(body)

    def put_cart(self, cart: Cart, *, shopper_id: str | None = None) -> None:
        self._put_owned(carts, {"id": cart.id, "shopper_id": shopper_id, "body": cart.model_dump_json()})

    def get_cart(self, cart_id: str) -> Cart | None:
        body = self._body(carts, cart_id)
        return None if body is None else Cart.model_validate_json(body)

    def put_conversation(self, state: DialogueState) -> None:
        row = {"id": state.id, "shopper_id": state.shopper_id, "cart_id": state.cart_id}
        self._put_owned(conversations, row | {"body": state.model_dump_json()})

    def get_conversation(self, conversation_id: str) -> DialogueState | None:
        body = self._body(conversations, conversation_id)
        return None if body is None else DialogueState.model_validate_json(body)

    def export_shopper(self, shopper_id: str) -> dict[str, list[dict[str, Any]]]:
        with self._connections.read() as connection:
            out: dict[str, list[dict[str, Any]]] = {}
            for table in _TABLES:
                rows = connection.execute(select(table).where(_about(table, shopper_id)))
                out[table.name] = [_exported(dict(row)) for row in rows.mappings()]
        return out

    def erase_shopper(self, shopper_id: str) -> dict[str, int]:
        erased = {}
        with self._connections.write(serial=True) as connection:
            for table in _TABLES:
                # Found first, deleted then: what is found may depend on rows of the same table.
                key = next(iter(table.primary_key.columns))
                mine = list(connection.execute(select(key).where(_about(table, shopper_id))).scalars())
                for some in chunks(mine):
                    connection.execute(delete(table).where(key.in_(some)))
                erased[table.name] = len(mine)
        self._connections.forget_freed()
        return erased

    def _put_owned(self, table: Table, row: dict[str, Any]) -> None:
        """A later write that does not name the shopper leaves the thing theirs, so that erasing still finds it."""
        statement = self._connections.insert(table)
        new = {name: statement.excluded[name] for name in row if name != "id"}
        new["shopper_id"] = func.coalesce(statement.excluded.shopper_id, table.c.shopper_id)
        with self._connections.write() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=new), [row])

    def _body(self, table: Table, row_id: str) -> str | None:
        with self._connections.read() as connection:
            return connection.execute(select(table.c.body).where(table.c.id == row_id)).scalar()


# Carts before conversations and events before shoppers: a row is found through those that are erased after it.
_TABLES = (carts, events, conversations, ledger, shoppers)


def _about(table: Table, shopper_id: str) -> ColumnElement[bool]:
    """What is the shopper's: what names them; carts of their conversations; what they did in a session before they
    were known in it (events of that session that name nobody)."""
    if table is shoppers:
        return table.c.id == shopper_id
    if table is carts:
        talks = select(conversations.c.cart_id).where(
            conversations.c.shopper_id == shopper_id, conversations.c.cart_id.is_not(None)
        )
        return or_(table.c.shopper_id == shopper_id, and_(table.c.shopper_id.is_(None), table.c.id.in_(talks)))
    if table is events:
        theirs = events.alias()
        sessions = select(theirs.c.session_id).where(
            theirs.c.shopper_id == shopper_id, theirs.c.session_id.is_not(None)
        )
        return or_(
            table.c.shopper_id == shopper_id, and_(table.c.shopper_id.is_(None), table.c.session_id.in_(sessions))
        )
    return table.c.shopper_id == shopper_id


def _exported(row: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = orjson.loads(row.pop("body"))
    if "kind" in row:
        return {"kind": row["kind"], "number": row["seq"], "data": body}
    return body
