"""What the API shows of products, hits and searches. Prices are decimal strings with a currency and a ready text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field

from daogou.records import Availability, Constraint, Facet, Hit, Money, Plan, Product, SearchResult, Shelf, exponent

if TYPE_CHECKING:
    from daogou.guide import Guide


class View(BaseModel):
    """Base of every response."""

    model_config = ConfigDict(frozen=True, protected_namespaces=())


class PriceView(View):
    """A price as a decimal string, and as a shopper reads it."""

    amount: str = Field(examples=["49.90"])
    currency: str = Field(examples=["CNY"])
    text: str = Field(examples=["¥49.90"])

    @classmethod
    def of(cls, money: Money | None, language: str) -> PriceView | None:
        if money is None:
            return None
        return cls(amount=money.decimal, currency=money.currency, text=money.format(language))


class RatingView(View):
    """Mean stars of the reviews that give stars, and their number."""

    value: float = Field(examples=[4.5])
    count: int = Field(examples=[12])


class VariantView(View):
    """One thing that can be put in a cart."""

    id: str
    title: str = ""
    attributes: dict[str, list[str]] = Field(default_factory=dict)
    price: PriceView | None = None
    list_price: PriceView | None = None
    availability: Availability
    stock: int | None = None
    image: str | None = None


class ProductView(View):
    """A product in the reader's language."""

    id: str = Field(examples=["skin-0001"])
    title: str
    description: str = ""
    brand: str = ""
    category: list[str] = Field(default_factory=list)
    attributes: dict[str, list[str]] = Field(default_factory=dict)
    price: PriceView | None = None
    list_price: PriceView | None = None
    availability: Availability
    buyable: bool = Field(description="Can be put in a cart now")
    stock: int | None = None
    images: list[str] = Field(default_factory=list, description="Paths on this server or https addresses")
    link: str | None = None
    language: str = "en"
    rating: RatingView | None = None
    variants: list[VariantView] = Field(default_factory=list)


class ReasonView(View):
    """Why something stands where it stands."""

    kind: str
    text: str
    product_ids: list[str] = Field(default_factory=list)


class HitView(View):
    """One ranked product with its score, its probability among the candidates, and its reasons."""

    rank: int
    score: float
    probability: float
    product: ProductView
    reasons: list[ReasonView] = Field(default_factory=list)


class ConstraintView(View):
    """One understood wish. Give `key` back in `undo` to take it back."""

    key: str
    field: str
    op: str
    values: list[str] = Field(default_factory=list)
    low: str | None = Field(default=None, description="Decimal string; a price in the store's currency")
    high: str | None = None
    negated: bool = False
    source: str = Field(default="", description="The words it came from")
    label: str


class PlanView(View):
    """How the words were understood."""

    text: str
    language: str
    constraints: list[ConstraintView] = Field(default_factory=list)
    sort: str
    undone: list[str] = Field(default_factory=list)
    understood_by: list[str] = Field(default_factory=list)


class FacetValueView(View):
    """One value to filter by. `filter` is what to send back."""

    value: str
    label: str
    count: int
    selected: bool
    filter: str


class FacetView(View):
    """One field to filter by; `low` and `high` where it is a number."""

    field: str
    label: str
    values: list[FacetValueView] = Field(default_factory=list)
    low: str | None = None
    high: str | None = None


class SearchView(View):
    """What a search found, and how it was understood."""

    plan: PlanView
    hits: list[HitView]
    total: int
    facets: list[FacetView] = Field(default_factory=list)
    relaxed: list[ConstraintView] = Field(
        default_factory=list, description="Wishes given up because nothing satisfied all of them"
    )
    notes: list[str] = Field(default_factory=list)
    index_version: str = ""
    seconds: dict[str, float] = Field(default_factory=dict)


class SuggestView(View):
    """Ways to go on from what is typed so far, best first."""

    suggestions: list[str]


class ShelfView(View):
    """A list of recommendations."""

    surface: str
    hits: list[HitView]
    notes: list[str] = Field(default_factory=list)


class Presenter:
    """Words records for one reader: their language, the store's currency, the ratings looked up once for all."""

    def __init__(self, guide: Guide, language: str | None = None) -> None:
        self.guide = guide
        self.language = language

    def products(self, products: Sequence[Product]) -> dict[str, ProductView]:
        """id -> view, in the reader's language where it is known."""
        ids = [product.id for product in products]
        ratings = self.guide.database.ratings(ids) if ids else {}
        worded = self._worded(products)
        return {one.id: product_view(one, ratings.get(one.id), self.language or one.language) for one in worded}

    def product(self, product: Product) -> ProductView:
        return self.products([product])[product.id]

    def hits(self, hits: Sequence[Hit]) -> list[HitView]:
        products = self.products([hit.product for hit in hits])
        return [
            HitView(
                rank=hit.rank,
                score=hit.score,
                probability=hit.probability,
                product=products[hit.product.id],
                reasons=[
                    ReasonView(kind=one.kind, text=one.text, product_ids=list(one.product_ids)) for one in hit.reasons
                ],
            )
            for hit in hits
        ]

    def constraint(self, constraint: Constraint) -> ConstraintView:
        return ConstraintView(
            key=constraint.key,
            field=constraint.field,
            op=constraint.op,
            values=list(constraint.values),
            low=self._bound(constraint.field, constraint.low),
            high=self._bound(constraint.field, constraint.high),
            negated=constraint.negated,
            source=constraint.source,
            label=constraint.label or ", ".join(constraint.values) or constraint.key,
        )

    def plan(self, plan: Plan) -> PlanView:
        return PlanView(
            text=plan.text,
            language=plan.language,
            constraints=[self.constraint(one) for one in plan.constraints],
            sort=plan.sort,
            undone=list(plan.undone),
            understood_by=list(plan.understood_by),
        )

    def facet(self, facet: Facet) -> FacetView:
        return FacetView(
            field=facet.field,
            label=facet.label,
            values=[
                FacetValueView(
                    value=one.value,
                    label=one.label,
                    count=one.count,
                    selected=one.selected,
                    filter=f"{facet.field}={one.value}",
                )
                for one in facet.values
            ],
            low=self._bound(facet.field, facet.low),
            high=self._bound(facet.field, facet.high),
        )

    def search(self, result: SearchResult) -> SearchView:
        return SearchView(
            plan=self.plan(result.plan),
            hits=self.hits(result.hits),
            total=result.total,
            facets=[self.facet(one) for one in result.facets],
            relaxed=[self.constraint(one) for one in result.relaxed],
            notes=list(result.notes),
            index_version=result.index_version,
            seconds=dict(result.seconds),
        )

    def shelf(self, shelf: Shelf) -> ShelfView:
        return ShelfView(surface=shelf.surface, hits=self.hits(shelf.hits), notes=list(shelf.notes))

    def _bound(self, field: str, value: float | None) -> str | None:
        """A price bound leaves as a decimal of the store's currency, any other number as itself."""
        if value is None:
            return None
        if field != "price":
            return f"{value:g}"
        digits = exponent(self.guide.settings.currency)
        return f"{value / 10**digits:.{digits}f}"

    def _worded(self, products: Sequence[Product]) -> list[Product]:
        """Products in the reader's language, variants too. A copy that is worded already has lost its own wording, so
        the record is read again."""
        language = self.language
        if language is None:
            return list(products)
        copies = [one.id for one in products if one.language != language or one.language in one.translations]
        kept = self.guide.database.get_products(copies) if copies else {}
        return [_in_language(kept.get(one.id, one), language) for one in products]


def _in_language(product: Product, language: str) -> Product:
    """The product in `language`. A record holds no translation of its variants; their values are those of the product's
    attributes, whose translation has the same order, so each value is worded by its place."""
    worded = product.in_language(language)
    if worded is product or not product.variants:
        return worded
    words: dict[str, str] = {}
    for (name, values), (name_worded, values_worded) in zip(
        product.attributes.items(), worded.attributes.items(), strict=False
    ):
        if len(values) == len(values_worded):
            words |= {name: name_worded, **dict(zip(values, values_worded, strict=True))}
    variants = tuple(
        one.model_copy(
            update={
                "title": " / ".join(words.get(part, part) for part in one.title.split(" / ")),
                "attributes": {
                    words.get(name, name): tuple(words.get(value, value) for value in values)
                    for name, values in one.attributes.items()
                },
            }
        )
        for one in product.variants
    )
    return worded.model_copy(update={"variants": variants})


def product_view(product: Product, rating: tuple[float, int] | None, language: str) -> ProductView:
    """One product as the API shows it."""
    return ProductView(
        id=product.id,
        title=product.title,
        description=product.description,
        brand=product.brand,
        category=list(product.category),
        attributes=_lists(product.attributes),
        price=PriceView.of(product.price, language),
        list_price=PriceView.of(product.list_price, language),
        availability=product.availability,
        buyable=product.buyable,
        stock=product.stock,
        images=[address for image in product.images if (address := image_address(image))],
        link=product.link if product.link and product.link.startswith(("https://", "http://")) else None,
        language=product.language,
        rating=RatingView(value=round(rating[0], 2), count=rating[1]) if rating else None,
        variants=[
            VariantView(
                id=one.id,
                title=one.title,
                attributes=_lists(one.attributes),
                price=PriceView.of(one.price, language),
                list_price=PriceView.of(one.list_price, language),
                availability=one.availability,
                stock=one.stock,
                image=image_address(one.image) if one.image else None,
            )
            for one in product.variants
        ],
    )


def image_address(image: str) -> str | None:
    """A web address stays; a file name becomes a path under `/images/`. Any other scheme (`javascript:`) is dropped."""
    if image.startswith(("https://", "http://")):
        return image
    if ":" in image.split("/", 1)[0]:
        return None
    name = image.lstrip("./").removeprefix("images/")
    return f"/images/{quote(name)}" if name and ".." not in name.split("/") else None


def _lists(attributes: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {name: list(values) for name, values in attributes.items()}
