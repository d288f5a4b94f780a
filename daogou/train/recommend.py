"""Training the recommendation: fit on the past, learn the blend on what came next, measure, fit on everything, keep."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from daogou.records import now
from daogou.train.registry import Registry, RunRecord

FILE = "recommend.npz"
Progress = Callable[[str, float], None]


class Learnable(Protocol):
    """What is trained (see `daogou.recommend.Learner`); rooms do not import each other, so it arrives as an
    argument."""

    name: str

    def read(self) -> dict[str, Any]: ...

    def split(self, *, share: float, seed: int, limit: int) -> dict[str, int]: ...

    def fit_before_cut(self) -> None: ...

    def learn(self, progress: Callable[[float], None] | None = None) -> float: ...

    def places(self) -> list[int]: ...

    def fit_all(self) -> None: ...

    def save(self, path: Path) -> None: ...


def train_recommend(
    learner: Learnable,
    registry: Registry,
    *,
    share: float = 0.1,
    limit: int = 16_000,
    seed: int = 0,
    progress: Progress | None = None,
) -> RunRecord:
    """One run; the finished version is kept but not published (the gate decides that). Metrics: recall10, ndcg10 of the
    learned blend, and `…_before` of the one that served until now (or of the weights set by hand), on the same cases,
    which the learning did not see: what the gate compares.

    Raises InputError where there are too few events to learn from; nothing is kept then."""
    started = time.perf_counter()
    say = progress or (lambda stage, done: None)
    say("reading events", 0.0)
    data = learner.read()
    say("splitting by time", 0.2)
    data |= learner.split(share=share, seed=seed, limit=limit)
    say("fitting on the past", 0.25)
    learner.fit_before_cut()
    say("measuring", 0.4)
    metrics = _figures(learner.places(), "_before")
    say("learning the blend", 0.5)
    metrics["log_likelihood"] = learner.learn(lambda done: say("learning the blend", 0.5 + 0.35 * done))
    say("measuring", 0.85)
    metrics |= _figures(learner.places(), "")
    say("fitting on everything", 0.9)
    learner.fit_all()
    name, folder = registry.start(learner.name)
    learner.save(folder / FILE)
    record = registry.finish(
        RunRecord(
            name=learner.name,
            version=name,
            created=now().isoformat(),
            code=_code(),
            seconds=round(time.perf_counter() - started, 3),
            seed=seed,
            data=data,
            parameters={"share": share, "limit": limit},
            metrics=metrics,
        )
    )
    say("done", 1.0)
    return record


def _figures(places: list[int], suffix: str) -> dict[str, float]:
    if not places:
        return {}
    ranks = np.array(places, np.float64)
    return {
        f"recall10{suffix}": float((ranks <= 10).mean()),
        f"ndcg10{suffix}": float(np.where(ranks <= 10, 1.0 / np.log2(ranks + 1.0), 0.0).mean()),
    }


def _code() -> str:
    try:
        return version("daogou")
    except PackageNotFoundError:
        return "uninstalled"
