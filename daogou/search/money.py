"""Price limits: from what was typed, in whatever currency, to the store's minor units, with a label that says so."""

from __future__ import annotations

import math
from collections.abc import Mapping

from daogou.records import CURRENCIES, Constraint, Money, exponent
from daogou.search.amounts import Amount, Bound

_DOLLARS = frozenset({"USD", "AUD", "CAD", "HKD", "SGD", "TWD", "NZD", "MXN"})
_YUANS = frozenset({"CNY", "TWD", "HKD", "JPY"})
_MAX_MINOR = 10**13
_WORDS: dict[str, dict[Bound, str]] = {
    "en": {"high": "under {high}", "low": "from {low}", "range": "{low} to {high}", "about": "about {value}"},
    "zh": {"high": "{high} 以内", "low": "{low} 以上", "range": "{low} 到 {high}", "about": "约 {value}"},
}


class Unconverted(Exception):
    """A limit in a currency the store has no rate for."""

    def __init__(self, currency: str) -> None:
        super().__init__(currency)
        self.currency = currency


class Prices:
    """Reads price limits for a store with prices in `currency`; `rates`: what one unit of another currency costs."""

    def __init__(self, currency: str, rates: Mapping[str, float]) -> None:
        self.currency = currency.upper()
        self._rates = {code.upper(): rate for code, rate in rates.items() if rate > 0}

    def meant(self, money: str) -> str:
        """The ISO code of a sign or word, as shoppers of this store mean it: ¥ is yen where prices are in yen."""
        if money in {"", self.currency}:
            return self.currency
        if money == "$":
            return self.currency if self.currency in _DOLLARS else "USD"
        if money == "元":
            return self.currency if self.currency in _YUANS else "CNY"
        if money == "¥":
            return "JPY" if self.currency == "JPY" else "CNY"
        return money if money in CURRENCIES else self.currency

    def constraint(self, amount: Amount, *, source: str, language: str, negated: bool = False) -> Constraint | None:
        """The price constraint of an amount; None where it limits nothing. Raises Unconverted without a rate."""
        currency = self.meant(amount.money)
        rate = 1.0 if currency == self.currency else self._rates.get(currency)
        if rate is None:
            raise Unconverted(currency)
        low = self._minor(amount.low, rate, math.floor)
        high = self._minor(amount.high, rate, math.ceil)
        if low is None and high is None:
            return None
        bound: Bound = amount.bound
        if bound == "exact":
            bound = "about"
        label = self._label(bound, amount.low, amount.high, currency, language)
        if currency != self.currency:
            ours = "–".join(self.show(minor, language) for minor in (low, high) if minor is not None)
            label = f"{label} (≈ {ours})" if language == "en" else f"{label}（≈ {ours}）"
        return Constraint(field="price", op="range", low=low, high=high, negated=negated, source=source, label=label)

    def show(self, minor: float, language: str) -> str:
        """An amount of the store's currency as a shopper reads it."""
        return Money(minor=round(max(0.0, min(minor, _MAX_MINOR))), currency=self.currency).format(language)

    def _minor(self, value: float | None, rate: float, rounded: object) -> float | None:
        if value is None:
            return None
        exact = round(value * rate * 10 ** exponent(self.currency), 6)
        whole = math.floor(exact) if rounded is math.floor else math.ceil(exact)
        return float(min(whole, _MAX_MINOR))

    def _label(self, bound: Bound, low: float | None, high: float | None, currency: str, language: str) -> str:
        words = _WORDS["zh" if language == "zh" else "en"]
        middle = ((low or 0.0) + (high or 0.0)) / 2
        shown = {
            name: _shown(value, currency, language)
            for name, value in (("low", low), ("high", high), ("value", middle))
            if value is not None
        }
        return words[bound].format(**shown)


def _shown(value: float, currency: str, language: str) -> str:
    minor = min(round(value * 10 ** exponent(currency)), _MAX_MINOR)
    return Money(minor=minor, currency=currency).format(language)
