"""Two simulated months of shopping: sessions of searching, looking, adding and buying that follow latent tastes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from daogou.demo.products import DemoItem
from daogou.demo.tastes import SPAN, Shopper, SimulatedShoppers
from daogou.records import Event, EventItem, EventName, Money

MAX_EVENTS = 60_000
_SESSIONS = 2.6
_LISTED = 10
_COMPLEMENT = 0.45


class _Walk:
    """One session: a clock that moves on and the events so far."""

    def __init__(self, shopper: Shopper, session: str, start: datetime, rng: Random) -> None:
        self.shopper, self.session, self.clock, self.rng = shopper, session, start, rng
        self.events: list[Event] = []

    def add(self, name: EventName, item: DemoItem | None = None, **more: object) -> None:
        """Write one event and let 5 to 90 seconds pass."""
        self.clock += timedelta(seconds=self.rng.randint(5, 90))
        fields: dict[str, object] = {
            "id": f"{self.session}-{len(self.events) + 1:02d}",
            "name": name,
            "time": self.clock,
            "shopper_id": self.shopper.id,
            "session_id": self.session,
        }
        if item is not None:
            index = more.pop("index", None)
            fields["items"] = (_line(item, self.rng, index if isinstance(index, int) else None),)
        self.events.append(Event.model_validate({**fields, **more}))


def make_events(world: SimulatedShoppers) -> list[Event]:
    """At most MAX_EVENTS events in order of time, all of them before `world.end`."""
    events: list[Event] = []
    for shopper in world.shoppers.values():
        rng = Random(f"{world.seed}/events/{shopper.id}")
        bought: set[str] = set()
        starts = sorted(
            world.start + (SPAN - timedelta(hours=2)) * rng.random()
            for _ in range(max(1, round(_SESSIONS * shopper.activity)))
        )
        for at, start in enumerate(starts, start=1):
            walk = _Walk(shopper, f"{shopper.id}-s{at:02d}", start.replace(microsecond=0), rng)
            _session(world, walk, bought)
            events.extend(walk.events)
    events.sort(key=lambda event: (event.time, event.id))
    return events[-MAX_EVENTS:]


def _session(world: SimulatedShoppers, walk: _Walk, bought: set[str]) -> None:
    rng, shopper = walk.rng, walk.shopper
    liked = world.liking(shopper, walk.clock)
    kinds = list(liked)
    weights = [liked[kind] * math.exp(world.season(kind, walk.clock)) for kind in kinds]
    kind = rng.choices(kinds, weights)[0]
    cart: list[DemoItem] = []
    for _ in range(rng.choice((1, 1, 1, 2))):
        taken = _browse(world, walk, kind, bought)
        if taken is not None:
            cart.append(taken)
            partners = [one for one in taken.kind.goes_with if one in world.by_kind]
            if partners and rng.random() < _COMPLEMENT:
                extra = _browse(world, walk, rng.choice(partners[:2] or partners), bought)
                cart.extend([extra] if extra else [])
        kind = rng.choices(kinds, weights)[0]
    if cart and rng.random() < 0.6:
        _buy(walk, cart)
        bought.update(item.product.id for item in cart if not item.kind.consumable)


def _browse(world: SimulatedShoppers, walk: _Walk, kind: str, bought: set[str]) -> DemoItem | None:
    """Look for something of one kind; returns what was put into the cart."""
    rng, shopper, when = walk.rng, walk.shopper, walk.clock
    born = [one for one in world.by_kind[kind] if one.product.created is None or one.product.created < when]
    fresh = [one for one in born if one.product.id not in bought]
    if not fresh:
        return None
    searched = rng.random() < 0.55
    if searched:
        query = rng.choice(fresh[0].kind.queries)
        walk.add(EventName.search, search_term=query.zh if shopper.language == "zh" else query.en)
    shown = rng.sample(fresh, min(_LISTED, len(fresh)))
    scores = {one.product.id: world.utility(shopper, one, when) + rng.gauss(0, 0.35) for one in shown}
    ranked = sorted(shown, key=lambda one: -scores[one.product.id])
    place = {one.product.id: at for at, one in enumerate(shown)}
    looked = ranked[: rng.choice((1, 2, 2, 3, 4))]
    for one in looked:
        if searched:
            walk.add(EventName.select_item, one, index=place[one.product.id], list_id="search")
        walk.add(EventName.view_item, one)
    best = looked[0]
    wants = 1.0 / (1.0 + math.exp(-(scores[best.product.id] - 0.3)))
    if best.product.buyable and rng.random() < 0.65 * wants:
        walk.add(EventName.add_to_cart, best)
        return best
    return None


def _buy(walk: _Walk, cart: Sequence[DemoItem]) -> None:
    carted = {event.items[0].product_id: event.items[0] for event in walk.events if event.name is EventName.add_to_cart}
    lines = tuple(carted[item.product.id] for item in {one.product.id: one for one in cart}.values())
    total = sum(line.price.minor for line in lines if line.price) / 100
    walk.add(EventName.purchase, items=lines, value=total, transaction_id=f"{walk.session}-t")


def _line(item: DemoItem, rng: Random, index: int | None) -> EventItem:
    offered = [one for one in item.product.variants if one.stock]
    variant = rng.choice(offered) if offered else None
    price: Money | None = variant.price if variant else item.product.price
    return EventItem(product_id=item.product.id, variant_id=variant.id if variant else None, price=price, index=index)
