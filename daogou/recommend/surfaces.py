"""The surfaces: what each list is for, which sources speak on it and how loudly, before anything was learned.

The weights (share, level) were set by hand near those that `daogou train recommend` learns; a trained artefact replaces
those of `for_you` and `session`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from daogou.recommend.blend import Blend

# A typical best score of every source: what `level` measures against until it is learned.
SCALES = {
    "sequence": 1.0,
    "neighbours": 0.15,
    "ease": 0.15,
    "baskets": 0.2,
    "attributes": 0.7,
    "meaning": 0.1,
    "popularity": 0.02,
    "newest": 1.0,
}


def _blend(constant: float, **weights: tuple[float, float]) -> Blend:
    return Blend.by_hand(weights, constant=constant, scales=SCALES)


@dataclass(frozen=True)
class Surface:
    """One list. about: it is about given products, not about the shopper. seen: what was looked at may be shown again.
    complements: products of the given products' own category are left out. varied: categories are mixed."""

    blend: Blend
    about: bool = False
    seen: bool = False
    complements: bool = False
    varied: bool = False


def _unless_known(known: Blend, unknown: Blend) -> Blend:
    """`unknown` for those without a history, `known` for all others."""
    places = [known.names.index(name) for name in unknown.names]
    row = np.zeros(known.weights.shape[1])
    for mine, theirs in enumerate(places):
        row[2 * theirs : 2 * theirs + 2] = unknown.weights[0, 2 * mine : 2 * mine + 2]
    row[-1] = unknown.weights[0, -1]
    weights = known.weights.copy()
    weights[0] = row
    return Blend(known.names, weights, known.scales)


_POPULAR = _blend(-5.0, popularity=(2.5, 2.5), newest=(0.1, 0.0))
_FOR_YOU = _blend(
    -11.0,
    sequence=(1.5, 1.2),
    neighbours=(0.3, 1.5),
    ease=(0.5, 0.5),
    attributes=(1.0, 1.5),
    meaning=(0.3, 0.5),
    popularity=(0.8, 0.8),
    newest=(0.1, 0.1),
)

SURFACES: dict[str, Surface] = {
    "for_you": Surface(_unless_known(_FOR_YOU, _POPULAR), varied=True),
    "session": Surface(_unless_known(_FOR_YOU, _POPULAR), varied=True),
    "similar": Surface(
        _blend(-6.0, attributes=(3.0, 1.0), meaning=(1.5, 0.5), neighbours=(0.8, 0.4), sequence=(0.5, 0.3)),
        about=True,
        seen=True,
    ),
    "together": Surface(
        _blend(-6.0, baskets=(3.0, 2.0), sequence=(0.6, 0.4), neighbours=(0.6, 0.4)),
        about=True,
        seen=True,
        complements=True,
    ),
    "popular": Surface(_POPULAR, seen=True, varied=True),
}
