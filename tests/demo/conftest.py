from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from daogou.demo import DEFAULT_END, DEFAULT_SEED, DemoFiles, build_demo
from daogou.demo.products import DemoItem, make_items
from daogou.demo.tables import load_tables
from daogou.records import Event, Policy, Product, Review


@dataclass(frozen=True)
class Store:
    files: DemoFiles
    products: list[Product]
    reviews: list[Review]
    policies: list[Policy]
    events: list[Event]
    steps: list[tuple[int, int, str]]


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The whole store as read back from its files, without pictures."""
    steps: list[tuple[int, int, str]] = []
    out = tmp_path_factory.mktemp("store")
    files = build_demo(out, pictures=False, progress=lambda done, total, label: steps.append((done, total, label)))
    return Store(
        files,
        [Product.parse(row) for row in _rows(files.products)],
        [Review.parse(row) for row in _rows(files.reviews)],
        [Policy.parse(row) for row in _rows(files.policies)],
        [Event.parse(row) for row in _rows(files.events)],
        steps,
    )


@pytest.fixture(scope="session")
def items() -> list[DemoItem]:
    return make_items(load_tables(), DEFAULT_SEED, DEFAULT_END)
