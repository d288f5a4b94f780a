"""Matrices of a graph from 8 bits to 4: a scale and a zero point for each 32 inputs, the scale searched.

The widest range is seldom the best: of five narrower ones each group takes that with the least squared error, as
AWQ-like clipping does (Lin et al. 2023, arXiv 2306.00978), without needing data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

_TOP = 15  # the largest 4-bit value
_NARROWER = (1.0, 0.95, 0.9, 0.85, 0.8)
_SMALLEST = 1e-6  # float16 can still tell it from nothing
_Floats = NDArray[np.float32]


def compress_matrices(graph: Any, step: Callable[[int, int], None]) -> int:
    """Replace the 8-bit matrices that MatMul reads, except the last one, which turns states into words.

    graph: what OpenVINO's GGUF reader saves. step: called with (matrices done, matrices). Gives how many there were.
    """
    found = sorted(_matrices(graph), key=lambda node: -_stored(node)[0].shape[0])
    vocabulary = _stored(found[0])[0].shape[0] if found else 0
    chosen = [node for node in found if _stored(node)[0].shape[0] < vocabulary]
    for index, node in enumerate(chosen):
        step(index, len(chosen))
        values, zeros, scales = _stored(node)
        replacement = _four_bits((values.astype(np.float32) - zeros.astype(np.float32)) * scales.astype(np.float32))
        for target in node.output(0).get_target_inputs():
            target.replace_source_output(replacement.output(0))
    graph.validate_nodes_and_infer_types()
    return len(chosen)


def _matrices(graph: Any) -> Iterator[Any]:
    """The node that gives each matrix: Convert(Reshape((values - zeros) * scales))."""
    for node in graph.get_ordered_ops():
        if node.get_type_name() != "MatMul":
            continue
        root = node.input_value(1).get_node()
        chain = root
        for kind in ("Convert", "Reshape", "Multiply", "Subtract", "Convert"):
            if chain.get_type_name() != kind:
                break
            chain = chain.input_value(0).get_node()
        else:
            if chain.get_type_name() == "Constant":
                yield root


def _stored(root: Any) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.float16]]:
    """Values (outputs, groups, 32), zero points and scales (outputs, groups, 1)."""
    multiply = root.input_value(0).get_node().input_value(0).get_node()
    subtract = multiply.input_value(0).get_node()
    values, zeros = (subtract.input_value(side).get_node().input_value(0).get_node().data for side in (0, 1))
    return values, zeros, multiply.input_value(1).get_node().data


def quantise(groups: _Floats) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.float16]]:
    """(outputs, groups, 32) floats -> values and zero points from 0 to 15, and scales: (value - zero) * scale."""
    low = np.minimum(groups.min(axis=-1, keepdims=True), 0)
    high = np.maximum(groups.max(axis=-1, keepdims=True), 0)
    best_error = np.full_like(low, np.inf)
    values, zeros, scales = np.zeros_like(groups), np.zeros_like(low), np.zeros_like(low)
    for narrower in _NARROWER:
        scale = np.maximum((high - low) * narrower / _TOP, _SMALLEST).astype(np.float16).astype(np.float32)
        zero = np.clip(np.rint(-low * narrower / scale), 0, _TOP)
        value = np.clip(np.rint(groups / scale) + zero, 0, _TOP)
        error = np.square((value - zero) * scale - groups).sum(axis=-1, keepdims=True)
        better = error < best_error
        best_error = np.where(better, error, best_error)
        values, zeros = np.where(better, value, values), np.where(better, zero, zeros)
        scales = np.where(better, scale, scales)
    return values.astype(np.uint8), zeros.astype(np.uint8), scales.astype(np.float16)


def _four_bits(groups: _Floats) -> Any:
    import openvino
    from openvino import opset15 as op

    values, zeros, scales = quantise(groups)
    wide = [op.convert(op.constant(part, openvino.Type.u4), "f16") for part in (values, zeros)]
    scaled = op.multiply(op.subtract(*wide), op.constant(scales))
    flat = op.reshape(scaled, op.constant(np.array([groups.shape[0], -1], np.int64)), False)
    return op.convert(flat, "f32")
