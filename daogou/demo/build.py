"""Write the demo store to a folder: products, reviews, policies, events, pictures and a note that all is invented."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from daogou.demo.events import make_events
from daogou.demo.pictures import draw_picture
from daogou.demo.products import make_items
from daogou.demo.reviews import make_reviews
from daogou.demo.tables import Tables, load_tables
from daogou.demo.tastes import DEFAULT_END, DEFAULT_SEED, SimulatedShoppers
from daogou.records import Policy, Record

Progress = Callable[[int, int, str], None]
"""progress(done, total, label): steps done so far, steps in all, what is being made."""

NOTE = """daogou demo store / daogou 演示商店

Everything here is invented and simulated by a program from a seed: the brands, the products, the pictures, the
reviews, the shoppers and what they did. No brand is a real company and no shopper is a real person.

这里的一切都由程序按随机种子虚构和模拟：品牌、商品、图片、评价、顾客和他们的行为。没有真实的公司，也没有真实的顾客。

seed: {seed}   end of the simulated two months: {end}
products {products}, reviews {reviews}, policies {policies}, events {events} (all simulated)
"""
_OTHER_STEPS = 4


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """Where the demo store was written, and how much of it there is."""

    root: Path
    products: Path
    reviews: Path
    policies: Path
    events: Path
    images: Path
    readme: Path
    counts: dict[str, int]


def build_demo(
    out: Path,
    seed: int = DEFAULT_SEED,
    progress: Progress | None = None,
    *,
    end: datetime = DEFAULT_END,
    pictures: bool = True,
) -> DemoFiles:
    """Write the whole store into `out`, replacing files of the same name. The same seed and end give the same bytes.

    Raises OSError where the folder cannot be written."""
    say = progress or _silent
    tables = load_tables()
    images = out / "images"
    images.mkdir(parents=True, exist_ok=True)
    items = make_items(tables, seed, end)
    total = len(items) + _OTHER_STEPS
    say(0, total, "products")
    counts = {"products": _write(out / "products.jsonl", (item.product for item in items))}
    say(1, total, "reviews")
    counts["reviews"] = _write(out / "reviews.jsonl", make_reviews(items, tables, seed, end))
    say(2, total, "policies")
    counts["policies"] = _write(out / "policies.jsonl", make_policies(tables))
    say(3, total, "events")
    world = SimulatedShoppers(seed, end, items)
    counts["events"] = _write(out / "events.jsonl", make_events(world))
    counts["images"] = len(items) if pictures else 0
    for at, item in enumerate(items if pictures else (), start=_OTHER_STEPS):
        if at % 10 == 0:
            say(at, total, "pictures")
        (images / f"{item.product.id}.webp").write_bytes(draw_picture(item, seed))
    note = NOTE.format(seed=seed, end=end.date().isoformat(), **{k: v for k, v in counts.items() if k != "images"})
    (out / "README.txt").write_text(note, encoding="utf-8")
    say(total, total, "done")
    return DemoFiles(
        root=out,
        products=out / "products.jsonl",
        reviews=out / "reviews.jsonl",
        policies=out / "policies.jsonl",
        events=out / "events.jsonl",
        images=images,
        readme=out / "README.txt",
        counts=counts,
    )


def make_policies(tables: Tables) -> list[Policy]:
    """Every policy and FAQ entry, once in Chinese and once in English."""
    return [
        Policy.parse(
            {
                "id": f"{entry['topic'].replace(' ', '-')}-{language}",
                "kind": entry["kind"],
                "topic": entry["topic"],
                "question": entry[f"{language}_question"],
                "text": entry[language],
                "language": language,
            }
        )
        for entry in tables.policies
        for language in ("zh", "en")
    ]


def _write(path: Path, records: Iterable[Record]) -> int:
    written = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for record in records:
            row = record.model_dump(mode="json", exclude_defaults=True)
            file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
            written += 1
    return written


def _silent(done: int, total: int, label: str) -> None:
    """The progress of callers who do not ask for any."""
