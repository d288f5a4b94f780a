"""Qwen2.5 from a GGUF file to what OpenVINO GenAI loads in a few seconds.

OpenVINO's GGUF reader does not know Q5_0, which Q4_K_M files hold. So at install every matrix goes to Q8_0 (8 bits and
a scale for each 32 values, which loses nothing one can measure), is read once, and saved as a graph whose layers are
then made 4 bits. Why 4 bits there and 8 in the last matrix: docs/decisions/0003.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np

from daogou.errors import WeightsCorrupt
from daogou.models.compress import compress_matrices
from daogou.models.manifest import Progress

_GRAPH = "openvino_model.xml"
_TOKENISER = tuple(f"openvino_{kind}.{end}" for kind in ("tokenizer", "detokenizer") for end in ("xml", "bin"))


def convert_qwen(raw: Path, folder: Path, progress: Progress) -> None:
    """Write graph, tokeniser and detokeniser into `folder` (about a minute for 0.5B on two cores)."""
    between = folder / "between"
    between.mkdir()
    try:
        _requantise(raw, between / "model.gguf", progress)
        progress(0, 1, "reading the graph")
        _read_graph(between)
        _compress(between, folder, progress)
        for file in _TOKENISER:
            shutil.move(between / file, folder / file)
    except (RuntimeError, ValueError, KeyError, FileNotFoundError) as failure:
        raise WeightsCorrupt(
            f"{raw.name} can not be converted: {type(failure).__name__}: {str(failure)[:300]}.",
            next_step="Check the version of openvino-genai (`daogou doctor`), then pull again.",
        ) from failure
    finally:
        shutil.rmtree(between)
    progress(1, 1, "converted")


def _requantise(source: Path, target: Path, progress: Progress) -> None:
    """Copy the file with every quantised matrix as Q8_0."""
    from gguf import GGMLQuantizationType, GGUFReader, GGUFValueType, GGUFWriter, quants

    reader: Any = GGUFReader(source)
    writer: Any = GGUFWriter(target, reader.fields["general.architecture"].contents())
    for key, item in reader.fields.items():
        if key.startswith("GGUF.") or key == "general.architecture":
            continue
        kind = item.types[0]
        writer.add_key_value(key, item.contents(), kind, item.types[-1] if kind == GGUFValueType.ARRAY else None)
    plain = (GGMLQuantizationType.F32, GGMLQuantizationType.F16, GGMLQuantizationType.Q8_0)
    for index, tensor in enumerate(reader.tensors):
        progress(index, len(reader.tensors), "quantising to 8 bits")
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


def _read_graph(between: Path) -> None:
    """Have the runtime read the GGUF file; it saves the graph and the tokeniser beside it."""
    import openvino_genai

    file = between / "model.gguf"
    openvino_genai.Tokenizer(str(file), enable_save_ov_model=True)
    scheduler = openvino_genai.SchedulerConfig()
    scheduler.num_kv_blocks = 1
    openvino_genai.ContinuousBatchingPipeline(str(file), scheduler, "CPU", {"enable_save_ov_model": True})
    file.unlink()


def _compress(between: Path, folder: Path, progress: Progress) -> None:
    import openvino

    graph = openvino.Core().read_model(str(between / _GRAPH))
    count = compress_matrices(graph, lambda done, total: progress(done, total, "compressing to 4 bits"))
    if count == 0:
        raise ValueError("no matrix was found in the graph")
    openvino.save_model(graph, str(folder / _GRAPH), compress_to_fp16=False)
