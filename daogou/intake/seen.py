"""Which ids a file has already given: 8 bytes an id, so that ten million take 80 MB."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

_RECENT = 200_000


class SeenIds:
    """A set of texts by their 64-bit hashes. Of ten million two are equal with a chance of 1 in 300,000."""

    def __init__(self) -> None:
        self._sorted: NDArray[np.uint64] = np.empty(0, dtype=np.uint64)
        self._recent: set[int] = set()

    def __contains__(self, text: str) -> bool:
        key = _hash(text)
        if key in self._recent or not len(self._sorted):
            return key in self._recent
        at = int(np.searchsorted(self._sorted, np.uint64(key)))
        return at < len(self._sorted) and int(self._sorted[at]) == key

    def add(self, text: str) -> None:
        self._recent.add(_hash(text))
        if len(self._recent) >= _RECENT:
            fresh = np.fromiter(self._recent, dtype=np.uint64, count=len(self._recent))
            self._sorted = np.sort(np.concatenate([self._sorted, fresh]))
            self._recent.clear()


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
