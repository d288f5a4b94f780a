"""What every benchmark shares: its options, finding it by name, the machine it ran on, and the final JSON line.

A benchmark is one file `bench_NAME.py` with `run(options) -> figures`, or several figures where it measures several
datasets. `run_benchmark` adds what each line must hold and prints them; the last line of the output is JSON.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TextIO

from daogou.errors import BenchError
from daogou.evaluate.metrics import bootstrap

Figures = dict[str, Any]

# name on the command line -> module beside this file. A name whose module is absent is listed as not built.
BENCHMARKS: dict[str, str] = {
    "intake": "bench_intake",
    "search": "bench_search",
    "search-zh": "bench_search_zh",
    "latency": "bench_latency",
    "recommend": "bench_recommend",
    "grounding": "bench_grounding",
    "models": "bench_models",
}
_FLAGS = (
    "avx2",
    "avx512f",
    "avx512_vnni",
    "avx_vnni",
    "avx512_bf16",
    "amx_tile",
    "amx_int8",
    "amx_bf16",
    "asimd",
    "sve",
)


@dataclass(frozen=True)
class Services:
    """How a benchmark reaches what it measures: `evaluate` imports no service, the command line hands them over.

    open_guide(**settings): a Guide over a fresh or existing home. import_files(database, kind, paths, **options): what
    `daogou import` does. build_index(database, indexes, encoder, **options): what `daogou index` does.
    new_ranker(): an unfitted ranker of the recommendation service. `extra` holds what one benchmark alone needs."""

    open_guide: Callable[..., Any] | None = None
    import_files: Callable[..., Any] | None = None
    build_index: Callable[..., Any] | None = None
    new_ranker: Callable[..., Any] | None = None
    extra: Mapping[str, Callable[..., Any]] = field(default_factory=dict)

    def need(self, name: str) -> Callable[..., Any]:
        """The named service. Raises BenchError where the caller did not hand it over."""
        found = getattr(self, name, None) or self.extra.get(name)
        if not callable(found):
            raise BenchError(
                f"The benchmark needs the service {name!r}, which was not handed over.",
                next_step="Run it with `daogou bench`, which hands over every service.",
            )
        return found


@dataclass(frozen=True)
class BenchOptions:
    """What the command line says.

    data: a folder with the layout of the open data. engine, llm: addresses, None for the default. limit: at most so
    many
    queries, shoppers or rows. train_data: learn there, measure on `data`. json_only: no progress, only JSON lines."""

    data: Path | None = None
    engine: str | None = None
    llm: str | None = None
    limit: int | None = None
    seed: int = 0
    train_data: Path | None = None
    json_only: bool = False
    weights: Path = Path("~/.cache/daogou")
    services: Services = field(default_factory=Services)

    def folder(self, name: str) -> Path:
        """The dataset folder `name` in `data`, or `data` itself where it is that folder. Raises BenchError."""
        return self._folder(self.data, name, "--data")

    def train_folder(self, name: str) -> Path | None:
        """The same in `train_data`; None where none was given."""
        return None if self.train_data is None else self._folder(self.train_data, name, "--train-data")

    @staticmethod
    def _folder(root: Path | None, name: str, option: str) -> Path:
        if root is None:
            raise BenchError(
                f"The benchmark needs the dataset {name!r}.", next_step=f"Give its folder with {option} DIR."
            )
        for folder in (root / name, root):
            if folder.is_dir() and folder.name == name:
                return folder
        raise BenchError(
            f"There is no dataset {name!r} in {root}.", next_step=f"{option} takes the folder that holds it."
        )


def ci(values: Iterable[float], *, seed: int = 0) -> list[float]:
    """Bootstrap 95% interval of the mean, as the final line holds it: [low, high], four decimals."""
    low, high = bootstrap(list(values), seed=seed)
    return [round(low, 4), round(high, 4)]


def machine() -> dict[str, Any]:
    """Cores this process may use, the processor's name and the vector extensions that matter for speed."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    name, flags = platform.processor() or platform.machine(), set[str]()
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8", errors="replace").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name":
                name = value.strip()
            elif key.strip() in {"flags", "Features"}:
                flags = set(value.split())
                break
    return {"cores": cores, "processor": name, "flags": [flag for flag in _FLAGS if flag in flags]}


def rss_mb() -> float:
    """Resident memory of this process now, in MB; 0.0 where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    for line in status.read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return round(int(line.split()[1]) / 1024, 1)
    return 0.0


def available() -> dict[str, bool]:
    """Every benchmark's name and whether its file is there."""
    return {
        name: importlib.util.find_spec(f"daogou.evaluate.{module}") is not None for name, module in BENCHMARKS.items()
    }


def run_benchmark(name: str, options: BenchOptions, *, out: TextIO | None = None) -> list[Figures]:
    """Runs benchmark `name`, prints one JSON line per dataset (the last line of the output), and returns the lines.

    Raises BenchError where it cannot run; figures, good or bad, are no error."""
    out = out or sys.stdout
    run = _find(name)
    started = time.perf_counter()
    outcome = run(options)
    lines: list[Figures] = []
    for figures in [outcome] if isinstance(outcome, dict) else outcome:
        now = time.perf_counter()
        line = {
            "benchmark": name,
            "dataset": figures.get("dataset", ""),
            "seed": options.seed,
            "version": _version(),
            "machine": machine(),
            "seconds": round(figures.get("seconds", now - started), 3),
            **{key: value for key, value in figures.items() if key not in {"dataset", "seconds"}},
        }
        started = now
        print(json.dumps(line, ensure_ascii=False, allow_nan=False), file=out, flush=True)
        lines.append(line)
    if not lines:
        raise BenchError(f"The benchmark {name!r} found nothing to measure.", next_step="Look into the --data folder.")
    return lines


def _find(name: str) -> Callable[[BenchOptions], Figures | Iterable[Figures]]:
    module = BENCHMARKS.get(name)
    if module is None:
        raise BenchError(f"There is no benchmark {name!r}.", next_step=f"There are: {', '.join(sorted(BENCHMARKS))}.")
    if not available()[name]:
        raise BenchError(f"The benchmark {name!r} is not built yet.", next_step="`daogou bench --help` lists what is.")
    found: Callable[[BenchOptions], Figures | Iterable[Figures]] = importlib.import_module(
        f"daogou.evaluate.{module}"
    ).run
    return found


def _version() -> str:
    try:
        return version("daogou")
    except PackageNotFoundError:
        return "uninstalled"
