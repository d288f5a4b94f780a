"""What stands beside the vectors of a point, and how a filter reads it.

`f`: every facet value as "field<US>value" (one keyword index serves any number of fields with any names);
`n`: numbers under safe names; `a`: number names that are not safe, as "name<US>value", to read them back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

from qdrant_edge import FieldCondition, Filter, HasIdCondition, MatchAny, RangeFloat

from daogou.records import Constraint

SEPARATOR = "\x1f"
PLAIN_NUMBERS = ("price", "created", "rating")


def point_id(product_id: str) -> int:
    """A stable 63-bit number for a product id."""
    return int.from_bytes(blake2b(product_id.encode(), digest_size=8).digest(), "little") >> 1


def number_key(name: str) -> str:
    """A number's place in the payload: names may hold blanks, dots and Chinese, which a path can not."""
    safe = name if name in PLAIN_NUMBERS else "x" + blake2b(name.encode(), digest_size=8).hexdigest()
    return f"n.{safe}"


def to_payload(product_id: str, facets: Mapping[str, Sequence[str]], numbers: Mapping[str, float]) -> dict[str, Any]:
    """Facets and numbers -> payload."""
    payload: dict[str, Any] = {
        "id": product_id,
        "f": [f"{name}{SEPARATOR}{value}" for name, values in facets.items() for value in dict.fromkeys(values)],
        "n": {number_key(name)[2:]: float(value) for name, value in numbers.items()},
    }
    odd = [f"{name}{SEPARATOR}{value!r}" for name, value in numbers.items() if name not in PLAIN_NUMBERS]
    return payload | {"a": odd} if odd else payload


def from_payload(payload: Mapping[str, Any]) -> tuple[str, dict[str, list[str]], dict[str, float]]:
    """The inverse of `to_payload`."""
    facets: dict[str, list[str]] = {}
    for pair in payload.get("f", ()):
        name, _, value = pair.partition(SEPARATOR)
        facets.setdefault(name, []).append(value)
    numbers = {name: float(payload["n"][name]) for name in PLAIN_NUMBERS if name in payload.get("n", {})}
    for pair in payload.get("a", ()):
        name, _, value = pair.rpartition(SEPARATOR)
        numbers[name] = float(value)
    return payload["id"], facets, numbers


def to_filter(filters: Sequence[Constraint]) -> Filter:
    """ANDed constraints -> the engine's filter. A constraint that nothing can satisfy becomes one that nothing does."""
    must: list[Any] = []
    must_not: list[Any] = []
    for one in filters:
        (must_not if one.negated else must).append(_condition(one))
    return Filter(must=must, must_not=must_not)


def ids_filter(product_ids: Sequence[str]) -> Filter:
    """Only these products."""
    return Filter(must=[HasIdCondition({point_id(one) for one in product_ids})])


def _condition(one: Constraint) -> FieldCondition:
    if one.op == "in":
        return FieldCondition("f", match=MatchAny([f"{one.field}{SEPARATOR}{value}" for value in one.values] or [""]))
    low = -1.7976931348623157e308 if one.low is None and one.high is None else one.low
    return FieldCondition(number_key(one.field), range=RangeFloat(gte=low, lte=one.high))
