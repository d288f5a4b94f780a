from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from daogou.demo import DEFAULT_END, DEFAULT_SEED, SimulatedShoppers, build_demo
from daogou.demo.events import MAX_EVENTS
from daogou.demo.products import DemoItem, make_items
from daogou.demo.reviews import make_reviews
from daogou.demo.tables import load_tables
from daogou.demo.tastes import SPAN
from daogou.records import EventName

if TYPE_CHECKING:
    from tests.demo.conftest import Store


def test_the_files_say_what_they_are(store: Store) -> None:
    note = store.files.readme.read_text(encoding="utf-8")
    assert "simulated" in note
    assert "模拟" in note
    assert store.files.counts["products"] == len(store.products)
    assert store.files.counts["events"] == len(store.events)


def test_progress_is_reported_to_the_end(store: Store) -> None:
    done = [step[0] for step in store.steps]
    assert done == sorted(done)
    assert store.steps[-1][0] == store.steps[-1][1]


def test_the_same_seed_gives_the_same_bytes(store: Store, tmp_path: Path) -> None:
    again = build_demo(tmp_path, pictures=False)
    for name in ("products", "reviews", "policies", "events", "readme"):
        assert getattr(again, name).read_bytes() == getattr(store.files, name).read_bytes(), name


def test_another_seed_gives_another_store(items: list[DemoItem]) -> None:
    other = make_items(load_tables(), 8, DEFAULT_END)
    assert sum(a.product.title != b.product.title for a, b in zip(items, other, strict=True)) > 400


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match="file"):
        build_demo(tmp_path / "file", pictures=False)


def test_reviews_belong_and_disagree(store: Store) -> None:
    born = {one.id: one.created for one in store.products}
    ratings: dict[str, list[float]] = defaultdict(list)
    for review in store.reviews:
        created = born[review.product_id]
        assert review.time is not None
        assert created is not None
        assert created <= review.time <= DEFAULT_END
        assert review.author.startswith(("simulated shopper ", "模拟顾客 "))
        assert review.rating is not None
        ratings[review.product_id].append(review.rating)
    assert len({one.id for one in store.reviews}) == len(store.reviews)
    assert 3 <= len(store.reviews) / len(store.products) <= 6
    assert {one.language for one in store.reviews} == {"zh", "en"}
    several = [found for found in ratings.values() if len(found) >= 3]
    assert sum(max(found) - min(found) >= 2 for found in several) > 0.5 * len(several)


def test_stars_follow_from_the_words(items: list[DemoItem]) -> None:
    tables = load_tables()
    kinds = {item.product.id: item for item in items}
    for review in make_reviews(items[::7], tables, DEFAULT_SEED, DEFAULT_END):
        aspects = (*kinds[review.product_id].kind.aspects, *tables.aspects)
        good = any(one.praise.zh in review.text or one.praise.en in review.text for one in aspects)
        bad = any(one.blame.zh in review.text or one.blame.en in review.text for one in aspects)
        assert review.rating is not None
        assert good or review.rating <= 3, review.text
        assert bad or review.rating >= 3, review.text
        assert not (bad and review.rating == 5), review.text


def test_policies_cover_the_topics_in_both_languages(store: Store) -> None:
    topics = {language: {one.topic for one in store.policies if one.language == language} for language in ("zh", "en")}
    assert topics["zh"] == topics["en"]
    needed = {"shipping cost", "shipping time", "returns", "exchange", "warranty", "invoice", "payment", "gift wrap"}
    needed |= {"order changes", "price protection", "customer service hours", "privacy", "contact", "authenticity"}
    assert needed <= topics["en"]
    assert len({one.id for one in store.policies}) == len(store.policies)


def test_events_keep_to_the_rules(store: Store) -> None:
    known = {one.id: one for one in store.products}
    times = [event.time for event in store.events]
    assert times == sorted(times)
    assert times[0] >= DEFAULT_END - SPAN
    assert times[-1] <= DEFAULT_END
    assert len({event.id for event in store.events}) == len(store.events) <= MAX_EVENTS
    assert {"view_item", "search", "select_item", "add_to_cart", "purchase"} == {one.name.value for one in store.events}
    carts: dict[str, set[str]] = defaultdict(set)
    for event in store.events:
        assert event.shopper_id is not None
        assert event.shopper_id.startswith("sim-")
        assert event.session_id is not None
        for line in event.items:
            product = known[line.product_id]
            assert product.created is not None
            assert product.created <= event.time
            assert line.variant_id is None or product.variant(line.variant_id) is not None
            if event.name is EventName.add_to_cart:
                carts[event.session_id].add(line.product_id)
            if event.name is EventName.purchase:
                assert line.product_id in carts[event.session_id]
                assert product.buyable


def test_shoppers_have_tastes(store: Store) -> None:
    """Views concentrate on few departments, complements are bought together, and late interests differ."""
    group = {one.id: one.category[0] for one in store.products}
    kind = {one.id: one.category[1] for one in store.products}
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for event in store.events:
        if event.name is EventName.view_item and event.shopper_id:
            seen[event.shopper_id][group[event.items[0].product_id]] += 1
    busy = [counts for counts in seen.values() if sum(counts.values()) >= 20]
    assert len(busy) >= 200
    top = [sum(count for _, count in counts.most_common(4)) / sum(counts.values()) for counts in busy]
    assert sum(top) / len(top) > 0.75
    together: Counter[frozenset[str]] = Counter()
    for event in store.events:
        if event.name is EventName.purchase and len(event.items) > 1:
            together[frozenset(kind[line.product_id] for line in event.items)] += 1
    assert together[frozenset(("智能手机", "手机壳"))] >= 3
    assert together[frozenset(("咖啡豆", "磨豆机"))] + together[frozenset(("咖啡豆", "手冲器具"))] >= 3


def test_clicks_follow_the_latent_tastes(store: Store, items: list[DemoItem]) -> None:
    world = SimulatedShoppers(items=items)
    when = datetime(2026, 10, 20, tzinfo=UTC)
    again = SimulatedShoppers(items=items)
    chosen, other = 0.0, 0.0
    pool = [item.product.id for item in items]
    views = [event for event in store.events[:4000] if event.name is EventName.view_item and event.shopper_id]
    for at, event in enumerate(views):
        assert event.shopper_id
        chosen += world.probability(event.shopper_id, event.items[0].product_id, event.time)
        other += world.probability(event.shopper_id, pool[at * 37 % len(pool)], event.time)
    assert chosen > 3 * other
    for shopper in list(world.shoppers)[:20]:
        share = world.probability(shopper, "skin-0001", when)
        assert 0 < share < 1
        assert share == again.probability(shopper, "skin-0001", when)


def test_some_tastes_shift_two_weeks_before_the_end(items: list[DemoItem]) -> None:
    world = SimulatedShoppers(items=items)
    shifted = [one for one in world.shoppers.values() if one.liked != one.liked_later]
    assert 0.2 < len(shifted) / len(world.shoppers) < 0.5


def test_an_unknown_shopper_or_product_is_refused(items: list[DemoItem]) -> None:
    world = SimulatedShoppers(items=items)
    with pytest.raises(KeyError):
        world.probability("nobody", "skin-0001", DEFAULT_END)
    with pytest.raises(KeyError):
        world.probability("sim-0001", "nothing", DEFAULT_END)
