"""The recommendation service: P(item | shopper), counted from the event log, true with the next call."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from daogou.errors import NotFound, QueryError, StoreError
from daogou.recommend.bought import Repurchases, disliked, owned
from daogou.recommend.catalogue import Catalogue
from daogou.recommend.items import ItemIds
from daogou.recommend.ranker import Ranked, Ranker
from daogou.recommend.reading import EventReader
from daogou.recommend.reasons import Seen, Words
from daogou.recommend.sources import (
    Asked,
    Attributes,
    Baskets,
    CoOccurrence,
    Ease,
    Meaning,
    Neighbours,
    Newest,
    Popularity,
    Source,
)
from daogou.recommend.surfaces import SURFACES, Surface
from daogou.recommend.trails import KIND_WEIGHTS, NOTHING, Kind, Trail, Trails
from daogou.recommend.variety import varied
from daogou.records import MAX_LIMIT, Event, Hit, Product, Reason, Shelf
from daogou.stores import Database, IndexStore

POLL_S = 1.0  # events and products of other processes are looked for at most this often
MAX_WAITING = 500  # products whose vectors are asked for at one look
NEW_DAYS = 60.0
MAX_REASONS = 2
_DAY = 86_400.0


class _Question(NamedTuple):
    """One call, in item numbers."""

    name: str
    surface: Surface
    trail: Trail
    asked: Asked
    barred: set[int]
    seen: set[int]
    again: set[int]
    done: Mapping[int, Kind]


class RecommendService:
    """Recommendations over one database and its index. Thread-safe.

    Nothing is read when it is built: `refresh` (or the first call) reads the event log and the catalogue. artefact: a
    file written by training; it brings learned blend weights, the counts still come from the events of this
    database."""

    def __init__(
        self,
        database: Database,
        indexes: IndexStore | None = None,
        *,
        artefact: Path | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._indexes = indexes
        self._artefact = artefact
        self._clock = clock
        self._lock = threading.RLock()
        self._ready = False
        self._polled = 0.0
        self._notes: list[str] = []
        self._reset()

    def _reset(self) -> None:
        self._ids = ItemIds()
        self._catalogue = Catalogue(self._ids)
        self._trails = Trails()
        self._reader = EventReader(self._database)
        self._repurchases = Repurchases()
        self._change = 0
        self._index_version = ""
        self._without_vector: dict[str, None] = {}
        self.ranker = new_ranker(self._catalogue, vectors_of=self._vectors)

    # what callers use

    def recommend(
        self,
        surface: str = "for_you",
        *,
        shopper_id: str | None = None,
        session_id: str | None = None,
        product_id: str | None = None,
        basket: Sequence[str] = (),
        limit: int = 12,
        language: str = "en",
    ) -> Shelf:
        """The shelf for one surface: for_you, session, similar, together, popular.

        Each hit's probability is the softmax over all candidates, not only those shown, so a shelf sums to 1 or less.
        Raises QueryError for an unknown surface, a limit out of range, or a surface that lacks what it is about;
        NotFound where it is about a product that is not kept."""
        chosen = SURFACES.get(surface)
        if chosen is None:
            raise QueryError(f"There is no surface {surface!r}.", next_step=f"There are: {', '.join(SURFACES)}.")
        if not 1 <= limit <= MAX_LIMIT:
            raise QueryError(f"limit={limit} is not between 1 and {MAX_LIMIT}.", next_step="Ask for fewer at a time.")
        if chosen.about and product_id is None and not basket:
            raise QueryError(
                f"The surface {surface!r} is about a product.", next_step="Give a product_id, or a basket."
            )
        about = None if product_id is None else self._database.get_product(product_id)
        if chosen.about and product_id is not None and about is None:
            raise NotFound("product", product_id)
        with self._lock:
            self._catch_up(product_id)
            question = self._question(surface, chosen, shopper_id, session_id, product_id, basket)
            hits = self._hits(question, limit, language)
            notes = list(self._notes)
        if not hits:
            notes.append("没有可推荐的商品。" if language.startswith("zh") else "There is nothing to recommend here.")
        shown = None if about is None else about.in_language(language)
        return Shelf(surface=surface, hits=tuple(hits), product=shown, notes=tuple(notes))

    def observe(self, events: Sequence[Event]) -> None:
        """Events were stored just now: they are read at once, so that the next call counts them."""
        with self._lock:
            if self._ready and events:
                self._read_events()

    def forget(self, shopper_id: str) -> None:
        """Takes a shopper out of every count; afterwards all is as if their events had never been."""
        with self._lock:
            if not self._ready:
                return
            changes = self._trails.forget(shopper_id)
            for change in changes:
                self.ranker.update(change)
                self._repurchases.update(change)
            ease = self.ranker.sources["ease"]
            if changes:
                ease.fit(self._trails.batch(), self._catalogue)

    def refresh(self) -> None:
        """Reads everything anew: catalogue, vectors, the whole event log."""
        with self._lock:
            self._reset()
            self._notes = []
            self._change = self._database.last_change()
            self._catalogue.put(self._database.products())
            self._trails.fill(self._reader.restart(), self._ids)
            batch = self._trails.batch()
            self._index_version = self._current_version()
            self.ranker.fit(batch)
            self._without_vector = dict.fromkeys(self._meaning.without(self._catalogue.kept()))
            self._repurchases.fit(batch, self._catalogue)
            if self._artefact is not None:
                self.ranker.load_blend(self._artefact)
            self._ready, self._polled = True, time.monotonic()

    def close(self) -> None:
        """Lets go of what was read; the engines belong to whoever opened them."""
        with self._lock:
            self._ready = False
            self._reset()

    # keeping up

    def _catch_up(self, product_id: str | None) -> None:
        if not self._ready:
            self.refresh()
        known = product_id is None or self._ids.get(product_id) is not None
        if not known or time.monotonic() - self._polled >= POLL_S:
            self._read_products()
            self._read_events()
            self._polled = time.monotonic()

    def _read_events(self) -> None:
        for arrival, event in self._reader.new():
            change = self._trails.add(arrival, event, self._ids)
            if change is not None:
                self.ranker.update(change)
                self._repurchases.update(change)

    def _read_products(self) -> None:
        while changes := self._database.changes(after=self._change, limit=1_000):
            put = self._database.get_products([one.product_id for one in changes if one.kind == "put"])
            self._catalogue.put(put.values())
            self._catalogue.drop([one.product_id for one in changes if one.product_id not in put])
            self._without_vector |= dict.fromkeys(put)
            self._change = changes[-1].seq
        self._attributes.refresh()
        if self._current_version() != self._index_version:
            self._index_version = self._current_version()
            self._without_vector = dict.fromkeys(self._catalogue.kept())
        if self._without_vector and self._index_version:
            waiting = list(itertools.islice(self._without_vector, MAX_WAITING))
            self._meaning.refresh(waiting)
            for one in waiting:
                del self._without_vector[one]
            self._without_vector |= dict.fromkeys(self._meaning.without(waiting))  # asked for again after the others

    @property
    def _attributes(self) -> Attributes:
        source = self.ranker.sources["attributes"]
        assert isinstance(source, Attributes)
        return source

    @property
    def _meaning(self) -> Meaning:
        source = self.ranker.sources["meaning"]
        assert isinstance(source, Meaning)
        return source

    def _current_version(self) -> str:
        meta = None if self._indexes is None else self._indexes.current_meta()
        return "" if meta is None else meta.version

    def _vectors(self, ids: Sequence[str]) -> Mapping[str, NDArray[np.float32]]:
        try:
            index = None if self._indexes is None else self._indexes.current()
            return {} if index is None else index.vectors(ids)
        except StoreError as failure:
            note = f"Recommendations do without text vectors: {failure}"
            if note not in self._notes:
                self._notes.append(note)
            return {}

    # one call

    def _question(
        self,
        name: str,
        surface: Surface,
        shopper_id: str | None,
        session_id: str | None,
        product_id: str | None,
        basket: Sequence[str],
    ) -> _Question:
        trail = self._trails.of_shopper(shopper_id, session_id)
        in_basket = [item for item in (self._ids.get(one) for one in basket) if item is not None]
        bought = owned(trail)
        now = self._clock()
        again = {item for item, when in bought.items() if self._repurchases.again(item, (now - when) / _DAY)}
        barred = (set(bought) - again) | disliked(trail) | set(in_basket)
        if surface.about:
            about = [product_id] if product_id is not None else list(basket)
            items = [item for item in (self._ids.get(one) for one in about) if item is not None]
            barred = (barred if name == "together" else disliked(trail) | set(in_basket)) | set(items)
            return _Question(name, surface, trail, Asked.about(*items), barred, set(), set(), {})
        history = trail
        if name == "session":
            history = NOTHING if session_id is None else self._trails.of_session(session_id)
        elif name == "popular":
            history = NOTHING
        if name != "popular":
            history = _with_basket(history, in_basket, now)
        asked = Asked.of(history)
        done = _done(history)
        return _Question(name, surface, trail, asked, barred, set(trail.items.tolist()) - again, again, done)

    def _hits(self, question: _Question, limit: int, language: str) -> list[Hit]:
        allowed = self._catalogue.buyable().copy()
        allowed[list(question.barred)] = False
        if question.surface.complements:
            allowed &= ~self._same_leaf(question.asked.items)
        fresh = allowed.copy()
        if not question.surface.seen:
            fresh[list(question.seen)] = False
        blend = self.ranker.blend if question.name in ("for_you", "session") else question.surface.blend
        ranked = self.ranker.rank(question.asked, fresh, blend=blend)
        if len(ranked.items) < limit and not question.surface.seen:
            ranked = self.ranker.rank(question.asked, allowed, blend=blend)
        depth = min(len(ranked.items), 4 * limit + 10)
        ids = self._ids.names(ranked.items[:depth])
        wanted = [*ids, *self._ids.names(question.asked.items)]
        products = self._database.get_products(list(dict.fromkeys(wanted)))
        places = [place for place, one in enumerate(ids) if one in products and products[one].buyable]
        if question.surface.varied:
            leaves = [" > ".join(products[ids[place]].category) for place in places]
            brands = [products[ids[place]].brand for place in places]
            places = [places[k] for k in varied(ranked.logits[places].tolist(), leaves, brands, limit)]
        words = Words(language)
        worded = {key: product.in_language(language) for key, product in products.items()}
        return [
            Hit(
                product=worded[ids[place]],
                score=float(ranked.logits[place]),
                probability=float(ranked.probabilities[place]),
                rank=rank,
                reasons=tuple(self._reasons(question, ranked, place, blend.names, worded, words)),
            )
            for rank, place in enumerate(places[:limit], start=1)
        ]

    def _same_leaf(self, items: NDArray[np.int32]) -> NDArray[np.bool_]:
        leaves = self._catalogue.leaves()
        own = {int(leaves[item]) for item in items.tolist()} - {0}
        return np.isin(leaves, list(own)) if own else np.zeros(len(leaves), bool)

    @property
    def _popularity(self) -> Popularity:
        source = self.ranker.sources["popularity"]
        assert isinstance(source, Popularity)
        return source

    def _reasons(
        self,
        question: _Question,
        ranked: Ranked,
        place: int,
        names: Sequence[str],
        products: Mapping[str, Product],
        words: Words,
    ) -> list[Reason]:
        item = int(ranked.items[place])
        product = products[self._ids.name(item)]
        found = [words.again()] if item in question.again else []
        for source in np.argsort(-ranked.parts[:, place]).tolist():
            if ranked.scores[source, place] <= 0 or len(found) >= MAX_REASONS:
                continue
            reason = self._reason(names[source], question, item, product, products, words)
            if reason is not None and all(
                (one.kind, one.product_ids) != (reason.kind, reason.product_ids) for one in found
            ):
                found.append(reason)
        return found or [words.from_range(product)]

    def _reason(
        self,
        name: str,
        question: _Question,
        item: int,
        product: Product,
        products: Mapping[str, Product],
        words: Words,
    ) -> Reason | None:
        if name == "popularity":
            return words.popular(product, *self._popularity.place(item))
        if name == "newest":
            recent = product.created is not None and self._clock() - product.created.timestamp() <= NEW_DAYS * _DAY
            return words.new() if recent else None
        why = self.ranker.sources[name].why(question.asked, item)
        other = None if why is None else products.get(self._ids.name(why.item))
        if why is None or other is None:
            return None
        seen = Seen(other.id, other.title, question.done.get(why.item))
        if name == "baskets":
            return words.in_basket_with(seen, why.shoppers) if why.shoppers else None
        if name == "attributes":
            return words.similar(seen, product, other)
        if name == "meaning":
            return words.similar(seen, product, other) or words.near(seen)
        shoppers = self._shoppers(why.item, item)
        if shoppers:
            return words.chosen_with(seen, shoppers)
        return words.because_of(seen) if seen.done is not None else None

    def _shoppers(self, first: int, second: int) -> int:
        source = self.ranker.sources["neighbours"]
        assert isinstance(source, Neighbours)
        return source.shoppers(first, second)


def new_ranker(catalogue: Catalogue, *, vectors_of: Any = None, ease_items: int = 3_000) -> Ranker:
    """The ranker of the service, unfitted. vectors_of: ids -> text vectors, None where there are none."""
    sources: list[Source] = [
        CoOccurrence(),
        Neighbours(),
        Ease(max_items=ease_items),
        Baskets(),
        Attributes(),
        Meaning(vectors_of or (lambda ids: {})),
        Popularity(),
        Newest(),
    ]
    return Ranker(catalogue, sources, replace(SURFACES["for_you"].blend))


def _with_basket(history: Trail, items: Sequence[int], now: float) -> Trail:
    added = [(item, now, int(Kind.CART), -1) for item in items if item not in set(history.items.tolist())]
    return history.merged(Trail.of(added)) if added else history


def _done(history: Trail) -> dict[int, Kind]:
    """item -> the most telling thing done with it."""
    found: dict[int, Kind] = {}
    for item, kind in zip(history.items.tolist(), history.kinds.tolist(), strict=True):
        if KIND_WEIGHTS[kind] > KIND_WEIGHTS[found.get(item, 0)]:
            found[item] = Kind(kind)
    return found
