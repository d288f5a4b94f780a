"""What the ranking has to know of products: whether they can be sold, their category, and the features they share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from daogou.recommend.items import ItemIds
from daogou.records import Product

_WORD = re.compile(r"[a-z0-9]+|[一-鿿]")
MAX_WORDS = 40  # of a title: what follows is rarely what the thing is


class Card(NamedTuple):
    """One product as the ranking knows it. leaf: the whole category path; '' where there is none. created: Unix
    seconds, 0 unknown. features: feature numbers, each once."""

    buyable: bool
    leaf: str
    created: float
    features: NDArray[np.int32]


def features_of(product: Product) -> list[str]:
    """What a product can share with another: every prefix of its category path, brand, attribute values, title words.

    Chinese titles count by pairs of neighbouring characters, which needs no dictionary."""
    found = [f"c:{' > '.join(product.category[:depth])}" for depth in range(1, len(product.category) + 1)]
    if product.brand:
        found.append(f"b:{product.brand.casefold()}")
    for name, values in product.attributes.items():
        found += [f"a:{name}={value.casefold()}" for value in values if len(value) <= 60]
    words = _WORD.findall(product.title.casefold())[:MAX_WORDS]
    for first, second in zip([*words, ""], [*words[1:], "", ""], strict=False):
        if not first or first.isascii():
            found += [f"w:{first}"] if len(first) > 1 else []
        elif second and not second.isascii():
            found.append(f"w:{first}{second}")
    return list(dict.fromkeys(found))


class _Columns(NamedTuple):
    """The cards as (n,) arrays, and the state of the catalogue they were read from."""

    stamp: tuple[int, int]
    buyable: NDArray[np.bool_]
    leaves: NDArray[np.int32]
    created: NDArray[np.float64]


class Catalogue:
    """Cards by item number. `version` rises with every change, so that what is built from it knows when it is stale."""

    def __init__(self, ids: ItemIds) -> None:
        self.ids = ids
        self.version = 0
        self._cards: dict[int, Card] = {}
        self._vocabulary: dict[str, int] = {}
        self._leaves: dict[str, int] = {"": 0}
        self._read: _Columns | None = None

    def __len__(self) -> int:
        """How many item numbers there are, those without a product included."""
        return len(self.ids)

    @property
    def products(self) -> int:
        """How many of them are products that are kept now."""
        return len(self._cards)

    def put(self, products: Iterable[Product]) -> None:
        """Takes up new and changed products."""
        for product in products:
            numbers = [self._vocabulary.setdefault(one, len(self._vocabulary)) for one in features_of(product)]
            leaf = " > ".join(product.category)
            self._leaves.setdefault(leaf, len(self._leaves))
            self._cards[self.ids.add(product.id)] = Card(
                product.buyable,
                leaf,
                product.created.timestamp() if product.created else 0.0,
                np.array(numbers, np.int32),
            )
            self.version += 1

    def drop(self, product_ids: Iterable[str]) -> None:
        """Products that are no longer kept."""
        for product_id in product_ids:
            number = self.ids.get(product_id)
            if number is not None and self._cards.pop(number, None) is not None:
                self.version += 1

    def card(self, item: int) -> Card | None:
        """The card of an item, or None where there is no such product now."""
        return self._cards.get(item)

    def kept(self) -> list[str]:
        """Ids of the products that are kept now."""
        return self.ids.names(list(self._cards))

    def _columns(self) -> _Columns:
        if self._read is None or self._read.stamp != self.stamp:
            n = len(self)
            columns = _Columns(self.stamp, np.zeros(n, bool), np.zeros(n, np.int32), np.zeros(n))
            for item, card in self._cards.items():
                columns.buyable[item] = card.buyable
                columns.leaves[item] = self._leaves[card.leaf]
                columns.created[item] = card.created
            self._read = columns
        return self._read

    @property
    def stamp(self) -> tuple[int, int]:
        """Differs from every earlier one once anything changed."""
        return self.version, len(self)

    def buyable(self) -> NDArray[np.bool_]:
        """(n,) whether the item is a product that can be ordered now."""
        return self._columns().buyable

    def leaves(self) -> NDArray[np.int32]:
        """(n,) number of each item's category path, 0 where it has none."""
        return self._columns().leaves

    def created(self) -> NDArray[np.float64]:
        """(n,) Unix seconds, 0 where unknown."""
        return self._columns().created

    def features(self) -> sparse.csr_array:
        """(n, features) unit rows, each feature weighted by its rarity: log(products / products that have it).

        A feature every product has says nothing and weighs nothing."""
        counts = Counter[int]()
        for card in self._cards.values():
            counts.update(card.features.tolist())
        rarity = np.zeros(max(len(self._vocabulary), 1), np.float32)
        for number, count in counts.items():
            rarity[number] = np.log(len(self._cards) / count) if count > 1 else 0.0
        lengths = np.zeros(len(self) + 1, np.int64)
        for item, card in self._cards.items():
            lengths[item + 1] = len(card.features)
        ordered = [self._cards[item].features for item in sorted(self._cards)]
        columns = np.concatenate(ordered) if ordered else np.empty(0, np.int32)
        table = sparse.csr_array(
            (rarity[columns], columns, np.cumsum(lengths)), shape=(len(self), len(rarity)), dtype=np.float32
        )
        norms = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).reshape(-1))
        scale = np.divide(1.0, norms, out=np.zeros_like(norms), where=norms > 0)
        table.data *= np.repeat(scale, np.diff(table.indptr)).astype(np.float32)
        return table
