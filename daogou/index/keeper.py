"""Keeps the current index in step with the catalogue while the store is open."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from daogou.errors import DaogouError
from daogou.index.apply import apply_changes
from daogou.models import TextEncoder
from daogou.prepare import Vocabulary
from daogou.records import Product
from daogou.stores import DEFAULT_AVERAGES, Database, Index, IndexMeta, IndexStore, Weighting

SAVE_WORDS_S = 60.0
"""A vocabulary is megabytes of JSON: while a catalogue keeps changing it is written at most once a minute."""
_log = logging.getLogger(__name__)


class Keeper:
    """Applies the outbox to the current version. Thread-safe; one or several may run.

    How far the index is durable stands in its published description (`IndexMeta.change`): it is moved on only after a
    flush, so after a crash or a power cut the changes since are applied again."""

    def __init__(self, database: Database, indexes: IndexStore, encoder: TextEncoder) -> None:
        self._database = database
        self._indexes = indexes
        self._encoder = encoder
        self._lock = threading.Lock()
        self._version = ""
        self._applied = 0
        self._durable = 0
        self._vocabulary: Vocabulary | None = None
        self._learned = False
        self._saved = -SAVE_WORDS_S

    def step(self) -> int:
        """Applies what changed; the index shows it when this returns. How many change numbers it moved on."""
        with self._lock:
            return self._step()

    def settle(self) -> None:
        """Makes what was applied durable. May hold the interpreter for a moment, so `run` does it when idle."""
        with self._lock:
            self._settle()
            self._save_words()

    def run(self, stop: threading.Event, *, interval_s: float = 1.0) -> None:
        """Steps until `stop` is set, and settles when nothing is left to do. A failure is logged and tried again."""
        while not stop.is_set():
            try:
                with self._lock:
                    if self._step() == 0:
                        self._settle()
                        if time.monotonic() - self._saved >= SAVE_WORDS_S:
                            self._save_words()
            except DaogouError as failure:
                _log.warning("The index could not be brought up to date: %s", failure)
            stop.wait(interval_s)
        try:
            self.settle()
        except DaogouError as failure:
            _log.warning("The index could not be flushed: %s", failure)

    def _step(self) -> int:
        current = self._look()
        if current is None:
            return 0
        index, meta = current
        before = self._applied
        if self._database.last_change() <= before:
            return 0
        self._applied = apply_changes(
            self._database,
            index,
            self._encoder,
            after=before,
            averages=meta.extra.get("averages") or DEFAULT_AVERAGES,
            weighting=_weighting(meta.extra.get("weighting")),
            seen=self._learn,
        )
        return self._applied - before

    def _settle(self) -> None:
        current = self._look()
        if current is None or self._applied <= self._durable:
            return
        index, meta = current
        index.flush()
        self._indexes.publish(replace(meta, change=self._applied, products=index.count()))
        self._durable = self._applied

    def _look(self) -> tuple[Index, IndexMeta] | None:
        """The current version; after another one was published, where that one stands."""
        index, meta = self._indexes.current(), self._indexes.current_meta()
        if index is None or meta is None or meta.version != index.version:
            return None
        if meta.version != self._version:
            self._version, self._applied, self._durable = meta.version, meta.change, meta.change
            self._vocabulary, self._learned = None, False
        return index, meta

    def _learn(self, products: Sequence[Product]) -> None:
        """New words of changed products join the vocabulary; words nobody uses any more go at the next full build."""
        if self._vocabulary is None:
            kept = self._database.get_checkpoint(f"vocabulary:{self._version}")
            self._vocabulary = Vocabulary.from_json(kept) if kept else Vocabulary.build([])
        self._vocabulary.add(products)
        self._learned = True

    def _save_words(self) -> None:
        if self._vocabulary is not None and self._learned:
            self._database.set_checkpoint(f"vocabulary:{self._version}", self._vocabulary.to_json())
            self._learned, self._saved = False, time.monotonic()


def _weighting(kept: Any) -> Weighting:
    """The weighting the version was built with, so that new and old documents can be compared."""
    if not kept:
        return Weighting()
    return Weighting(k1=kept["k1"], fields={name: (pair[0], pair[1]) for name, pair in kept["fields"].items()})
