"""Events to sessions, and to parts in the order of time: what is tested on lies after what is learned from.

A session ends after a pause of 30 minutes, the convention of GA4 and of the session-based literature (Hidasi et al.,
"Session-based recommendations with recurrent neural networks", 2016).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from daogou.errors import InputError
from daogou.records import Event


@dataclass(frozen=True, slots=True)
class Session:
    """One visit: the events of one shopper without a long pause, oldest first."""

    shopper_id: str | None
    session_id: str | None
    events: tuple[Event, ...]

    @property
    def start(self) -> datetime:
        return self.events[0].time

    @property
    def end(self) -> datetime:
        return self.events[-1].time

    @property
    def product_ids(self) -> tuple[str, ...]:
        """Products in the order they were met; one looked at twice running stands once."""
        met = (item.product_id for event in self.events for item in event.items)
        return tuple(product_id for product_id, _ in groupby(met))


def sessions(events: Iterable[Event], gap_minutes: float = 30) -> Iterator[Session]:
    """Sessions in order of their last event. Memory holds only those still open.

    A shopper's events are told apart by `session_id` where they have one. Raises InputError on a gap of 0 or less, and
    on events that are not in order of time (a database gives them in order of arrival: sort them)."""
    if gap_minutes <= 0:
        raise InputError(f"gap_minutes {gap_minutes} is not above 0.", next_step="Use 30, as GA4 does.")
    gap = timedelta(minutes=gap_minutes)
    open_now: dict[tuple[str, str], list[Event]] = {}  # the longest untouched first
    latest: datetime | None = None
    for event in events:
        if latest is not None and event.time < latest:
            raise InputError(
                f"Event {event.id!r} of {event.time.isoformat()} comes after one of {latest.isoformat()}.",
                next_step="Sort the events by time.",
            )
        latest = event.time
        while open_now:
            oldest = next(iter(open_now))
            if latest - open_now[oldest][-1].time <= gap:
                break
            yield _session(open_now.pop(oldest))
        key = (event.shopper_id or "", event.session_id or "")
        open_now[key] = open_now.pop(key, [])
        open_now[key].append(event)
    for several in open_now.values():
        yield _session(several)


def _session(events: list[Event]) -> Session:
    return Session(events[0].shopper_id, events[0].session_id, tuple(events))


@dataclass(frozen=True, slots=True)
class TimeSplit:
    """Events before `validate_from`, before `test_from`, and from then on."""

    train: tuple[Event, ...]
    validate: tuple[Event, ...]
    test: tuple[Event, ...]
    validate_from: datetime
    test_from: datetime


def split_by_time(events: Iterable[Event], *, validate_share: float = 0.1, test_share: float = 0.1) -> TimeSplit:
    """The oldest events to learn from, later ones to choose by, the newest to measure on.

    Events of the same instant are never parted. Held in memory. Raises InputError on shares that leave nothing to learn
    from, and on fewer than three different instants."""
    if validate_share <= 0 or test_share <= 0 or validate_share + test_share >= 1:
        raise InputError(f"The shares {validate_share} and {test_share} leave nothing, or take nothing.")
    ordered = sorted(events, key=lambda event: (event.time, event.id))
    instants = sorted({event.time for event in ordered})
    if len(instants) < 3:
        raise InputError(f"{len(instants)} different times can not be split in three.", next_step="Import more events.")
    count = len(ordered)
    test_from = ordered[min(count - 1, int(count * (1 - test_share)))].time
    test_from = max(test_from, instants[2])
    validate_from = ordered[min(count - 1, int(count * (1 - test_share - validate_share)))].time
    validate_from = max(instants[1], min(validate_from, instants[instants.index(test_from) - 1]))
    return TimeSplit(
        train=tuple(event for event in ordered if event.time < validate_from),
        validate=tuple(event for event in ordered if validate_from <= event.time < test_from),
        test=tuple(event for event in ordered if event.time >= test_from),
        validate_from=validate_from,
        test_from=test_from,
    )
