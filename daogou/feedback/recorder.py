"""The recorder: what shoppers did and what they were shown, kept before anyone counts it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from daogou.errors import InputError
from daogou.records import Event, Hit
from daogou.stores import Database, PutCount

SHOWN = "shown"  # the ledger's kind for impressions
Observer = Callable[[Sequence[Event]], None]

_log = logging.getLogger(__name__)


class Recorder:
    """Keeps events, then tells the observers. Thread-safe as far as the database and the observers are."""

    def __init__(self, database: Database, observers: Sequence[Observer] = ()) -> None:
        self._database = database
        self._observers = tuple(observers)
        self.unknown_products = 0

    def record(self, events: Sequence[Event]) -> PutCount:
        """Keeps events; when this returns they are durable, and every observer has been told.

        An event about a product that is not in the catalogue is kept (the product may come later) and counted in
        `unknown_products`. An observer that fails does not undo what was kept: its failure is logged, and what it
        missed it reads from the log with its next call."""
        if not events:
            return PutCount()
        count = self._database.put_events(events)
        named = {item.product_id for event in events for item in event.items}
        known = self._database.get_products(sorted(named)) if named else {}
        self.unknown_products += len(named - known.keys())
        for observer in self._observers:
            try:
                observer(events)
            except Exception:
                _log.exception("An observer of events failed; the events are kept.")
        return count

    def shown(
        self,
        surface: str,
        hits: Sequence[Hit],
        *,
        shopper_id: str | None = None,
        session_id: str | None = None,
        versions: Mapping[str, str] | None = None,
        context: Mapping[str, Any] | None = None,
    ) -> int:
        """Logs one list that was shown: product ids in order with rank, score and probability (the propensity with
        which the ranking chose them), and the versions of what ranked them. Returns the impression's number.

        Raises InputError where it cannot be told whose impression it is."""
        if shopper_id is None and session_id is None:
            raise InputError("An impression needs a shopper_id or a session_id.", next_step="Give one of them.")
        data = {
            "surface": surface,
            "session_id": session_id,
            "shopper_id": shopper_id,
            "hits": [[hit.product.id, hit.rank, round(hit.score, 6), round(hit.probability, 9)] for hit in hits],
            "versions": dict(versions or {}),
            "context": dict(context or {}),
        }
        return self._database.log(SHOWN, data, shopper_id=shopper_id)
