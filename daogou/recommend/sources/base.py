"""What a candidate source is, and what it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from daogou.recommend.catalogue import Catalogue
from daogou.recommend.trails import KIND_WEIGHTS, Batch, Change, Trail

Scores = NDArray[np.float32]
Arrays = dict[str, NDArray[Any]]

MAX_HISTORY = 50  # items of a history that are looked at: older ones have no weight left


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom items are scored: the history, newest first and each item once, and how telling each item is.

    items: (m,) item numbers. weights: (m,) the strongest thing done with each, by `KIND_WEIGHTS`, 1.0 for a view."""

    items: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    weights: NDArray[np.float64] = field(default_factory=lambda: np.empty(0, np.float64))

    @classmethod
    def of(cls, trail: Trail) -> Asked:
        """The history of a trail: what the shopper showed a liking for."""
        told = KIND_WEIGHTS[trail.kinds]
        strongest: dict[int, float] = {}
        for item, weight in zip(trail.items[::-1].tolist(), told[::-1].tolist(), strict=True):
            if weight > 0:
                strongest[item] = max(weight, strongest.get(item, 0.0))
        items = list(strongest)[:MAX_HISTORY]
        return cls(np.array(items, np.int32), np.array([strongest[item] for item in items], np.float64))

    @classmethod
    def of_items(cls, items: NDArray[np.int32]) -> Asked:
        """A history given by its items, newest first and each once, all equally telling."""
        return cls(items[:MAX_HISTORY], np.ones(min(len(items), MAX_HISTORY)))

    @classmethod
    def about(cls, *items: int) -> Asked:
        """The history that consists of these items alone."""
        return cls(np.array(items, np.int32), np.ones(len(items)))


class Why(NamedTuple):
    """The item of the history that speaks most for another one. `strength`: what it adds to the source's score;
    `shoppers`: how many did what is claimed, None where the source does not count shoppers."""

    item: int
    strength: float
    shoppers: int | None = None


@runtime_checkable
class Source(Protocol):
    """One way to score every item for a history. Holds plain arrays, kept with `np.savez`, never pickled."""

    name: str

    def fit(self, batch: Batch, catalogue: Catalogue) -> None:
        """Learns from all trails, forgetting what was learned before."""
        ...

    def update(self, change: Change) -> None:
        """Takes up what changed in one trail. A source that cannot does nothing until the next `fit`."""
        ...

    def score(self, asked: Asked) -> Scores:
        """(n,) scores over the catalogue, zero or more; zero means nothing speaks for the item."""
        ...

    def why(self, asked: Asked, item: int) -> Why | None:
        """What in the history speaks for `item`, or None where nothing does."""
        ...

    def save(self) -> Arrays:
        """Everything learned, as plain arrays."""
        ...

    def load(self, arrays: Mapping[str, NDArray[Any]], catalogue: Catalogue) -> None:
        """The reverse of `save`."""
        ...


WHY_DEPTH = 12  # newest items of a history in which a reason is looked for


def recency(m: int, decay: float) -> NDArray[np.float64]:
    """(m,) weights 1, decay, decay^2, …: newest first."""
    return decay ** np.arange(m, dtype=np.float64)


def newest_part(asked: Asked) -> Asked:
    """The part of the history in which a reason is looked for."""
    return Asked(asked.items[:WHY_DEPTH], asked.weights[:WHY_DEPTH])


def strongest(asked: Asked, parts: NDArray[np.float64]) -> tuple[int, float] | None:
    """The history item that adds the most to a score, given what each adds; None where none adds anything."""
    if not len(parts):
        return None
    best = int(np.argmax(parts))
    return (int(asked.items[best]), float(parts[best])) if parts[best] > 0 else None
