"""Two to four products side by side: price first, then the attributes in which they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from daogou.answer import aligned_attributes
from daogou.records import Comparison, Product

MAX_PRODUCTS = 4
MAX_ROWS = 12
_ABSENT = "–"


def compare(products: Sequence[Product], language: str, ratings: Mapping[str, tuple[float, int]]) -> Comparison:
    """The table. Values stand as in the records; '–' where a record does not say. Rows in which all agree are left
    out."""
    zh = language == "zh"
    rows: list[tuple[str, tuple[str, ...]]] = [
        ("价格" if zh else "Price", tuple(one.price.format(language) if one.price else _ABSENT for one in products))
    ]
    brands = tuple(one.in_language(language).brand or _ABSENT for one in products)
    if len(set(brands)) > 1:
        rows.append(("品牌" if zh else "Brand", brands))
    tables = [
        {one.name: ("、" if zh else ", ").join(one.values) for one in aligned_attributes(product, language)}
        for product in products
    ]
    names = dict.fromkeys(name for table in tables for name in table)
    shared = sorted(names, key=lambda name: -sum(name in table for table in tables))
    for name in shared:
        values = tuple(table.get(name, _ABSENT) for table in tables)
        if len(set(values)) > 1 and sum(value != _ABSENT for value in values) > 1:
            rows.append((name if zh else name[:1].upper() + name[1:], values))
    if any(one.id in ratings for one in products):
        stars = tuple(
            f"{ratings[one.id][0]:.1f} ({ratings[one.id][1]})" if one.id in ratings else _ABSENT for one in products
        )
        rows.append(("评分（条数）" if zh else "Rating (reviews)", stars))
    stock = tuple(_stock(one, zh) for one in products)
    if len(set(stock)) > 1:
        rows.append(("库存" if zh else "Stock", stock))
    return Comparison(product_ids=tuple(one.id for one in products), rows=tuple(rows[:MAX_ROWS]))


def _stock(product: Product, zh: bool) -> str:
    if product.buyable:
        return "有货" if zh else "In stock"
    return "缺货" if zh else "Out of stock"
