"""The embedded index and the client's own engine answer random questions alike.

Compared: which products, and their scores within 0.005 (dense) or 5% (sparse: the embedded engine goes on counting
replaced and deleted products in the document frequencies until it packs its segments). Not compared: the order of
products whose scores differ by less than that, and which of them stand at the very end of a list."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import numpy as np
import pytest

from daogou.records import Constraint
from daogou.stores import Index, IndexEntry, Scored, open_index

pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect in the local Qdrant")
DIM, PRODUCTS, ROUNDS = 32, 300, 60
BRANDS = ["Nike", "李宁", "A.B c", "d"]


def _entries(random: Random) -> list[IndexEntry]:
    rng = np.random.default_rng(random.randrange(10**9))
    entries = []
    for number in range(PRODUCTS):
        vector = rng.standard_normal(DIM).astype(np.float32)
        facets = {"brand": random.sample(BRANDS, random.randint(0, 2)), "attr:颜色 .x": [random.choice("abc")]}
        numbers = {"price": float(random.randrange(50))} if random.random() < 0.9 else {}
        numbers |= {"attr:重 量": random.random() * 10} if random.random() < 0.5 else {}
        words = {random.randrange(40): random.random() + 0.1 for _ in range(8)}
        entries.append(IndexEntry(f"P{number:03}", vector / np.linalg.norm(vector), words, facets, numbers))
    return entries


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Index, Index]]:
    """Both engines after the same inserts, replacements and deletions."""
    random = Random(7)
    stores = [open_index(f"edge:{tmp_path_factory.mktemp('edge')}"), open_index("qdrant+memory:")]
    entries, replaced = _entries(random), _entries(random)[:60]
    made = []
    for store in stores:
        index = store.create("v1", dim=DIM)
        index.upsert(entries)
        index.optimize()
        index.upsert(replaced)
        index.delete([f"P{number:03}" for number in range(50, 90)])
        made.append(index)
    yield made[0], made[1]
    for store in stores:
        store.close()


def _filters(random: Random) -> list[Constraint]:
    made = []
    for _ in range(random.randint(0, 3)):
        negated = random.random() < 0.3
        if random.random() < 0.5:
            field, values = random.choice([("brand", BRANDS), ("attr:颜色 .x", ["a", "b", "z"])])
            chosen = tuple(random.sample(values, random.randint(1, 2)))
            made.append(Constraint(field=field, values=chosen, negated=negated))
        else:
            field, top = random.choice([("price", 50), ("attr:重 量", 10)])
            low, high = sorted((random.random() * top, random.random() * top))
            ends = random.choice([(low, high), (low, None), (None, high)])
            made.append(Constraint(field=field, op="range", low=ends[0], high=ends[1], negated=negated))
    return made


def _alike(ours: list[Scored], theirs: list[Scored], *, within: float) -> None:
    assert len(ours) == len(theirs)
    assert [one.score for one in ours] == pytest.approx([one.score for one in theirs], abs=within)
    # Apart from products that could as well stand just beyond the end, both name the same.
    edge = min((one.score for one in theirs), default=0.0) + within
    assert {one.product_id for one in theirs if one.score > edge} <= {one.product_id for one in ours}
    assert {one.product_id for one in ours if one.score > edge + within} <= {one.product_id for one in theirs}


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_both_answer_alike(pair: tuple[Index, Index], seed: int) -> None:
    edge, other = pair
    random = Random(seed)
    filters, limit = _filters(random), random.choice([1, 10, 400])
    rng = np.random.default_rng(seed)
    vector = rng.standard_normal(DIM).astype(np.float32)
    vector /= np.linalg.norm(vector)
    words = {random.randrange(45): random.random() + 0.1 for _ in range(3)}
    assert edge.count(filters) == other.count(filters)
    _alike(
        edge.search_dense(vector, filters=filters, limit=limit),
        other.search_dense(vector, filters=filters, limit=limit),
        within=0.005,
    )
    sparse = other.search_sparse(words, filters=filters, limit=limit)
    _alike(
        edge.search_sparse(words, filters=filters, limit=limit),
        sparse,
        within=0.05 * max((one.score for one in sparse), default=0.0),
    )
    fields = ["brand", "attr:颜色 .x"]
    assert edge.facets(fields, filters=filters) == other.facets(fields, filters=filters)
    assert edge.fields(filters=filters) == other.fields(filters=filters)
    assert edge.number_range("price", filters=filters) == other.number_range("price", filters=filters)
    for sort in ("", "price", "-attr:重 量"):
        assert edge.browse(filters=filters, sort=sort, limit=400) == other.browse(filters=filters, sort=sort, limit=400)
