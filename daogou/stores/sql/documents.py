"""Records as JSON documents: hashes to tell what is unchanged, and lists cut to what one statement can carry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import TypeVar

CHUNK = 500
T = TypeVar("T")


def digest(body: str) -> str:
    """128 bits of the document's content, in hex: two documents with the same digest are the same."""
    return blake2b(body.encode(), digest_size=16).hexdigest()


def chunks(given: Sequence[T]) -> Iterator[Sequence[T]]:
    """The sequence in pieces of at most `CHUNK`."""
    for start in range(0, len(given), CHUNK):
        yield given[start : start + CHUNK]
