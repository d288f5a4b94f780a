from __future__ import annotations

import numpy as np
import openvino
from hypothesis import given, settings
from hypothesis import strategies as st
from openvino import opset15 as op

from daogou.models.compress import compress_matrices, quantise


def _reference(group: np.ndarray) -> np.ndarray:
    """The plain way: the whole range in 16 steps."""
    low, high = min(float(group.min()), 0.0), max(float(group.max()), 0.0)
    scale = max((high - low) / 15, 1e-6)
    zero = round(-low / scale)
    return np.asarray((np.clip(np.rint(group / scale) + zero, 0, 15) - zero) * scale)


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.floats(1e-3, 10))
def test_never_worse_than_the_whole_range(seed: int, spread: float) -> None:
    groups = (np.random.default_rng(seed).standard_t(4, (3, 2, 32)) * spread).astype(np.float32)
    values, zeros, scales = quantise(groups)
    assert values.max() <= 15
    assert zeros.max() <= 15
    ours = (values.astype(np.float32) - zeros) * scales.astype(np.float32)
    for row in range(3):
        for place in range(2):
            error = np.square(ours[row, place] - groups[row, place]).sum()
            plain = np.square(_reference(groups[row, place]) - groups[row, place]).sum()
            assert error <= plain * 1.02 + 1e-9


def test_zeros_stay_zeros() -> None:
    values, zeros, scales = quantise(np.zeros((1, 1, 32), np.float32))
    assert np.all((values.astype(np.float32) - zeros) * scales.astype(np.float32) == 0)


def _eight_bit(matrix: np.ndarray) -> openvino.Node:
    groups = matrix.reshape(matrix.shape[0], -1, 32)
    scales = (np.abs(groups).max(axis=-1, keepdims=True) / 127).astype(np.float16)
    values = np.clip(np.rint(groups / scales.astype(np.float32)) + 128, 0, 255).astype(np.uint8)
    zeros = np.full_like(scales, 128).astype(np.uint8)
    wide = op.subtract(op.convert(op.constant(values), "f16"), op.convert(op.constant(zeros), "f16"))
    flat = op.reshape(op.multiply(wide, op.constant(scales)), op.constant(np.array(matrix.shape, np.int64)), False)
    return op.convert(flat, "f32")


def test_a_graph_keeps_its_meaning_and_its_last_matrix() -> None:
    generator = np.random.default_rng(3)
    inner, head = (generator.normal(size=(rows, 64)).astype(np.float32) for rows in (64, 256))
    x = op.parameter([-1, 64], np.float32)
    state = op.matmul(x, _eight_bit(inner), False, True)
    graph = openvino.Model([op.matmul(state, _eight_bit(head), False, True)], [x])
    given_ = generator.normal(size=(5, 64)).astype(np.float32)
    before = openvino.Core().compile_model(graph, "CPU")({0: given_})[0]
    assert compress_matrices(graph, lambda _done, _total: None) == 1
    stored = [node.get_element_type() for node in graph.get_ops() if node.get_type_name() == "Constant"]
    assert openvino.Type.u4 in stored
    assert openvino.Type.u8 in stored
    after = openvino.Core().compile_model(graph, "CPU")({0: given_})[0]
    assert np.corrcoef(before.ravel(), after.ravel())[0, 1] > 0.98
