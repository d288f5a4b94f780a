"""The search service: understand, retrieve, rank, explain; the plan it followed stands in the result."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast, get_args

from daogou.errors import ModelError, NotFound, QueryError
from daogou.models import TextEncoder
from daogou.records import MAX_LIMIT, MAX_OFFSET, Constraint, Facet, Hit, Plan, Query, SearchResult, Sort
from daogou.search.explain import constraint_reasons, reasons, surfaces
from daogou.search.facets import facets_of_found, facets_of_index, multi_select
from daogou.search.lexicon import Lexicon, read_lexicon
from daogou.search.money import Prices
from daogou.search.prepared import Shelves
from daogou.search.rank import Ranked, lifts, probabilities, rank
from daogou.search.relax import relax
from daogou.search.retrieve import query_tokens, retrieve
from daogou.search.suggest import Completer
from daogou.search.understand import Understander, Understanding
from daogou.search.weights import WEIGHTS
from daogou.stores import Database, Index, IndexStore, Vector, query_weights

_SORTS: dict[str, str] = {"price_asc": "price", "price_desc": "-price", "newest": "-created", "rating": "-rating"}
_NO_ENCODER = {
    "en": "Searched by words only: the text encoder did not answer.",
    "zh": "仅按字面搜索：文本编码器没有响应。",
}
_RELAXED = {
    "en": "Nothing meets every wish, so these were set aside: {labels}.",
    "zh": "没有同时满足所有条件的商品，已放宽：{labels}。",
}


@dataclass(slots=True)
class _Clock:
    """Where the time of one search went, in seconds."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def time(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self.add(name, time.perf_counter() - started)

    def add(self, name: str, seconds: float) -> None:
        """Counts time that was taken elsewhere."""
        self.seconds[name] = self.seconds.get(name, 0.0) + seconds


class _Timed:
    """An index that adds up the seconds spent in it, for work that goes in and out of it."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self.seconds = 0.0

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._index, name)

        def timed(*given: Any, **named: Any) -> Any:
            started = time.perf_counter()
            try:
                return call(*given, **named)
            finally:
                self.seconds += time.perf_counter() - started

        return timed


@dataclass(frozen=True, slots=True)
class _Request:
    """One search under way."""

    query: Query
    understood: Understanding
    index: Index
    clock: _Clock
    vector: Vector | None
    tokens: tuple[str, ...]

    @property
    def plan(self) -> Plan:
        return self.understood.plan


class SearchService:
    """Searches one store. Thread-safe. `currency`: of the store's prices; `rates`: what one unit of another costs."""

    def __init__(
        self,
        database: Database,
        indexes: IndexStore,
        encoder: TextEncoder,
        *,
        currency: str,
        rates: Mapping[str, float],
    ) -> None:
        self._database = database
        self._indexes = indexes
        self._encoder = encoder
        self._prices = Prices(currency, rates)
        self._shelves = Shelves()
        self._lock = threading.Lock()
        self._read: tuple[str, Understander] | None = None
        self._completer: tuple[str, Completer] | None = None
        self._common: dict[tuple[str, str], bool] = {}

    def search(self, query: Query) -> SearchResult:
        """Products for a query, best first, with the plan, facets and reasons.

        Raises NotFound where no index is published, QueryError where the request cannot be served."""
        _check(query)
        clock = _Clock()
        started = time.perf_counter()
        with clock.time("engine"):
            index = self._index()
        with clock.time("understand"):
            understood = self._understander(index).read(query)
        plan = understood.plan
        vector, notes = self._encode(plan, clock)
        request = _Request(query, understood, index, clock, vector, tuple(query_tokens(plan.text)))
        constraints = plan.constraints
        result = self._found(request, constraints)
        relaxed: tuple[Constraint, ...] = ()
        if not result[1] and constraints:
            with clock.time("engine"):
                relaxed = relax(index, constraints, query)
            if relaxed:
                constraints = tuple(one for one in constraints if one not in relaxed)
                result = self._found(request, constraints)
                join = "、" if plan.language == "zh" else ", "
                labels = join.join(dict.fromkeys(one.label or one.key for one in relaxed))
                notes = (*notes, _RELAXED[plan.language].format(labels=labels))
        hits, total, facets = result
        clock.seconds["total"] = time.perf_counter() - started
        return SearchResult.model_construct(
            query=query,
            plan=plan,
            hits=hits,
            total=total,
            facets=facets,
            relaxed=relaxed,
            notes=(*understood.notes, *notes),
            index_version=index.version,
            seconds=clock.seconds,
        )

    def plan(self, query: Query) -> Plan:
        """How a query is understood, without searching. With no index published, by grammar alone."""
        return self.understand(query).plan

    def understand(self, query: Query) -> Understanding:
        """The plan, and what only lifts products in the ranking."""
        index = self._indexes.current()
        if index is None:
            return Understander(Lexicon(), self._prices).read(query)
        return self._understander(index).read(query)

    def suggest(self, prefix: str, language: str = "en", limit: int = 8) -> list[str]:
        """Completions of what is being typed: categories, brands, titles. Built at the first call of a version."""
        index = self._indexes.current()
        version = index.version if index else ""
        completer = self._completer
        if completer is None or completer[0] != version:
            with self._lock:
                completer = self._completer
                if completer is None or completer[0] != version:
                    completer = self._completer = (version, Completer(self._database.products()))
        return completer[1].complete(prefix, language, limit)

    def refresh(self) -> None:
        """Forgets what was read of the vocabulary and the titles; the next call reads them again."""
        with self._lock:
            self._read = None
            self._completer = None
            self._common.clear()

    # parts of a search

    def _index(self) -> Index:
        index = self._indexes.current()
        if index is None:
            raise NotFound("index", "current", next_step="Run `daogou index`.")
        return index

    def _understander(self, index: Index) -> Understander:
        read = self._read
        if read is None or read[0] != index.version:
            with self._lock:
                read = self._read
                if read is None or read[0] != index.version:
                    data = self._database.get_checkpoint(f"vocabulary:{index.version}")
                    common = partial(self._is_common, index)
                    held = partial(_held, index)
                    understander = Understander(read_lexicon(data), self._prices, common=common, held=held)
                    read = (index.version, understander)
                    self._read = read
                    self._common.clear()
        return read[1]

    def _is_common(self, index: Index, surface: str, brands: tuple[str, ...]) -> bool:
        """A brand's name is an ordinary word where more products of other brands use it than the brand has."""
        key = (index.version, surface)
        known = self._common.get(key)
        if known is None:
            own = Constraint(field="brand", values=brands)
            count = index.count([own])
            others = own.model_copy(update={"negated": True})
            tokens = query_tokens(surface)
            # One product more than the brand has decides, so no more are asked for.
            using = index.search_sparse(query_weights(tokens), filters=[others], limit=min(count, 500) + 1)
            known = self._common[key] = count > 0 and len(using) > count
        return known

    def _encode(self, plan: Plan, clock: _Clock) -> tuple[Vector | None, tuple[str, ...]]:
        if not plan.text:
            return None, ()
        with clock.time("encode"):
            try:
                return self._encoder.encode_queries([plan.text])[0], ()
            except ModelError as failure:
                return None, (f"{_NO_ENCODER[plan.language]} ({failure})",)

    def _found(
        self, request: _Request, constraints: tuple[Constraint, ...]
    ) -> tuple[tuple[Hit, ...], int, tuple[Facet, ...]]:
        if request.tokens or request.vector is not None:
            return self._by_text(request, constraints)
        return self._browse(request, constraints)

    def _by_text(
        self, request: _Request, constraints: tuple[Constraint, ...]
    ) -> tuple[tuple[Hit, ...], int, tuple[Facet, ...]]:
        query, plan, clock = request.query, request.plan, request.clock
        lexicon = self._understander(request.index).lexicon
        ranked = self._sorted(request, self._ranked(request, constraints))
        page = ranked[query.offset : query.offset + query.limit]
        with clock.time("engine"):
            products = self._database.get_products([one.product_id for one in page]) if page else {}
        with clock.time("explain"):
            items = self._shelves.prepare(products, plan.language)
            chances = probabilities([one.score for one in ranked])
            shown = surfaces(plan.text) if page else {}
            met = constraint_reasons(constraints, plan.language)
            hits = tuple(
                Hit.model_construct(
                    product=items[one.product_id].product,
                    score=one.score,
                    probability=chances[place],
                    rank=place + 1,
                    reasons=reasons(one, items[one.product_id], shown, met, plan.language, lexicon),
                )
                for place, one in enumerate(page, start=query.offset)
                if one.product_id in items
            )
        facets: tuple[Facet, ...] = ()
        if query.facets:
            lifted = {
                name: self._ranked(request, [one for one in constraints if one.field != name or one.negated])
                for name in multi_select(constraints)
            }
            started = time.perf_counter()
            timed = _Timed(request.index)
            without = {name: [one.product_id for one in others] for name, others in lifted.items()}
            ids = [one.product_id for one in ranked]
            facets = facets_of_found(cast(Index, timed), ids, constraints, without, lexicon, plan.language)
            clock.add("engine", timed.seconds)
            clock.add("facets", time.perf_counter() - started - timed.seconds)
        return hits, len(ranked), facets

    def _ranked(self, request: _Request, constraints: Sequence[Constraint]) -> list[Ranked]:
        """The relevant candidates under these filters, best first."""
        clock, understood, index = request.clock, request.understood, request.index
        by_relevance = understood.plan.sort == "relevance"
        with clock.time("engine"):
            candidates = retrieve(index, request.tokens, request.vector, constraints)
            added, having = lifts(index, candidates.ids, understood.boosts, cheap=understood.cheap)
        with clock.time("rank"):
            cut = WEIGHTS.cut if by_relevance else WEIGHTS.cut_sorted
            return rank(candidates, added, having, cut=cut, keep=WEIGHTS.keep if by_relevance else 1)

    def _sorted(self, request: _Request, ranked: list[Ranked]) -> list[Ranked]:
        """As the shopper sorts; ties by relevance, products without the number last."""
        number = _SORTS.get(request.plan.sort)
        if number is None or not ranked:
            return ranked
        with request.clock.time("engine"):
            values = request.index.numbers_of(number.removeprefix("-"), [one.product_id for one in ranked])
        sign = -1.0 if number.startswith("-") else 1.0
        return sorted(ranked, key=lambda one: (one.product_id not in values, sign * values.get(one.product_id, 0.0)))

    def _browse(
        self, request: _Request, constraints: tuple[Constraint, ...]
    ) -> tuple[tuple[Hit, ...], int, tuple[Facet, ...]]:
        """No text: the newest first, or as sorted, under the filters."""
        query, plan, index, clock = request.query, request.plan, request.index, request.clock
        sort = _SORTS.get(plan.sort) or ("price" if request.understood.cheap else "-created")
        lexicon = self._understander(index).lexicon
        with clock.time("engine"):
            total = index.count(constraints)
            listed = index.browse(filters=constraints, sort=sort, limit=query.limit, offset=query.offset)
            products = self._database.get_products([one.product_id for one in listed]) if listed else {}
        with clock.time("explain"):
            items = self._shelves.prepare(products, plan.language)
            why = constraint_reasons(constraints, plan.language)
            hits = tuple(
                Hit.model_construct(
                    product=items[one.product_id].product,
                    score=0.0,
                    probability=1.0 / total if total else 0.0,
                    rank=place,
                    reasons=why,
                )
                for place, one in enumerate(listed, start=query.offset + 1)
                if one.product_id in items
            )
        facets: tuple[Facet, ...] = ()
        if query.facets:
            started = time.perf_counter()
            timed = _Timed(index)
            facets = facets_of_index(cast(Index, timed), constraints, lexicon, plan.language)
            clock.add("engine", timed.seconds)
            clock.add("facets", time.perf_counter() - started - timed.seconds)
        return hits, total, facets


def _held(index: Index, field: str, categories: tuple[str, ...]) -> int:
    """How many products of these categories have a number field."""
    having = Constraint(field=field, op="range")
    return index.count([having, Constraint(field="category", values=categories)] if categories else [having])


def _check(query: Query) -> None:
    """A query may have been made without validation; what the record promises is asked for here once more."""
    if query.sort is not None and query.sort not in get_args(Sort):
        raise QueryError(f"sort: {query.sort!r} is not one of {', '.join(get_args(Sort))}.")
    if not 0 <= query.offset <= MAX_OFFSET:
        raise QueryError(
            f"offset: {query.offset} is not between 0 and {MAX_OFFSET}.", next_step="Narrow the search instead."
        )
    if not 1 <= query.limit <= MAX_LIMIT:
        raise QueryError(f"limit: {query.limit} is not between 1 and {MAX_LIMIT}.")
    for constraint in query.constraints:
        if constraint.low is not None and constraint.high is not None and constraint.low > constraint.high:
            raise QueryError(f"{constraint.field}: low {constraint.low:g} is above high {constraint.high:g}.")
