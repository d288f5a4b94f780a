from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from daogou.records import Availability, Event, EventItem, EventName, Product
from daogou.stores import Database, open_database

START = datetime(2026, 9, 1, 12, tzinfo=UTC)


class Store:
    """A small store, and short ways to fill it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.count = 0

    def put(self, *ids: str, category: tuple[str, ...] = ("Shoes", "Running"), **fields: object) -> None:
        self.database.put_products(
            [
                Product.parse({"id": one, "title": f"Product {one}", "category": category, "created": START} | fields)
                for one in ids
            ]
        )

    def event(
        self,
        who: str,
        items: str | list[str],
        name: str = "view_item",
        *,
        minutes: float = 0.0,
        session: str | None = None,
        anonymous: bool = False,
        value: float | None = None,
    ) -> Event:
        self.count += 1
        return Event(
            id=f"e{self.count}",
            name=EventName(name),
            time=START + timedelta(minutes=minutes or self.count),
            shopper_id=None if anonymous else who,
            session_id=who if anonymous else session,
            items=tuple(EventItem(product_id=one) for one in ([items] if isinstance(items, str) else items)),
            value=value,
        )

    def happen(self, *events: Event) -> list[Event]:
        self.database.put_events(events)
        return list(events)

    def sell_out(self, product_id: str) -> None:
        product = self.database.get_product(product_id)
        assert product is not None
        self.database.put_products([product.model_copy(update={"availability": Availability.out_of_stock})])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    database = open_database(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    yield Store(database)
    database.close()
