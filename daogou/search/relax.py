"""Relaxing: when nothing satisfies every constraint, which to give up, so that the shopper loses least."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from daogou.records import Constraint, Query
from daogou.stores import Index

_COSTS = {"stock": 1.0, "attr": 2.0, "number": 2.5, "brand": 4.0, "price": 5.0, "category": 7.0}
_NEGATED = 3.0
"""A shopper who says 'not' means it: giving that up costs more."""
_CHOSEN = 6.0
"""A facet was chosen by hand, not read out of words."""
_MOST = 7


def cost(constraint: Constraint, query: Query) -> float:
    """What giving up a constraint costs the shopper."""
    kind = constraint.field.partition(":")[0]
    if kind == "attr" and constraint.op == "range":
        kind = "number"
    chosen = any(constraint.key == one.key for one in query.constraints)
    return _COSTS.get(kind, 3.0) + (_NEGATED if constraint.negated else 0.0) + (_CHOSEN if chosen else 0.0)


def relax(index: Index, constraints: Sequence[Constraint], query: Query) -> tuple[Constraint, ...]:
    """The cheapest constraints to give up so that at least one product is left. Empty where the catalogue is."""
    by_cost = sorted(constraints, key=lambda one: (cost(one, query), one.key))
    free, rest = by_cost[:_MOST], by_cost[_MOST:]
    groups = [group for size in range(1, len(free) + 1) for group in combinations(free, size)]
    groups.sort(key=lambda group: sum(cost(one, query) for one in group))
    for group in groups:
        kept = [one for one in constraints if one not in group]
        if index.count(kept):
            return group
    return tuple(constraints) if rest and index.count() else ()
