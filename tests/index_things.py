"""Products and an encoder for the tests of this room."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np

from daogou.models import Vectors
from daogou.records import Money, Product, Translation


class HashEncoder:
    """Texts to unit vectors without weights: the same text, the same vector. Counts what it is given."""

    name = "hash"
    dim = 16

    def __init__(self) -> None:
        self.texts: list[str] = []

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.texts += texts
        return self._encode(texts)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        seeds = (int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little") for text in texts)
        rows = np.array([np.random.default_rng(seed).standard_normal(self.dim) for seed in seeds], dtype=np.float32)
        rows = rows.reshape(len(texts), self.dim)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)

    def close(self) -> None: ...


def shoe(number: int, **changes: object) -> Product:
    """A bilingual product."""
    fields: dict[str, object] = {
        "id": f"S{number:04}",
        "title": f"轻量跑鞋 {number} 号",
        "brand": "飞燕",
        "category": ("鞋", "跑鞋"),
        "attributes": {"颜色": ("黑色",), "重量": ("0.25 kg",)},
        "price": Money.of(199 + number, "CNY"),
        "language": "zh",
        "translations": {"en": Translation(title=f"Light running shoe {number}", brand="Swallow")},
    }
    return Product.parse(fields | changes)
