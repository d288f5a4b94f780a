"""Simulated shoppers: what each of them secretly likes. Benchmarks ask them whether they would click."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from random import Random

from daogou.demo.products import DemoItem, make_items
from daogou.demo.tables import load_tables

DEFAULT_SEED = 7
DEFAULT_END = datetime(2026, 11, 15, tzinfo=UTC)
SPAN = timedelta(days=61)
SHIFT = timedelta(days=14)
SHOPPERS = 1500
STYLE = 6
_TRENDING = ("outdoor.jacket", "home.humidifier", "fashion.jumper", "fashion.scarf", "tea.herbal", "skin.cream")
_LATE_GROUPS = ("outdoor", "home", "fashion", "tea", "books")
_SHIFTING = 0.35
_FADING = ("skin.sunscreen", "outdoor.headlamp", "sport.bottle")


@dataclass(frozen=True, slots=True)
class Shopper:
    """One simulated shopper. `liked` maps kinds to how much they are liked, before and after the shift of taste."""

    id: str
    language: str
    activity: float
    price: float
    liked: dict[str, float]
    liked_later: dict[str, float]
    brands: frozenset[str]
    colours: frozenset[str]
    style: tuple[float, ...]


class SimulatedShoppers:
    """The shoppers of the demo store with their latent tastes; everything follows from the seed.

    probability(shopper, product, when): would this shopper click this product if shown it, between 0 and 1. Tastes:
    kinds, price band, brands, colours and a latent style that only behaviour reveals. Two weeks before `end` some
    shoppers change what they like, and the season lifts some kinds."""

    def __init__(
        self, seed: int = DEFAULT_SEED, end: datetime = DEFAULT_END, items: Sequence[DemoItem] | None = None
    ) -> None:
        self.seed = seed
        self.end = end
        self.start = end - SPAN
        self.shift = end - SHIFT
        self.items = tuple(items if items is not None else make_items(load_tables(), seed, end))
        self._items = {item.product.id: item for item in self.items}
        self._styles = {item.product.id: _style(Random(f"{seed}/style/{item.product.id}")) for item in self.items}
        self._colours = {item.product.id: {one.en for one in item.values.get("color", ())} for item in self.items}

    @cached_property
    def shoppers(self) -> dict[str, Shopper]:
        """All shoppers by id."""
        store = _Store(self.items)
        made = (_shopper(self.seed, at, store) for at in range(1, SHOPPERS + 1))
        return {one.id: one for one in made}

    @cached_property
    def by_kind(self) -> dict[str, tuple[DemoItem, ...]]:
        """Products of each kind."""
        kinds: dict[str, list[DemoItem]] = {}
        for item in self.items:
            kinds.setdefault(item.kind.key, []).append(item)
        return {key: tuple(listed) for key, listed in kinds.items()}

    def liking(self, shopper: Shopper, when: datetime) -> dict[str, float]:
        """How much each kind is liked at that time."""
        return shopper.liked if when < self.shift else shopper.liked_later

    def season(self, kind: str, when: datetime) -> float:
        """What the time of year adds to a kind: it grows over the whole span."""
        progress = min(1.0, max(0.0, (when - self.start) / SPAN))
        return 0.9 * progress if kind in _TRENDING else -0.7 * progress if kind in _FADING else 0.0

    def utility(self, shopper: Shopper, item: DemoItem, when: datetime) -> float:
        """How well the product suits the shopper, whatever its kind: price, brand, colour, style, quality, season."""
        product = item.product
        style = sum(a * b for a, b in zip(shopper.style, self._styles[product.id], strict=True))
        return (
            -5.0 * (item.tier - shopper.price) ** 2
            + 0.8 * (item.values["brand"][0].en in shopper.brands)
            + 0.5 * bool(self._colours[product.id] & shopper.colours)
            + 1.3 * style
            + 1.4 * (item.quality - 0.5)
            + self.season(item.kind.key, when)
            - 1.5 * (not product.buyable)
        )

    def probability(self, shopper_id: str, product_id: str, when: datetime) -> float:
        """Probability in (0, 1) that the shopper clicks the product. Raises KeyError for an id that is not here."""
        shopper, item = self.shoppers[shopper_id], self._items[product_id]
        liked = self.liking(shopper, when).get(item.kind.key, 0.004)
        return 1.0 / (1.0 + math.exp(-(self.utility(shopper, item, when) + math.log(liked / 0.12) - 0.4)))


class _Store:
    """What there is to like: kinds, groups with their popularity, brands and colours, each in a fixed order."""

    def __init__(self, items: Sequence[DemoItem]) -> None:
        popularity = {item.kind.key: (item.kind.group, item.kind.popularity) for item in items}
        self.kinds = sorted(popularity)
        self.groups = sorted({group for group, _ in popularity.values()})
        self.weights = [sum(weight for own, weight in popularity.values() if own == one) for one in self.groups]
        self.brands = sorted({item.values["brand"][0].en for item in items})
        self.colours = sorted({colour.en for item in items for colour in item.values.get("color", ())})


def _shopper(seed: int, at: int, store: _Store) -> Shopper:
    rng = Random(f"{seed}/shopper/{at}")
    favourites = list(dict.fromkeys(rng.choices(store.groups, store.weights, k=rng.randint(2, 4))))
    liked = _liked(favourites, store.kinds, rng)
    later = liked
    if rng.random() < _SHIFTING:
        favourites[-1] = rng.choice(_LATE_GROUPS)
        later = _liked(list(dict.fromkeys(favourites)), store.kinds, rng)
    return Shopper(
        id=f"sim-{at:04d}",
        language="zh" if rng.random() < 0.7 else "en",
        activity=min(6.0, rng.paretovariate(1.6)),
        price=min(1.0, max(0.0, rng.gauss(0.45, 0.25))),
        liked=liked,
        liked_later=later,
        brands=frozenset(rng.sample(store.brands, 12)),
        colours=frozenset(rng.sample(store.colours, 4)),
        style=_style(rng),
    )


def _style(rng: Random) -> tuple[float, ...]:
    vector = [rng.gauss(0, 1) for _ in range(STYLE)]
    length = math.sqrt(sum(one * one for one in vector)) or 1.0
    return tuple(one / length for one in vector)


def _liked(favourites: Sequence[str], kinds: Sequence[str], rng: Random) -> dict[str, float]:
    raw = {kind: rng.gammavariate(0.9, 1.0) for kind in kinds if kind.split(".")[0] in favourites}
    total = sum(raw.values()) or 1.0
    return {kind: max(0.004, weight / total) for kind, weight in raw.items()}
