"""The service's own ranker, taken offline: for training, and for benchmarks on other people's sequences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from daogou.errors import InputError
from daogou.recommend.catalogue import Catalogue
from daogou.recommend.items import ItemIds
from daogou.recommend.ranker import Ranked, Ranker
from daogou.recommend.service import new_ranker
from daogou.recommend.sources import Asked
from daogou.recommend.trails import KIND_WEIGHTS, Batch, Kind, Trail, Trails
from daogou.records import Product
from daogou.stores import Database

MIN_CASES = 50  # below this the blend would learn noise


class Case(NamedTuple):
    """A history, and what was chosen after it for the first time."""

    history: Trail
    wanted: int


class OfflineRanker:
    """Sources and blend of the service over given products. item_ids: the numbering of the items, which must not tell
    anything (renumber at random where the file's own numbers do)."""

    def __init__(
        self,
        products: Iterable[Product],
        *,
        item_ids: Sequence[str] = (),
        vectors_of: Any = None,
        ease_items: int = 3_000,
    ) -> None:
        self.ids = ItemIds(item_ids)
        self.catalogue = Catalogue(self.ids)
        self.catalogue.put(products)
        self.ranker: Ranker = new_ranker(self.catalogue, vectors_of=vectors_of, ease_items=ease_items)

    def trail(self, item_ids: Sequence[str]) -> Trail:
        """A sequence of purchases whose order is known and whose times are not."""
        items = np.array([self.ids.add(one) for one in item_ids], np.int32)
        n = len(items)
        return Trail(items, np.zeros(n), np.full(n, Kind.BUY, np.int8), np.arange(n))

    def case(self, history: Sequence[str], wanted: str) -> Case:
        """A case to learn from, by item ids."""
        return Case(self.trail(history), self.ids.add(wanted))

    def fit(self, trails: Iterable[Trail]) -> None:
        """The sources, from these trails alone."""
        self.ranker.fit(Batch.of(trails))

    def learn(self, cases: Sequence[Case], *, progress: Callable[[float], None] | None = None) -> float:
        """The blend's weights, by maximum likelihood of what was chosen; the mean log-likelihood."""
        if len(cases) < MIN_CASES:
            raise InputError(
                f"{len(cases)} cases are too few to learn from, the least is {MIN_CASES}.",
                next_step="Wait for more events, or go on with the weights set by hand.",
            )
        examples = []
        for done, case in enumerate(cases):
            examples.append(self.ranker.example(Asked.of(case.history), case.wanted, self._unseen(case.history)))
            if progress is not None and done % 100 == 0:
                progress(0.7 * done / len(cases))
        return self.ranker.blend.learn(
            examples, progress=None if progress is None else lambda share: progress(0.7 + 0.3 * share)
        )

    def rank(self, history: Trail) -> Ranked:
        """All candidates for a history, what it holds already left out."""
        return self.ranker.rank(Asked.of(history), self._unseen(history))

    def answer(self, case: Case, k: int = 10) -> tuple[list[str], NDArray[np.float64], int]:
        """The first k ids, their probabilities, and the rank of what was chosen, ties counted against it; one more than
        there are items where it is no candidate."""
        ranked = self.rank(case.history)
        where = np.flatnonzero(ranked.items == case.wanted)
        place = int((ranked.logits >= ranked.logits[where[0]]).sum()) if len(where) else len(self.ids) + 1
        return self.ids.names(ranked.items[:k]), ranked.probabilities[:k], place

    def _unseen(self, history: Trail) -> NDArray[np.bool_]:
        allowed = np.ones(len(self.ids), bool)
        allowed[history.items] = False
        return allowed


class Learner:
    """What training works on: one database, read once, split by time. `daogou.train.train_recommend` drives it.

    current: the artefact that serves now; learning starts from its weights, and is measured against them.
    cut: the moment (Unix seconds) before which is fitted; learning: the cases the blend is learned from."""

    name = "recommend"

    def __init__(self, database: Database, *, current: Path | None = None, vectors_of: Any = None) -> None:
        self._database = database
        self._current = current
        self._vectors_of = vectors_of
        self._trails: list[Trail] = []
        self.cut = 0.0
        self.learning: list[Case] = []
        self._measuring: list[Case] = []

    def read(self) -> dict[str, Any]:
        """Reads catalogue and events; what they were, for the run record."""
        self.offline = OfflineRanker(self._database.products(), vectors_of=self._vectors_of)
        if self._current is not None:
            self.offline.ranker.load_blend(self._current)
        trails = Trails()
        read = trails.fill(self._database.events(), self.offline.ids)
        self._trails = list(trails)
        actions = sum(len(trail.items) for trail in self._trails)
        return {
            "products": self.offline.catalogue.products,
            "product_change": self._database.last_change(),
            "events": read,
            "trails": len(self._trails),
            "actions": actions,
        }

    def split(self, *, share: float, seed: int, limit: int) -> dict[str, int]:
        """Holds out the last `share` of all actions by time. Whoever did something new after the cut is a case: half of
        them (by lot) to learn the weights from, half to measure with. Nothing after the cut is fitted on."""
        telling = [trail.at(KIND_WEIGHTS[trail.kinds] > 0) for trail in self._trails]
        times = np.concatenate([trail.times for trail in telling]) if telling else np.zeros(0)
        self.cut = float(np.quantile(times, 1.0 - share)) if len(times) else 0.0
        cases = []
        for trail in telling:
            before, after = trail.at(trail.times <= self.cut), trail.at(trail.times > self.cut)
            new = after.items[~np.isin(after.items, before.items)]
            if len(new):
                cases.append(Case(before, int(new[0])))
        order = np.random.default_rng(seed).permutation(len(cases))[:limit].tolist()
        half = len(order) // 2
        self.learning = [cases[k] for k in order[:half]]
        self._measuring = [cases[k] for k in order[half:]]
        return {"learning_cases": len(self.learning), "measuring_cases": len(self._measuring)}

    def fit_before_cut(self) -> None:
        """The sources, from what came before the cut."""
        self.offline.fit(trail.at(trail.times <= self.cut) for trail in self._trails)

    def learn(self, progress: Callable[[float], None] | None = None) -> float:
        """The blend's weights. Raises InputError where there are too few cases."""
        return self.offline.learn(self.learning, progress=progress)

    def places(self) -> list[int]:
        """The rank of what was chosen in every measuring case."""
        return [self.offline.answer(case)[2] for case in self._measuring]

    def fit_all(self) -> None:
        """The sources, from everything."""
        self.offline.fit(self._trails)

    def save(self, path: Path) -> None:
        """One `.npz` of plain arrays."""
        self.offline.ranker.save(path)
