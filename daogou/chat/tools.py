"""Act: the tools a turn may use. Each gives records back; none words anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from daogou.chat.state import Wish
from daogou.records import Answer, Constraint, Hit, Plan, Product, Query, SearchResult, Shelf
from daogou.stores import Database

LIMIT = 12
_WIDE = 60


class Searches(Protocol):
    """What chat needs of the search room."""

    def search(self, query: Query) -> SearchResult: ...

    def plan(self, query: Query) -> Plan: ...


class Recommends(Protocol):
    """What chat needs of the recommend room."""

    def recommend(
        self,
        surface: str,
        *,
        shopper_id: str | None = None,
        session_id: str | None = None,
        product_id: str | None = None,
        basket: Sequence[str] = (),
        limit: int = 12,
        language: str = "en",
    ) -> Shelf: ...


class Answers(Protocol):
    """What chat needs of the answer room."""

    def answer(self, question: str, *, product_id: str | None = None, language: str | None = None) -> Answer: ...

    def warm(self) -> None: ...


class Tools:
    """Search, recommend, answer, look up: for one turn of one shopper in one language."""

    def __init__(
        self,
        database: Database,
        search: Searches,
        recommend: Recommends,
        answer: Answers,
        *,
        language: str,
        shopper_id: str | None,
        session_id: str | None,
    ) -> None:
        self._database = database
        self._search = search
        self._recommend = recommend
        self._answer = answer
        self.language = language
        self._shopper_id = shopper_id
        self._session_id = session_id

    def read(self, text: str) -> Plan:
        """The search room's reading of a text. Words that are no wish give an empty plan."""
        if not text:
            return Plan(language=self.language)
        return self._search.plan(self._query(text, (), limit=1, facets=False))

    def find(self, wish: Wish, *, offset: int = 0, wide: bool = False) -> SearchResult:
        """Products for a wish, with facets. `wide` gives many candidates, to choose among by what no index knows."""
        return self._search.search(
            self._query(wish.need, wish.constraints, limit=_WIDE if wide else LIMIT, facets=True, offset=offset)
        )

    def shelf(
        self, surface: str, *, product_id: str | None = None, basket: Sequence[str] = (), limit: int = 6
    ) -> Shelf:
        """Recommendations of one kind."""
        return self._recommend.recommend(
            surface,
            shopper_id=self._shopper_id,
            session_id=self._session_id,
            product_id=product_id,
            basket=basket,
            limit=limit,
            language=self.language,
        )

    def ask(self, question: str, product: Product | None) -> Answer:
        """The answer room's answer about a product, or about the store."""
        return self._answer.answer(question, product_id=product.id if product else None, language=self.language)

    def products(self, ids: Sequence[str]) -> tuple[Product, ...]:
        """The products that still exist, in the order asked for."""
        found = self._database.get_products(list(ids)) if ids else {}
        return tuple(found[one] for one in ids if one in found)

    def ratings(self, products: Sequence[Product]) -> dict[str, tuple[float, int]]:
        """Mean stars and number of reviews, for those that have any."""
        return self._database.ratings([one.id for one in products])

    def _query(
        self, text: str, constraints: Sequence[Constraint], *, limit: int, facets: bool, offset: int = 0
    ) -> Query:
        return Query(
            text=text[:500],
            language=self.language,
            constraints=tuple(constraints),
            limit=limit,
            offset=offset,
            shopper_id=self._shopper_id,
            session_id=self._session_id,
            facets=facets,
        )


def as_hits(products: Sequence[Product], like: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits of these products in this order, ranked anew; products without a hit are left out."""
    by_id = {hit.product.id: hit for hit in like}
    kept = [by_id[one.id] for one in products if one.id in by_id]
    return tuple(hit.model_copy(update={"rank": rank}) for rank, hit in enumerate(kept, start=1))
