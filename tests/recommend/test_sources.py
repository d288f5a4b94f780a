"""Every source: exact under updates where it says so, saved and restored alike, and right where the answer is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daogou.recommend import Asked, Batch, Catalogue, ItemIds, Kind, Source, Trail, Trails, new_ranker
from daogou.recommend.bought import Repurchases
from daogou.recommend.sources import Baskets, CoOccurrence, Ease, Neighbours, Popularity
from daogou.recommend.trails import MAX_ACTIONS
from daogou.records import Event, EventItem, EventName, Product

N = 6
START = datetime(2026, 9, 1, tzinfo=UTC)
EXACT = [CoOccurrence, Neighbours, Baskets, Popularity]
names = st.sampled_from(["view_item", "add_to_cart", "purchase", "add_to_wishlist", "refund", "rate"])
logs = st.lists(
    st.tuples(
        st.integers(0, 3),  # shopper; 3 is nobody
        st.integers(0, 2),  # session
        st.lists(st.integers(0, N - 1), min_size=1, max_size=3),
        names,
        st.integers(0, 60 * 24 * 40),  # minutes: out of order, days apart, and at once
        st.sampled_from([1.0, 3.0, 5.0]),
    ),
    max_size=25,
)


def catalogue(n: int = N) -> Catalogue:
    made = Catalogue(ItemIds(str(item) for item in range(n)))
    made.put(
        Product(id=str(item), title=f"Thing {item}", category=("All", "Even" if item % 2 == 0 else "Odd"))
        for item in range(n)
    )
    return made


def events(log: list[tuple[int, int, list[int], str, int, float]]) -> list[tuple[int, Event]]:
    return [
        (
            number + 1,
            Event(
                id=f"e{number}",
                name=EventName(name),
                time=START + timedelta(minutes=minutes),
                shopper_id=None if shopper == 3 else f"u{shopper}",
                session_id=f"s{session}",
                items=tuple(EventItem(product_id=str(item)) for item in items),
                value=value if name == "rate" else None,
            ),
        )
        for number, (shopper, session, items, name, minutes, value) in enumerate(log)
    ]


def everything(source: Source | Repurchases) -> list[list[float]]:
    """All a source says, for every history of one or two items."""
    if isinstance(source, Repurchases):
        return [[float(source.again(item, days)) for item in range(N)] for days in (0.0, 3.0, 1000.0)]
    asked = [Asked()] + [Asked.about(first, second) for first in range(N) for second in range(N) if first != second]
    return [source.score(one).tolist() for one in asked]


@pytest.mark.parametrize("make", [*EXACT, Repurchases], ids=lambda make: make.__name__)
@settings(max_examples=25, deadline=None)
@given(log=logs, cut=st.integers(0, 25))
def test_counting_event_by_event_is_fitting_anew(make: type, log: list[tuple], cut: int) -> None:
    numbered, shop = events(log), catalogue()
    grown, trails = make(), Trails()
    trails.fill(numbered[:cut], shop.ids)
    grown.fit(trails.batch(), shop)
    for arrival, event in numbered[cut:]:
        change = trails.add(arrival, event, shop.ids)
        if change is not None:
            grown.update(change)
    fitted, anew = make(), Trails()
    anew.fill(numbered, shop.ids)
    fitted.fit(anew.batch(), shop)
    assert everything(grown) == everything(fitted)


@pytest.mark.parametrize("make", [*EXACT, Repurchases], ids=lambda make: make.__name__)
@settings(max_examples=15, deadline=None)
@given(log=logs)
def test_a_forgotten_shopper_was_never_there(make: type, log: list[tuple]) -> None:
    numbered, shop = events(log), catalogue()
    source, trails = make(), Trails()
    trails.fill(numbered, shop.ids)
    source.fit(trails.batch(), shop)
    for change in trails.forget("u0"):
        source.update(change)
    theirs = {event.session_id for _, event in numbered if event.shopper_id == "u0"}
    others = [
        (arrival, event)
        for arrival, event in numbered
        if event.shopper_id != "u0" and not (event.shopper_id is None and event.session_id in theirs)
    ]
    fitted, anew = make(), Trails()
    anew.fill(others, shop.ids)
    fitted.fit(anew.batch(), shop)
    assert everything(source) == everything(fitted)


def test_long_trails_are_cut_the_same_whatever_the_order_of_arrival() -> None:
    shop = catalogue()
    log = [(0, 0, [k % N], "purchase" if k % 3 == 0 else "view_item", (k * 37) % 400, 0.0) for k in range(400)]
    at_once, one_by_one = Trails(), Trails()
    at_once.fill(events(log), shop.ids)
    for arrival, event in events(log):
        one_by_one.add(arrival, event, shop.ids)
    first, second = next(iter(at_once)), next(iter(one_by_one))
    assert all(np.array_equal(mine, theirs) for mine, theirs in zip(first, second, strict=True))
    assert len(first.items) == 2 * MAX_ACTIONS


def chequers(n: int = 12) -> tuple[list[Trail], list[tuple[int, int]]]:
    """Even shoppers chose the even items, odd ones the odd, each but one: (trails, (shopper, item held out))."""
    trails, held_out = [], []
    for shopper in range(n):
        mine = [item for item in range(n) if item % 2 == shopper % 2 and item != shopper]
        times = np.arange(len(mine), dtype=np.float64) * 60.0
        kinds = np.full(len(mine), Kind.BUY, np.int8)
        trails.append(Trail(np.array(mine, np.int32), times, kinds, np.arange(len(mine))))
        held_out.append((shopper, shopper))
    return trails, held_out


@pytest.mark.parametrize("make", [CoOccurrence, Neighbours, Baskets, lambda: Ease(ridge=1.0)])
def test_the_square_held_out_of_the_chequerboard_comes_first(make: type) -> None:
    trails, held_out = chequers()
    source = make()
    source.fit(Batch.of(trails), catalogue(12))
    for shopper, wanted in held_out:
        scores = source.score(Asked.of(trails[shopper])).copy()
        scores[trails[shopper].items] = 0.0
        assert int(np.argmax(scores)) == wanted


def test_co_occurrence_is_directed_and_fades_with_the_gap() -> None:
    shop = catalogue()
    trail = Trail(np.array([0, 1, 2], np.int32), np.zeros(3), np.ones(3, np.int8), np.arange(3))
    source = CoOccurrence()
    source.fit(Batch.of([trail]), shop)
    assert source.counts.get(0, 1) == 2 * source.counts.get(1, 0) == 4096
    assert source.counts.get(0, 2) == round(4096 * 0.9)
    weeks = trail._replace(times=np.array([0.0, 14 * 86_400.0, 14 * 86_400.0]))
    source.fit(Batch.of([weeks]), shop)
    assert source.counts.get(0, 1) == 2048


def test_ease_is_the_closed_form() -> None:
    trails, _ = chequers(6)
    source = Ease(ridge=2.0, recency=1.0)
    source.fit(Batch.of(trails), catalogue(6))
    chosen = np.zeros((6, 6))
    for row, trail in enumerate(trails):
        chosen[row, trail.items] = 1.0
    inverse = np.linalg.inv(chosen.T @ chosen + 2.0 * np.eye(6))
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0.0)
    history = np.array([0, 2], np.int32)
    wanted = np.maximum(np.maximum(weights, 0.0)[history].sum(axis=0), 0.0)
    np.testing.assert_allclose(source.score(Asked.about(0, 2)), wanted, atol=1e-5)


def test_popularity_fades_and_knows_the_shoppers_categories() -> None:
    shop = catalogue()
    days = np.array([0.0, 0.0, 42.0]) * 86_400.0
    trails = [
        Trail(np.array([item], np.int32), days[[k]], np.ones(1, np.int8), np.array([k]))
        for k, item in enumerate((0, 2, 1))
    ]
    source = Popularity(half_life_days=21.0)
    source.fit(Batch.of(trails), shop)
    assert source.score(Asked())[:3].tolist() == pytest.approx([1 / 6, 4 / 6, 1 / 6])
    assert source.score(Asked.about(4))[0] > source.score(Asked())[0]
    assert source.place(1) == (1, 1)
    assert source.place(5) == (None, None)


def test_every_source_saved_and_restored_says_the_same() -> None:
    trails, _ = chequers()
    vectors = {str(item): np.eye(12, dtype=np.float32)[item] for item in range(12)}
    first = new_ranker(catalogue(12), vectors_of=lambda ids: {one: vectors[one] for one in ids})
    second = new_ranker(catalogue(12), vectors_of=lambda ids: {one: vectors[one] for one in ids})
    first.fit(Batch.of(trails))
    for name, source in first.sources.items():
        restored = second.sources[name]
        restored.load(source.save(), second.catalogue)
        assert isinstance(restored, Source)
        for asked in (Asked(), Asked.about(3, 4)):
            assert np.array_equal(source.score(asked), restored.score(asked)), name
            assert source.score(asked).shape == (12,)
            assert (source.score(asked) >= 0).all()
            assert source.why(asked, 7) == restored.why(asked, 7)
