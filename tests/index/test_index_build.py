from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from index_things import HashEncoder, shoe

from daogou.errors import ModelUnavailable
from daogou.index import build_index
from daogou.models import Vectors, lexical_tokens
from daogou.prepare import Vocabulary
from daogou.records import Constraint, Review
from daogou.stores import Database, IndexStore, open_database, open_index, query_weights


def test_builds_and_publishes(database: Database, indexes: IndexStore, encoder: HashEncoder) -> None:
    database.put_products([shoe(number) for number in range(25)])
    database.put_reviews([Review(id="R", product_id="S0003", text="好", rating=4)])
    seen: list[tuple[int, int, str]] = []
    meta = build_index(database, indexes, encoder, progress=lambda *step: seen.append(step), batch=10)
    index = indexes.current()
    assert index is not None
    assert indexes.current_meta() == meta
    assert (meta.products, meta.change, meta.encoder, meta.dim) == (25, 26, "hash", 16)
    assert list(index.ids()) == [f"S{number:04}" for number in range(25)]
    assert index.search_dense(encoder.encode_queries(encoder.texts[3:4])[0], limit=1)[0].product_id == "S0003"
    found = index.search_sparse(query_weights(lexical_tokens("light running shoe 7", query=True)))
    assert found[0].product_id == "S0007"
    assert index.count([Constraint(field="rating", op="range", low=4)]) == 1
    assert seen[-1] == (25, 25, "done")
    assert [done for done, _, label in seen if label == "indexing"] == [0, 10, 20, 25]
    kept = database.get_checkpoint(f"vocabulary:{meta.version}")
    assert kept is not None
    assert Vocabulary.from_json(kept).to_json() == Vocabulary.build(database.products()).to_json()


def test_an_empty_catalogue_has_an_index_too(database: Database, indexes: IndexStore, encoder: HashEncoder) -> None:
    assert build_index(database, indexes, encoder).products == 0
    index = indexes.current()
    assert index is not None
    assert index.browse() == []


def test_another_build_takes_the_place_of_the_first(
    database: Database, indexes: IndexStore, encoder: HashEncoder
) -> None:
    database.put_products([shoe(1)])
    first = build_index(database, indexes, encoder)
    database.put_products([shoe(2)])
    second = build_index(database, indexes, encoder)
    assert first.version != second.version
    index = indexes.current()
    assert index is not None
    assert index.count() == 2
    assert indexes.versions() == [second.version]


def test_what_changes_meanwhile_is_in_it(database: Database, indexes: IndexStore, encoder: HashEncoder) -> None:
    database.put_products([shoe(number) for number in range(30)])

    def meddle(done: int, total: int, label: str) -> None:
        if (done, label) == (20, "indexing"):
            database.put_products([shoe(0, stock=0), shoe(99, brand="新牌")])
            database.delete_products(["S0001", "S0029"])

    meta = build_index(database, indexes, encoder, progress=meddle, batch=10)
    index = indexes.current()
    assert index is not None
    assert list(index.ids()) == [one.id for one in database.products()]
    assert index.count([Constraint(field="stock", values=("no",))]) == 1
    assert meta.change == database.last_change()
    words = database.get_checkpoint(f"vocabulary:{meta.version}")
    assert "新牌" in str(words)


def test_a_failing_encoder_leaves_the_current_version_and_is_gone_on_from(
    database: Database, indexes: IndexStore, encoder: HashEncoder
) -> None:
    database.put_products([shoe(1)])
    before = build_index(database, indexes, encoder)
    database.put_products([shoe(number) for number in range(40)])

    class Failing(HashEncoder):
        def encode_passages(self, texts: Sequence[str]) -> Vectors:
            if len(self.texts) >= 20:
                raise ModelUnavailable("The endpoint does not answer.")
            return super().encode_passages(texts)

    with pytest.raises(ModelUnavailable):
        build_index(database, indexes, Failing(), batch=10)
    assert indexes.current_meta() == before
    assert build_index(database, indexes, encoder, batch=10).products == 40
    assert len(indexes.versions()) == 1


def test_an_unfinished_build_with_another_encoder_begins_anew(
    database: Database, indexes: IndexStore, encoder: HashEncoder
) -> None:
    database.put_products([shoe(number) for number in range(30)])

    def stop(done: int, total: int, label: str) -> None:
        if done == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_index(database, indexes, encoder, batch=10, progress=stop)

    class Other(HashEncoder):
        name = "other"
        dim = 8

    assert build_index(database, indexes, Other()).dim == 8
    assert len(indexes.versions()) == 1


BUILD = """
import sys
sys.path.insert(0, sys.argv[2])
from index_things import HashEncoder
import daogou.index.build as build
from daogou.stores import open_database, open_index
build.FLUSH_EVERY_S = 0.0
home = sys.argv[1]
build.build_index(
    open_database(f"sqlite:///{home}/store.sqlite3"), open_index(f"edge:{home}/index"), HashEncoder(), batch=20,
    progress=lambda done, total, label: print(done, label, flush=True),
)
"""


def test_a_build_killed_again_and_again_ends_whole(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    database.put_products([shoe(number) for number in range(240)])
    command = [sys.executable, "-c", BUILD, str(tmp_path), str(Path(__file__).parent.parent)]
    reached = []
    for kill_at in (60, 140):
        builder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert builder.stdout is not None
        for line in builder.stdout:
            done, label = line.split()
            if label == "indexing":
                reached.append(int(done))
                if int(done) >= kill_at:
                    builder.send_signal(signal.SIGKILL)
                    break
        builder.stdout.close()
        assert builder.wait() == -signal.SIGKILL
    assert reached.count(0) == 1  # the second went on where the first had got to
    indexes = open_index(f"edge:{tmp_path / 'index'}")
    assert indexes.current() is None
    encoder = HashEncoder()
    meta = build_index(database, indexes, encoder, batch=20)
    assert len(encoder.texts) <= 140
    index = indexes.current()
    assert index is not None
    assert (meta.products, index.count()) == (240, 240)
    assert list(index.ids()) == [one.id for one in database.products()]
    assert len(index.vectors([one.id for one in database.products()])) == 240
    indexes.close()
    database.close()
