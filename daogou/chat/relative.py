"""Relative wishes: 'something lighter', 「便宜点」. What is wished for is measured against what was last shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from daogou.answer import aligned_attributes, ask_groups
from daogou.chat.lexicon import says
from daogou.records import Constraint, Figure, Product, figures

# move -> (group of attribute names in the answer room's table, +1 more / -1 less)
_MEASURES = {
    "lighter": ("weight", -1),
    "smaller": ("dimensions", -1),
    "larger": ("dimensions", 1),
    "quieter": ("noise", -1),
    "longer_battery": ("battery", 1),
}


@dataclass(frozen=True, slots=True)
class Relative:
    """A wish for more or less of something than `reference` has. Group 'price' is in minor units."""

    group: str
    sign: int
    reference: Product | None


def read_relative(text: str, shown: Sequence[Product], focus: Product | None) -> Relative | None:
    """The relative wish in an utterance, or None."""
    priced = [one for one in shown if one.price]
    middle = sorted(priced, key=lambda one: one.price.minor if one.price else 0)[len(priced) // 2] if priced else None
    first = focus or (shown[0] if shown else None)
    if says("cheaper", text):
        return Relative("price", -1, focus if focus and focus.price else middle)
    for move, (group, sign) in _MEASURES.items():
        if says(move, text):
            return Relative(group, sign, first)
    if says("dearer", text):
        return Relative("price", 1, focus if focus and focus.price else middle)
    return None


def price_constraint(relative: Relative, language: str) -> Constraint | None:
    """Cheaper (or dearer) than the reference, as a price bound that excludes it."""
    if relative.reference is None or relative.reference.price is None:
        return None
    price = relative.reference.price
    zh = language == "zh"
    if relative.sign < 0:
        label = f"低于 {price.format(language)}" if zh else f"below {price.format(language)}"
        return Constraint(field="price", op="range", high=float(max(0, price.minor - 1)), label=label)
    label = f"高于 {price.format(language)}" if zh else f"above {price.format(language)}"
    return Constraint(field="price", op="range", low=float(price.minor + 1), label=label)


def measure(product: Product, group: str) -> Figure | None:
    """The product's first figure of a group of attributes ('weight' -> 250 g), or None."""
    fields = next(one.fields for one in ask_groups() if one.key == group)
    for attribute in aligned_attributes(product, product.language):
        if attribute.names & set(fields):
            found = [figure for value in attribute.values for figure in figures(value)]
            if found:
                return found[0]
    return None


def keep_relative(relative: Relative, products: Sequence[Product]) -> list[Product] | None:
    """The products with more (or less) than the reference, the most so first; None where the reference says nothing."""
    reference = measure(relative.reference, relative.group) if relative.reference else None
    if reference is None:
        return None
    kept = []
    for product in products:
        found = measure(product, relative.group)
        if found and found.unit == reference.unit and relative.sign * (found.value - reference.value) > 0:
            kept.append((-relative.sign * found.value, product))
    return [product for _, product in sorted(kept, key=lambda one: one[0])]
