"""The embedded text encoder: multilingual-e5-small (Wang et al. 2024, arXiv 2402.05672) on OpenVINO, 384-d.

Two compiled copies of one graph: one answers queries with all cores on one text, one works through bulk with a stream
a core. They share the weights file, and a bulk run never makes a query wait in its queue.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daogou.models.e5_graph import GRAPH
from daogou.models.e5_tokenizer import E5Tokenizer
from daogou.models.protocols import Vectors

_PAD = 1
_SMALL = 4  # up to this many texts go to the query copy
_CHUNK = 1024  # texts tokenised and sorted by length at a time, which bounds memory
_BATCH_TOKENS = 1024  # padded tokens a batch; larger ones leave the cache of a small machine
_REQUESTS = 2
_Ids = list[int]


class OpenVinoEncoder:
    """`TextEncoder` over the converted weights in `folder`. Thread-safe; loading takes about a second."""

    dim = 384

    def __init__(self, folder: Path, *, name: str = "e5-small", cache_size: int = 4096) -> None:
        import openvino

        self.name = name
        self._tokenizer = E5Tokenizer(folder)
        core = openvino.Core()
        graph = core.read_model(str(folder / GRAPH))
        bf16 = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        precision = {"INFERENCE_PRECISION_HINT": "bf16" if bf16 else "f32"}
        self._bulk = core.compile_model(graph, "CPU", {"PERFORMANCE_HINT": "THROUGHPUT", **precision})
        quick = core.compile_model(graph, "CPU", {"PERFORMANCE_HINT": "LATENCY", **precision})
        self._requests: SimpleQueue[Any] = SimpleQueue()
        for _ in range(_REQUESTS):
            self._requests.put(quick.create_infer_request())
        self._bulk_lock = threading.Lock()
        self._cache: OrderedDict[str, Vectors] = OrderedDict()
        self._cache_size = cache_size
        self._cache_lock = threading.Lock()

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """(n,) texts -> (n, 384) float32, L2-normalised. The last few thousand distinct queries are remembered."""
        out = np.empty((len(texts), self.dim), np.float32)
        missing: dict[str, list[int]] = {}
        with self._cache_lock:
            for index, text in enumerate(texts):
                known = self._cache.get(text)
                if known is None:
                    missing.setdefault(text, []).append(index)
                else:
                    self._cache.move_to_end(text)
                    out[index] = known
        if missing:
            fresh = self._encode(list(missing), "query: ")
            for vector, places in zip(fresh, missing.values(), strict=True):
                out[places] = vector
            with self._cache_lock:
                self._cache.update(zip(missing, fresh, strict=True))
                while len(self._cache) > self._cache_size:
                    self._cache.popitem(last=False)
        return out

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """(n,) texts -> (n, 384) float32, L2-normalised; what lies beyond 512 tokens of a text is left out."""
        return self._encode(texts, "passage: ")

    def close(self) -> None:
        """Forget the cached queries; the runtime frees the rest with the object."""
        with self._cache_lock:
            self._cache.clear()

    def _encode(self, texts: Sequence[str], prefix: str) -> Vectors:
        if len(texts) <= _SMALL:
            return self._encode_quick(texts, prefix)
        return self._encode_bulk(texts, prefix)

    def _encode_quick(self, texts: Sequence[str], prefix: str) -> Vectors:
        out = np.empty((len(texts), self.dim), np.float32)
        for index, ids in enumerate(self._tokenizer.encode(texts, prefix)):
            request = self._requests.get()
            try:
                request.infer({0: np.array([ids], np.int32)})
                out[index] = request.get_output_tensor().data[0]
            finally:
                self._requests.put(request)
        return out

    def _encode_bulk(self, texts: Sequence[str], prefix: str) -> Vectors:
        import openvino

        out = np.empty((len(texts), self.dim), np.float32)

        def keep(request: Any, places: list[int]) -> None:
            out[places] = request.get_output_tensor().data

        with self._bulk_lock:
            queue = openvino.AsyncInferQueue(self._bulk)
            queue.set_callback(keep)
            for start in range(0, len(texts), _CHUNK):
                # Tokenising this chunk overlaps with the runtime's work on the batches already queued.
                rows = self._tokenizer.encode(texts[start : start + _CHUNK], prefix)
                for places in _batches(rows):
                    queue.start_async({0: _padded([rows[place] for place in places])}, [start + p for p in places])
            queue.wait_all()
        return out


def _batches(rows: Sequence[_Ids]) -> Iterator[list[int]]:
    """Indices of rows of like length, longest first, each batch within the token budget."""
    batch: list[int] = []
    for index in sorted(range(len(rows)), key=lambda row: -len(rows[row])):
        if batch and (len(batch) + 1) * len(rows[batch[0]]) > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _padded(rows: Sequence[_Ids]) -> NDArray[np.int32]:
    out = np.full((len(rows), max(map(len, rows))), _PAD, np.int32)
    for index, row in enumerate(rows):
        out[index, : len(row)] = row
    return out
