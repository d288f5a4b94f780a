"""Products drawn from the content tables. The same seed gives the same products, and every sentence is true of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product as every_combination
from random import Random

from daogou.demo.tables import AttributeSpec, Choice, Kind, Sentence, Tables
from daogou.demo.wording import Pair, Values, fill, holds, slots
from daogou.records import Attributes, Availability, Money, Product, Translation, Variant

CURRENCY = "CNY"
_OUT_OF_STOCK = 0.05
_DISCOUNTED = 0.25
_AGE_DAYS = 730


@dataclass(frozen=True, slots=True)
class DemoItem:
    """A product together with what the simulation knows of it: `tier` cheap 0 to dear 1, `quality` poor 0 to good 1."""

    product: Product
    kind: Kind
    values: dict[str, tuple[Pair, ...]]
    tier: float
    quality: float


@dataclass(slots=True)
class _Draft:
    """One attempt at a product: values for the texts, offers for the variants, the factor on the price."""

    values: dict[str, tuple[Pair, ...]]
    shown: dict[Pair, tuple[Pair, ...]]
    offers: list[tuple[Pair, tuple[Choice, ...]]]
    factor: float
    tier: float


def make_items(tables: Tables, seed: int, end: datetime) -> list[DemoItem]:
    """Every product of the store, in order of id. `end` is the last moment of the simulation; none is created after."""
    items: list[DemoItem] = []
    counted: dict[str, int] = {}
    titles: set[str] = set()
    for kind in tables.kinds:
        ranks = list(range(kind.count))
        Random(f"{seed}/{kind.key}").shuffle(ranks)
        for rank in ranks:
            counted[kind.group] = counted.get(kind.group, 0) + 1
            rng = Random(f"{seed}/{kind.key}/{rank}")
            identity = f"{kind.group}-{counted[kind.group]:04d}"
            items.append(_item(kind, identity, (rank + 0.5) / kind.count, rng, titles, end))
    return items


def _item(kind: Kind, identity: str, place: float, rng: Random, titles: set[str], end: datetime) -> DemoItem:
    for _ in range(400):
        draft = _draw(kind, place, rng)
        zh, en = fill(kind.title.zh, draft.values, "zh"), fill(kind.title.en, draft.values, "en")
        if zh not in titles and en not in titles:
            break
    else:
        raise ValueError(f"kind {kind.key!r} has too few combinations of values for {kind.count} different titles")
    titles.update((zh, en))
    quality = min(1.0, max(0.0, rng.gauss(0.5 + 0.25 * (draft.tier - 0.5), 0.2)))
    low, high = kind.price
    base = low * (high / low) ** draft.tier * draft.factor * rng.uniform(0.94, 1.06)
    description = _describe(kind, draft.values, rng)
    variants = _variants(identity, draft.offers, base, rng)
    saving = rng.choice((0.1, 0.15, 0.2, 0.3)) if rng.random() < _DISCOUNTED else 0.0
    sold_out = rng.random() < _OUT_OF_STOCK
    if sold_out:
        variants = [one.model_copy(update={"stock": 0, "availability": Availability.out_of_stock}) for one in variants]
    if saving:
        variants = [one.model_copy(update={"list_price": _before(one.price, saving)}) for one in variants]
    price = min((one.price for one in variants if one.price), key=lambda money: money.minor, default=_money(base))
    stock = sum(one.stock or 0 for one in variants) if variants else (0 if sold_out else rng.randint(3, 240))
    made = Product(
        id=identity,
        title=zh,
        description=description.zh,
        brand=draft.values["brand"][0].zh,
        category=tuple(one.zh for one in kind.category),
        attributes=_attributes(draft.shown, "zh"),
        price=price,
        list_price=_before(price, saving) if saving else None,
        availability=Availability.in_stock if stock else Availability.out_of_stock,
        stock=stock,
        images=(f"images/{identity}.webp",),
        gtin=_gtin(rng),
        language="zh",
        translations={
            "en": Translation(
                title=en,
                description=description.en,
                brand=draft.values["brand"][0].en,
                category=tuple(one.en for one in kind.category),
                attributes=_attributes(draft.shown, "en"),
            )
        },
        variants=tuple(variants),
        created=(end - timedelta(days=rng.uniform(1, _AGE_DAYS))).replace(microsecond=0),
    )
    return DemoItem(made, kind, draft.values, draft.tier, quality)


def _draw(kind: Kind, place: float, rng: Random) -> _Draft:
    brand = rng.choice(kind.brands)
    tier = min(1.0, max(0.0, 0.65 * place + 0.35 * brand.level + rng.gauss(0, 0.05)))
    draft = _Draft({"brand": (brand.name,)}, {}, [], 1.0, tier)
    for spec in kind.attributes:
        if spec.missing and rng.random() < spec.missing:
            continue
        chosen = _choose(spec, draft, rng)
        if not chosen:
            continue
        draft.values[spec.key] = tuple(one.words for one in chosen)
        if spec.name is not None:
            draft.shown[spec.name] = draft.values[spec.key]
        if spec.variant and spec.name is not None:
            draft.offers.append((spec.name, chosen))
        else:
            for one in chosen:
                draft.factor *= one.factor
    return draft


def _choose(spec: AttributeSpec, draft: _Draft, rng: Random) -> tuple[Choice, ...]:
    choices = spec.choices.get("", ())
    if spec.by:
        known = draft.values.get(spec.by)
        if known is None:
            return ()
        choices = next((spec.choices[one.en] for one in known if one.en in spec.choices), choices)
    if not choices:
        return ()
    if spec.how == "all":
        return choices
    if spec.how == "many":
        among = list(range(len(choices)))
        few = rng.sample(among, min(len(among), rng.randint(spec.least, spec.most)))
        ordered = sorted(few) if spec.key != "color" else few
        return tuple({choices[one].words: choices[one] for one in ordered}.values())
    if spec.how == "tier":
        at = draft.tier * len(choices) + rng.gauss(0, 0.35)
        return (choices[min(len(choices) - 1, max(0, int(at)))],)
    return (rng.choice(choices),)


def _describe(kind: Kind, values: Values, rng: Random) -> Pair:
    """An opening, one to three strengths, one or two limits; only sentences that are true of the values."""
    parts = [
        *_some(kind.openings, values, 1, rng),
        *_some(kind.strengths, values, rng.choice((1, 2, 2, 3)), rng),
        *_some(kind.limits, values, rng.choice((1, 1, 2)), rng),
    ]
    zh = "".join(fill(one.words.zh, values, "zh") for one in parts)
    return Pair(zh, " ".join(fill(one.words.en, values, "en") for one in parts))


def _some(sentences: Sequence[Sentence], values: Values, wanted: int, rng: Random) -> list[Sentence]:
    fitting = [
        one
        for one in sentences
        if holds(one.condition, values) and (slots(one.words.zh) | slots(one.words.en)) <= values.keys()
    ]
    chosen = rng.sample(range(len(fitting)), min(wanted, len(fitting)))
    return [fitting[at] for at in sorted(chosen)]


def _variants(identity: str, offers: list[tuple[Pair, tuple[Choice, ...]]], base: float, rng: Random) -> list[Variant]:
    if not offers or all(len(choices) == 1 for _, choices in offers):
        return []
    made: list[Variant] = []
    for at, combination in enumerate(every_combination(*(choices for _, choices in offers)), start=1):
        factor = 1.0
        for one in combination:
            factor *= one.factor
        stock = 0 if rng.random() < 0.1 else rng.randint(1, 60)
        made.append(
            Variant(
                id=f"{identity}-{at:02d}",
                title=" / ".join(one.words.zh for one in combination),
                attributes={name.zh: (one.words.zh,) for (name, _), one in zip(offers, combination, strict=True)},
                price=_money(base * factor),
                availability=Availability.in_stock if stock else Availability.out_of_stock,
                stock=stock,
            )
        )
    return made


def _attributes(shown: dict[Pair, tuple[Pair, ...]], language: str) -> Attributes:
    zh = language == "zh"
    return {
        (name.zh if zh else name.en): tuple(one.zh if zh else one.en for one in values)
        for name, values in shown.items()
    }


def _money(yuan: float) -> Money:
    """A price as shops write it: 19.90, 129, 1,299."""
    if yuan < 40:
        return Money(minor=round(yuan) * 100 - 10, currency=CURRENCY)
    step = 10 if yuan < 1000 else 50 if yuan < 3000 else 100
    return Money(minor=(max(1, round(yuan / step)) * step - 1) * 100, currency=CURRENCY)


def _before(price: Money | None, saving: float) -> Money | None:
    return None if price is None else _money(price.minor / 100 / (1 - saving) + 1)


def _gtin(rng: Random) -> str:
    """An EAN-13 in the range GS1 keeps for use inside one shop (it begins with 2), so that it is no real product's."""
    digits = "20" + "".join(str(rng.randrange(10)) for _ in range(10))
    weighted = sum(int(one) * (3 if at % 2 else 1) for at, one in enumerate(digits))
    return f"{digits}{-weighted % 10}"
