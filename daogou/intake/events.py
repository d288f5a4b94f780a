"""Rows to events: GA4 exports, GA4 Measurement Protocol, Gorse feedback, and any table."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from daogou.errors import RecordError
from daogou.intake.columns import Columns
from daogou.intake.money import parse_price
from daogou.intake.options import ImportOptions
from daogou.intake.values import number_text, parse_count, parse_json_cell, parse_number, parse_time
from daogou.records import Event, EventName

_WORDS = {
    EventName.view_item: "view pv click read open detail viewitem itemview productview 浏览 点击 查看",
    EventName.add_to_wishlist: "star like fav favorite favourite wishlist collect 收藏 喜欢 点赞",
    EventName.add_to_cart: "cart addtocart addcart add 加购 加入购物车 加购物车",
    EventName.remove_from_cart: "removefromcart removecart 移出购物车",
    EventName.purchase: "buy purchase order transaction checkout paid pay 购买 下单 支付 成交",
    EventName.refund: "refund return 退款 退货",
    EventName.search: "search viewsearchresults query 搜索",
    EventName.rate: "rate rating 评分",
    EventName.view_item_list: "impression show exposure 曝光",
}
_NAMES = {word: name for name, words in _WORDS.items() for word in words.split()} | {
    name.value.replace("_", ""): name for name in EventName
}
_UNSET = frozenset({"", "(not set)", "null", "none", "undefined"})


def event_name(value: object) -> EventName:
    """GA4's name, or a common word for the same thing. Raises RecordError listing the names."""
    word = str(value).strip().lower().replace("_", "").replace("-", "").replace(" ", "")
    if word not in _NAMES:
        known = ", ".join(name.value for name in EventName)
        raise RecordError("name", value, "is no shopping event", next_step=f"Known are {known}.")
    return _NAMES[word]


def finished_event(found: dict[str, Any]) -> Event:
    """The event, with an id made from its content where it has none, so that one row is always one event."""
    if not found.get("id"):
        content = {name: value for name, value in found.items() if name != "id" and value not in (None, "", ())}
        text = orjson.dumps(content, option=orjson.OPT_SORT_KEYS, default=lambda value: value.model_dump(mode="json"))
        found["id"] = f"e-{hashlib.sha256(text).hexdigest()[:24]}"
    if found.get("time") is None:
        raise RecordError("time", None, "is required")
    return Event.parse(found)


class TableEvents:
    """Reads rows of one table as events."""

    def __init__(self, columns: Columns, options: ImportOptions) -> None:
        self._options = options
        self._fields = columns.by_field()

    def read(self, data: Mapping[str, Any]) -> Event:
        """Raises RecordError. A row without an event name is a view_item; with a search term and no item, a search."""
        term = self._text(data, "search_term")
        item = self._item(data)
        given = self._text(data, "name")
        default = EventName.search if term and not item else EventName.view_item
        name = event_name(given) if given else default
        items = [_item(one, self._options.currency) for one in _listed(parse_json_cell(self._get(data, "items")))]
        return finished_event(
            {
                "id": self._text(data, "id"),
                "name": name,
                "time": parse_time(self._get(data, "time"), timezone=self._options.timezone),
                "shopper_id": self._text(data, "shopper_id") or None,
                "session_id": self._text(data, "session_id") or None,
                "items": tuple([item] if item else items),
                "search_term": term,
                "value": parse_number(self._get(data, "value"), "value"),
                "list_id": self._text(data, "list_id") or None,
                "transaction_id": self._text(data, "transaction_id") or None,
            }
        )

    def _get(self, data: Mapping[str, Any], field: str) -> Any:
        return next(
            (data[column] for column in self._fields.get(field, ()) if data.get(column) not in (None, "")), None
        )

    def _text(self, data: Mapping[str, Any], field: str) -> str:
        value = self._get(data, field)
        return "" if value is None else number_text(value).strip()

    def _item(self, data: Mapping[str, Any]) -> dict[str, Any] | None:
        product = self._text(data, "item")
        if not product:
            return None
        currency = self._text(data, "currency") or self._options.currency
        price = self._get(data, "price")
        found = {
            "product_id": product,
            "variant_id": self._text(data, "variant_id") or None,
            "quantity": parse_count(self._get(data, "quantity"), "quantity"),
            "price": parse_price(price, currency=currency, minor=self._options.price_unit == "minor")
            if price
            else None,
            "index": parse_count(self._get(data, "index"), "index"),
        }
        return {name: value for name, value in found.items() if value is not None}


def ga4_events(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A Measurement Protocol request holds several events; each is given the request's shopper and time."""
    events = data.get("events")
    if not isinstance(events, list):
        yield data
        return
    shared = {name: value for name, value in data.items() if name != "events"}
    for one in events:
        if isinstance(one, Mapping):
            params = one.get("params")
            yield (
                shared
                | {"event_name": one.get("name")}
                | {"_params": params if isinstance(params, Mapping) else {}}
                | {name: value for name, value in one.items() if name == "timestamp_micros"}
            )


def ga4_event(data: Mapping[str, Any], options: ImportOptions) -> Event:
    """One row of a GA4 export, or one event of a Measurement Protocol request. Raises RecordError."""
    params = _params(data)
    name = event_name(data.get("event_name"))
    currency = str(params.get("currency") or options.currency or "") or None
    user = _set(data.get("user_id")) or _set(data.get("user_pseudo_id")) or _set(data.get("client_id"))
    session = _set(params.get("ga_session_id")) or _set(params.get("session_id"))
    ecommerce = data.get("ecommerce")
    bought = ecommerce if isinstance(ecommerce, Mapping) else {}
    rows = _listed(data.get("items") or params.get("items"))
    items = tuple(_item(one, currency) for one in rows if isinstance(one, Mapping))
    lists = [
        _set(one.get("item_list_id")) or _set(one.get("item_list_name")) for one in rows if isinstance(one, Mapping)
    ]
    when = data.get("event_timestamp") or data.get("timestamp_micros") or data.get("event_date")
    term = _set(params.get("search_term"))
    return finished_event(
        {
            "id": _set(data.get("event_id") or params.get("event_id")),
            "name": name,
            "time": parse_time(when, timezone=options.timezone, field="event_timestamp"),
            "shopper_id": user or None,
            "session_id": (f"{user}.{session}" if user else session) if session else None,
            "items": items,
            "search_term": term if name is EventName.search else "",
            "value": parse_number(params.get("value"), "value"),
            "list_id": _set(params.get("item_list_id")) or next((one for one in lists if one), None),
            "transaction_id": _set(params.get("transaction_id") or bought.get("transaction_id")) or None,
        }
    )


def _params(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """event_params as GA4 exports it (key, value{string_value, int_value, …}), or as a plain mapping."""
    if "_params" in data:
        return dict(data["_params"])
    given = data.get("event_params") or data.get("params")
    if isinstance(given, Mapping):
        return given
    out: dict[str, Any] = {}
    for one in _listed(given):
        if isinstance(one, Mapping) and "key" in one:
            value = one.get("value")
            if isinstance(value, Mapping):
                value = next((part for part in value.values() if part is not None), None)
            out[str(one["key"])] = value
    return {name: data[name] for name in ("search_term", "transaction_id", "currency", "value") if name in data} | out


def _item(data: object, currency: str | None) -> dict[str, Any]:
    if not isinstance(data, Mapping):
        return {"product_id": number_text(data).strip()}
    price = data.get("price")
    code = str(data.get("currency") or currency or "") or None
    quantity = parse_count(data.get("quantity"), "items.quantity")
    place = data.get("index", data.get("item_list_index"))
    index = parse_count(place, "items.index") if str(place).isdigit() else None
    found = {
        "product_id": _set(data.get("item_id")) or _set(data.get("product_id")) or _set(data.get("id")),
        "variant_id": _set(data.get("variant_id")) or _set(data.get("item_variant")) or None,
        "quantity": quantity,
        # A bare price in an unknown currency says nothing; the record's own price stands.
        "price": parse_price(price, currency=code, field="items.price") if price is not None and code else None,
        "index": index,
    }
    return {name: value for name, value in found.items() if value is not None}


def gorse_event(data: Mapping[str, Any], options: ImportOptions) -> Event:
    """Gorse's {FeedbackType, UserId, ItemId, Value, Timestamp}. Raises RecordError."""
    name = event_name(data.get("FeedbackType") or data.get("feedback_type") or "")
    value = data.get("Value", data.get("value"))
    item = _set(data.get("ItemId") or data.get("item_id"))
    return finished_event(
        {
            "name": name,
            "time": parse_time(
                data.get("Timestamp") or data.get("time_stamp"), timezone=options.timezone, field="Timestamp"
            ),
            "shopper_id": _set(data.get("UserId") or data.get("user_id")) or None,
            "items": ({"product_id": item},) if item else (),
            "value": parse_number(value, "Value") if name is EventName.rate else None,
        }
    )


def _set(value: object) -> str:
    text = "" if value is None else number_text(value).strip()
    return "" if text.lower() in _UNSET else text


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None or value == "" else [value]
