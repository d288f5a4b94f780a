"""Events, carts, and a shopper's own data."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from pydantic import Field

from daogou.errors import RecordError
from daogou.records import Event
from daogou.serve.events import EventsBody
from daogou.serve.parts import ERRORS, NEEDS_TOKEN, NOT_FOUND, GuideDep, LanguageDep, own_or_merchant
from daogou.serve.requests import CartItemBody
from daogou.serve.talk_views import CartView
from daogou.serve.views import Presenter, View

router = APIRouter(tags=["shoppers"], responses=ERRORS)
CartId = Annotated[str, Path(min_length=1, max_length=128, examples=["cart-1"])]
ShopperId = Annotated[str, Path(min_length=1, max_length=128, examples=["anon-0123456789abcdef"])]


class RejectView(View):
    """One event that was not kept, and why."""

    place: int = Field(description="Its place in `events`, from 0")
    field: str
    message: str


class EventsView(View):
    """What became of a batch of events: kept + known + rejected = what was sent."""

    kept: int
    known: int = Field(description="Kept already, told by their id")
    rejected: list[RejectView] = Field(default_factory=list)


@router.post("/events")
def post_events(guide: GuideDep, body: EventsBody) -> EventsView:
    """Keeps what shoppers did, in our shape or GA4's. A wrong event does not stop the others; if all are wrong, 422."""
    events: list[Event] = []
    rejected: list[RejectView] = []
    first: RecordError | None = None
    for place in range(len(body.events)):
        try:
            events.append(body.read(place, guide.settings.currency))
        except RecordError as failure:
            first = first or RecordError(f"events.{place}.{failure.field}", failure.value, failure.rule)
            rejected.append(RejectView(place=place, field=failure.field, message=failure.message))
    if first is not None and not events:
        raise first
    count = guide.record(events)
    return EventsView(kept=count.new, known=count.unchanged + count.changed, rejected=rejected)


@router.get("/carts/{cart_id}")
def get_cart(guide: GuideDep, language: LanguageDep, cart_id: CartId) -> CartView:
    """A cart, priced from the records now. An unknown id is an empty cart."""
    return CartView.of(guide.cart(cart_id), Presenter(guide, language))


@router.put("/carts/{cart_id}/items", responses=NOT_FOUND)
def put_cart_item(guide: GuideDep, language: LanguageDep, cart_id: CartId, body: CartItemBody) -> CartView:
    """Sets the quantity of one line; 0 removes it."""
    cart = guide.put_in_cart(
        cart_id,
        body.product_id,
        variant_id=body.variant_id,
        quantity=body.quantity,
        shopper_id=body.shopper_id,
    )
    return CartView.of(cart, Presenter(guide, body.language or language))


@router.get("/shoppers/{shopper_id}/export", responses=NEEDS_TOKEN)
def export_shopper(guide: GuideDep, request: Request, shopper_id: ShopperId) -> dict[str, Any]:
    """Everything kept about a shopper. For who knows the page's random id (`anon-…`), and for the merchant."""
    own_or_merchant(request, shopper_id)
    return guide.export(shopper_id)


@router.delete("/shoppers/{shopper_id}", responses=NEEDS_TOKEN)
def erase_shopper(guide: GuideDep, request: Request, shopper_id: ShopperId) -> dict[str, Any]:
    """Erases a shopper everywhere and says what was erased. For the same callers as the export."""
    own_or_merchant(request, shopper_id)
    request.app.state.dialogues.forget(shopper_id)
    return guide.erase(shopper_id)
