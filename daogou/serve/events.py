"""Events from outside: in our own shape, or as GA4's Measurement Protocol sends them.

Source: Google Analytics 4, Measurement Protocol and e-commerce events (field names in `docs/api.md`).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from daogou.errors import RecordError
from daogou.records import Event, EventItem, Money

MAX_EVENTS = 1_000


class EventsBody(BaseModel):
    """`events` in our shape (`id`, `name`, `time`, `shopper_id`, `session_id`, `items`, `search_term`, …), or GA4's
    (`client_id`, `user_id` beside `events` of `name` and `params`). Each event is told apart by having `params`."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={
            "examples": [
                {
                    "shopper_id": "anon-0123456789abcdef",
                    "session_id": "s-1",
                    "events": [
                        {"name": "search", "search_term": "green tea"},
                        {"name": "view_item", "items": [{"product_id": "skin-0001"}], "list_id": "search"},
                    ],
                },
                {
                    "client_id": "555.777",
                    "events": [
                        {
                            "name": "add_to_cart",
                            "params": {
                                "currency": "CNY",
                                "value": 99.0,
                                "items": [{"item_id": "skin-0001", "quantity": 1, "price": 99.0}],
                            },
                        }
                    ],
                },
            ]
        },
    )

    events: list[dict[str, Any]] = Field(min_length=1, max_length=MAX_EVENTS)
    shopper_id: str | None = Field(default=None, max_length=128, description="For events that name none themselves")
    session_id: str | None = Field(default=None, max_length=128)
    client_id: str | None = Field(default=None, max_length=128, description="GA4: stands for the session")
    user_id: str | None = Field(default=None, max_length=128, description="GA4: stands for the shopper")
    timestamp_micros: int | None = Field(default=None, ge=0, description="GA4: time of all events, in microseconds")

    def read(self, place: int, currency: str) -> Event:
        """The event at `place` as a record. Raises RecordError naming field, value and rule."""
        raw = self.events[place]
        data = self._from_ga4(raw, currency) if "params" in raw else _ours(raw, currency)
        data.setdefault("shopper_id", self.shopper_id or self.user_id)
        data.setdefault("session_id", self.session_id or self.client_id)
        if not data.get("id"):
            data["id"] = uuid.uuid4().hex
        return Event.parse(data)

    def _from_ga4(self, raw: Mapping[str, Any], currency: str) -> dict[str, Any]:
        params = raw["params"]
        if not isinstance(params, Mapping):
            raise RecordError("params", params, "is not an object")
        code = str(params.get("currency") or currency)
        data: dict[str, Any] = {
            "name": raw.get("name"),
            "items": [_ga4_item(item, code) for item in _list(params, "items")],
            "search_term": params.get("search_term", ""),
            "value": params.get("value"),
            "list_id": params.get("item_list_id") or params.get("item_list_name"),
            "transaction_id": params.get("transaction_id"),
        }
        micros = raw.get("timestamp_micros", self.timestamp_micros)
        if micros is not None:
            data["time"] = _from_micros(micros)
        if params.get("session_id") is not None:
            data["session_id"] = str(params["session_id"])
        if data["transaction_id"]:
            # A purchase that is sent twice counts once.
            data["id"] = f"ga4-{data['name']}-{data['transaction_id']}"
        return data


def _ours(raw: Mapping[str, Any], currency: str) -> dict[str, Any]:
    data = dict(raw)
    items = []
    for item in _list(raw, "items"):
        if not isinstance(item, Mapping):
            raise RecordError("items", item, "is not an object")
        items.append({**item, "price": _price(item.get("price"), str(raw.get("currency") or currency))})
    data["items"] = items
    data.pop("currency", None)
    return data


def _ga4_item(item: Any, currency: str) -> EventItem:
    if not isinstance(item, Mapping):
        raise RecordError("items", item, "is not an object")
    if not item.get("item_id"):
        raise RecordError("items.item_id", item.get("item_id"), "is required")
    return EventItem.parse(
        {
            "product_id": str(item["item_id"]),
            "variant_id": item.get("item_variant"),
            "quantity": item.get("quantity", 1),
            "price": _price(item.get("price"), currency),
            "index": item.get("index"),
        }
    )


def _price(price: Any, currency: str) -> Money | None:
    if price is None:
        return None
    if isinstance(price, Mapping):
        return Money.of(price.get("amount", ""), str(price.get("currency") or currency))
    return Money.of(price, currency)


def _list(data: Mapping[str, Any], field: str) -> list[Any]:
    value = data.get(field) or []
    if not isinstance(value, list):
        raise RecordError(field, value, "is not a list")
    return value


def _from_micros(micros: Any) -> datetime:
    try:
        return datetime.fromtimestamp(int(micros) / 1_000_000, tz=UTC)
    except (ValueError, TypeError, OverflowError, OSError):
        raise RecordError("timestamp_micros", micros, "is not a time in microseconds since 1970") from None
