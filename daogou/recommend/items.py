"""Ids cross the border once: product ids outside, 0..n-1 inside. The map only grows, so a number never changes
hands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from numpy.typing import NDArray


class ItemIds:
    """Product id <-> item number. O(1) both ways; memory grows with the number of ids seen."""

    def __init__(self, ids: Iterable[str] = ()) -> None:
        self._names: list[str] = []
        self._numbers: dict[str, int] = {}
        for one in ids:
            self.add(one)

    def __len__(self) -> int:
        return len(self._names)

    def add(self, product_id: str) -> int:
        """The number of an id; a new id gets the next one."""
        number = self._numbers.get(product_id)
        if number is None:
            number = self._numbers[product_id] = len(self._names)
            self._names.append(product_id)
        return number

    def get(self, product_id: str) -> int | None:
        """The number of an id, or None where it was never seen."""
        return self._numbers.get(product_id)

    def name(self, number: int) -> str:
        """The id of a number. Raises IndexError for a number never given."""
        return self._names[number]

    def names(self, numbers: Sequence[int] | NDArray[Any]) -> list[str]:
        """The ids of several numbers."""
        return [self._names[int(number)] for number in numbers]
