"""A bounded cache of parsed products that never shows an old one.

Each product's last change stands in the outbox; before every use the cache asks for the number of the newest change
and drops what changed since, whoever wrote it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence

from daogou.records import Product


class ParsedProducts:
    """Least recently used first out. Thread-safe."""

    def __init__(self, capacity: int = 8192) -> None:
        self._capacity = capacity
        self._products: OrderedDict[str, Product] = OrderedDict()
        self._lock = threading.Lock()
        self.change = -1

    def advance(self, change: int, changed: Iterable[str] | None) -> None:
        """Now valid up to `change`; `changed` are the products changed since, or None where that is not known."""
        with self._lock:
            if change <= self.change:
                return
            if changed is None:
                self._products.clear()
            else:
                for product_id in changed:
                    self._products.pop(product_id, None)
            self.change = change

    def get(self, ids: Sequence[str]) -> dict[str, Product]:
        """Those of the products that are kept here."""
        with self._lock:
            found = {}
            for product_id in ids:
                product = self._products.get(product_id)
                if product is not None:
                    self._products.move_to_end(product_id)
                    found[product_id] = product
            return found

    def keep(self, products: dict[str, Product], *, change: int) -> None:
        """Keeps what was read when the cache stood at `change`; later, it may be old already and is let go."""
        with self._lock:
            if change != self.change:
                return
            self._products.update(products)
            while len(self._products) > self._capacity:
                self._products.popitem(last=False)
