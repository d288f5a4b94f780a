"""Reading the event log as it grows, other processes' events included, each event once."""

from __future__ import annotations

import time
from collections.abc import Iterator

from daogou.records import Event
from daogou.stores import Database

GAP_PATIENCE_S = 60.0  # how long a skipped sequence number is waited for
MAX_GAPS = 1_000


class EventReader:
    """Hands out (sequence number, event) of everything not handed out before.

    A database that numbers events before they are committed can show number 8 before 7. A skipped number is therefore
    looked for again for a minute; one that was never written (a transaction given up) is then let go."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._last = 0
        self._gaps: dict[int, float] = {}

    def restart(self) -> Iterator[tuple[int, Event]]:
        """Everything from the beginning, streamed."""
        self._last, self._gaps = 0, {}
        for seq, event in self._database.events():
            self._last = max(self._last, seq)
            yield seq, event

    def new(self) -> list[tuple[int, Event]]:
        """What arrived since; one indexed query."""
        now = time.monotonic()
        self._gaps = {seq: since for seq, since in self._gaps.items() if now - since < GAP_PATIENCE_S}
        after = min(self._gaps, default=self._last + 1) - 1
        found = []
        for seq, event in self._database.events(after=after):
            if seq <= self._last and seq not in self._gaps:
                continue
            self._gaps.pop(seq, None)
            if seq > self._last:
                skipped = range(self._last + 1, min(seq, self._last + 1 + MAX_GAPS - len(self._gaps)))
                self._gaps.update(dict.fromkeys(skipped, now))
                self._last = seq
            found.append((seq, event))
        return found
