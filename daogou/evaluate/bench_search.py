"""`daogou bench search`: nDCG@10 on judged queries over the whole Icecat catalogue, beside BM25, dense and plain RRF.

The catalogue goes the merchant's way: import, database, index, then the guide's own search. Raw figures count a product
nobody judged as irrelevant; `_judged` figures rank only what was judged, as many good hits of any newer system were
never shown to a judge (Sakai 2007, "Alternatives to bpref"). Nothing is fitted here, but the ranker's constants
(`daogou.search.weights`, the field weights of the index) were chosen by hand while looking at the open judgements, so
figures on those flatter it; the reserved half does not.
"""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daogou.errors import BenchError
from daogou.evaluate.bench import BenchOptions, Figures, ci
from daogou.evaluate.metrics import ndcg
from daogou.records import MAX_LIMIT, Product, Query

K = 10
RRF_K = 60
_MAPPING = {
    "supplier": "brand",
    "short_description": "description",
    "name": "attr:model",
    "ean": "gtin",
    "date_released": "created",
    "img_500x500": "image",
    "img_high": "",
    "img_low": "",
    "img_thumb": "",
}
Judgements = dict[str, dict[str, float]]
Ranking = Sequence[str]


def run(options: BenchOptions) -> Figures:
    """The guide and three baselines on the same queries."""
    folder = options.folder("search_icecat")
    judgements = read_judgements(folder / "judgements.tsv")
    queries = sorted(judgements)[: options.limit]
    started = time.perf_counter()
    how = {"mapping": _MAPPING, "attribute_columns": ("attr_*",), "price_unit": "minor", "currency": "USD"}
    with indexed(options, folder / "products.jsonl.gz", **how) as guide:
        known = set(guide.indexes.current().ids())
        baselines = Baselines(guide, "en")
        built = time.perf_counter() - started
        ours = {query: everything(guide, query, "en") for query in queries}
        others = {query: baselines.rankings(query) for query in queries}
    own = _figures(queries, judgements, ours.__getitem__, known, options.seed)
    return {
        "dataset": "search_icecat",
        "queries": len(queries),
        "products": len(known),
        "build_seconds": round(built, 1),
        **own,
        "baselines": {
            name: _figures(queries, judgements, _of(others, name), known, options.seed) for name in Baselines.NAMES
        },
        "by_query": {
            query: {
                "daogou": round(ndcg(ours[query], judgements[query], K), 4),
                **{name: round(ndcg(others[query][name], judgements[query], K), 4) for name in Baselines.NAMES},
            }
            for query in queries
        },
    }


def read_judgements(path: Path) -> Judgements:
    """query -> product id -> rating, 0 to 3. Raises BenchError where the file is not what it should be."""
    found: Judgements = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            try:
                found.setdefault(row["query"], {})[row["product_id"]] = float(row["rating"])
            except (KeyError, TypeError, ValueError):
                raise BenchError(
                    f"{path}: {row} is not a judgement.", next_step="Its columns are query, product_id, rating."
                ) from None
    return found


@contextmanager
def indexed(options: BenchOptions, catalogue: Path, **how: Any) -> Iterator[Any]:
    """A guide over a catalogue that was imported and indexed into a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="daogou-bench-") as home:
        settings: dict[str, Any] = {"home": Path(home), "weights": options.weights, "llm": "none"}
        if options.engine:
            settings["index"] = options.engine
        guide = options.services.need("open_guide")(**settings)
        try:
            options.services.need("import_files")(
                guide.database, "products", [catalogue], rejects_dir=Path(home), **how
            )
            options.services.need("build_index")(guide.database, guide.indexes, guide.encoder)
            yield guide
        finally:
            guide.close()


def everything(guide: Any, query: str, language: str) -> list[str]:
    """Every product id the guide's search gives for a query, page after page."""
    ids: list[str] = []
    while True:
        page = guide.search(Query(text=query, language=language, limit=MAX_LIMIT, offset=len(ids), facets=False))
        ids += [hit.product.id for hit in page.hits]
        if not page.hits or len(ids) >= page.total:
            return ids


class Baselines:
    """BM25 (bm25s, its defaults), dense (cosine over all vectors) and reciprocal-rank fusion of the two.

    BM25 reads what the guide's index reads: title, brand, description, attribute values."""

    NAMES = ("bm25", "dense", "rrf")

    def __init__(self, guide: Any, language: str) -> None:
        import bm25s
        import snowballstemmer

        products: list[Product] = list(guide.database.products())
        self._ids = [product.id for product in products]
        stemmer = snowballstemmer.stemmer("english") if language == "en" else None
        self._tokenise: Callable[[list[str]], Any] = lambda texts: (
            bm25s.tokenize(texts, stopwords="en", stemmer=stemmer.stemWords, return_ids=False, show_progress=False)
            if stemmer
            else [_characters(text) for text in texts]
        )
        self._bm25 = bm25s.BM25()
        self._bm25.index(self._tokenise([_text(product) for product in products]), show_progress=False)
        vectors = guide.indexes.current().vectors(self._ids)
        self._vectors = np.stack([vectors[one] for one in self._ids])
        self._encoder = guide.encoder

    def rankings(self, query: str) -> dict[str, Ranking]:
        """Name -> every product id, best first."""
        words = np.asarray(self._bm25.get_scores(self._tokenise([query])[0]), dtype=np.float64)
        meaning = self._vectors @ self._encoder.encode_queries([query])[0]
        by_words, by_meaning = _order(words), _order(meaning)
        fused = np.zeros(len(self._ids))
        fused[by_meaning] += 1.0 / (RRF_K + 1 + np.arange(len(fused)))
        matching = by_words[words[by_words] > 0]
        fused[matching] += 1.0 / (RRF_K + 1 + np.arange(len(matching)))
        orders = {"bm25": matching, "dense": by_meaning, "rrf": _order(fused)}
        return {name: [self._ids[at] for at in order] for name, order in orders.items()}


def _figures(
    queries: Sequence[str], judgements: Judgements, ranking: Callable[[str], Ranking], known: set[str], seed: int
) -> Figures:
    raw, judged, share = [], [], []
    for query in queries:
        ratings = judgements[query]
        ranked = ranking(query)
        raw.append(ndcg(ranked, ratings, K))
        judged.append(ndcg(only_judged(ranked, ratings, known), ratings, K))
        share.append(sum(one in ratings for one in ranked[:K]) / K)
    return {
        "ndcg10": round(float(np.mean(raw)), 4),
        "ci": ci(raw, seed=seed),
        "ndcg10_judged": round(float(np.mean(judged)), 4),
        "ci_judged": ci(judged, seed=seed),
        "judged_share": round(float(np.mean(share)), 4),
    }


def only_judged(ranked: Ranking, ratings: Mapping[str, float], known: set[str]) -> list[str]:
    """The judged products in the order of the ranking; those it does not hold follow, worst first: ties against us."""
    listed = [one for one in ranked if one in ratings]
    missing = sorted(set(ratings) & known - set(listed), key=lambda one: (ratings[one], one))
    return listed + missing


def _of(others: Mapping[str, Mapping[str, Ranking]], name: str) -> Callable[[str], Ranking]:
    return lambda query: others[query][name]


def _order(scores: NDArray[Any]) -> NDArray[np.int64]:
    """Places by score, best first; ties by place."""
    return np.lexsort((np.arange(len(scores)), -scores))


def _text(product: Product) -> str:
    values = (value for values in product.attributes.values() for value in values)
    return " ".join((product.title, product.brand, *product.category, product.description, *values))


def _characters(text: str) -> list[str]:
    """Chinese for a plain BM25: single ideographs and their pairs, Latin words whole."""
    import re

    found: list[str] = []
    for run in re.findall(r"[a-z0-9]+|[\u3400-\u9fff]+", text.lower()):
        if run[0].isascii():
            found.append(run)
        else:
            found += [*run, *(run[at : at + 2] for at in range(len(run) - 1))]
    return found
