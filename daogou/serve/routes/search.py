"""Search, suggestions and recommendations."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query

from daogou.records import MAX_LIMIT, MAX_OFFSET, MAX_QUERY, Sort
from daogou.records import Query as Wish
from daogou.serve.filters import parse_filters
from daogou.serve.parts import ERRORS, NOT_FOUND, GuideDep, LanguageDep
from daogou.serve.requests import SearchBody
from daogou.serve.views import Presenter, SearchView, ShelfView, SuggestView

router = APIRouter(tags=["search and recommend"], responses=ERRORS)
Surface = Literal["for_you", "session", "similar", "together", "popular"]


@router.get("/search")
def search(
    guide: GuideDep,
    q: Annotated[str, Query(max_length=MAX_QUERY, examples=["送妈妈的保湿面霜，500 以内"])] = "",
    language: Annotated[
        str | None, Query(pattern="^(zh|en)$", description="Reader's language; guessed from `q` where left out")
    ] = None,
    filter: Annotated[
        list[str] | None, Query(description="`brand=Aoki`, `price=100..500`, `!attr:colour=black`")
    ] = None,
    undo: Annotated[list[str] | None, Query(description="Keys of understood wishes to take back")] = None,
    sort: Sort | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 24,
    offset: Annotated[int, Query(ge=0, le=MAX_OFFSET)] = 0,
    facets: bool = True,
    shopper_id: Annotated[str | None, Query(min_length=1, max_length=128)] = None,
    session_id: Annotated[str | None, Query(min_length=1, max_length=128)] = None,
) -> SearchView:
    """Products for a wish in plain words, with what was understood. An empty `q` browses the catalogue."""
    body = SearchBody(
        q=q,
        language=language,
        filters=filter or [],
        undo=undo or [],
        sort=sort,
        limit=limit,
        offset=offset,
        facets=facets,
        shopper_id=shopper_id,
        session_id=session_id,
    )
    return _search(guide, body)


@router.post("/search")
def search_by_body(guide: GuideDep, body: SearchBody) -> SearchView:
    """The same search, for wishes too long or too private for an address."""
    return _search(guide, body)


@router.get("/suggest")
def suggest(
    guide: GuideDep,
    language: LanguageDep,
    q: Annotated[str, Query(max_length=MAX_QUERY, examples=["run"])] = "",
    limit: Annotated[int, Query(ge=1, le=20)] = 8,
) -> SuggestView:
    """Ways to go on from what is typed so far."""
    return SuggestView(suggestions=list(guide.searching.suggest(q, language=language, limit=limit)))


@router.get("/recommend/{surface}", responses=NOT_FOUND)
def recommend(
    guide: GuideDep,
    language: LanguageDep,
    surface: Annotated[Surface, Path(examples=["popular"])],
    shopper_id: Annotated[str | None, Query(min_length=1, max_length=128)] = None,
    session_id: Annotated[str | None, Query(min_length=1, max_length=128)] = None,
    product_id: Annotated[
        str | None, Query(min_length=1, max_length=128, description="For `similar` and `together`")
    ] = None,
    cart_id: Annotated[str | None, Query(min_length=1, max_length=128)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 12,
) -> ShelfView:
    """Products for a shopper, for a session, like a product, bought together with one, or popular now."""
    if product_id is not None:
        guide.product(product_id)
    shelf = guide.recommend(
        surface,
        shopper_id=shopper_id,
        session_id=session_id,
        product_id=product_id,
        cart_id=cart_id,
        limit=limit,
        language=language,
    )
    return Presenter(guide, language).shelf(shelf)


def _search(guide: GuideDep, body: SearchBody) -> SearchView:
    query = Wish(
        text=body.q,
        language=body.language,
        constraints=parse_filters(body.filters, guide.settings.currency),
        undo=tuple(body.undo),
        sort=body.sort,
        limit=body.limit,
        offset=body.offset,
        facets=body.facets,
        shopper_id=body.shopper_id,
        session_id=body.session_id,
    )
    result = guide.search(query)
    return Presenter(guide, body.language or result.plan.language).search(result)
