from __future__ import annotations

import threading
from pathlib import Path

import pytest
from index_things import HashEncoder, shoe

from daogou.index import Keeper, build_index
from daogou.records import Constraint, Review
from daogou.stores import Database, IndexStore, open_index

NO_STOCK = (Constraint(field="stock", values=("no",)),)


@pytest.fixture
def keeper(database: Database, indexes: IndexStore, encoder: HashEncoder) -> Keeper:
    database.put_products([shoe(number) for number in range(20)])
    build_index(database, indexes, encoder)
    return Keeper(database, indexes, encoder)


def test_without_an_index_there_is_nothing_to_keep(
    database: Database, indexes: IndexStore, encoder: HashEncoder
) -> None:
    database.put_products([shoe(1)])
    assert Keeper(database, indexes, encoder).step() == 0


def test_changes_show_when_the_step_returns(keeper: Keeper, database: Database, indexes: IndexStore) -> None:
    index = indexes.current()
    assert index is not None
    assert keeper.step() == 0
    database.put_products([shoe(1, stock=0), shoe(77)])
    database.delete_products(["S0002"])
    database.put_reviews([Review(id="R", product_id="S0003", text="好", rating=5)])
    assert keeper.step() == 4
    assert [one.product_id for one in index.browse(filters=NO_STOCK)] == ["S0001"]
    assert "S0077" in set(index.ids())
    assert "S0002" not in set(index.ids())
    assert index.number_range("rating") == (5.0, 5.0)
    assert keeper.step() == 0


def test_settling_moves_the_description_on(keeper: Keeper, database: Database, indexes: IndexStore) -> None:
    database.put_products([shoe(77, brand="新牌")])
    keeper.step()
    meta = indexes.current_meta()
    assert meta is not None
    assert meta.change < database.last_change()
    keeper.settle()
    meta = indexes.current_meta()
    assert meta is not None
    assert (meta.change, meta.products) == (database.last_change(), 21)
    assert "新牌" in str(database.get_checkpoint(f"vocabulary:{meta.version}"))


def test_what_was_not_settled_is_applied_again_after_a_crash(
    keeper: Keeper, database: Database, indexes: IndexStore, encoder: HashEncoder, tmp_path: Path
) -> None:
    database.put_products([shoe(77)])
    keeper.step()
    indexes.close()  # the description still says the old number, as after a crash
    reopened = open_index(f"edge:{tmp_path / 'index'}")
    assert Keeper(database, reopened, encoder).step() == 1
    index = reopened.current()
    assert index is not None
    assert index.count() == 21
    reopened.close()


def test_a_new_version_is_kept_from_where_it_stands(
    keeper: Keeper, database: Database, indexes: IndexStore, encoder: HashEncoder
) -> None:
    database.put_products([shoe(77)])
    keeper.step()
    build_index(database, indexes, encoder)
    assert keeper.step() == 0
    database.delete_products(["S0077"])
    assert keeper.step() == 1
    index = indexes.current()
    assert index is not None
    assert index.count() == 20


def test_many_threads_step_at_once(keeper: Keeper, database: Database, indexes: IndexStore) -> None:
    def put(first: int) -> None:
        for number in range(first, first + 5):
            database.put_products([shoe(number)])
            keeper.step()
            index = indexes.current()
            assert index is not None
            if f"S{number:04}" not in set(index.ids()):
                missing.append(number)

    missing: list[int] = []
    threads = [threading.Thread(target=put, args=(100 * number,)) for number in range(1, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not missing


def test_runs_until_told_to_stop_and_settles(keeper: Keeper, database: Database, indexes: IndexStore) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=keeper.run, args=(stop,), kwargs={"interval_s": 0.01})
    thread.start()
    database.put_products([shoe(77)])
    stop.set()
    thread.join()
    keeper.step()
    keeper.settle()
    meta = indexes.current_meta()
    assert meta is not None
    assert meta.change == database.last_change()
