"""The ranker: all sources and their blend, over one catalogue. The service and the benchmark both run this class."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from daogou.errors import InputError
from daogou.recommend.blend import Blend, Example, Floats
from daogou.recommend.catalogue import Catalogue
from daogou.recommend.sources import Asked, Source
from daogou.recommend.trails import Batch, Change

FORMAT = 1  # of the saved artefact


class Ranked(NamedTuple):
    """(c,) candidates best first, their f and P; parts: (S, c) what each source adds to f; scores: (S, c) their own."""

    items: NDArray[np.int64]
    logits: Floats
    probabilities: Floats
    parts: Floats
    scores: NDArray[np.float32]


class Ranker:
    """Not thread-safe by itself: the service holds its lock around it."""

    def __init__(self, catalogue: Catalogue, sources: Sequence[Source], blend: Blend, *, depth: int = 100) -> None:
        self.catalogue = catalogue
        self.sources = {source.name: source for source in sources}
        self.blend = blend
        self.depth = depth

    def fit(self, batch: Batch, *, progress: Callable[[str], None] | None = None) -> None:
        """Every source anew from all trails."""
        for source in self.sources.values():
            if progress is not None:
                progress(source.name)
            source.fit(batch, self.catalogue)

    def update(self, change: Change) -> None:
        """Every source takes up what changed in one trail."""
        for source in self.sources.values():
            source.update(change)

    def scores(self, asked: Asked, blend: Blend) -> NDArray[np.float32]:
        """(S, n) scores of the blend's sources over the whole catalogue."""
        return np.stack([self.sources[name].score(asked) for name in blend.names])

    def candidates(self, scores: NDArray[np.float32], allowed: NDArray[np.bool_]) -> NDArray[np.int64]:
        """The best `depth` of every source that are allowed and score above zero, together, in order of number."""
        found = [_best(np.where(allowed, line, 0.0), self.depth) for line in scores]
        return np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)

    def rank(self, asked: Asked, allowed: NDArray[np.bool_], *, blend: Blend | None = None) -> Ranked:
        """All candidates, best first. allowed: (n,) which items may be shown."""
        blend = blend or self.blend
        scores = self.scores(asked, blend)
        items = self.candidates(scores, allowed)
        inside = scores[:, items]
        logits = blend.logits(inside, len(asked.items))
        order = np.argsort(-logits, kind="stable")
        inside = inside[:, order]
        return Ranked(
            items[order],
            logits[order],
            blend.probabilities(logits)[order],
            blend.parts(inside, len(asked.items)),
            inside,
        )

    def example(self, asked: Asked, wanted: int, allowed: NDArray[np.bool_]) -> Example:
        """What the blend learns from: this history, after which `wanted` was chosen."""
        scores = self.scores(asked, self.blend)
        items = self.candidates(scores, allowed)
        place = int(np.searchsorted(items, wanted))
        found = place < len(items) and items[place] == wanted
        return Example(scores[:, items], len(asked.items), place if found else None)

    def load_blend(self, path: Path) -> None:
        """Only what was learned about weighing the sources, for a ranker that counts its own events."""
        with np.load(path, allow_pickle=False) as arrays:
            self._check(path, arrays)
            self.blend = Blend.load(_under(arrays, "blend."))

    @staticmethod
    def _check(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
        if int(arrays["format"]) != FORMAT:
            raise InputError(
                f"{path.name} has format {int(arrays['format'])}, this program reads {FORMAT}.",
                next_step="Train again with `daogou train recommend`.",
            )

    def save(self, path: Path) -> None:
        """One `.npz` of plain arrays: item ids, every source, the blend."""
        arrays: dict[str, NDArray[Any]] = {
            "format": np.array(FORMAT),
            "ids": np.array(self.catalogue.ids.names(range(len(self.catalogue.ids))), dtype=np.str_),
        }
        for name, source in self.sources.items():
            arrays |= {f"source.{name}.{key}": value for key, value in source.save().items()}
        arrays |= {f"blend.{key}": value for key, value in self.blend.save().items()}
        with path.open("wb") as out:
            np.savez(out, **arrays)  # type: ignore[arg-type]

    def load(self, path: Path) -> None:
        """The reverse of `save`; the catalogue must be empty of ids or hold the same ones. Raises InputError."""
        with np.load(path, allow_pickle=False) as arrays:
            self._check(path, arrays)
            ids = self.catalogue.ids
            numbers = np.array([ids.add(name) for name in arrays["ids"].tolist()], np.int64)
            if not np.array_equal(numbers, np.arange(len(numbers))):
                raise InputError(
                    f"{path.name} numbers its products otherwise than this catalogue.",
                    next_step="Load it into a new ranker, before the catalogue is filled.",
                )
            for name, source in self.sources.items():
                source.load(_under(arrays, f"source.{name}."), self.catalogue)
            self.blend = Blend.load(_under(arrays, "blend."))


def _best(line: NDArray[Any], k: int) -> NDArray[np.int64]:
    """The places of the k largest values above zero; among equals at the border, the first.

    By `partition` and comparison, as `argpartition` is ten times slower where most values are equal (mostly zero)."""
    places = np.flatnonzero(line > 0)
    if len(places) <= k:
        return places
    values = line[places]
    border = np.partition(values, len(values) - k)[len(values) - k]
    above = places[values > border]
    return np.concatenate([above, places[values == border][: k - len(above)]])


def _under(arrays: Mapping[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[Any]]:
    return {key.removeprefix(prefix): arrays[key] for key in arrays if key.startswith(prefix)}
