"""Fixtures shared by the rooms' tests.

`demo_home` holds the demo store, imported and indexed: built once per test session, also where many xdist workers run,
and never written to again; `demo_guide` works on a copy of it, one a worker."""

from __future__ import annotations

import fcntl
import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from daogou.models import list_weights

# How long an example takes depends on the machine; timings are benchmarks, never tests. The models' runtime
# flushes subnormal floats in its threads, so strategies that need them say `allow_subnormal=False`.
settings.register_profile("daogou", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("daogou")


@pytest.fixture
def small_database(tmp_path):
    """A SQLite database with the products, reviews and policies of `small_shop`."""
    from small_shop import POLICIES, PRODUCTS, REVIEWS

    from daogou.stores import open_database

    database = open_database(f"sqlite:///{tmp_path / 'small.sqlite3'}")
    database.put_products(PRODUCTS)
    database.put_reviews(REVIEWS)
    database.put_policies(POLICIES)
    yield database
    database.close()


def _shared(tmp_path_factory) -> Path:
    """A folder all workers of one session see."""
    root = tmp_path_factory.getbasetemp()
    return root.parent if root.name.startswith("popen-") else root


def _once(folder: Path, build) -> Path:
    """Runs `build(folder)` in the first worker that comes; the others wait for its mark."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{folder}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        mark = Path(f"{folder}.done")
        if not mark.exists():
            shutil.rmtree(folder, ignore_errors=True)
            build(folder)
            mark.touch()
    return folder


@pytest.fixture(scope="session")
def demo_files(tmp_path_factory) -> Path:
    """The files of the demo store (without pictures): products.jsonl, reviews.jsonl, policies.jsonl, events.jsonl."""
    from daogou.demo import build_demo

    return _once(_shared(tmp_path_factory) / "demo-files", lambda folder: build_demo(folder, pictures=False))


@pytest.fixture(scope="session")
def weights() -> Path:
    """Where the weights are. Skips where the text encoder's are missing, and says how to get them."""
    from daogou.settings import read_settings

    home = read_settings().weights
    ready = {one.name for one in list_weights(home) if one.state == "ready"}
    if "e5-small" not in ready:
        pytest.skip("the text encoder's weights are not installed; run `daogou models pull`")
    return home


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory, demo_files, weights) -> Path:
    """A home with the demo store imported and indexed. Copy it before writing to it."""
    return _once(_shared(tmp_path_factory) / "demo-home", lambda folder: _build_home(folder, demo_files))


def _build_home(folder: Path, files: Path) -> None:
    from daogou.guide import Guide
    from daogou.index import build_index
    from daogou.records import Event, Policy, Product, Review
    from daogou.settings import read_settings

    folder.mkdir(parents=True)
    guide = Guide.open(read_settings(home=folder, llm="none"))
    try:

        def records(kind, name):
            with open(files / name, encoding="utf-8") as lines:
                return [kind.parse(json.loads(line)) for line in lines]

        guide.database.put_products(records(Product, "products.jsonl"))
        guide.database.put_reviews(records(Review, "reviews.jsonl"))
        guide.database.put_policies(records(Policy, "policies.jsonl"))
        events = records(Event, "events.jsonl")
        guide.database.put_events(events[-6000:])
        build_index(guide.database, guide.indexes, guide.encoder)
    finally:
        guide.close()


@pytest.fixture(scope="session")
def demo_guide(demo_home, tmp_path_factory):
    """A guide over this worker's own copy of the demo store, without a language model. Shared by the tests of a worker:
    talk to it and put things in carts, but leave the catalogue as it is."""
    from daogou.guide import Guide
    from daogou.settings import read_settings

    home = tmp_path_factory.mktemp("demo") / "home"
    shutil.copytree(demo_home, home)
    guide = Guide.open(read_settings(home=home, llm="none", rates={"USD": 7.0}, name="演示小店"))
    yield guide
    guide.close()


@pytest.fixture
def demo_guide_with(demo_guide):
    """demo_guide_with(language_model) -> a guide that shares the engines of `demo_guide` and speaks through a model."""
    from daogou.guide import Guide

    def make(language_model):
        return Guide(
            demo_guide.settings,
            database=demo_guide.database,
            indexes=demo_guide.indexes,
            encoder=demo_guide.encoder,
            language_model=language_model,
        )

    return make
