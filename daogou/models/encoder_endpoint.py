"""A text encoder behind an OpenAI-compatible `/v1/embeddings` (TEI, vLLM, Xinference, OpenAI)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from daogou.errors import ModelUnavailable
from daogou.models.endpoint import Endpoint
from daogou.models.protocols import Vectors

_BATCH = 64


class EndpointEncoder:
    """`TextEncoder` over `POST base/embeddings`. Thread-safe. Opening it asks for one vector, to learn its length.

    Models of the E5 family want `query: ` and `passage: ` before the text; they are added when the name says e5.
    """

    def __init__(self, base: str, model: str, *, api_key: str | None = None, endpoint: Endpoint | None = None) -> None:
        self.name = model
        self._endpoint = endpoint or Endpoint(base, api_key=api_key)
        prefixed = "e5" in model.lower()
        self._query, self._passage = ("query: ", "passage: ") if prefixed else ("", "")
        self.dim = 0
        self.dim = int(self._send(["daogou"]).shape[1])

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """(n,) texts -> (n, dim) float32, L2-normalised."""
        return self._encode([self._query + text for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """(n,) texts -> (n, dim) float32, L2-normalised; the server truncates long ones."""
        return self._encode([self._passage + text for text in texts])

    def close(self) -> None:
        """Close the connections."""
        self._endpoint.close()

    def _encode(self, texts: list[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dim), np.float32)
        return np.concatenate([self._send(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH)])

    def _send(self, texts: list[str]) -> Vectors:
        # Many servers refuse an empty input; a space has the same (lack of) meaning.
        body = {"model": self.name, "input": [text or " " for text in texts], "encoding_format": "float"}
        reply = self._endpoint.post("embeddings", body)
        try:
            rows = sorted(reply["data"], key=lambda row: int(row["index"]))
            vectors = np.array([row["embedding"] for row in rows], np.float32)
            fits = vectors.ndim == 2 and len(vectors) == len(texts) and self.dim in (0, vectors.shape[1])
        except (KeyError, TypeError, ValueError):
            fits = False
        if not fits:
            raise ModelUnavailable(
                f"{self._endpoint.base}/embeddings answered what are no {len(texts)} vectors"
                f"{f' of {self.dim}' if self.dim else ''}: {str(reply)[:200]!r}.",
                next_step="Check the model's name and that it is an embedding model.",
            )
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        normalised: Vectors = vectors / np.maximum(norms, 1e-12)
        return normalised
