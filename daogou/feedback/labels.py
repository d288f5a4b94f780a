"""Labels: impressions joined with what followed, one line for every product that was shown."""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from daogou.feedback.recorder import SHOWN
from daogou.records import Event, EventName
from daogou.stores import Database

WINDOW = timedelta(hours=24)

# What a label says, weakest first; a product carries the strongest thing that followed.
OUTCOMES = ("none", "click", "cart", "purchase")
_OUTCOME = {
    EventName.select_item: "click",
    EventName.view_item: "click",
    EventName.add_to_wishlist: "click",
    EventName.add_to_cart: "cart",
    EventName.purchase: "purchase",
}


@dataclass(frozen=True, slots=True)
class Label:
    """One product of one list that was shown, and what the shopper did with it within the window.

    propensity: the probability the ranking gave it, what inverse propensity weighting divides by."""

    impression: int
    time: datetime
    surface: str
    shopper_id: str | None
    session_id: str | None
    product_id: str
    rank: int
    propensity: float
    outcome: str


def labels(database: Database, *, after: int = 0, limit: int = 10_000, window: timedelta = WINDOW) -> Iterator[Label]:
    """Labels of the next `limit` impressions after number `after`, in order.

    An action counts for the last list that showed the product to that shopper (or in that session) before it, not for
    every one: otherwise a list shown twice would earn the same purchase twice. Ask only for impressions whose window is
    over, or their labels are still to come. Memory: the impressions asked for, not the events."""
    lists = _lists(database, after, limit)
    if not lists:
        return
    outcomes: dict[tuple[int, str], int] = {}
    start = min(shown_at for _, shown_at, _ in lists)
    end = max(shown_at for _, shown_at, _ in lists) + window
    showings = _showings(lists)
    for _, event in database.events(since=start, until=end):
        outcome = _OUTCOME.get(event.name)
        if outcome is None:
            continue
        for item in event.items:
            impression = _last_shown(showings, event, item.product_id, window)
            if impression is not None:
                key = (impression, item.product_id)
                outcomes[key] = max(outcomes.get(key, 0), OUTCOMES.index(outcome))
    for number, shown_at, data in lists:
        for product_id, rank, _, probability in data["hits"]:
            yield Label(
                impression=number,
                time=shown_at,
                surface=data["surface"],
                shopper_id=data["shopper_id"],
                session_id=data["session_id"],
                product_id=product_id,
                rank=rank,
                propensity=probability,
                outcome=OUTCOMES[outcomes.get((number, product_id), 0)],
            )


_Shown = tuple[int, datetime, dict[str, Any]]
_Showings = dict[tuple[str, str, str], list[tuple[datetime, int]]]


def _lists(database: Database, after: int, limit: int) -> list[_Shown]:
    found: list[_Shown] = []
    while len(found) < limit and (page := database.ledger(SHOWN, after=after, limit=min(500, limit - len(found)))):
        found += page
        after = page[-1][0]
    return found


def _showings(lists: list[_Shown]) -> _Showings:
    """(shopper or session, its id, product) -> when it was shown in which impression, oldest first."""
    found: _Showings = {}
    for number, shown_at, data in lists:
        for kind in ("shopper_id", "session_id"):
            if data[kind] is not None:
                for product_id, *_ in data["hits"]:
                    found.setdefault((kind, data[kind], product_id), []).append((shown_at, number))
    for places in found.values():
        places.sort()
    return found


def _last_shown(showings: _Showings, event: Event, product_id: str, window: timedelta) -> int | None:
    """The last impression of the product before the event, to the same shopper or in the same session."""
    found: list[tuple[datetime, int]] = []
    for kind, owner in (("shopper_id", event.shopper_id), ("session_id", event.session_id)):
        places = showings.get((kind, owner or "", product_id), [])
        place = bisect_right(places, (event.time, sys.maxsize)) - 1
        if place >= 0 and event.time - places[place][0] <= window:
            found.append(places[place])
    return max(found)[1] if found else None
