"""`kill -9` between two writes, again and again: what was acknowledged is there, and both engines open."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from daogou.stores import open_database, open_index

WRITE = """
import sys
import numpy as np
from daogou.records import Event, EventItem, Product
from daogou.stores import IndexEntry, open_database, open_index
home, first = sys.argv[1], int(sys.argv[2])
database, indexes = open_database(f"sqlite:///{home}/store.sqlite3"), open_index(f"edge:{home}/index")
index = indexes.create("v1", dim=8)
for number in range(first, first + 100_000):
    name = f"P{number}"
    with database.transaction():
        database.put_products([Product(id=name, title="t" * 500)])
        database.put_events([Event(id=name, name="view_item", session_id="s", items=(EventItem(product_id=name),))])
    index.upsert([IndexEntry(name, np.full(8, 1.0, np.float32), {number % 50: 1.0}, {"brand": ["b"]}, {"price": 1.0})])
    print(number, flush=True)
"""


@pytest.mark.parametrize("after", [1, 40])
def test_what_was_acknowledged_is_there(tmp_path: Path, after: int) -> None:
    acknowledged: list[int] = []
    for first in (0, 1_000_000):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITE, str(tmp_path), str(first)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        for count, line in enumerate(writer.stdout, start=1):
            acknowledged.append(int(line))
            if count == after:
                writer.kill()
        acknowledged += [int(line) for line in writer.stdout if line.endswith("\n")]
        writer.stdout.close()
        writer.wait()
    names = {f"P{number}" for number in acknowledged}
    database, indexes = (
        open_database(f"sqlite:///{tmp_path / 'store.sqlite3'}"),
        open_index(f"edge:{tmp_path / 'index'}"),
    )
    products = [product.id for product in database.products()]
    assert names <= set(products)
    assert len(products) == len(set(products)) <= len(names) + 2  # one may be kept in each round and not yet told
    assert {event.id for _, event in database.events()} == set(products)
    assert [change.seq for change in database.changes(limit=10**6)] == list(range(1, len(products) + 1))
    index = indexes.create("v1", dim=8)
    assert names <= set(index.ids()) <= set(products)
    assert len(index.vectors(sorted(names))) == len(names)
    assert len(index.search_dense(next(iter(index.vectors(sorted(names)[:1]).values())), limit=10**4)) == index.count()
    indexes.close()
    database.close()
