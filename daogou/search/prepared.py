"""Products made ready for ranking: titles cut into words and facet values listed once, not at every search."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import cached_property

from daogou.models import lexical_tokens
from daogou.records import Product, Translation
from daogou.stores import Database

_KEPT = 20_000
_MAX_FACET_VALUE = 60


class Prepared:
    """One product with what the ranking and the explanation read of it. Computed when first asked for."""

    def __init__(self, product: Product) -> None:
        self.product = product
        self._worded: dict[str, Product] = {product.language: product}

    def worded(self, language: str) -> Product:
        """The product in `language`, as far as it is translated."""
        found = self._worded.get(language)
        if found is None:
            found = self._worded[language] = self.product.in_language(language)
        return found

    @cached_property
    def title_words(self) -> frozenset[str]:
        """The words of the title, in every language."""
        own = self.product
        titles = (own.title, *(wording.title for wording in own.translations.values()))
        return frozenset(lexical_tokens("\n".join(titles)))

    @cached_property
    def other_words(self) -> frozenset[str]:
        """Words of brand, category and attributes, in every language."""
        texts: list[str] = []
        wordings: tuple[Product | Translation, ...] = (self.product, *self.product.translations.values())
        for wording in wordings:
            texts += (wording.brand, *wording.category)
            texts += (value for values in wording.attributes.values() for value in values)
        return frozenset(lexical_tokens("\n".join(texts)))

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """(facet field, value) of everything a shopper could filter this product by."""
        own = self.product
        found: dict[tuple[str, str], None] = {}
        if own.brand:
            found["brand", own.brand] = None
        for depth in range(len(own.category)):
            found["category", " > ".join(own.category[: depth + 1])] = None
        for attributes in (own.attributes, *(variant.attributes for variant in own.variants)):
            for name, values in attributes.items():
                for value in values:
                    if len(value) <= _MAX_FACET_VALUE:
                        found[f"attr:{name}", value] = None
        return tuple(found)

    @cached_property
    def pair_set(self) -> frozenset[tuple[str, str]]:
        return frozenset(self.pairs)

    @cached_property
    def buyable(self) -> bool:
        return self.product.buyable

    @cached_property
    def price(self) -> int | None:
        """Minor units."""
        return None if self.product.price is None else self.product.price.minor


class Shelves:
    """Prepared products by id. The database stays the truth: a product that changed there is prepared again."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: dict[str, Prepared] = {}
        self._lock = threading.Lock()

    def get(self, ids: Sequence[str]) -> dict[str, Prepared]:
        """Those that exist. One database call."""
        return self.prepare(self._database.get_products(ids))

    def prepare(self, products: Mapping[str, Product]) -> dict[str, Prepared]:
        """Products -> prepared products, those seen before without any work."""
        kept = self._kept
        found: dict[str, Prepared] = {}
        for product_id, product in products.items():
            one = kept.get(product_id)
            if one is None or (one.product is not product and one.product != product):
                one = Prepared(product)
                with self._lock:
                    if len(kept) >= _KEPT:
                        for old in list(kept)[: _KEPT // 8]:
                            del kept[old]
                    kept[product_id] = one
            found[product_id] = one
        return found
