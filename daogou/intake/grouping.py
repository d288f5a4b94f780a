"""Consecutive rows of one item_group_id become one product with variants, one group in memory at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from daogou.intake.products import finished
from daogou.records import Product

MAX_GROUP = 2_000
"""Rows of one product; further ones are rejected."""


def merged(group_id: str, members: Sequence[Product]) -> Product:
    """Each member is a variant; what all share is the product's, what differs is the variant's. Raises RecordError."""
    first = members[0]
    names = {name for one in members for name in one.attributes}
    shared = {name for name in names if len({one.attributes.get(name) for one in members}) == 1}
    union: dict[str, list[str]] = {}
    for one in members:
        for name, values in one.attributes.items():
            kept = union.setdefault(name, [])
            kept += [value for value in values if value not in kept]
    variants = [_variant(one, shared) for one in members]
    found: dict[str, Any] = {
        "id": group_id,
        "title": _common_title([one.title for one in members]),
        "description": first.description,
        "brand": first.brand,
        "category": first.category,
        "attributes": union,
        "price": first.price,
        "images": tuple(dict.fromkeys(image for one in members for image in one.images)),
        "link": first.link,
        "language": first.language,
        "created": first.created,
    }
    return finished(found, variants, stock=None, availability=None, notes=[])


def _variant(member: Product, shared: set[str]) -> dict[str, Any]:
    own = {name: values for name, values in member.attributes.items() if name not in shared}
    return {
        "id": member.id,
        "title": " / ".join(value for values in own.values() for value in values) or member.title,
        "attributes": own or member.attributes,
        "price": member.price,
        "list_price": member.list_price,
        "availability": member.availability,
        "stock": member.stock,
        "gtin": member.gtin,
        "image": member.images[0] if member.images else None,
    }


def _common_title(titles: Sequence[str]) -> str:
    """ "Shirt - Red / S" and "Shirt - Blue / S" -> "Shirt"; the first title where they share too little."""
    common = titles[0]
    for title in titles[1:]:
        length = next((at for at, (x, y) in enumerate(zip(common, title, strict=False)) if x != y), None)
        common = common[: min(len(common), len(title)) if length is None else length]
    cut = any(one[len(common) : len(common) + 1].isalnum() for one in titles)
    if cut and common and common[-1].isascii() and common[-1].isalnum():
        common = common.rpartition(" ")[0]  # "Shirt Re" of Red and Rose is "Shirt"
    common = common.rstrip(" -–—/|,，(（[:：")
    return common if len(common) * 3 >= min(map(len, titles)) and common else titles[0]
