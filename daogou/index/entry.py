"""A product as the index keeps it: one text for the meaning, weighted words for the wording, facets and numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from daogou.models import Vectors, lexical_tokens
from daogou.records import Attributes, Product, Translation, figures
from daogou.stores import IndexEntry, Weighting, document_weights

MAX_FACET_VALUE = 120
"""Longer attribute values are prose: nobody filters by them."""
MAX_FIGURE_TEXT = 40
DENSE_ATTRIBUTES = 8
DENSE_VALUE = 40
DENSE_DESCRIPTION = 240
SPARSE_DESCRIPTION = 4000
Fields = dict[str, Sequence[str]]


def dense_text(product: Product) -> str:
    """What the encoder reads: title, brand and the end of the category, key attributes, the start of the description.

    In the product's own language, with the translated title: the encoder knows many languages, a title costs little."""
    parts = [product.title]
    parts += [wording.title for _, wording in sorted(product.translations.items()) if wording.title]
    if product.brand and product.brand.lower() not in product.title.lower():
        parts.append(product.brand)
    if product.category:
        parts.append(" ".join(product.category[-2:]))
    short = [
        f"{name} {' '.join(values)}"
        for name, values in product.attributes.items()
        if sum(map(len, values)) <= DENSE_VALUE
    ]
    if short:
        parts.append(", ".join(short[:DENSE_ATTRIBUTES]))
    if product.description:
        parts.append(product.description[:DENSE_DESCRIPTION])
    return ". ".join(parts)


def token_fields(product: Product) -> list[Fields]:
    """The words of each field, once per language the product is worded in."""
    own = _fields(product.title, product.brand, product.category, product.attributes, product.description)
    seen = {value for variant in product.variants for values in variant.attributes.values() for value in values}
    names = [name for name in (product.id, product.gtin, *(one.gtin for one in product.variants)) if name]
    own["attributes"] = [*own["attributes"], *lexical_tokens(" \n".join([*sorted(seen), *names]))]
    return [own, *(_translated(wording) for _, wording in sorted(product.translations.items()))]


def _translated(wording: Translation) -> Fields:
    return _fields(wording.title, wording.brand, wording.category, wording.attributes, wording.description)


def _fields(title: str, brand: str, category: Sequence[str], attributes: Attributes, description: str) -> Fields:
    facts = "\n".join(f"{name} {' '.join(values)}" for name, values in attributes.items())
    return {
        "title": lexical_tokens(title, characters=True),
        "brand": lexical_tokens(brand, characters=True),
        "category": lexical_tokens("\n".join(category), characters=True),
        "attributes": lexical_tokens(facts, characters=True),
        "description": lexical_tokens(description[:SPARSE_DESCRIPTION]),
    }


def facets(product: Product) -> dict[str, list[str]]:
    """What can be chosen by, in the product's own language; a variant's size or colour is the product's too."""
    found: dict[str, list[str]] = {"stock": ["yes" if product.buyable else "no"], "lang": [product.language]}
    if product.brand:
        found["brand"] = [product.brand]
    if product.category:
        found["category"] = [" > ".join(product.category[: depth + 1]) for depth in range(len(product.category))]
    if product.price is not None:
        found["currency"] = [product.price.currency]
    for attributes in (product.attributes, *(variant.attributes for variant in product.variants)):
        for name, values in attributes.items():
            kept = [value for value in values if len(value) <= MAX_FACET_VALUE]
            if kept:
                field = found.setdefault(f"attr:{name}", [])
                field += [value for value in kept if value not in field]
    return found


def numbers(product: Product, rating: float | None) -> dict[str, float]:
    """What can be compared: price in minor units, age, stars, and attributes that hold one figure, in its base unit."""
    found: dict[str, float] = {}
    if product.price is not None:
        found["price"] = float(product.price.minor)
    if product.created is not None:
        found["created"] = product.created.timestamp()
    if rating is not None:
        found["rating"] = rating
    for name, values in product.attributes.items():
        amount = next((one for one in map(amount_of, values) if one is not None), None)
        if amount is not None:
            found[f"attr:{name}"] = amount
    return found


@lru_cache(maxsize=1 << 16)
def amount_of(value: str) -> float | None:
    """'1.5 kg' -> 1500.0 (g), '6' -> 6.0; None where the value does not begin with a figure or holds several."""
    if len(value) > MAX_FIGURE_TEXT:
        return None
    found = figures(value)
    return found[0].value if len(found) == 1 and value.startswith(found[0].text) else None


def to_entries(
    products: Sequence[Product],
    vectors: Vectors,
    ratings: Mapping[str, tuple[float, int]],
    averages: Mapping[str, float],
    weighting: Weighting,
) -> list[IndexEntry]:
    """Products and their (n, dim) vectors -> entries. `averages`: field -> mean number of words."""
    return [
        IndexEntry(
            product_id=product.id,
            dense=vectors[place],
            sparse=document_weights(token_fields(product), averages, weighting),
            facets=facets(product),
            numbers=numbers(product, ratings[product.id][0] if product.id in ratings else None),
        )
        for place, product in enumerate(products)
    ]


def average_lengths(sample: Sequence[Product]) -> dict[str, float]:
    """Mean number of words of each field, over the wordings that have the field."""
    total: dict[str, int] = {}
    having: dict[str, int] = {}
    for product in sample:
        for wording in token_fields(product):
            for name, tokens in wording.items():
                if tokens:
                    total[name] = total.get(name, 0) + len(tokens)
                    having[name] = having.get(name, 0) + 1
    return {name: total[name] / having[name] for name in total}
