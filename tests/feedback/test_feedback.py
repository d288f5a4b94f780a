from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from daogou.errors import InputError
from daogou.feedback import SHOWN, Recorder, labels
from daogou.records import Event, EventItem, EventName, Hit, Product, now
from daogou.stores import Database, PutCount, open_database

PRODUCTS = [Product(id=one, title=one) for one in ("a", "b", "c")]
HITS = [
    Hit(product=product, score=1.0 - k, probability=0.5 / (k + 1), rank=k + 1) for k, product in enumerate(PRODUCTS)
]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    opened.put_products(PRODUCTS)
    yield opened
    opened.close()


def event(number: int, product_id: str, name: str = "view_item", *, after_s: float = 1.0, who: str = "me") -> Event:
    return Event(
        id=f"e{number}",
        name=EventName(name),
        time=now() + timedelta(seconds=after_s),
        shopper_id=who if who != "visit" else None,
        session_id="visit" if who == "visit" else None,
        items=(EventItem(product_id=product_id),),
    )


def test_events_are_kept_before_the_observers_hear_of_them(database: Database) -> None:
    heard: list[int] = []

    def observer(events: Sequence[Event]) -> None:
        heard.append(database.count_events())

    recorder = Recorder(database, observers=[observer])
    one = event(1, "a")
    assert recorder.record([one, event(2, "unknown")]) == PutCount(new=2)
    assert recorder.record([one]) == PutCount(unchanged=1)
    assert recorder.record([]) == PutCount()
    assert heard == [2, 2]
    assert recorder.unknown_products == 1


def test_an_observer_that_fails_loses_nothing_and_is_logged(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[Event] = []

    def broken(events: Sequence[Event]) -> None:
        raise RuntimeError("no")

    recorder = Recorder(database, observers=[broken, heard.extend])
    recorder.record([event(1, "a")])
    assert database.count_events() == 1
    assert len(heard) == 1
    assert "An observer of events failed" in caplog.text


def test_what_was_shown_is_in_the_ledger_with_rank_and_propensity(database: Database) -> None:
    recorder = Recorder(database)
    number = recorder.shown("for_you", HITS, shopper_id="me", versions={"index": "v1"})
    ((kept, _, data),) = database.ledger(SHOWN)
    assert kept == number
    assert data["hits"] == [["a", 1, 1.0, 0.5], ["b", 2, 0.0, 0.25], ["c", 3, -1.0, 0.166666667]]
    assert data["versions"] == {"index": "v1"}
    with pytest.raises(InputError):
        recorder.shown("for_you", HITS)


def test_labels_join_what_was_shown_with_the_strongest_thing_that_followed(database: Database) -> None:
    recorder = Recorder(database)
    recorder.record([event(1, "c", after_s=-60)])
    recorder.shown("for_you", HITS, shopper_id="me")
    recorder.record(
        [
            event(2, "b"),
            event(3, "b", "purchase", after_s=30),
            event(4, "a", after_s=30, who="somebody else"),
            event(5, "c", after_s=90_000),
        ]
    )
    found = list(labels(database))
    assert [(one.product_id, one.rank, one.outcome) for one in found] == [
        ("a", 1, "none"),
        ("b", 2, "purchase"),
        ("c", 3, "none"),
    ]
    assert found[1].propensity == 0.25


def test_an_action_is_earned_by_the_last_list_only(database: Database) -> None:
    recorder = Recorder(database)
    first = recorder.shown("for_you", HITS[:1], session_id="visit")
    second = recorder.shown("similar", HITS[:1], session_id="visit")
    recorder.record([event(1, "a", "add_to_cart", who="visit")])
    assert {one.impression: one.outcome for one in labels(database)} == {first: "none", second: "cart"}
    assert [one.impression for one in labels(database, after=first)] == [second]
    assert not list(labels(database, after=second))


def test_an_erased_shopper_has_no_impressions(database: Database) -> None:
    Recorder(database).shown("for_you", HITS, shopper_id="me")
    database.erase_shopper("me")
    assert not list(labels(database))
