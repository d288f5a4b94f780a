from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daogou.errors import InputError
from daogou.prepare import sessions, split_by_time
from daogou.records import Event, EventItem, EventName

START = datetime(2026, 1, 1, tzinfo=UTC)


def view(number: int, shopper: str, minute: float, product: str = "P", session: str | None = None) -> Event:
    return Event(
        id=f"e{number}",
        name=EventName.view_item,
        time=START + timedelta(minutes=minute),
        shopper_id=shopper,
        session_id=session,
        items=(EventItem(product_id=product),),
    )


def test_a_pause_ends_a_session() -> None:
    events = [
        view(0, "a", 0, "P"),
        view(1, "b", 1, "Q"),
        view(2, "a", 29, "P"),
        view(3, "a", 60, "R"),
        view(4, "a", 61, "P"),
    ]
    found = [(one.shopper_id, [event.id for event in one.events]) for one in sessions(events)]
    assert found == [("b", ["e1"]), ("a", ["e0", "e2"]), ("a", ["e3", "e4"])]


def test_products_in_the_order_they_were_met() -> None:
    (one,) = sessions([view(number, "a", number, product) for number, product in enumerate("PPQP")])
    assert one.product_ids == ("P", "Q", "P")
    assert one.end - one.start == timedelta(minutes=3)


def test_two_sessions_of_one_shopper_at_once() -> None:
    events = [view(0, "a", 0, session="s"), view(1, "a", 1, session="t"), view(2, "a", 2, session="s")]
    assert [(one.session_id, len(one.events)) for one in sessions(events)] == [("t", 1), ("s", 2)]


def test_events_must_be_in_order_of_time() -> None:
    with pytest.raises(InputError, match="Sort the events"):
        list(sessions([view(0, "a", 5), view(1, "a", 4)]))
    with pytest.raises(InputError, match="not above 0"):
        list(sessions([], gap_minutes=0))


logs = st.lists(st.tuples(st.sampled_from("abc"), st.integers(min_value=0, max_value=500)), max_size=60)


@given(logs, st.integers(min_value=1, max_value=90))
def test_every_event_is_in_one_session_and_only_pauses_part_them(log: list[tuple[str, int]], gap: int) -> None:
    events = [
        view(number, shopper, minute) for number, (shopper, minute) in enumerate(sorted(log, key=lambda one: one[1]))
    ]
    found = list(sessions(events, gap))
    assert sorted(event.id for one in found for event in one.events) == sorted(event.id for event in events)
    assert [one.end for one in found] == sorted(one.end for one in found)
    limit = timedelta(minutes=gap)
    for one in found:
        assert len({event.shopper_id for event in one.events}) == 1
        assert all(later.time - before.time <= limit for before, later in pairwise(one.events))
    for shopper in "abc":
        mine = [one for one in found if one.shopper_id == shopper]
        assert all(later.start - before.end > limit for before, later in pairwise(mine))


@given(logs, st.floats(min_value=0.05, max_value=0.45), st.floats(min_value=0.05, max_value=0.45))
def test_the_split_is_by_time_and_loses_nothing(log: list[tuple[str, int]], validate: float, test: float) -> None:
    events = [view(number, shopper, minute) for number, (shopper, minute) in enumerate(log)]
    if len({event.time for event in events}) < 3:
        with pytest.raises(InputError, match="different times"):
            split_by_time(events, validate_share=validate, test_share=test)
        return
    split = split_by_time(events, validate_share=validate, test_share=test)
    assert split.train
    assert split.validate
    assert split.test
    assert sorted(event.id for part in (split.train, split.validate, split.test) for event in part) == sorted(
        event.id for event in events
    )
    assert max(event.time for event in split.train) < min(event.time for event in split.validate)
    assert max(event.time for event in split.validate) < min(event.time for event in split.test)


def test_shares_are_kept_where_times_allow_it() -> None:
    split = split_by_time([view(number, "a", number) for number in range(100)], validate_share=0.1, test_share=0.2)
    assert (len(split.train), len(split.validate), len(split.test)) == (70, 10, 20)
    with pytest.raises(InputError, match="leave nothing"):
        split_by_time([], validate_share=0.5, test_share=0.5)
