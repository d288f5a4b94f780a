"""Events: what shoppers did. Names are GA4's."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import Field, model_validator

from daogou.records.base import Id, Record, Text, UtcTime, now
from daogou.records.money import Money


class EventName(StrEnum):
    """GA4's e-commerce events, and `rate` for explicit feedback (a thumb, a star)."""

    view_item_list = "view_item_list"
    select_item = "select_item"
    view_item = "view_item"
    add_to_wishlist = "add_to_wishlist"
    add_to_cart = "add_to_cart"
    remove_from_cart = "remove_from_cart"
    view_cart = "view_cart"
    begin_checkout = "begin_checkout"
    add_shipping_info = "add_shipping_info"
    add_payment_info = "add_payment_info"
    purchase = "purchase"
    refund = "refund"
    view_promotion = "view_promotion"
    select_promotion = "select_promotion"
    search = "search"
    rate = "rate"


NEEDS_ITEMS = frozenset(
    {
        EventName.select_item,
        EventName.view_item,
        EventName.add_to_wishlist,
        EventName.add_to_cart,
        EventName.remove_from_cart,
        EventName.purchase,
        EventName.rate,
    }
)


class EventItem(Record):
    """One product in an event (GA4 `items[]`)."""

    product_id: Id
    variant_id: Id | None = None
    quantity: int = Field(default=1, ge=0, le=100_000)
    price: Money | None = None
    index: int | None = Field(default=None, ge=0, description="Position in the list it was shown in, from 0")


class Event(Record):
    """One thing one shopper did at one time. `shopper_id` is a pseudonym of the merchant's choice, never a name."""

    id: Id
    name: EventName
    time: UtcTime = Field(default_factory=now)
    shopper_id: Id | None = None
    session_id: Id | None = None
    items: tuple[EventItem, ...] = Field(default=(), max_length=200)
    search_term: Text = ""
    value: float | None = Field(default=None, description="GA4 value, or the rating of a `rate` event")
    list_id: str | None = Field(
        default=None, max_length=200, description="Where the items were shown: search, for_you, …"
    )
    transaction_id: Id | None = None
    context: dict[str, Any] = Field(
        default_factory=dict, description="Versions, ranks and propensities of what was shown"
    )

    @model_validator(mode="after")
    def _complete(self) -> Event:
        if self.shopper_id is None and self.session_id is None:
            raise ValueError("an event needs a shopper_id or a session_id")
        if self.name in NEEDS_ITEMS and not self.items:
            raise ValueError(f"a {self.name.value} event needs at least one item")
        if self.name is EventName.search and not self.search_term:
            raise ValueError("a search event needs a search_term")
        return self


class Shopper(Record):
    """What is kept of one shopper. Consent is per purpose; what is not consented to is not used."""

    id: Id
    language: str = ""
    consent: dict[str, bool] = Field(default_factory=dict, description="personalisation, memory, …")
    created: UtcTime = Field(default_factory=now)
