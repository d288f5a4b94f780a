"""Qwen2.5 from a GGUF file to what OpenVINO GenAI loads in a few seconds.

OpenVINO's GGUF reader does not know Q5_0, which Q4_K_M files hold, and takes a quarter of a minute. So at install every
matrix is quantised again to Q8_0 (8 bits and a scale for each 32 values: the 4 to 6 bits it came in lose nothing one
can measure), read once, and saved as a graph. Why 8 bits: docs/decisions/0003.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from daogou.errors import WeightsCorrupt
from daogou.models.manifest import Progress

_FILES = (
    "openvino_model.xml",
    "openvino_model.bin",
    "openvino_tokenizer.xml",
    "openvino_tokenizer.bin",
    "openvino_detokenizer.xml",
    "openvino_detokenizer.bin",
)


def convert_qwen(raw: Path, folder: Path, progress: Progress) -> None:
    """Write graph, tokeniser and detokeniser into `folder` (about a minute for 0.5B on two cores)."""
    import openvino_genai

    between = folder / "model.gguf"
    try:
        steps = _requantise(raw, between, progress)
        progress(steps - 1, steps, "building the graph")
        openvino_genai.Tokenizer(str(between), enable_save_ov_model=True)
        scheduler = openvino_genai.SchedulerConfig()
        scheduler.num_kv_blocks = 1
        openvino_genai.ContinuousBatchingPipeline(str(between), scheduler, "CPU", {"enable_save_ov_model": True})
    except (RuntimeError, ValueError) as failure:
        raise WeightsCorrupt(
            f"{raw.name} can not be converted: {str(failure)[:300]}.", next_step="Delete it and pull again."
        ) from failure
    finally:
        between.unlink(missing_ok=True)
    missing = [file for file in _FILES if not (folder / file).exists()]
    if missing:
        raise WeightsCorrupt(
            f"The converter wrote no {', '.join(missing)}.", next_step="Check the version of openvino-genai."
        )
    progress(steps, steps, "converted")


def _requantise(source: Path, target: Path, progress: Progress) -> int:
    """Copy the file with every quantised matrix as Q8_0; gives the number of steps, tensors and one more."""
    from gguf import GGMLQuantizationType, GGUFReader, GGUFValueType, GGUFWriter, quants

    reader: Any = GGUFReader(source)
    writer: Any = GGUFWriter(target, reader.fields["general.architecture"].contents())
    for key, item in reader.fields.items():
        if key.startswith("GGUF.") or key == "general.architecture":
            continue
        kind = item.types[0]
        writer.add_key_value(key, item.contents(), kind, item.types[-1] if kind == GGUFValueType.ARRAY else None)
    plain = (GGMLQuantizationType.F32, GGMLQuantizationType.F16, GGMLQuantizationType.Q8_0)
    steps = len(reader.tensors) + 1
    for index, tensor in enumerate(reader.tensors):
        progress(index, steps, "quantising to 8 bits")
        if tensor.tensor_type in plain:
            writer.add_tensor(tensor.name, np.array(tensor.data), raw_dtype=tensor.tensor_type)
            continue
        values = quants.dequantize(tensor.data, tensor.tensor_type)
        again = quants.quantize(values, GGMLQuantizationType.Q8_0)
        writer.add_tensor(tensor.name, again, raw_dtype=GGMLQuantizationType.Q8_0)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return steps
