"""Products and their reviews; the merchant's changes to the catalogue."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from daogou.errors import NotFound
from daogou.serve.parts import ERRORS, NEEDS_TOKEN, NOT_FOUND, GuideDep, LanguageDep, merchant_only
from daogou.serve.requests import ProductsBody
from daogou.serve.talk_views import ReviewsView, ReviewView
from daogou.serve.views import Presenter, ProductView, View

router = APIRouter(tags=["catalogue"], responses=ERRORS)
ProductId = Annotated[str, Path(min_length=1, max_length=128, examples=["skin-0001"])]


class PutView(View):
    """What a write did: new + changed + unchanged = what was sent."""

    new: int
    changed: int
    unchanged: int


class DeletedView(View):
    """How many were deleted."""

    deleted: int


@router.get("/products/{product_id}", responses=NOT_FOUND)
def get_product(guide: GuideDep, language: LanguageDep, product_id: ProductId) -> ProductView:
    """One product in the reader's language."""
    return Presenter(guide, language).product(guide.product(product_id))


@router.get("/products/{product_id}/reviews", responses=NOT_FOUND)
def get_reviews(guide: GuideDep, product_id: ProductId, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> ReviewsView:
    """What shoppers wrote about a product, newest first, in their own language."""
    guide.product(product_id)
    reviews = guide.database.reviews(product_id, limit=limit)
    return ReviewsView(product_id=product_id, reviews=[ReviewView.of(one) for one in reviews])


@router.put("/products", dependencies=[Depends(merchant_only)], responses=NEEDS_TOKEN)
def put_products(guide: GuideDep, body: ProductsBody) -> PutView:
    """Inserts or replaces products by id, all or none. The next search shows them. Merchant's token needed."""
    count = guide.put_products(body.records(guide.settings.currency))
    return PutView(new=count.new, changed=count.changed, unchanged=count.unchanged)


@router.delete("/products/{product_id}", dependencies=[Depends(merchant_only)], responses=NEEDS_TOKEN | NOT_FOUND)
def delete_product(guide: GuideDep, product_id: ProductId) -> DeletedView:
    """Deletes a product. The next search does not show it. Merchant's token needed."""
    deleted = guide.delete_products([product_id])
    if not deleted:
        raise NotFound("product", product_id)
    return DeletedView(deleted=deleted)
