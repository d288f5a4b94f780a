from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from daogou.privacy import erase_shopper, export_shopper
from daogou.records import Cart, DialogueState, Event, EventItem, EventName, Shopper
from daogou.stores import Database, open_database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    for who in ("ada-7f3a", "bob"):
        item = EventItem(product_id="P")
        database.put_shopper(Shopper(id=who))
        database.put_events([Event(id=f"E-{who}", name=EventName.view_item, shopper_id=who, items=(item,))])
        database.put_cart(Cart(id=f"C-{who}"), shopper_id=who)
        database.put_conversation(DialogueState(id=f"T-{who}", shopper_id=who))
        database.log("shown", {"ids": ["P"]}, shopper_id=who)
    yield database
    database.close()


def test_the_export_holds_everything(database: Database) -> None:
    export = export_shopper(database, "ada-7f3a")
    assert export["counts"] == {"carts": 1, "events": 1, "conversations": 1, "ledger": 1, "shoppers": 1}
    assert export["data"]["shoppers"][0]["id"] == "ada-7f3a"
    assert export["data"]["events"][0]["items"][0]["product_id"] == "P"


def test_the_erasure_proves_itself_without_naming_the_shopper(database: Database) -> None:
    counts = export_shopper(database, "ada-7f3a")["counts"]
    proof = erase_shopper(database, "ada-7f3a")
    assert proof["erased"] == counts
    assert set(proof["remaining"].values()) == {0}
    assert proof["sha256"] == sha256(b"ada-7f3a").hexdigest()
    assert export_shopper(database, "ada-7f3a")["counts"] == proof["remaining"]
    ((number, _, kept),) = database.ledger("erasure")
    assert number == proof["ledger"]
    assert kept["sha256"] == proof["sha256"]
    assert "ada-7f3a" not in str(kept)
    assert sum(export_shopper(database, "bob")["counts"].values()) == 5


def test_a_second_erasure_finds_nothing(database: Database) -> None:
    erase_shopper(database, "ada-7f3a")
    assert set(erase_shopper(database, "ada-7f3a")["erased"].values()) == {0}


def test_an_unknown_shopper_has_nothing(database: Database) -> None:
    assert set(export_shopper(database, "nobody")["counts"].values()) == {0}
