"""Simulated reviews that disagree: shoppers weigh the same aspects differently, and the words follow the stars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from daogou.demo.products import DemoItem
from daogou.demo.tables import Aspect, Tables
from daogou.demo.wording import holds
from daogou.records import Review

AUTHORS = {"zh": "模拟顾客 {}", "en": "simulated shopper {}"}
_CHINESE = 0.6
_MOOD = {5: "pleased", 4: "pleased", 3: "mixed", 2: "displeased", 1: "displeased"}


def make_reviews(items: Sequence[DemoItem], tables: Tables, seed: int, end: datetime) -> Iterator[Review]:
    """About four reviews a product, none before the product was created, in order of product and then of time."""
    for item in items:
        rng = Random(f"{seed}/reviews/{item.product.id}")
        yield from _of_product(item, tables, rng, end)


def _of_product(item: DemoItem, tables: Tables, rng: Random, end: datetime) -> Iterator[Review]:
    wanted = rng.choice((1, 2, 3, 4, 4, 5, 5, 6, 8))
    born = item.product.created or end - timedelta(days=30)
    times = sorted(born + (end - born) * rng.random() for _ in range(wanted))
    own = [one for one in item.kind.aspects if holds(one.condition, item.values)]
    said: set[str] = set()
    for at, time in enumerate(times, start=1):
        language = "zh" if rng.random() < _CHINESE else "en"
        stars = min(5, max(1, round(rng.gauss(3.0 + 1.8 * item.quality, 1.15))))
        text = _text(stars, own, tables, language, rng, said)
        said.add(text)
        yield Review(
            id=f"{item.product.id}-r{at}",
            product_id=item.product.id,
            text=text,
            rating=float(stars),
            author=AUTHORS[language].format(rng.randint(1, 1500)),
            language=language,
            time=time.replace(microsecond=0),
        )


def _text(stars: int, own: Sequence[Aspect], tables: Tables, language: str, rng: Random, said: set[str]) -> str:
    """Five stars: praise only; four: praise, now and then a complaint too; three: one of each; below: complaints."""
    for _ in range(12):
        first, *rest = rng.sample(list(own), min(len(own), 2))
        second = rest[0] if rest and rng.random() < 0.7 else rng.choice(tables.aspects)
        if stars == 5:
            parts = [first.praise, second.praise][: rng.choice((1, 2, 2))]
        elif stars == 4:
            parts = [first.praise, second.blame if rng.random() < 0.5 else second.praise][: rng.choice((1, 2, 2))]
        elif stars == 3:
            parts = [first.praise, second.blame] if rng.random() < 0.5 else [first.blame, second.praise]
        else:
            parts = [first.blame, second.blame][: rng.choice((1, 2))]
        closing = rng.choice(tables.reviews[_MOOD[stars]]) if rng.random() < 0.6 or len(parts) == 1 else None
        if language == "zh":
            text = "。".join(one.zh for one in parts) + "。" + (closing.zh if closing else "")
        else:
            text = ". ".join(one.en for one in parts) + "." + (f" {closing.en}" if closing else "")
        if text not in said:
            return text
    return text
