"""The service on a real database: what shoppers get, why, and when it changes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from daogou.errors import NotFound, QueryError, StoreUnavailable
from daogou.recommend import SURFACES, Asked, RecommendService
from daogou.recommend.reading import EventReader
from daogou.records import Event, EventItem, EventName, Shelf
from daogou.stores import IndexEntry, IndexMeta, open_index

RUN, SOCK, TEA = ("Shoes", "Running"), ("Clothes", "Socks"), ("Food", "Tea")


def shown(shelf: Shelf) -> list[str]:
    return [hit.product.id for hit in shelf.hits]


def reasons(shelf: Shelf, product_id: str) -> list[str]:
    return [reason.text for hit in shelf.hits if hit.product.id == product_id for reason in hit.reasons]


def service(store: Any, **options: Any) -> RecommendService:
    last = store.event("clock", "x").time.timestamp()
    return RecommendService(store.database, clock=lambda: last + 86_400, **options)


@pytest.fixture
def shop(store: Any) -> Any:
    """Runners buy r1, r2, r3 and socks with them; tea drinkers buy t1, t2, t3. Nobody does both."""
    store.put("r1", "r2", "r3", "r4", category=RUN)
    store.put("s1", "s2", category=SOCK)
    store.put("t1", "t2", "t3", category=TEA)
    for k in range(5):
        store.happen(
            store.event(f"runner{k}", "r1"),
            store.event(f"runner{k}", "r2"),
            store.event(f"runner{k}", ["r3", "s1"], "purchase"),
        )
        store.happen(
            store.event(f"drinker{k}", "t1"), store.event(f"drinker{k}", "t2"), store.event(f"drinker{k}", "t3")
        )
    return store


def test_a_history_brings_what_others_with_it_chose_and_says_so(shop: Any) -> None:
    shop.happen(shop.event("me", "r1"))
    shelf = service(shop).recommend("for_you", shopper_id="me")
    assert shown(shelf)[:2] in (["r2", "r3"], ["r3", "r2"])
    assert "Often chosen by shoppers who also chose Product r1, which you looked at" in reasons(shelf, "r2")
    assert all(hit.reasons for hit in shelf.hits)


def test_an_event_counts_in_the_very_next_call(shop: Any) -> None:
    recommending = service(shop)
    before = recommending.recommend("for_you", shopper_id="me")
    recommending.observe(shop.happen(shop.event("me", "t1")))
    after = recommending.recommend("for_you", shopper_id="me")
    assert shown(after)[0] in ("t2", "t3")
    assert shown(before) != shown(after)


def test_events_written_by_another_process_are_noticed(shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    recommending = service(shop)
    recommending.recommend("for_you", shopper_id="me")
    shop.happen(shop.event("me", "t1"))
    monkeypatch.setattr("daogou.recommend.service.POLL_S", 0.0)
    assert shown(recommending.recommend("for_you", shopper_id="me"))[0] in ("t2", "t3")


def test_keeping_up_gives_what_reading_everything_anew_gives(shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daogou.recommend.service.POLL_S", 0.0)
    kept_up = service(shop)
    kept_up.refresh()
    for name in ("view_item", "add_to_cart", "purchase"):
        kept_up.observe(shop.happen(shop.event("me", "r1", name), shop.event("you", ["t1", "s2"], name)))
    anew = service(shop)
    anew.refresh()
    for source in ("sequence", "neighbours", "baskets", "attributes", "popularity", "newest"):
        for item in range(9):
            one = kept_up.ranker.sources[source].score(Asked.about(item))
            assert np.array_equal(one, anew.ranker.sources[source].score(Asked.about(item))), source


def test_what_is_sold_out_or_gone_is_not_shown(shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daogou.recommend.service.POLL_S", 0.0)
    shop.happen(shop.event("me", "r1"))
    recommending = service(shop)
    assert "r2" in shown(recommending.recommend("for_you", shopper_id="me"))
    shop.sell_out("r2")
    shop.database.delete_products(["r3"])
    for surface in ("for_you", "popular"):
        assert not {"r2", "r3"} & set(shown(recommending.recommend(surface, shopper_id="me")))


def test_what_was_sold_out_a_moment_ago_is_not_shown_either(shop: Any) -> None:
    shop.happen(shop.event("me", "r1"))
    recommending = service(shop)
    recommending.recommend("for_you", shopper_id="me")
    shop.sell_out("r2")  # the ranking looks for changed products once a second, the shown records are read every time
    assert "r2" not in shown(recommending.recommend("for_you", shopper_id="me"))


def test_what_was_bought_is_not_shown_again_until_it_is_given_back(shop: Any) -> None:
    recommending = service(shop)
    recommending.observe(shop.happen(shop.event("me", "r1"), shop.event("me", "r2", "purchase")))
    assert "r2" not in shown(recommending.recommend("for_you", shopper_id="me", limit=20))
    assert "r2" not in shown(recommending.recommend("popular", shopper_id="me", limit=20))
    recommending.observe(shop.happen(shop.event("me", "r2", "refund")))
    assert "r2" in shown(recommending.recommend("popular", shopper_id="me", limit=20))


def test_tea_is_bought_again_and_shoes_are_not(shop: Any) -> None:
    for k in range(6):
        shop.happen(
            shop.event(f"regular{k}", "t1", "purchase", minutes=-60 * 24 * 20),
            shop.event(f"regular{k}", "t1", "purchase", minutes=-60 * 24 * 12),
            shop.event(f"regular{k}", "r1", "purchase", minutes=-60 * 24 * 12),
        )
    shelf = service(shop).recommend("for_you", shopper_id="regular0", limit=20)
    assert "t1" in shown(shelf)
    assert "You bought this before" in reasons(shelf, "t1")
    assert "r1" not in shown(shelf)


def test_a_bad_rating_keeps_a_product_away_from_that_shopper(shop: Any) -> None:
    shop.happen(shop.event("me", "r1"), shop.event("me", "r2", "rate", value=1.0))
    assert "r2" not in shown(service(shop).recommend("for_you", shopper_id="me", limit=20))


def test_a_forgotten_shopper_leaves_no_trace(shop: Any) -> None:
    shop.happen(
        shop.event("me", "t1", session="mine"),
        shop.event("mine", "s2", anonymous=True),
        shop.event("me", "r4", session="mine"),
    )
    recommending = service(shop)
    assert any(h.product.id == "r4" for h in recommending.recommend("similar", product_id="t1").hits)
    shop.database.erase_shopper("me")
    recommending.forget("me")
    anew = service(shop)
    for surface, about in (("for_you", {"shopper_id": "me", "session_id": "mine"}), ("similar", {"product_id": "t1"})):
        one, other = recommending.recommend(surface, **about), anew.recommend(surface, **about)
        assert shown(one) == shown(other)
        assert [hit.score for hit in one.hits] == pytest.approx([hit.score for hit in other.hits])
    assert "r4" not in shown(recommending.recommend("similar", product_id="t1"))


def test_nobody_known_gets_what_is_popular_and_is_told_so(shop: Any) -> None:
    for k in range(30):
        shop.happen(shop.event(f"fan{k}", "s2"))
    shelf = service(shop).recommend("for_you", shopper_id="nobody", language="zh")
    assert "s2" in shown(shelf)[:2]
    assert reasons(shelf, "s2")[0] == "Socks类热门"


def test_a_store_without_events_shows_what_is_new_and_claims_no_more(store: Any) -> None:
    store.put("old", created=store.event("x", "x").time - timedelta(days=400))
    store.put("new")
    shelf = service(store).recommend("for_you", shopper_id="me")
    assert shown(shelf) == ["new", "old"]
    assert [hit.reasons[0].kind for hit in shelf.hits] == ["new", "rule"]
    assert reasons(shelf, "old") == ["From our Running range"]


def test_an_empty_store_says_that_there_is_nothing(store: Any) -> None:
    for surface in ("for_you", "session", "popular"):
        shelf = service(store).recommend(surface, shopper_id="me", session_id="s")
        assert not shelf.hits
        assert shelf.notes == ("There is nothing to recommend here.",)


def test_together_brings_complements_and_no_substitutes(shop: Any) -> None:
    shelf = service(shop).recommend("together", product_id="r3")
    assert shown(shelf)[0] == "s1"
    assert reasons(shelf, "s1")[0] == "Often in one basket with Product r3"
    assert not {"r1", "r2", "r3", "r4"} & set(shown(shelf))
    assert shelf.product is not None
    assert shelf.product.id == "r3"
    by_basket = service(shop).recommend("together", basket=["r3", "s1"])
    assert not {"r3", "s1"} & set(shown(by_basket))


def test_a_product_nobody_has_seen_is_found_by_what_it_is(shop: Any) -> None:
    shop.put("fresh", category=RUN, brand="Acme", attributes={"waterproof": ("yes",)})
    shop.put("r9", category=RUN, brand="Acme", attributes={"waterproof": ("yes",)})
    shelf = service(shop).recommend("similar", product_id="fresh", language="zh")
    assert shown(shelf)[0] == "r9"
    assert reasons(shelf, "r9")[0] == "和「Product fresh」相似：同类、同品牌、waterproof"
    shop.happen(shop.event("me", "r9"))
    assert "fresh" in shown(service(shop).recommend("for_you", shopper_id="me"))


def test_a_product_put_this_moment_can_be_asked_about(shop: Any) -> None:
    recommending = service(shop)
    recommending.recommend("popular")
    shop.put("late", category=RUN)
    assert set(shown(recommending.recommend("similar", product_id="late"))) >= {"r1", "r2"}


def test_text_vectors_find_what_no_word_shares(shop: Any, tmp_path: Path) -> None:
    indexes = open_index(f"edge:{tmp_path / 'index'}")
    index = indexes.create("v1", dim=4)
    ids = ["r1", "r2", "t1", "s1"]
    near = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0.96, 0.28, 0, 0], [0, 0, 1, 0]], np.float32)
    index.upsert([IndexEntry(one, vector, {}) for one, vector in zip(ids, near, strict=True)])
    indexes.publish(IndexMeta("v1", 4, shop.database.last_change(), "test", 4, "2026-09-01"))
    shop.put("plain", category=())
    recommending = RecommendService(shop.database, indexes)
    shelf = recommending.recommend("similar", product_id="r1")
    assert "t1" in shown(shelf)
    assert reasons(shelf, "t1") == ["Described much like Product r1"]
    indexes.close()


def test_an_index_that_cannot_be_opened_is_said_and_done_without(shop: Any) -> None:
    class Held:
        def current_meta(self) -> IndexMeta:
            return IndexMeta("v1", 4, 0, "test", 4, "2026-09-01")

        def current(self) -> None:
            raise StoreUnavailable("The index is held by process 7.")

    shop.happen(shop.event("me", "r1"))
    shelf = RecommendService(shop.database, Held()).recommend("for_you", shopper_id="me")  # type: ignore[arg-type]
    assert "r2" in shown(shelf)
    assert shelf.notes == ("Recommendations do without text vectors: The index is held by process 7.",)


def test_a_session_is_served_by_itself_and_joined_with_the_shopper(shop: Any) -> None:
    shop.happen(shop.event("visit", "t1", anonymous=True))
    recommending = service(shop)
    assert shown(recommending.recommend("session", session_id="visit"))[0] in ("t2", "t3")
    assert shown(recommending.recommend("for_you", session_id="visit"))[0] in ("t2", "t3")
    recommending.observe(shop.happen(shop.event("me", "r1", session="visit")))
    both = recommending.recommend("session", session_id="visit", limit=20)
    assert {"t2", "r2"} <= set(shown(both))
    assert not {"t1", "r1"} & set(shown(both)[:4])


def test_the_basket_counts_as_history_and_is_not_offered(shop: Any) -> None:
    shelf = service(shop).recommend("for_you", shopper_id="new", basket=["t1"])
    assert shown(shelf)[0] in ("t2", "t3")
    assert "t1" not in shown(shelf)
    assert any("put in your cart" in text for text in reasons(shelf, shown(shelf)[0]))


@pytest.mark.parametrize("surface", sorted(SURFACES))
def test_ranks_count_up_and_probabilities_sum_to_one_at_most(shop: Any, surface: str) -> None:
    shop.happen(shop.event("me", "r1", session="s"))
    shelf = service(shop).recommend(surface, shopper_id="me", session_id="s", product_id="r3", limit=5)
    assert shelf.surface == surface
    assert [hit.rank for hit in shelf.hits] == list(range(1, len(shelf.hits) + 1))
    assert 0 < sum(hit.probability for hit in shelf.hits) <= 1
    assert len(set(shown(shelf))) == len(shelf.hits) <= 5


@pytest.mark.parametrize("options", [{"surface": "nowhere"}, {"limit": 0}, {"limit": 101}, {"surface": "similar"}])
def test_what_cannot_be_asked_is_refused(shop: Any, options: dict[str, Any]) -> None:
    with pytest.raises(QueryError):
        service(shop).recommend(**options)


def test_an_unknown_product_is_not_found_and_an_unknown_event_item_is_never_shown(shop: Any) -> None:
    recommending = service(shop)
    with pytest.raises(NotFound):
        recommending.recommend("similar", product_id="none")
    recommending.observe(shop.happen(*(shop.event(f"u{k}", ["ghost", "r1"]) for k in range(9))))
    assert "ghost" not in shown(recommending.recommend("for_you", shopper_id="u1", limit=20))
    assert "ghost" not in shown(recommending.recommend("popular", limit=20))


class Numbered:
    """A database that shows event numbers in the order it is told to."""

    def __init__(self) -> None:
        self.visible: list[int] = []

    def events(self, *, after: int = 0) -> list[tuple[int, Event]]:
        item = EventItem(product_id="p")
        return [
            (seq, Event(id=f"e{seq}", name=EventName.view_item, shopper_id="u", items=(item,)))
            for seq in sorted(self.visible)
            if seq > after
        ]


def test_an_event_committed_after_a_later_number_is_still_read_once() -> None:
    database = Numbered()
    reader = EventReader(database)  # type: ignore[arg-type]
    database.visible = [1, 2]
    assert [seq for seq, _ in reader.restart()] == [1, 2]
    database.visible += [4, 5]
    assert [seq for seq, _ in reader.new()] == [4, 5]
    database.visible += [3]
    assert [seq for seq, _ in reader.new()] == [3]
    assert reader.new() == []
