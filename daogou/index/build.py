"""Builds a version of the index from the database, in bounded memory, and publishes it in one step.

Where it stands is kept in the database (so it works for any engine): after `kill -9` the next build goes on from the
last product that reached the disk. Encoding runs in the calling thread; reading, and word-splitting with writing, run
in a thread each beside it, since the encoder leaves the interpreter alone while it computes.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from queue import Empty, Queue
from random import Random
from typing import Any

from daogou.errors import NotFound, StoreError
from daogou.index.apply import apply_changes
from daogou.index.entry import average_lengths, dense_text, to_entries
from daogou.models import TextEncoder, Vectors
from daogou.prepare import Vocabulary
from daogou.records import Product
from daogou.stores import DEFAULT_AVERAGES, Database, Index, IndexMeta, IndexStore, Weighting

SAMPLE = 1000
"""Products whose words are counted to know the mean length of each field."""
FLUSH_EVERY_S = 5.0
"""Seconds between two checkpoints, at least: a flush holds the interpreter's lock for a moment."""
BATCH = 1024
"""Products encoded together: the encoder sorts them by length, so that little of a batch is padding."""
Report = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class _Plan:
    """One build, as it is kept to be resumed."""

    version: str
    change: int
    encoder: str
    dim: int
    averages: dict[str, float]
    weighting: dict[str, Any]
    after: str = ""
    done: int = 0


def build_index(
    database: Database,
    indexes: IndexStore,
    encoder: TextEncoder,
    *,
    progress: Report | None = None,
    version: str | None = None,
    batch: int = BATCH,
    weighting: Weighting | None = None,
) -> IndexMeta:
    """Builds and publishes a version; what changes in the catalogue meanwhile is in it too.

    progress(done, total, label) is called after every batch. An unfinished build with the same encoder and weighting
    is resumed, unless `version` names another one. Raises StoreError and ModelError; then the current version
    stays as it is."""
    report = progress or (lambda done, total, label: None)
    weighting = weighting or Weighting()
    key = f"index-build:{indexes.address}"
    total = database.count_products()
    before = indexes.current_meta()
    plan = _resumed(database, indexes, key, encoder, weighting, version)
    if plan is None:
        change = database.last_change()
        report(0, total, "vocabulary")
        sample = _Sample()
        vocabulary = Vocabulary.build(sample.watch(database.products()))
        averages = DEFAULT_AVERAGES | average_lengths(sample.products)
        name = version or f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"
        plan = _Plan(name, change, encoder.name, encoder.dim, averages, _plain(weighting))
        database.set_checkpoint(f"vocabulary:{plan.version}", vocabulary.to_json())
        database.set_checkpoint(key, asdict(plan))
    index = indexes.create(plan.version, dim=encoder.dim)
    _fill(database, index, encoder, plan, key, weighting, batch, total, report)
    report(total, total, "publishing")
    late: list[Product] = []
    change = apply_changes(
        database,
        index,
        encoder,
        after=plan.change,
        averages=plan.averages,
        weighting=weighting,
        seen=late.extend,
    )
    if late:
        words = f"vocabulary:{plan.version}"
        vocabulary = Vocabulary.from_json(database.get_checkpoint(words) or {})
        vocabulary.add(late)
        database.set_checkpoint(words, vocabulary.to_json())
    index.optimize()
    index.flush()
    meta = IndexMeta(
        version=plan.version,
        products=index.count(),
        change=change,
        encoder=encoder.name,
        dim=encoder.dim,
        built=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        extra={
            "averages": plan.averages,
            "weighting": _plain(weighting),
            "previous": before.version if before else None,
        },
    )
    indexes.publish(meta)
    database.set_checkpoint(key, {})
    _forget_vocabulary(database, before)
    report(total, total, "done")
    return meta


def _fill(
    database: Database,
    index: Index,
    encoder: TextEncoder,
    plan: _Plan,
    key: str,
    weighting: Weighting,
    batch: int,
    total: int,
    report: Report,
) -> None:
    """Reads, encodes and writes every product after `plan.after`, each stage beside the others."""

    flushed = time.monotonic()

    def write(products: Sequence[Product], vectors: Vectors) -> None:
        nonlocal plan, flushed
        ratings = database.ratings([product.id for product in products])
        index.upsert(to_entries(products, vectors, ratings, plan.averages, weighting))
        plan = replace(plan, after=products[-1].id, done=plan.done + len(products))
        if time.monotonic() - flushed >= FLUSH_EVERY_S:
            index.flush()
            database.set_checkpoint(key, asdict(plan))
            flushed = time.monotonic()
        report(min(plan.done, total), total, "indexing")

    report(plan.done, total, "indexing")
    with _Stage(write) as writer:
        for products in _ahead(_batches(database.products(after=plan.after), batch)):
            writer.put((products, encoder.encode_passages([dense_text(product) for product in products])))
    index.flush()
    database.set_checkpoint(key, asdict(plan))


class _Stage:
    """A thread that works off what is put, at most two items behind. Its failure is raised in the caller."""

    def __init__(self, work: Callable[..., None]) -> None:
        self._work = work
        self._queue: Queue[tuple[Any, ...] | None] = Queue(maxsize=2)
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="daogou-index-writer", daemon=True)

    def __enter__(self) -> _Stage:
        self._thread.start()
        return self

    def put(self, item: tuple[Any, ...]) -> None:
        self._queue.put(item)
        if self._failure is not None:
            raise self._failure

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:  # what waits is not worth writing any more
            with suppress(Empty):
                while True:
                    self._queue.get_nowait()
        self._queue.put(None)
        self._thread.join()
        if kind is None and self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        while (item := self._queue.get()) is not None:
            if self._failure is None:
                try:
                    self._work(*item)
                except BaseException as failure:
                    self._failure = failure


def _ahead(batches: Iterator[list[Product]]) -> Iterator[list[Product]]:
    """The same batches, the next one read in a thread while this one is worked on."""
    waiting: Queue[list[Product] | BaseException | None] = Queue(maxsize=1)
    stopped = threading.Event()

    def read() -> None:
        last: BaseException | None = None
        try:
            for some in batches:
                waiting.put(some)
                if stopped.is_set():
                    return
        except BaseException as failure:
            last = failure
        waiting.put(last)

    thread = threading.Thread(target=read, name="daogou-index-reader", daemon=True)
    thread.start()
    try:
        while (some := waiting.get()) is not None:
            if isinstance(some, BaseException):
                raise some
            yield some
    finally:
        stopped.set()
        with suppress(Empty):
            waiting.get_nowait()
        thread.join()


def _batches(products: Iterator[Product], size: int) -> Iterator[list[Product]]:
    some: list[Product] = []
    for product in products:
        some.append(product)
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some


class _Sample:
    """A fair sample of a stream of unknown length (Vitter 1985, algorithm R), the same for the same stream."""

    def __init__(self) -> None:
        self.products: list[Product] = []

    def watch(self, products: Iterator[Product]) -> Iterator[Product]:
        random = Random(0)
        for count, product in enumerate(products):
            if count < SAMPLE:
                self.products.append(product)
            elif (place := random.randrange(count + 1)) < SAMPLE:
                self.products[place] = product
            yield product


def _resumed(
    database: Database, indexes: IndexStore, key: str, encoder: TextEncoder, weighting: Weighting, version: str | None
) -> _Plan | None:
    """The unfinished build, where it can be gone on with; one that cannot is dropped."""
    kept = database.get_checkpoint(key)
    if not kept:
        return None
    plan = _Plan(**kept)
    same = (plan.encoder, plan.dim, plan.weighting) == (encoder.name, encoder.dim, _plain(weighting))
    current = indexes.current_meta()
    finished = current is not None and current.version == plan.version
    if same and not finished and version in {None, plan.version} and plan.version in indexes.versions():
        return plan
    if not finished:
        with suppress(NotFound, StoreError):
            indexes.drop(plan.version)
    return None


def _forget_vocabulary(database: Database, before: IndexMeta | None) -> None:
    """The vocabulary of the version before the last one: nobody searches by it any more."""
    previous = before.extra.get("previous") if before else None
    if previous:
        database.set_checkpoint(f"vocabulary:{previous}", {})


def _plain(weighting: Weighting) -> dict[str, Any]:
    return {"k1": weighting.k1, "fields": {name: list(pair) for name, pair in weighting.fields.items()}}
