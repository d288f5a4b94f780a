"""The contract suites any engine must pass. An engine's author overrides one fixture and runs them with pytest.

    class TestMyDatabase(DatabaseContract):
        @pytest.fixture
        def database(self) -> Iterator[Database]:
            yield MyDatabase(...)

This file needs pytest, so it is imported by tests only.
"""

# ruff: noqa: PT012
from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from daogou.errors import DaogouError, NotFound, StoreError
from daogou.records import (
    Cart,
    CartLine,
    Constraint,
    DialogueState,
    Event,
    EventItem,
    EventName,
    Money,
    Policy,
    Product,
    Review,
    Shopper,
    Translation,
    Variant,
)
from daogou.stores.columns import MISSING
from daogou.stores.protocols import Change, Database, Index, IndexEntry, IndexMeta, IndexStore, PutCount

START = datetime(2026, 1, 1, tzinfo=UTC)


def a_product(number: int, **changes: object) -> Product:
    """A product with every kind of field filled in."""
    fields: dict[str, object] = {
        "id": f"P{number:04}",
        "title": f"跑鞋 running shoe {number}",
        "brand": "Brand 牌",
        "category": ("Shoes", "Running"),
        "attributes": {"颜色 .x": ("红", "black"), "weight": ("1.5 kg",)},
        "price": Money.of("49.90", "CNY"),
        "stock": 3,
        "language": "zh",
        "translations": {"en": Translation(title=f"Running shoe {number}")},
        "variants": (Variant(id=f"P{number:04}-1", attributes={"size": ("42",)}, price=Money.of("49.90", "CNY")),),
        "created": START,
    }
    return Product.parse(fields | changes)


def an_event(number: int, **changes: object) -> Event:
    """A view of one product."""
    fields: dict[str, object] = {
        "id": f"E{number}",
        "name": EventName.view_item,
        "time": START + timedelta(minutes=number),
        "shopper_id": "ada",
        "items": (EventItem(product_id="P0001"),),
        "context": {"rank": 1, "scores": [0.5, None]},
    }
    return Event.parse(fields | changes)


class DatabaseContract:
    """What a `Database` promises. Override `database` with a fresh, empty one."""

    @pytest.fixture
    def database(self) -> Iterator[Database]:
        raise NotImplementedError("override this fixture")

    # catalogue

    def test_is_a_database(self, database: Database) -> None:
        assert isinstance(database, Database)
        assert database.address

    def test_gives_back_what_was_put(self, database: Database) -> None:
        products = [a_product(1), a_product(2, description="长文 " * 5000, price=None, variants=())]
        assert database.put_products(products) == PutCount(new=2)
        assert database.get_products(["P0002", "none", "P0001", "P0001"]) == {one.id: one for one in products}
        assert database.get_product("P0001") == products[0]
        assert database.get_product("none") is None
        assert database.count_products() == 2

    def test_counts_new_changed_and_unchanged(self, database: Database) -> None:
        database.put_products([a_product(1), a_product(2)])
        again = [a_product(1), a_product(2, stock=9), a_product(3)]
        assert database.put_products(again) == PutCount(new=1, changed=1, unchanged=1)
        assert database.put_products(again) == PutCount(unchanged=3)

    def test_an_id_twice_in_one_write(self, database: Database) -> None:
        count = database.put_products([a_product(1), a_product(1, stock=9), a_product(1, stock=9)])
        assert count == PutCount(new=1, changed=1, unchanged=1)
        found = database.get_product("P0001")
        assert found is not None
        assert found.stock == 9
        assert len(database.changes()) == 1

    def test_many_in_one_write(self, database: Database) -> None:
        many = [a_product(number) for number in range(1203)]
        assert database.put_products(many) == PutCount(new=1203)
        assert len(database.get_products([one.id for one in many])) == 1203
        assert database.last_change() == 1203

    def test_streams_in_id_order_from_any_place(self, database: Database) -> None:
        ids = ["b", "B", "中文", "a-1", "a_1", "a", "Z9", "é"]
        database.put_products([a_product(0, id=one) for one in ids])
        assert [one.id for one in database.products(batch=3)] == sorted(ids)
        assert [one.id for one in database.products(after="a", batch=2)] == [one for one in sorted(ids) if one > "a"]

    def test_deletes(self, database: Database) -> None:
        database.put_products([a_product(1), a_product(2)])
        assert database.delete_products(["P0001", "P0001", "none"]) == 1
        assert database.get_product("P0001") is None
        assert [one.id for one in database.products()] == ["P0002"]
        assert database.put_products([a_product(1)]) == PutCount(new=1)

    def test_the_outbox_has_one_line_a_product_the_last(self, database: Database) -> None:
        assert database.last_change() == 0
        database.put_products([a_product(1), a_product(2)])
        database.put_products([a_product(1, stock=9)])
        database.delete_products(["P0002"])
        assert database.changes() == [Change(3, "P0001", "put"), Change(4, "P0002", "delete")]
        assert database.changes(after=3) == [Change(4, "P0002", "delete")]
        assert database.changes(limit=1) == [Change(3, "P0001", "put")]
        assert database.last_change() == 4

    def test_what_is_read_is_never_old(self, database: Database) -> None:
        for stock in range(5):
            database.put_products([a_product(1, stock=stock)])
            found = database.get_product("P0001")
            assert found is not None
            assert found.stock == stock

    # transactions

    def test_a_transaction_is_all_or_nothing(self, database: Database) -> None:
        database.put_products([a_product(1)])
        with pytest.raises(ZeroDivisionError), database.transaction():
            database.put_products([a_product(1, stock=9), a_product(2)])
            database.put_events([an_event(1)])
            found = database.get_product("P0001")
            assert found is not None
            assert found.stock == 9
            _ = 1 / 0
        assert database.get_product("P0001") == a_product(1)
        assert (database.count_products(), database.count_events(), database.last_change()) == (1, 0, 1)

    def test_transactions_nest(self, database: Database) -> None:
        with pytest.raises(ZeroDivisionError), database.transaction():
            with database.transaction():
                database.put_products([a_product(1)])
            _ = 1 / 0
        assert database.count_products() == 0
        with database.transaction(), database.transaction():
            database.put_products([a_product(1)])
        assert database.count_products() == 1

    def test_a_failure_swallowed_inside_keeps_nothing(self, database: Database) -> None:
        def swallowing() -> None:
            database.put_products([a_product(1)])
            try:
                with database.transaction():
                    _ = 1 / 0
            except ZeroDivisionError:
                pass

        with pytest.raises(StoreError, match="none of it was kept"), database.transaction():
            swallowing()
        assert database.count_products() == 0

    def test_threads_write_at_once(self, database: Database) -> None:
        failures: list[BaseException] = []

        def write(first: int) -> None:
            try:
                for number in range(first, first + 20):
                    database.put_products([a_product(number)])
                    database.put_events([an_event(number)])
                    database.get_products([f"P{number:04}"])
            except BaseException as failure:
                failures.append(failure)

        threads = [threading.Thread(target=write, args=(100 * number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failures
        assert [one.seq for one in database.changes()] == list(range(1, 81))
        assert [seq for seq, _ in database.events()] == list(range(1, 81))

    # reviews and policies

    def test_reviews(self, database: Database) -> None:
        reviews = [
            Review(id=f"R{n}", product_id="P0001", text="好", rating=n, time=START + timedelta(days=n))
            for n in range(6)
        ] + [Review(id="R9", product_id="P0002", text="no stars")]
        assert database.put_reviews(reviews) == PutCount(new=7)
        assert database.put_reviews(reviews) == PutCount(unchanged=7)
        assert [one.id for one in database.reviews("P0001", limit=2)] == ["R5", "R4"]
        assert sorted(database.all_reviews(), key=lambda one: one.id) == reviews
        assert database.ratings() == {"P0001": (2.5, 6)}
        assert database.ratings(["P0002"]) == {}

    def test_a_new_review_is_a_change_of_its_product(self, database: Database) -> None:
        database.put_products([a_product(1), a_product(2)])
        reviews = [
            Review(id="R1", product_id="P0001", text="ok", rating=4),
            Review(id="R2", product_id="none", text="x"),
        ]
        database.put_reviews(reviews)
        assert database.changes(after=2) == [Change(3, "P0001", "put")]
        database.put_reviews(reviews)
        assert database.last_change() == 3

    def test_policies(self, database: Database) -> None:
        policies = [Policy(id="A", text="七天退货", language="zh"), Policy(id="B", kind="policy", text="returns")]
        assert database.put_policies(policies) == PutCount(new=2)
        assert database.put_policies([Policy(id="B", text="changed"), policies[0]]) == PutCount(changed=1, unchanged=1)
        assert [one.text for one in database.policies()] == ["七天退货", "changed"]

    # events

    def test_events_in_order_of_arrival_each_once(self, database: Database) -> None:
        later, earlier = an_event(2), an_event(1)
        assert database.put_events([later, earlier, later]) == PutCount(new=2, unchanged=1)
        assert database.put_events([an_event(1, session_id="other")]) == PutCount(unchanged=1)
        assert list(database.events()) == [(1, later), (2, earlier)]
        assert list(database.events(after=1)) == [(2, earlier)]
        assert database.count_events() == 2

    def test_events_between_two_times(self, database: Database) -> None:
        database.put_events([an_event(number) for number in range(5)])
        since, until = START + timedelta(minutes=1), START + timedelta(minutes=3)
        assert [event.id for _, event in database.events(since=since, until=until)] == ["E1", "E2"]

    def test_events_of_a_shopper_or_a_session(self, database: Database) -> None:
        database.put_events(
            [
                an_event(1, session_id="s1"),
                an_event(2, shopper_id="bob", session_id="s2"),
                an_event(3, shopper_id=None, session_id="s1"),
            ]
        )
        assert [one.id for one in database.shopper_events(shopper_id="ada")] == ["E1"]
        assert [one.id for one in database.shopper_events(session_id="s1")] == ["E3", "E1"]
        assert [one.id for one in database.shopper_events(shopper_id="bob", session_id="s1")] == ["E3", "E2", "E1"]
        assert [one.id for one in database.shopper_events(shopper_id="bob", session_id="s1", limit=1)] == ["E3"]
        assert database.shopper_events() == []

    # shoppers

    def test_shoppers_carts_and_conversations(self, database: Database) -> None:
        shopper = Shopper(id="ada", consent={"memory": True}, created=START)
        cart = Cart(id="c1", lines=(CartLine(product_id="P0001", quantity=2),), updated=START)
        state = DialogueState(id="t1", shopper_id="ada", need="跑鞋", cart_id="c1")
        database.put_shopper(shopper)
        database.put_cart(cart, shopper_id="ada")
        database.put_conversation(state)
        assert database.get_shopper("ada") == shopper
        assert database.get_cart("c1") == cart
        assert database.get_conversation("t1") == state
        database.put_cart(cart.model_copy(update={"lines": ()}))
        emptied = database.get_cart("c1")
        assert emptied is not None
        assert emptied.lines == ()
        assert database.get_shopper("none") is None
        assert database.get_cart("none") is None
        assert database.get_conversation("none") is None

    def test_exports_and_erases_all_of_a_shopper_and_nothing_else(self, database: Database) -> None:
        for who, mine in (("ada", "1"), ("bob", "2")):
            database.put_shopper(Shopper(id=who))
            database.put_cart(Cart(id=f"c{mine}"), shopper_id=who)
            database.put_cart(Cart(id=f"c{mine}"))  # a later write that does not name the shopper
            database.put_cart(Cart(id=f"talked{mine}"))
            database.put_conversation(DialogueState(id=f"t{mine}", shopper_id=who, cart_id=f"talked{mine}"))
            database.put_events(
                [
                    an_event(int(mine), shopper_id=who, session_id=f"s{mine}"),
                    an_event(int(mine) + 10, shopper_id=None, session_id=f"s{mine}"),
                ]
            )
            database.log("shown", {"to": "them"}, shopper_id=who)
        others = database.export_shopper("bob")
        kept = {kind: len(rows) for kind, rows in database.export_shopper("ada").items()}
        assert kept == {"carts": 2, "events": 2, "conversations": 1, "ledger": 1, "shoppers": 1}
        assert database.erase_shopper("ada") == kept
        assert database.erase_shopper("ada") == dict.fromkeys(kept, 0)
        assert database.export_shopper("ada") == {kind: [] for kind in kept}
        assert database.export_shopper("bob") == others
        assert database.get_cart("talked1") is None

    # ledger and checkpoints

    def test_ledger(self, database: Database) -> None:
        first = database.log("shown", {"ids": ["P0001"], "名": 1.5})
        other = database.log("trained", {"model": "x"})
        second = database.log("shown", {"ids": []})
        assert first < other < second
        assert [(seq, data) for seq, _, data in database.ledger("shown")] == [
            (first, {"ids": ["P0001"], "名": 1.5}),
            (second, {"ids": []}),
        ]
        assert [seq for seq, _, _ in database.ledger("shown", after=first, limit=5)] == [second]
        assert all(time.tzinfo is not None for _, time, _ in database.ledger("shown"))

    def test_checkpoints(self, database: Database) -> None:
        assert database.get_checkpoint("reader") is None
        database.set_checkpoint("reader", {"seq": 1})
        database.set_checkpoint("reader", {"seq": 2, "词": ["x"]})
        assert database.get_checkpoint("reader") == {"seq": 2, "词": ["x"]}


DIM = 8


def a_vector(*direction: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """A unit vector that begins with `direction`."""
    vector = np.zeros(DIM, dtype=np.float32)
    vector[: len(direction)] = direction
    return vector / np.float32(np.linalg.norm(vector))


def some_entries() -> list[IndexEntry]:
    """Five products whose right answers are plain to see."""
    return [
        IndexEntry(
            "A", a_vector(1, 0), {1: 1.0, 2: 1.0}, _facets("Nike", "red", "Shoes"), {"price": 100, "created": 1}
        ),
        IndexEntry("B", a_vector(0.9, 0.1), {1: 2.0}, _facets("Nike", "black", "Shoes"), {"price": 200, "rating": 4.5}),
        IndexEntry("C", a_vector(0.5, 0.5), {2: 1.0, 3: 1.0}, _facets("李宁", "红", "Shoes > Run"), {"price": 300}),
        IndexEntry("D", a_vector(0, 1), {4: 1.0}, {"brand": ["Adidas"]}, {"attr:净重 (kg).x": 1.5}),
        IndexEntry("E", None, {5: 1.0}, {"brand": ["Adidas", "Nike"]}, {"price": 100}),
    ]


def _facets(brand: str, colour: str, category: str) -> dict[str, list[str]]:
    path = category.split(" > ")
    prefixes = [" > ".join(path[: n + 1]) for n in range(len(path))]
    return {"brand": [brand], "attr:颜色 (主).x": [colour], "category": prefixes}


def _is(field: str, *values: str, negated: bool = False) -> Constraint:
    return Constraint(field=field, values=values, negated=negated)


def _between(field: str, low: float | None, high: float | None, *, negated: bool = False) -> Constraint:
    return Constraint(field=field, op="range", low=low, high=high, negated=negated)


FILTERS: list[tuple[tuple[Constraint, ...], str]] = [
    ((), "ABCDE"),
    ((_is("brand", "Nike"),), "ABE"),
    ((_is("brand", "Nike", "李宁"),), "ABCE"),
    ((_is("brand", "Nike", negated=True),), "CD"),
    ((_is("attr:颜色 (主).x", "red", "红"),), "AC"),
    ((_is("attr:颜色 (主).x", "red", "红", negated=True),), "BDE"),
    ((_is("category", "Shoes"),), "ABC"),
    ((_is("category", "Shoes > Run"),), "C"),
    ((_is("brand", "none"),), ""),
    ((_is("brand"),), ""),
    ((_is("brand", negated=True),), "ABCDE"),
    ((_is("none", "x"),), ""),
    ((_is("none", "x", negated=True),), "ABCDE"),
    ((_between("price", 100, 200),), "ABE"),
    ((_between("price", 100.5, None),), "BC"),
    ((_between("price", None, 100),), "AE"),
    ((_between("price", None, None),), "ABCE"),
    ((_between("price", 100, 200, negated=True),), "CD"),
    ((_between("attr:净重 (kg).x", 1, 2),), "D"),
    ((_between("none", 1, 2),), ""),
    ((_is("brand", "Nike"), _between("price", None, 150)), "AE"),
    ((_is("brand", "Nike"), _is("attr:颜色 (主).x", "black", negated=True)), "AE"),
]


class IndexContract:
    """What an `Index` promises. Override `index` with a fresh, empty one of dimension `DIM`."""

    @pytest.fixture
    def index(self) -> Iterator[Index]:
        raise NotImplementedError("override this fixture")

    @pytest.fixture
    def filled(self, index: Index) -> Index:
        index.upsert(some_entries())
        return index

    def test_is_an_index(self, index: Index) -> None:
        assert isinstance(index, Index)
        assert index.count() == 0
        assert list(index.ids()) == []
        assert index.browse() == index.search_dense(a_vector(1)) == index.search_sparse({1: 1.0}) == []

    @pytest.mark.parametrize(("filters", "expected"), FILTERS, ids=[str([one.key for one in f]) for f, _ in FILTERS])
    def test_filters_mean_the_same_everywhere(
        self, filled: Index, filters: tuple[Constraint, ...], expected: str
    ) -> None:
        assert filled.count(filters) == len(expected)
        assert [one.product_id for one in filled.browse(filters=filters)] == sorted(expected)
        dense = {one.product_id for one in filled.search_dense(a_vector(1, 1), filters=filters)}
        assert dense == set(expected) - {"E"}
        sparse = filled.search_sparse(dict.fromkeys(range(1, 6), 1.0), filters=filters)
        assert {one.product_id for one in sparse} == set(expected)
        assert sum(count for _, count in filled.facets(["brand"], filters=filters)["brand"]) == sum(
            len(one.facets["brand"]) for one in some_entries() if one.product_id in expected
        )

    def test_dense_is_cosine_best_first(self, filled: Index) -> None:
        found = filled.search_dense(a_vector(1, 0), limit=3)
        assert [one.product_id for one in found] == ["A", "B", "C"]
        assert [one.score for one in found] == pytest.approx([1.0, 0.9939, 0.7071], abs=5e-3)

    def test_sparse_is_weight_times_idf(self, filled: Index) -> None:
        found = {one.product_id: one.score for one in filled.search_sparse({1: 1.0, 3: 2.0})}

        def idf(holding: int) -> float:
            return float(np.log((5 - holding + 0.5) / (holding + 0.5) + 1))

        assert found == pytest.approx({"A": idf(2), "B": 2 * idf(2), "C": 2 * idf(1)}, rel=1e-3)
        assert filled.search_sparse({}) == []
        assert filled.search_sparse({999: 1.0}) == []

    def test_ties_are_in_id_order(self, index: Index) -> None:
        index.upsert([IndexEntry(one, a_vector(1), {1: 1.0}) for one in "CADB"])
        for found in (index.search_dense(a_vector(1)), index.search_sparse({1: 1.0}), index.browse()):
            assert [one.product_id for one in found] == ["A", "B", "C", "D"]

    def test_browse_sorts_by_a_number_and_pages(self, filled: Index) -> None:
        assert [one.product_id for one in filled.browse(sort="price")] == ["A", "E", "B", "C", "D"]
        assert [one.product_id for one in filled.browse(sort="-price")] == ["C", "B", "A", "E", "D"]
        assert [one.product_id for one in filled.browse(sort="price", limit=2, offset=1)] == ["E", "B"]
        assert [one.product_id for one in filled.browse(limit=2, offset=3)] == ["D", "E"]
        assert [one.score for one in filled.browse(sort="-price")] == [300.0, 200.0, 100.0, 100.0, MISSING]
        assert [one.product_id for one in filled.browse(sort="none")] == list("ABCDE")

    def test_facets(self, filled: Index) -> None:
        found = filled.facets(["brand", "category", "none"])
        assert found["brand"] == [("Nike", 3), ("Adidas", 2), ("李宁", 1)]
        assert found["category"] == [("Shoes", 3), ("Shoes > Run", 1)]
        assert found["none"] == []
        assert filled.facets(["brand"], limit=1) == {"brand": [("Nike", 3)]}
        assert filled.facets(["brand"], filters=[_between("price", 150, None)])["brand"] == [("Nike", 1), ("李宁", 1)]

    def test_fields(self, filled: Index) -> None:
        assert filled.fields() == {"brand": 5, "attr:颜色 (主).x": 3, "category": 3}
        assert filled.fields(filters=[_is("brand", "Adidas")]) == {"brand": 2}

    def test_number_range(self, filled: Index) -> None:
        assert filled.number_range("price") == (100.0, 300.0)
        assert filled.number_range("price", filters=[_is("attr:颜色 (主).x", "black", "红")]) == (200.0, 300.0)
        assert filled.number_range("none") is None
        assert filled.number_range("price", filters=[_is("brand", "none")]) is None

    def test_facets_of_some_products(self, filled: Index) -> None:
        assert filled.facets_of(["A", "C", "E", "none"]) == {
            "brand": [("Nike", 2), ("Adidas", 1), ("李宁", 1)],
            "attr:颜色 (主).x": [("red", 1), ("红", 1)],
            "category": [("Shoes", 2), ("Shoes > Run", 1)],
        }
        assert filled.facets_of([]) == {}

    def test_numbers_of_some_products(self, filled: Index) -> None:
        assert filled.numbers_of("price", ["C", "A", "D", "none"]) == {"A": 100.0, "C": 300.0}
        assert filled.numbers_of("attr:净重 (kg).x", ["D", "A"]) == {"D": 1.5}
        assert filled.numbers_of("none", ["A"]) == {}
        assert filled.numbers_of("price", []) == {}

    def test_which_products_satisfy(self, filled: Index) -> None:
        assert filled.satisfying(["C", "A", "none"], [_is("brand", "Nike")]) == [False, True, False]
        assert filled.satisfying(["D", "A"], []) == [True, True]
        assert filled.satisfying([], [_is("brand", "Nike")]) == []

    def test_numbers_and_facets_follow_an_upsert(self, filled: Index) -> None:
        filled.upsert([IndexEntry("A", a_vector(0, 1), {9: 1.0}, {"brand": ["Puma"]}, {"price": 7})])
        assert filled.facets_of(["A", "B"])["brand"] == [("Nike", 1), ("Puma", 1)]
        assert filled.numbers_of("price", ["A", "B"]) == {"A": 7.0, "B": 200.0}

    def test_vectors(self, filled: Index) -> None:
        found = filled.vectors(["A", "E", "none"])
        assert list(found) == ["A"]
        assert found["A"].dtype == np.float32
        assert found["A"] == pytest.approx(a_vector(1, 0), abs=1e-2)
        assert filled.vectors([]) == {}

    def test_an_upsert_replaces_and_is_visible_at_once(self, filled: Index) -> None:
        filled.upsert([IndexEntry("A", a_vector(0, 0, 1), {9: 1.0}, {"brand": ["Puma"]}, {"price": 7})])
        assert filled.count() == 5
        assert filled.search_dense(a_vector(0, 0, 1), limit=1)[0].product_id == "A"
        assert [one.product_id for one in filled.search_sparse({9: 1.0})] == ["A"]
        assert "A" not in {one.product_id for one in filled.search_sparse({1: 1.0, 2: 1.0})}
        assert filled.facets(["brand"], filters=[_between("price", None, 50)])["brand"] == [("Puma", 1)]
        assert filled.count([_is("attr:颜色 (主).x", "red")]) == 0

    def test_a_delete_is_visible_at_once(self, filled: Index) -> None:
        filled.delete(["A", "none"])
        filled.delete([])
        assert list(filled.ids()) == ["B", "C", "D", "E"]
        assert "A" not in {one.product_id for one in filled.search_dense(a_vector(1))}
        assert filled.facets(["brand"])["brand"][0] == ("Adidas", 2)
        filled.upsert(some_entries()[:1])
        assert filled.count() == 5

    def test_the_same_after_flush_and_optimize(self, filled: Index) -> None:
        before = [one.product_id for one in filled.search_dense(a_vector(1, 0.2))]
        filled.flush()
        filled.optimize()
        assert [one.product_id for one in filled.search_dense(a_vector(1, 0.2))] == before
        filled.upsert([IndexEntry("F", a_vector(1, 0.2), {1: 1.0})])
        assert filled.search_dense(a_vector(1, 0.2), limit=1)[0].product_id == "F"

    def test_many(self, index: Index) -> None:
        entries = [
            IndexEntry(f"P{n:05}", a_vector(1, n / 3000), {n % 7: 1.0}, {"g": [str(n % 3)]}, {"n": n, "attr:x y": n})
            for n in range(3000)
        ]
        for start in range(0, 3000, 500):
            index.upsert(entries[start : start + 500])
        assert index.count() == 3000
        wide = [_between("attr:x y", 100, None)]
        assert len(index.search_dense(a_vector(1), filters=wide, limit=50)) == 50
        assert all(one.product_id >= "P00100" for one in index.search_dense(a_vector(1), filters=wide, limit=50))
        narrow = [_is("g", "1"), _between("attr:x y", 100, 110)]
        assert [one.product_id for one in index.browse(filters=narrow)] == ["P00100", "P00103", "P00106", "P00109"]
        assert len(index.search_sparse({3: 1.0}, filters=[_is("g", "1")], limit=1000)) == len(
            [n for n in range(3000) if n % 7 == 3 and n % 3 == 1]
        )


def a_meta(version: str, **changes: object) -> IndexMeta:
    """The description of a version."""
    fields = {"products": 1, "change": 1, "encoder": "e", "dim": DIM, "built": "2026-01-01T00:00:00Z"}
    return IndexMeta(version=version, **(fields | changes))  # type: ignore[arg-type]


class IndexStoreContract:
    """What an `IndexStore` promises. Override `indexes` with a fresh, empty one."""

    @pytest.fixture
    def indexes(self) -> Iterator[IndexStore]:
        raise NotImplementedError("override this fixture")

    def test_begins_empty(self, indexes: IndexStore) -> None:
        assert isinstance(indexes, IndexStore)
        assert indexes.current() is None
        assert indexes.current_meta() is None
        assert indexes.versions() == []

    def test_a_half_built_version_is_never_current(self, indexes: IndexStore) -> None:
        indexes.create("v1", dim=DIM).upsert(some_entries())
        assert indexes.current() is None
        assert indexes.versions() == ["v1"]

    def test_an_unfinished_version_is_resumed(self, indexes: IndexStore) -> None:
        indexes.create("v1", dim=DIM).upsert(some_entries()[:2])
        again = indexes.create("v1", dim=DIM)
        again.upsert(some_entries()[2:])
        assert again.count() == 5

    def test_publishing_switches(self, indexes: IndexStore) -> None:
        indexes.create("v1", dim=DIM).upsert(some_entries())
        indexes.publish(a_meta("v1", extra={"average": {"title": 7.5}}))
        first = indexes.current()
        assert first is not None
        assert (first.version, first.count()) == ("v1", 5)
        assert indexes.current_meta() == a_meta("v1", extra={"average": {"title": 7.5}})
        second = indexes.create("v2", dim=DIM)
        second.upsert(some_entries()[:1])
        current = indexes.current()
        assert current is not None
        assert current.version == "v1"
        indexes.publish(a_meta("v2"))
        current = indexes.current()
        assert current is not None
        assert (current.version, current.count()) == ("v2", 1)
        assert first.count() == 5  # who still holds the old version can go on with it

    def test_the_current_description_is_replaced(self, indexes: IndexStore) -> None:
        indexes.create("v1", dim=DIM).upsert(some_entries())
        indexes.publish(a_meta("v1"))
        indexes.current()
        indexes.publish(a_meta("v1", change=9))
        assert indexes.current_meta() == a_meta("v1", change=9)
        current = indexes.current()
        assert current is not None
        assert current.count() == 5

    def test_drop(self, indexes: IndexStore) -> None:
        indexes.create("v1", dim=DIM).upsert(some_entries())
        indexes.publish(a_meta("v1"))
        indexes.create("v2", dim=DIM).upsert(some_entries())
        indexes.drop("v2")
        assert indexes.versions() == ["v1"]
        assert indexes.create("v2", dim=DIM).count() == 0
        with pytest.raises(StoreError, match="current"):
            indexes.drop("v1")
        with pytest.raises(NotFound):
            indexes.drop("none")

    def test_refuses_what_cannot_be(self, indexes: IndexStore) -> None:
        for name in ("", "../up", "a/b"):
            with pytest.raises(DaogouError, match="no name"):
                indexes.create(name, dim=DIM)
        with pytest.raises(NotFound):
            indexes.publish(a_meta("none"))
        indexes.create("v1", dim=DIM)
        indexes.publish(a_meta("v1"))
        with pytest.raises(StoreError, match="finished"):
            indexes.create("v1", dim=DIM)
