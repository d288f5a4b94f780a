"""Trails: what each shopper (or each session nobody signed in to) did, oldest first, as plain arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from daogou.recommend.items import ItemIds
from daogou.records import Event, EventName

MAX_ACTIONS = 100  # kept of each trail, besides as many purchases: older ones say little and would cost their square


class Kind(IntEnum):
    """What was done with an item."""

    VIEW = 1
    WISH = 2
    CART = 3
    BUY = 4
    LIKE = 5
    DISLIKE = 6
    REFUND = 7


# How much an action says about taste; by Kind. A dislike and a refund say nothing about what goes with what.
KIND_WEIGHTS: NDArray[np.float64] = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 3.5, 0.0, 0.0])

_KINDS = {
    EventName.view_item: Kind.VIEW,
    EventName.select_item: Kind.VIEW,
    EventName.add_to_wishlist: Kind.WISH,
    EventName.add_to_cart: Kind.CART,
    EventName.purchase: Kind.BUY,
    EventName.refund: Kind.REFUND,
}


class Trail(NamedTuple):
    """(n,) arrays of one length, ordered by (time, arrival). times: Unix seconds, UTC."""

    items: NDArray[np.int32]
    times: NDArray[np.float64]
    kinds: NDArray[np.int8]
    arrivals: NDArray[np.int64]

    @classmethod
    def of(cls, actions: Sequence[tuple[int, float, int, int]]) -> Trail:
        """From (item, time, kind, arrival) in any order, cut to what is kept."""
        ordered = sorted(actions, key=lambda one: (one[1], one[3]))
        trail = cls(
            np.array([one[0] for one in ordered], np.int32),
            np.array([one[1] for one in ordered], np.float64),
            np.array([one[2] for one in ordered], np.int8),
            np.array([one[3] for one in ordered], np.int64),
        )
        return trail.cut()

    def at(self, where: NDArray[Any]) -> Trail:
        """The actions at these places, or under this mask."""
        return Trail(self.items[where], self.times[where], self.kinds[where], self.arrivals[where])

    def cut(self) -> Trail:
        """The newest MAX_ACTIONS purchases (and refunds) and the newest MAX_ACTIONS other actions."""
        if len(self.items) <= MAX_ACTIONS:
            return self
        bought = (self.kinds == Kind.BUY) | (self.kinds == Kind.REFUND)
        kept = np.sort(np.concatenate([np.flatnonzero(bought)[-MAX_ACTIONS:], np.flatnonzero(~bought)[-MAX_ACTIONS:]]))
        return self.at(kept)

    def merged(self, other: Trail) -> Trail:
        """Both, in order of (time, arrival)."""
        if not len(other.items):
            return self
        joined = Trail(
            np.concatenate([self.items, other.items]),
            np.concatenate([self.times, other.times]),
            np.concatenate([self.kinds, other.kinds]),
            np.concatenate([self.arrivals, other.arrivals]),
        )
        return joined.at(np.lexsort((joined.arrivals, joined.times))).cut()

    def unique(self) -> Trail:
        """Without actions that stand twice because two views of one trail were merged."""
        _, first = np.unique(np.stack([self.arrivals, self.items.astype(np.int64)]), axis=1, return_index=True)
        first.sort()
        return self.at(first)


NOTHING = Trail.of(())


class Batch(NamedTuple):
    """Several trails laid end to end: (n,) items, times, kinds, and the number of the trail each action belongs to."""

    items: NDArray[np.int32]
    times: NDArray[np.float64]
    kinds: NDArray[np.int8]
    owners: NDArray[np.int64]

    @classmethod
    def of(cls, trails: Iterable[Trail]) -> Batch:
        """Lays trails end to end."""
        listed = list(trails)
        owners = np.repeat(np.arange(len(listed)), [len(trail.items) for trail in listed])
        if not listed:
            return cls(NOTHING.items, NOTHING.times, NOTHING.kinds, owners.astype(np.int64))
        return cls(
            np.concatenate([trail.items for trail in listed]),
            np.concatenate([trail.times for trail in listed]),
            np.concatenate([trail.kinds for trail in listed]),
            owners.astype(np.int64),
        )

    @property
    def weights(self) -> NDArray[np.float64]:
        """(n,) how much each action says about taste."""
        return KIND_WEIGHTS[self.kinds]

    def only(self, mask: NDArray[np.bool_]) -> Batch:
        """The actions under the mask."""
        return Batch(self.items[mask], self.times[mask], self.kinds[mask], self.owners[mask])

    def telling(self) -> Batch:
        """Without the actions that say nothing about taste."""
        return self.only(self.weights > 0)


def actions_of(event: Event, arrival: int, ids: ItemIds) -> list[tuple[int, float, int, int]]:
    """What an event says about items: (item, time, kind, arrival) each. A rating of 4 or 5 stars is a like, 2 or less a
    dislike; a list that was merely shown is no action."""
    kind = _KINDS.get(event.name)
    if event.name is EventName.rate and event.value is not None:
        kind = Kind.LIKE if event.value >= 4 else Kind.DISLIKE if event.value <= 2 else None
    if kind is None:
        return []
    moment = event.time.timestamp()
    return [(ids.add(item.product_id), moment, int(kind), arrival) for item in event.items]


class Change(NamedTuple):
    """One trail before and after: what every source updates itself with."""

    before: Trail
    after: Trail


class Trails:
    """All trails by their owner: 'u:SHOPPER', or 's:SESSION' where no shopper is known.

    Remembers which sessions a shopper was in, so that what was done before signing in can be found, and forgotten."""

    def __init__(self) -> None:
        self._trails: dict[str, Trail] = {}
        self._sessions: dict[str, dict[str, None]] = {}
        self._in_session: dict[str, str] = {}
        self._session_start: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._trails)

    def __iter__(self) -> Iterator[Trail]:
        return iter(self._trails.values())

    def batch(self) -> Batch:
        """All trails end to end."""
        return Batch.of(self._trails.values())

    def fill(self, events: Iterable[tuple[int, Event]], ids: ItemIds) -> int:
        """Takes up events (arrival number, event), the whole log at once; returns how many were read."""
        pending: dict[str, list[tuple[int, float, int, int]]] = {}
        read = 0
        for arrival, event in events:
            read += 1
            owner = self._own(event)
            actions = actions_of(event, arrival, ids)
            if actions:
                pending.setdefault(owner, []).extend(actions)
        for owner, actions in pending.items():
            self._trails[owner] = self._trails.get(owner, NOTHING).merged(Trail.of(actions))
        return read

    def add(self, arrival: int, event: Event, ids: ItemIds) -> Change | None:
        """Takes up one event; what changed, or None where it says nothing about items."""
        owner = self._own(event)
        actions = actions_of(event, arrival, ids)
        if not actions:
            return None
        before = self._trails.get(owner, NOTHING)
        after = self._trails[owner] = before.merged(Trail.of(actions))
        return Change(before, after)

    def _own(self, event: Event) -> str:
        if event.shopper_id is None:
            return f"s:{event.session_id}"
        if event.session_id is not None:
            self._sessions.setdefault(event.shopper_id, {})[event.session_id] = None
            self._in_session[event.session_id] = event.shopper_id
            moment = event.time.timestamp()
            self._session_start[event.session_id] = min(moment, self._session_start.get(event.session_id, moment))
        return f"u:{event.shopper_id}"

    def of_shopper(self, shopper_id: str | None, session_id: str | None) -> Trail:
        """Everything known of a shopper, and of the session they are in, signed in or not."""
        trail = NOTHING if shopper_id is None else self._trails.get(f"u:{shopper_id}", NOTHING)
        return trail if session_id is None else trail.merged(self.of_session(session_id)).unique()

    def of_session(self, session_id: str) -> Trail:
        """What was done in one session, before and after signing in."""
        trail = self._trails.get(f"s:{session_id}", NOTHING)
        shopper = self._in_session.get(session_id)
        if shopper is None:
            return trail
        signed_in = self._trails.get(f"u:{shopper}", NOTHING)
        since = signed_in.times >= self._session_start[session_id]
        return trail.merged(signed_in.at(since))

    def forget(self, shopper_id: str) -> list[Change]:
        """Drops a shopper's trail, and those of the sessions they signed in to; what changed."""
        owners = [f"u:{shopper_id}"]
        for session in self._sessions.pop(shopper_id, {}):
            owners.append(f"s:{session}")
            if self._in_session.get(session) == shopper_id:
                del self._in_session[session], self._session_start[session]
        return [Change(self._trails.pop(owner), NOTHING) for owner in owners if owner in self._trails]
