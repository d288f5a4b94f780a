"""`daogou bench latency`: the whole search call, query encoding included, on the demo store scaled to SIZES products.

The scaled store is simulated: each product takes its wording from two demo products of one shelf, a price near theirs
and a vector between theirs with noise, so that words, filters and neighbourhoods keep their shape. Queries are all
different, so that no cache answers them. `engine` is the time inside the index and the database, `encoder` inside the
text encoder; `overhead_share` is what is spent outside both: understanding, ranking, reasons, facets.
"""

from __future__ import annotations

import random
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daogou.errors import BenchError
from daogou.evaluate.bench import BenchOptions, Figures, rss_mb
from daogou.records import Money, Product, Query

SIZES = (20_000, 100_000)
QUERIES = 300
_BATCH = 1000
_WARM_UP = 20
_CLIENTS = (1, 4, 16)
_SERIAL = re.compile(r"\bQX(\d+)\b")
_NOISE = 0.35
"""Length of the noise beside the unit vector: cosines between neighbours stay near those of the demo store."""
Vectors = NDArray[np.float32]


def run(options: BenchOptions) -> Figures:
    """One entry of `sizes` per size."""
    return {
        "dataset": "demo store scaled (simulated)",
        "queries": options.limit or QUERIES,
        "sizes": [_measured(options, size) for size in SIZES],
    }


def _measured(options: BenchOptions, size: int) -> Figures:
    with tempfile.TemporaryDirectory(prefix="daogou-latency-") as folder:
        home = Path(folder)
        settings: dict[str, Any] = {"home": home, "weights": options.weights, "llm": "none", "rates": {"USD": 7.0}}
        if options.engine:
            settings["index"] = options.engine
        guide = options.services.need("open_guide")(**settings)
        try:
            started = time.perf_counter()
            demo = _demo(options, guide, home)
            scaled = Scaled(demo, guide.encoder, seed=options.seed)
            for batch in scaled.batches(size - len(demo)):
                guide.database.put_products(batch)
            options.services.need("build_index")(guide.database, guide.indexes, scaled)
            built = time.perf_counter() - started
            queries = make_queries(demo, (options.limit or QUERIES) * (1 + len(_CLIENTS)) + _WARM_UP, options.seed)
            return {
                "products": guide.indexes.current().count(),
                "build_seconds": round(built, 1),
                **measure(guide, queries, options.limit or QUERIES),
                "rss_mb": rss_mb(),
            }
        finally:
            guide.close()


def _demo(options: BenchOptions, guide: Any, home: Path) -> list[Product]:
    made = options.services.need("build_demo")(home / "files", pictures=False)
    options.services.need("import_files")(guide.database, "products", [made.products])
    found: list[Product] = list(guide.database.products())
    if not found:
        raise BenchError("The demo store holds no products.", next_step="Try `daogou demo` first.")
    return found


class Scaled:
    """Makes products out of demo products, and stands in for the encoder of passages while they are indexed."""

    def __init__(self, demo: Sequence[Product], encoder: Any, *, seed: int) -> None:
        self._demo = list(demo)
        self._encoder = encoder
        self._seed = seed
        self._parents: dict[int, tuple[int, int]] = {}
        self._vectors: Vectors = encoder.encode_passages(
            [f"{product.title}. {product.description}" for product in demo]
        )
        self._shelves: dict[tuple[str, ...], list[int]] = {}
        for place, product in enumerate(demo):
            self._shelves.setdefault(product.category, []).append(place)
        self.name, self.dim = encoder.name, encoder.dim

    def batches(self, count: int) -> Iterator[list[Product]]:
        """`count` products, in batches, in bounded memory."""
        draw = random.Random(self._seed)
        for start in range(0, max(count, 0), _BATCH):
            yield [self._product(serial, draw) for serial in range(start, min(start + _BATCH, count))]

    def _product(self, serial: int, draw: random.Random) -> Product:
        one = draw.randrange(len(self._demo))
        other = draw.choice(self._shelves[self._demo[one].category])
        self._parents[serial] = (one, other)
        first, second = self._demo[one], self._demo[other]
        price = first.price or Money(minor=10_000, currency="CNY")
        attributes = {
            name: second.attributes.get(name, values) if draw.random() < 0.4 else values
            for name, values in first.attributes.items()
        }
        translations = {
            tag: wording.model_copy(update={"title": _mixed(wording.title, second.in_language(tag).title, serial, tag)})
            for tag, wording in first.translations.items()
        }
        return first.model_copy(
            update={
                "id": f"scaled-{serial:07}",
                "title": _mixed(first.title, second.title, serial, first.language),
                "attributes": attributes,
                "price": Money(minor=max(100, round(price.minor * draw.uniform(0.6, 1.6))), currency=price.currency),
                "translations": translations,
                "variants": (),
                "gtin": None,
            }
        )

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """(n,) texts -> (n, dim): between the parents of each, with noise that its serial number decides."""
        rows = np.empty((len(texts), self.dim), dtype=np.float32)
        plain: list[int] = []
        for row, text in enumerate(texts):
            match = _SERIAL.search(text)
            if match is None:
                plain.append(row)
                continue
            serial = int(match[1])
            one, other = self._parents[serial]
            share = 0.5 + 0.5 * ((serial * 2654435761) % 1000) / 1000
            noise = np.random.default_rng((self._seed, serial)).standard_normal(self.dim).astype(np.float32)
            rows[row] = share * self._vectors[one] + (1 - share) * self._vectors[other]
            rows[row] += _NOISE * noise / np.linalg.norm(noise)
        if plain:
            rows[plain] = self._encoder.encode_passages([texts[row] for row in plain])
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """As the real encoder does."""
        return np.asarray(self._encoder.encode_queries(texts), dtype=np.float32)

    def close(self) -> None:
        """Nothing to close: the encoder is the guide's."""


def _mixed(one: str, other: str, serial: int, language: str) -> str:
    """The first half of one title, the second of the other, and a model number of its own."""
    if language == "zh":
        halves = one[: len(one) // 2] + other[len(other) // 2 :]
    else:
        left, right = one.split(), other.split()
        halves = " ".join([*left[: (len(left) + 1) // 2], *right[(len(right) + 1) // 2 :]])
    return f"{halves} QX{serial}"


def make_queries(demo: Sequence[Product], count: int, seed: int) -> list[Query]:
    """`count` different queries in both languages: shelves, brands, words of titles, limits, negations."""
    draw = random.Random(seed + 1)
    found: dict[str, Query] = {}
    while len(found) < count:
        product = draw.choice(demo)
        wording = draw.choice(product.wordings())
        chinese = wording.language == "zh"
        shelf = wording.category[-1] if wording.category else wording.title
        words = wording.title if chinese else " ".join(draw.sample(wording.title.split(), k=2))
        if chinese:
            start = draw.randrange(max(1, len(words) - 4))
            words = words[start : start + draw.randint(3, 6)]
        value = draw.choice([one for values in wording.attributes.values() for one in values] or [shelf])
        limit = draw.randrange(50, 5000)
        tail = draw.choice(
            ("", f"{limit}以内", f"不要{value}", f"{limit}元左右")
            if chinese
            else ("", f"under {limit}", f"not {value}", f"about {limit} yuan")
        )
        head = draw.choice((shelf, words, f"{value} {shelf}", f"{wording.brand} {shelf}", f"{words} {shelf}"))
        text = f"{head} {tail}".strip()[:200]
        found.setdefault(text, Query(text=text, language=wording.language, limit=24))
    return list(found.values())


def measure(guide: Any, queries: Sequence[Query], each: int) -> Figures:
    """Percentiles of one client, then queries a second of several; every query is asked once."""
    for query in queries[:_WARM_UP]:
        guide.search(query)
    rest = list(queries[_WARM_UP:])
    whole, encoder, engine = [], [], []
    for query in rest[:each]:
        started = time.perf_counter()
        result = guide.search(query)
        whole.append(time.perf_counter() - started)
        encoder.append(result.seconds.get("encode", 0.0))
        engine.append(result.seconds.get("engine", 0.0))
    outside = sum(whole) - sum(encoder) - sum(engine)
    figures: Figures = {
        "p50_ms": _ms(whole, 50),
        "p95_ms": _ms(whole, 95),
        "p99_ms": _ms(whole, 99),
        "encoder_p50_ms": _ms(encoder, 50),
        "engine_p50_ms": _ms(engine, 50),
        "overhead_p50_ms": _ms([t - a - b for t, a, b in zip(whole, encoder, engine, strict=True)], 50),
        "overhead_share": round(outside / sum(whole), 4),
    }
    for place, clients in enumerate(_CLIENTS, start=1):
        asked = rest[place * each : (place + 1) * each]
        started = time.perf_counter()
        with ThreadPoolExecutor(clients) as pool:
            list(pool.map(guide.search, asked))
        figures[f"qps_{clients}"] = round(len(asked) / (time.perf_counter() - started), 1)
    return figures


def _ms(seconds: Sequence[float], percentile: float) -> float:
    return round(float(np.percentile(seconds, percentile)) * 1000, 2)
