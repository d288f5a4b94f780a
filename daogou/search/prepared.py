"""Products made ready to be shown: worded in the shopper's language, titles cut into words, once and not every time."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from daogou.models import lexical_tokens
from daogou.records import Product

_KEPT = 20_000


class Prepared:
    """One product in one language, with what the explanation reads of it. Computed when first asked for."""

    __slots__ = ("_rest", "_title", "product", "source")

    def __init__(self, source: Product, language: str) -> None:
        self.source = source
        self.product = source.in_language(language)
        self._title: frozenset[str] | None = None
        self._rest: str | None = None

    @property
    def title_words(self) -> frozenset[str]:
        """The words of the title as shown."""
        if self._title is None:
            self._title = frozenset(lexical_tokens(self.product.title))
        return self._title

    @property
    def details(self) -> str:
        """Brand, category and attribute values in lower case, a line each."""
        if self._rest is None:
            shown = self.product
            values = (value for values in shown.attributes.values() for value in values)
            self._rest = "\n".join((shown.brand, *shown.category, *values)).lower()
        return self._rest


class Shelves:
    """Prepared products by id and language. The database stays the truth: a product read anew is prepared anew."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Prepared] = {}
        self._lock = threading.Lock()

    def prepare(self, products: Mapping[str, Product], language: str) -> dict[str, Prepared]:
        """Products -> prepared products, those seen before without any work."""
        kept = self._kept
        found: dict[str, Prepared] = {}
        for product_id, product in products.items():
            one = kept.get((product_id, language))
            if one is None or one.source is not product:
                one = Prepared(product, language)
                with self._lock:
                    if len(kept) >= _KEPT:
                        for old in list(kept)[: _KEPT // 8]:
                            del kept[old]
                    kept[product_id, language] = one
            found[product_id] = one
        return found
