"""What is special to the embedded index: its lock, its switch between processes, its files."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from daogou.errors import StoreError, StoreUnavailable
from daogou.stores import IndexEntry, IndexMeta, open_index
from daogou.stores.edge.payload import from_payload, to_payload

META = {"products": 1, "change": 1, "encoder": "e", "dim": 4, "built": "now"}
BUILD = """
import sys
import numpy as np
from daogou.stores import IndexEntry, IndexMeta, open_index
indexes = open_index(sys.argv[1])
index = indexes.create(sys.argv[2], dim=4)
index.upsert([IndexEntry(sys.argv[2], np.ones(4, np.float32), {1: 1.0})])
index.flush()
indexes.publish(IndexMeta(version=sys.argv[2], products=1, change=1, encoder="e", dim=4, built="now"))
print("published", flush=True)
if len(sys.argv) > 3:
    sys.stdin.read()
indexes.close()
"""


def _entry(name: str) -> IndexEntry:
    return IndexEntry(name, np.ones(4, np.float32), {1: 1.0}, {"brand": ["x"]}, {"price": 1.0, "attr:重 量.x": 2.5})


def test_payloads_are_read_back() -> None:
    facets = {"brand": ["a=b", "中 文"], "attr:x\ty.z": ["1"]}
    numbers = {"price": 1.0, "attr:净重 (kg).x": 0.1 + 0.2}
    assert from_payload(to_payload("P", facets, numbers)) == ("P", facets, numbers)


def test_all_is_there_after_reopening(tmp_path: Path) -> None:
    indexes = open_index(f"edge:{tmp_path}")
    index = indexes.create("v1", dim=4)
    index.upsert([_entry("A"), _entry("B")])
    index.delete(["B"])
    indexes.publish(IndexMeta(version="v1", **META))  # type: ignore[arg-type]
    index.flush()
    indexes.close()
    again = open_index(f"edge:{tmp_path}")
    index = again.current()  # type: ignore[assignment]
    assert list(index.ids()) == ["A"]
    assert index.number_range("attr:重 量.x") == (2.5, 2.5)
    assert [one.product_id for one in index.search_sparse({1: 1.0})] == ["A"]
    again.close()


def test_another_process_holding_the_index_is_named(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", BUILD, f"edge:{tmp_path}", "v1", "hold"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "published\n"
    indexes = open_index(f"edge:{tmp_path}")
    with pytest.raises(StoreUnavailable, match=rf"held by the process {holder.pid}"):
        indexes.current()
    holder.kill()  # the lock ends with its holder, however it ends
    holder.communicate()
    current = indexes.current()
    assert current is not None
    assert list(current.ids()) == ["v1"]
    indexes.close()


def test_a_version_published_by_another_process_is_switched_to(tmp_path: Path) -> None:
    indexes = open_index(f"edge:{tmp_path}")
    indexes.create("v1", dim=4).upsert([_entry("A")])
    indexes.publish(IndexMeta(version="v1", **META))  # type: ignore[arg-type]
    old = indexes.current()
    assert old is not None
    subprocess.run([sys.executable, "-c", BUILD, f"edge:{tmp_path}", "v2"], check=True, capture_output=True)
    assert sorted(indexes.versions()) == ["v1", "v2"]
    new = indexes.current()
    assert new is not None
    assert new.version == "v2"
    assert list(old.ids()) == ["A"]  # a query on the old one can finish
    assert old.search_dense(np.ones(4, np.float32))
    del old
    gc.collect()
    assert indexes.versions() == ["v2"]
    indexes.close()


def test_a_version_its_builder_still_holds_is_waited_for(tmp_path: Path) -> None:
    indexes = open_index(f"edge:{tmp_path}")
    indexes.create("v1", dim=4).upsert([_entry("A")])
    indexes.publish(IndexMeta(version="v1", **META))  # type: ignore[arg-type]
    assert indexes.current() is not None
    builder = subprocess.Popen(
        [sys.executable, "-c", BUILD, f"edge:{tmp_path}", "v2", "hold"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert builder.stdout is not None
    assert builder.stdout.readline() == "published\n"
    current = indexes.current()
    assert current is not None
    assert current.version == "v1"
    builder.communicate("")
    current = indexes.current()
    assert current is not None
    assert current.version == "v2"
    indexes.close()


def test_publishing_sweeps_what_nobody_holds(tmp_path: Path) -> None:
    for version in ("v1", "v2", "v3"):
        subprocess.run([sys.executable, "-c", BUILD, f"edge:{tmp_path}", version], check=True, capture_output=True)
    indexes = open_index(f"edge:{tmp_path}")
    indexes.create("half", dim=4)
    assert indexes.versions() == ["half", "v3"]
    indexes.close()


def test_a_closed_index_says_so(tmp_path: Path) -> None:
    indexes = open_index(f"edge:{tmp_path}")
    index = indexes.create("v1", dim=4)
    index.close()
    with pytest.raises(StoreError, match="is closed"):
        index.upsert([_entry("A")])
    indexes.close()


def test_missing_files_of_the_current_version_are_said(tmp_path: Path) -> None:
    (tmp_path / "CURRENT").write_text("gone")
    with pytest.raises(StoreError, match=r"are gone .* rebuilds it"):
        open_index(f"edge:{tmp_path}").current()


def test_another_size_of_vectors_is_refused(tmp_path: Path) -> None:
    open_index(f"edge:{tmp_path}").create("v1", dim=4)
    gc.collect()
    with pytest.raises(StoreError, match="another size than 8"):
        open_index(f"edge:{tmp_path}").create("v1", dim=8)
