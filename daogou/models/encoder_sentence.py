"""A text encoder of the sentence-transformers library, imported only when its address is used."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from daogou.errors import ModelUnavailable, SettingsError
from daogou.models.protocols import Vectors


class SentenceTransformersEncoder:
    """`TextEncoder` over `SentenceTransformer(name)`; the model's own query and document prompts are used."""

    def __init__(self, name: str) -> None:
        try:
            library: Any = importlib.import_module("sentence_transformers")
        except ImportError as failure:
            raise SettingsError(
                f"DAOGOU_ENCODER='sentence-transformers:{name}' needs a library that is not installed.",
                next_step="Run `pip install sentence-transformers`.",
            ) from failure
        try:
            self._model = library.SentenceTransformer(name)
        except (OSError, ValueError) as failure:
            raise ModelUnavailable(
                f"sentence-transformers can not load {name!r}: {failure}.", next_step="Check the name and the network."
            ) from failure
        self.name = name
        self.dim = int(self._model.get_sentence_embedding_dimension())
        known = set(getattr(self._model, "prompts", {}) or {})
        e5 = "e5" in name.lower() and not known
        self._prefixes = ("query: ", "passage: ") if e5 else ("", "")
        self._prompts = ("query" if "query" in known else None, "document" if "document" in known else None)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """(n,) texts -> (n, dim) float32, L2-normalised."""
        return self._encode(texts, 0)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """(n,) texts -> (n, dim) float32, L2-normalised."""
        return self._encode(texts, 1)

    def close(self) -> None:
        """Let go of the model."""
        self._model = None

    def _encode(self, texts: Sequence[str], side: int) -> Vectors:
        if not texts:
            return np.empty((0, self.dim), np.float32)
        vectors = self._model.encode(
            [self._prefixes[side] + text for text in texts],
            prompt_name=self._prompts[side],
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, np.float32)
