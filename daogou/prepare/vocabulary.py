"""The words of a catalogue: how brands, categories and attribute values are written, in every language it is worded in.

Search recognises these in a query. Canonical values are those of the product's own language, as the index keeps them; a
surface is any lower-case way to write one, so "red", "Red" and 「红色」 lead to the same value.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Self

from daogou.records import Product, Translation, figures

MAX_VALUES = 400
"""Values kept of one attribute, the most frequent; an attribute with thousands is a name or a text."""
MAX_SURFACE = 40
MIN_NUMERIC = 3
MIN_NUMERIC_SHARE = 0.6
_ALIASES = re.compile(r"\s*[/／|｜()（）]\s*")

Pairs = Counter[tuple[str, str]]


class Vocabulary:
    """Counts of (surface, canonical value); grows with `add`, is written with `to_json` and read with `from_json`."""

    def __init__(self) -> None:
        self._brands: Pairs = Counter()
        self._categories: Pairs = Counter()
        self._values: dict[str, Pairs] = defaultdict(Counter)
        self._fields: Pairs = Counter()
        self._labels: dict[str, dict[str, str]] = defaultdict(dict)
        self._numbers: dict[str, _Numbers] = defaultdict(_Numbers)

    @classmethod
    def build(cls, products: Iterable[Product]) -> Self:
        """The vocabulary of a whole catalogue, in one pass."""
        made = cls()
        made.add(products)
        return made

    def add(self, products: Iterable[Product]) -> None:
        """Words of more products join; nothing is taken away."""
        for product in products:
            self._brand(product)
            self._category(product)
            self._attributes(product)

    def _brand(self, product: Product) -> None:
        if not product.brand:
            return
        for written in (product.brand, *(wording.brand for _, wording in _wordings(product) if wording.brand)):
            for surface in brand_surfaces(written):
                self._brands[surface, product.brand] += 1
        for tag, wording in _wordings(product):
            if wording.brand:
                self._labels[tag][product.brand] = wording.brand

    def _category(self, product: Product) -> None:
        for depth, step in enumerate(product.category):
            path = " > ".join(product.category[: depth + 1])
            self._categories[_surface(step), path] += 1
            for tag, wording in _wordings(product):
                if depth < len(wording.category) == len(product.category):
                    self._categories[_surface(wording.category[depth]), path] += 1
                    self._labels[tag][path] = " > ".join(wording.category[: depth + 1])

    def _attributes(self, product: Product) -> None:
        for name, values in product.attributes.items():
            field = f"attr:{name}"
            self._fields[_surface(name), field] += 1
            self._numbers[field].see(values)
            for value in values:
                self._value(field, value, value)
        for variant in product.variants:
            for name, values in variant.attributes.items():
                for value in values:
                    self._value(f"attr:{name}", value, value)
        for tag, wording in _wordings(product):
            for name, values, other, others in _parallel(product, wording):
                field = f"attr:{name}"
                self._fields[_surface(other), field] += 1
                self._labels[tag][field] = other
                for value, word in zip(values, others, strict=False):
                    self._value(field, word, value)
                    if word != value:
                        self._labels[tag][value] = word

    def _value(self, field: str, written: str, value: str) -> None:
        surface = _surface(written)
        if 0 < len(surface) <= MAX_SURFACE:
            self._values[field][surface, value] += 1

    def to_json(self) -> dict[str, Any]:
        """Plain data: brands, categories, values, fields, numeric, labels. See `daogou.search` for its reader."""
        values: dict[str, list[list[str]]] = defaultdict(list)
        counts: dict[str, list[list[Any]]] = {}
        for field, pairs in sorted(self._values.items()):
            kept = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))[:MAX_VALUES]
            counts[field] = [[surface, value, count] for (surface, value), count in kept]
            for (surface, value), _ in kept:
                values[surface].append([field, value])
        return {
            "brands": _listed(self._brands),
            "categories": _listed(self._categories),
            "values": dict(sorted(values.items())),
            "fields": _listed(self._fields),
            "numeric": {field: one.facts() for field, one in sorted(self._numbers.items()) if one.numeric},
            "labels": {tag: dict(sorted(labels.items())) for tag, labels in sorted(self._labels.items())},
            "counts": {
                "brands": _counted(self._brands),
                "categories": _counted(self._categories),
                "fields": _counted(self._fields),
                "values": counts,
                "numbers": {field: one.kept() for field, one in sorted(self._numbers.items())},
            },
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What `to_json` gave, ready to grow."""
        made = cls()
        counts = data.get("counts") or {}
        for name, pairs in (("brands", made._brands), ("categories", made._categories), ("fields", made._fields)):
            pairs.update({(surface, value): count for surface, value, count in counts.get(name) or ()})
        for field, rows in (counts.get("values") or {}).items():
            made._values[field].update({(surface, value): count for surface, value, count in rows})
        for field, kept in (counts.get("numbers") or {}).items():
            made._numbers[field] = _Numbers.of(kept)
        for tag, labels in (data.get("labels") or {}).items():
            made._labels[tag].update(labels)
        return made


class _Numbers:
    """How often an attribute's values are one figure, in which base unit, and between which bounds."""

    def __init__(self) -> None:
        self.seen = 0
        self.units: Counter[str] = Counter()
        self.low: dict[str, float] = {}
        self.high: dict[str, float] = {}

    def see(self, values: Sequence[str]) -> None:
        self.seen += 1
        for value in values[:1]:
            found = figures(value) if len(value) <= MAX_SURFACE else []
            if len(found) == 1 and value.startswith(found[0].text):
                unit, amount = found[0].unit, found[0].value
                self.units[unit] += 1
                self.low[unit] = min(amount, self.low.get(unit, amount))
                self.high[unit] = max(amount, self.high.get(unit, amount))

    @property
    def numeric(self) -> bool:
        unit, count = self._main()
        return count >= MIN_NUMERIC and count >= MIN_NUMERIC_SHARE * self.seen and self.low[unit] < self.high[unit]

    def facts(self) -> dict[str, Any]:
        unit, count = self._main()
        return {"unit": unit, "low": self.low[unit], "high": self.high[unit], "count": count}

    def kept(self) -> list[Any]:
        return [self.seen, {unit: [count, self.low[unit], self.high[unit]] for unit, count in self.units.items()}]

    @classmethod
    def of(cls, kept: Sequence[Any]) -> Self:
        made = cls()
        made.seen = kept[0]
        for unit, (count, low, high) in kept[1].items():
            made.units[unit], made.low[unit], made.high[unit] = count, low, high
        return made

    def _main(self) -> tuple[str, int]:
        return min(self.units.items(), key=lambda item: (-item[1], item[0])) if self.units else ("", 0)


def brand_surfaces(written: str) -> Iterator[str]:
    """'Julius/聚利时' -> 'julius/聚利时', 'julius', '聚利时': a brand is often written in two scripts at once."""
    whole = _surface(written)
    yield whole
    for part in _ALIASES.split(whole):
        if part and part != whole and (len(part) > 1 or not part.isascii()):
            yield part


def _surface(text: str) -> str:
    return " ".join(text.lower().split())


def _wordings(product: Product) -> list[tuple[str, Translation]]:
    return sorted(product.translations.items())


def _parallel(product: Product, wording: Translation) -> Iterator[tuple[str, tuple[str, ...], str, tuple[str, ...]]]:
    """Attributes of a product beside their translation: the maps run in the same order, or they are not compared."""
    if len(wording.attributes) != len(product.attributes):
        return
    for (name, values), (other, others) in zip(product.attributes.items(), wording.attributes.items(), strict=True):
        if len(values) == len(others):
            yield name, values, other, others


def _listed(pairs: Pairs) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for (surface, value), _ in sorted(pairs.items(), key=lambda item: (-item[1], item[0])):
        found[surface].append(value)
    return dict(sorted(found.items()))


def _counted(pairs: Pairs) -> list[list[Any]]:
    return [[surface, value, count] for (surface, value), count in sorted(pairs.items())]
