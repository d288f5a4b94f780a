"""What is special to the SQL engines: migrations, refusals, full disks, and reading what another process wrote."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

from daogou.errors import SettingsError, StoreError, StoreFull, StoreUnavailable
from daogou.records import Cart, Product, Shopper
from daogou.stores import open_database
from daogou.stores.sql import connections
from daogou.stores.sql.schema import REVISION, metadata

MIGRATIONS = Path(connections.__file__).parent / "migrations"


def _product(number: int, **changes: object) -> Product:
    return Product.parse({"id": f"P{number}", "title": f"Product {number}"} | changes)


def _address(folder: Path) -> str:
    return f"sqlite:///{folder / 'store.sqlite3'}"


def test_the_code_knows_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_migrations_give_the_tables_of_the_schema(tmp_path: Path) -> None:
    open_database(_address(tmp_path)).close()
    migrated = inspect(create_engine(_address(tmp_path)))
    plain = create_engine(f"sqlite:///{tmp_path / 'plain.sqlite3'}")
    metadata.create_all(plain)
    declared = inspect(plain)
    assert set(migrated.get_table_names()) == {*declared.get_table_names(), "alembic_version"}
    for table in declared.get_table_names():
        assert [(one["name"], one["nullable"], str(one["type"])) for one in migrated.get_columns(table)] == [
            (one["name"], one["nullable"], str(one["type"])) for one in declared.get_columns(table)
        ]
        assert {tuple(one["column_names"]) for one in migrated.get_indexes(table)} == {
            tuple(one["column_names"]) for one in declared.get_indexes(table)
        }
        assert (
            migrated.get_pk_constraint(table)["constrained_columns"]
            == (declared.get_pk_constraint(table)["constrained_columns"])
        )


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    open_database(_address(tmp_path)).close()
    with sqlite3.connect(tmp_path / "store.sqlite3") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StoreError, match=r"tables of version 9999; this daogou knows .* Upgrade daogou"):
        open_database(_address(tmp_path))


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "store.sqlite3").write_bytes(b"this is a text, not a database" * 100)
    with pytest.raises(StoreUnavailable, match="not a database"):
        open_database(_address(tmp_path))


def test_a_path_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        open_database(f"sqlite:///{tmp_path / 'file' / 'store.sqlite3'}")


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:"])
def test_sqlite_in_memory_is_refused(address: str) -> None:
    with pytest.raises(SettingsError, match="needs a path"):
        open_database(address)


def test_an_unreachable_server_is_named_without_its_password() -> None:
    with pytest.raises(StoreUnavailable) as caught:
        open_database("postgresql+psycopg://shop:hunter2@127.0.0.1:1/shop?connect_timeout=2")
    assert "127.0.0.1:1/shop" in str(caught.value)
    assert "DAOGOU_DATABASE" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_full_disk_loses_nothing_acknowledged(tmp_path: Path) -> None:
    database = open_database(_address(tmp_path))
    database.put_products([_product(number) for number in range(50)])
    with database._connections.write() as connection:  # type: ignore[attr-defined]
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        # Each connection has its own limit, so every later one is given it too.
    from sqlalchemy import event

    database._connections._engine.dispose()  # type: ignore[attr-defined]

    @event.listens_for(database._connections._engine, "connect")  # type: ignore[attr-defined]
    def _limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages + 4}")

    with pytest.raises(StoreFull, match=r"no space left .* Free some space"):
        database.put_products([_product(number, description="long " * 2000) for number in range(50, 90)])
    assert database.count_products() == 50
    assert database.last_change() == 50
    assert database.get_product("P3") == _product(3)
    database.close()


def test_another_opening_sees_every_write_at_once(tmp_path: Path) -> None:
    one, other = open_database(_address(tmp_path)), open_database(_address(tmp_path))
    for stock in range(4):
        one.put_products([_product(1, stock=stock), _product(2)])
        found = other.get_product("P1")
        assert found is not None
        assert found.stock == stock
    one.delete_products(["P1"])
    assert other.get_product("P1") is None
    assert other.get_product("P2") == _product(2)
    one.close()
    other.close()


def test_a_rolled_back_change_is_not_remembered(tmp_path: Path) -> None:
    database = open_database(_address(tmp_path))
    database.put_products([_product(1, stock=1)])
    assert database.get_product("P1") == _product(1, stock=1)

    def fail() -> None:
        with database.transaction():
            database.put_products([_product(1, stock=2)])
            assert database.get_product("P1") == _product(1, stock=2)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert database.get_product("P1") == _product(1, stock=1)
    database.put_products([_product(2)])  # takes the number that was given back
    assert database.get_product("P1") == _product(1, stock=1)
    database.close()


def test_what_is_erased_is_gone_from_the_files(tmp_path: Path) -> None:
    database = open_database(_address(tmp_path))
    database.put_shopper(Shopper(id="shopper-7f3a"))
    database.put_cart(Cart(id="cart-of-7f3a"), shopper_id="shopper-7f3a")
    database.put_shopper(Shopper(id="somebody-else"))
    assert any(b"7f3a" in file.read_bytes() for file in tmp_path.iterdir())
    database.erase_shopper("shopper-7f3a")
    assert not [file.name for file in tmp_path.iterdir() if b"7f3a" in file.read_bytes()]
    database.close()


def test_a_new_database_is_its_owners_alone(tmp_path: Path) -> None:
    open_database(_address(tmp_path)).close()
    assert (tmp_path / "store.sqlite3").stat().st_mode & 0o077 == 0
