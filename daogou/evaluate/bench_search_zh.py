"""`daogou bench search-zh`: MRR@10 and recall@10 of Chinese queries over a catalogue of titles, beside three baselines.

One product is known to be right for each query; others may be right too and count as wrong, so the figures compare
methods and say little by themselves. BM25 reads single ideographs and pairs, the usual strong baseline for Chinese."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from daogou.errors import BenchError
from daogou.evaluate.bench import BenchOptions, Figures, ci
from daogou.evaluate.bench_search import Baselines, K, everything, indexed
from daogou.evaluate.metrics import recall, reciprocal_rank


def run(options: BenchOptions) -> Figures:
    """The guide and three baselines on the same queries."""
    folder = options.folder("search_zh")
    asked = read_queries(folder / "queries.jsonl")[: options.limit]
    with indexed(options, folder / "corpus.jsonl", language="zh") as guide:
        baselines = Baselines(guide, "zh")
        rankings: dict[str, list[Sequence[str]]] = {"daogou": [everything(guide, query, "zh") for query, _ in asked]}
        for query, _ in asked:
            for name, ranking in baselines.rankings(query).items():
                rankings.setdefault(name, []).append(ranking)
    wanted = [positives for _, positives in asked]
    figures = {name: _figures(listed, wanted, options.seed) for name, listed in rankings.items()}
    return {
        "dataset": "search_zh",
        "queries": len(asked),
        **figures.pop("daogou"),
        "baselines": figures,
    }


def read_queries(path: Path) -> list[tuple[str, set[str]]]:
    """(query, ids of the right products). Raises BenchError where a line is not a query."""
    found: list[tuple[str, set[str]]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            found.append((str(row["query"]), set(row["positives"])))
        except (ValueError, KeyError, TypeError):
            raise BenchError(
                f"{path}, line {number} is not a query.", next_step="Its fields are query and positives."
            ) from None
    return found


def _figures(rankings: Sequence[Sequence[str]], wanted: Sequence[set[str]], seed: int) -> Figures:
    ranks = [reciprocal_rank(ranked, right, K) for ranked, right in zip(rankings, wanted, strict=True)]
    recalls = [recall(ranked, right, K) for ranked, right in zip(rankings, wanted, strict=True)]
    return {
        "mrr10": round(float(np.mean(ranks)), 4),
        "ci": ci(ranks, seed=seed),
        "recall10": round(float(np.mean(recalls)), 4),
        "ci_recall": ci(recalls, seed=seed),
    }
