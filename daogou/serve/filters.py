"""Filters as a reader of an address writes them, and the constraints they become.

    brand=Aoki        category=Shoes > Running shoes        attr:colour=black        !brand=Aoki
    price=100..500    price=..80                            attr:weight=..1.2

Values of one field are alternatives; different fields must all hold. Prices are decimals of the store's currency.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from daogou.errors import QueryError
from daogou.records import Constraint, exponent

_RANGE = re.compile(r"(-?\d{1,15}(?:\.\d{1,9})?)?\.\.(-?\d{1,15}(?:\.\d{1,9})?)?")
_FIELDS = ("price", "brand", "category", "stock", "rating", "created", "currency")
_SHAPE = "Write FIELD=VALUE or FIELD=LOW..HIGH, with `!` in front to exclude, as in `brand=Aoki` or `price=100..500`."
MAX_FILTERS = 50


def parse_filters(filters: Iterable[str], currency: str) -> tuple[Constraint, ...]:
    """Filters as text -> constraints. Raises QueryError naming the one that can not be read."""
    listed = list(filters)
    if len(listed) > MAX_FILTERS:
        raise QueryError(f"There are {len(listed)} filters; the most is {MAX_FILTERS}.", next_step="Send fewer.")
    wanted: dict[tuple[str, bool], list[str]] = {}
    ranges: list[Constraint] = []
    for text in listed:
        negated = text.startswith("!")
        field, sign, value = text.removeprefix("!").partition("=")
        field, value = field.strip(), value.strip()
        if not sign or not value or not _known(field):
            raise QueryError(f"filter {text[:80]!r} can not be read.", next_step=_SHAPE)
        bounds = _RANGE.fullmatch(value)
        if bounds and value != "..":
            ranges.append(_range(field, bounds, negated, currency, text))
        elif field == "price":
            raise QueryError(f"filter {text[:80]!r} gives no price range.", next_step=_SHAPE)
        else:
            wanted.setdefault((field, negated), []).append(value)
    chosen = [
        Constraint(field=field, values=tuple(dict.fromkeys(values)), negated=negated, label=", ".join(values))
        for (field, negated), values in wanted.items()
    ]
    return (*chosen, *ranges)


def _known(field: str) -> bool:
    return field in _FIELDS or (field.startswith("attr:") and len(field) > len("attr:"))


def _range(field: str, bounds: re.Match[str], negated: bool, currency: str, text: str) -> Constraint:
    low, high = (Decimal(one) if one else None for one in bounds.groups())
    if low is not None and high is not None and low > high:
        raise QueryError(f"filter {text[:80]!r}: {low} is more than {high}.", next_step="Put the lower bound first.")
    scale = exponent(currency) if field == "price" else 0
    return Constraint(
        field=field,
        op="range",
        low=None if low is None else float(low.scaleb(scale)),
        high=None if high is None else float(high.scaleb(scale)),
        negated=negated,
        label=text,
    )
