"""`daogou bench recommend`: next-item recommendation on purchase sequences, leave-one-out, all items ranked.

The last item of a sequence is the test item, the last but one the validation item. Two protocols, never mixed: in A
(`recall10`, …) nothing is fitted on validation or test items, the validation item is only context when testing; in B
(`refit`) the counts are fitted anew with the validation items. In both the blend's weights are learned from which
validation item followed. Items already in the history are not ranked. Item ids are renumbered at random first, as these
files number them in the order of users; `shuffled3` is the same measurement (A) with neighbours shuffled at random in
windows of three, as many reviews of one day stand in product-code order. Every figure is a development figure.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from daogou.errors import BenchError
from daogou.evaluate.baselines import BASELINES, Scorer
from daogou.evaluate.bench import BenchOptions, Figures, ci, rss_mb
from daogou.evaluate.metrics import calibration_error, coverage, gains_at, hits_at, rank_of
from daogou.records import Product

LEARN_FROM = 8_000  # validation cases the blend is learned from; the rest would add time and nothing else
TOP = 10

Sequences = list[NDArray[np.int64]]


class Data(NamedTuple):
    """One dataset: products by number (renumbered at random), sequences of item numbers, oldest first."""

    name: str
    products: list[Product]
    sequences: Sequences


def run(options: BenchOptions) -> Iterator[Figures]:
    """One line for every dataset NAME of which NAME_sequences.txt and NAME_items.jsonl are there."""
    folder = options.folder("amazon_sequences")
    names = sorted(path.name.removesuffix("_sequences.txt") for path in folder.glob("*_sequences.txt"))
    if not names:
        raise BenchError(f"{folder} holds no …_sequences.txt.", next_step="Look into the README of the dataset.")
    train_folder = options.train_folder("amazon_sequences")
    for name in names:
        yield measure(read(folder, name, options.seed), options, None if train_folder is None else train_folder)


def read(folder: Path, name: str, seed: int) -> Data:
    """Reads a dataset and renumbers its items at random. Raises BenchError for a file that is not as documented."""
    rows = _lines(folder / f"{name}_items.jsonl")
    order = np.random.default_rng(seed).permutation(len(rows))
    numbers: dict[int, int] = {}
    products: list[Product] = []
    for number, row in enumerate(order.tolist()):
        item = json.loads(rows[row])
        numbers[int(item["id"])] = number
        path = max(item.get("categories") or [[]], key=len)
        title = str(item.get("title") or "").strip()[:1000] or "untitled"
        products.append(Product(id=str(number), title=title, category=tuple(str(part) for part in path if part)))
    try:
        given = [[numbers[int(one)] for one in line.split()[1:]] for line in _lines(folder / f"{name}_sequences.txt")]
    except (KeyError, ValueError) as failure:
        raise BenchError(f"{name}_sequences.txt names an item that is not in the list: {failure}.") from None
    return Data(name, products, [np.array(one, np.int64) for one in given if len(one) >= 3])


def measure(data: Data, options: BenchOptions, train_folder: Path | None) -> Figures:
    """All figures of one dataset. With a training folder the blend is learned there, from the dataset of the same name
    or else from the first."""
    rng = np.random.default_rng(options.seed)
    say = _progress(options, data.name)
    tested = rng.permutation(len(data.sequences))[: options.limit].tolist()
    say("learning")
    started = time.perf_counter()
    ranker = _learned(data, options, train_folder)
    train_seconds = time.perf_counter() - started
    say("measuring, protocol A")
    outcome = _test(ranker, data.sequences, tested)
    memory = rss_mb()
    say("measuring, neighbours shuffled")
    mixed = [_mixed(one, rng) for one in data.sequences]
    shuffled = _test(_learned(data._replace(sequences=mixed), options, train_folder), mixed, tested)
    say("measuring, protocol B")
    ranker.fit(ranker.trail(_ids(one[:-1])) for one in data.sequences)
    refit = _test(ranker, data.sequences, tested)
    del ranker
    baselines = {}
    for name, make in BASELINES.items():
        say(f"baseline {name}")
        scorer = make([one[:-2] for one in data.sequences], len(data.products), options.seed)
        baselines[name] = _figures(_baseline_ranks(scorer, data.sequences, tested), options.seed)
        del scorer
    say("")
    return {
        "dataset": data.name,
        "development_figure": True,
        "items": len(data.products),
        "users": len(data.sequences),
        "tested": len(tested),
        "learned_from": "the same data's validation items" if train_folder is None else "the training folder",
        **_figures(outcome.ranks, options.seed),
        "refit": _figures(refit.ranks, options.seed),
        "shuffled3": _figures(shuffled.ranks, options.seed),
        "train_seconds": round(train_seconds, 2),
        "serve_p50_ms": round(float(np.percentile(outcome.seconds, 50)) * 1000, 2),
        "serve_p95_ms": round(float(np.percentile(outcome.seconds, 95)) * 1000, 2),
        "rss_mb": memory,
        "coverage10": round(coverage(outcome.lists, len(data.products)), 4),
        "ece": round(calibration_error(outcome.probabilities, outcome.happened), 5),
        "said10": round(float(outcome.probabilities.sum()) / len(tested), 4),
        "baselines": baselines,
    }


class _Outcome(NamedTuple):
    ranks: NDArray[np.int64]
    lists: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    happened: NDArray[np.float64]
    seconds: NDArray[np.float64]


def _learned(data: Data, options: BenchOptions, train_folder: Path | None) -> Any:
    """The service's ranker, fitted without validation and test items, its blend learned on validation items."""
    ranker = _fitted(data, options)
    lesson, teacher = data, ranker
    if train_folder is not None:
        names = sorted(path.name.removesuffix("_sequences.txt") for path in train_folder.glob("*_sequences.txt"))
        if not names:
            raise BenchError(f"{train_folder} holds no …_sequences.txt.", next_step="Give another --train-data folder.")
        lesson = read(train_folder, data.name if data.name in names else names[0], options.seed)
        teacher = _fitted(lesson, options)
    some = np.random.default_rng(options.seed).permutation(len(lesson.sequences))[:LEARN_FROM].tolist()
    teacher.learn([teacher.case(_ids(lesson.sequences[k][:-2]), str(lesson.sequences[k][-2])) for k in some])
    ranker.ranker.blend = teacher.ranker.blend
    return ranker


def _fitted(data: Data, options: BenchOptions) -> Any:
    make = options.services.need("new_ranker")
    ranker = make(data.products, item_ids=[product.id for product in data.products])
    ranker.fit(ranker.trail(_ids(one[:-2])) for one in data.sequences)
    return ranker


def _test(ranker: Any, sequences: Sequences, tested: Sequence[int]) -> _Outcome:
    ranks = np.zeros(len(tested), np.int64)
    lists = np.full((len(tested), TOP), -1, np.int64)
    probabilities, happened = np.zeros((len(tested), TOP)), np.zeros((len(tested), TOP))
    seconds = np.zeros(len(tested))
    for row, user in enumerate(tested):
        history, wanted = sequences[user][:-1], int(sequences[user][-1])
        case = ranker.case(_ids(history), str(wanted))
        started = time.perf_counter()
        ids, said, ranks[row] = ranker.answer(case, TOP)
        seconds[row] = time.perf_counter() - started
        lists[row, : len(ids)] = [int(one) for one in ids]
        probabilities[row, : len(ids)] = said
        happened[row] = lists[row] == wanted
    shown = lists >= 0
    return _Outcome(ranks, lists, probabilities[shown], happened[shown], seconds)


def _baseline_ranks(scorer: Scorer, sequences: Sequences, tested: Sequence[int]) -> NDArray[np.int64]:
    """A baseline sees the validation item as context too."""
    return np.array(
        [
            rank_of(scorer(sequences[user][:-1]), int(sequences[user][-1]), excluded=sequences[user][:-1])
            for user in tested
        ]
    )


def _figures(ranks: NDArray[np.int64], seed: int) -> Figures:
    return {
        "recall5": round(float(hits_at(ranks, 5).mean()), 4),
        "recall10": round(float(hits_at(ranks, 10).mean()), 4),
        "ndcg5": round(float(gains_at(ranks, 5).mean()), 4),
        "ndcg10": round(float(gains_at(ranks, 10).mean()), 4),
        "ci": {"recall10": ci(hits_at(ranks, 10), seed=seed), "ndcg10": ci(gains_at(ranks, 10), seed=seed)},
    }


def _mixed(sequence: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Neighbours shuffled at random within windows of three."""
    parts = [rng.permutation(sequence[start : start + 3]) for start in range(0, len(sequence), 3)]
    return np.concatenate(parts)


def _ids(numbers: NDArray[np.int64]) -> list[str]:
    return [str(number) for number in numbers.tolist()]


def _lines(path: Path) -> list[str]:
    if not path.is_file():
        raise BenchError(f"There is no file {path.name} in {path.parent}.", next_step="Look into its README.")
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _progress(options: BenchOptions, dataset: str) -> Callable[[str], None]:
    def say(stage: str) -> None:
        if not options.json_only and stage:
            print(f"{dataset}: {stage} …", file=sys.stderr, flush=True)

    return say
