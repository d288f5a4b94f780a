"""What the API takes: one model a request body, each with an example that can be sent as it is."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from daogou.errors import RecordError
from daogou.records import MAX_LIMIT, MAX_OFFSET, MAX_QUERY, Money, Product, Sort

MAX_SAID = 2_000
MAX_BATCH = 1_000

Id = Annotated[str, Field(min_length=1, max_length=128)]
Language = Annotated[str, Field(pattern=r"^(zh|en)$", description="Language of the reader")]


class Body(BaseModel):
    """Base of every request body: an unknown field is refused by name."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class SearchBody(Body):
    """The query string of `GET /v1/search`, as a body."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"q": "running shoes under $80, not black", "filters": ["stock=yes"], "sort": "relevance", "limit": 10}
            ]
        }
    )

    q: str = Field(default="", max_length=MAX_QUERY)
    language: Language | None = None
    filters: list[str] = Field(default_factory=list, description="`brand=Aoki`, `price=100..500`, `!attr:colour=black`")
    undo: list[str] = Field(default_factory=list, description="Keys of understood wishes to take back")
    sort: Sort | None = None
    limit: int = Field(default=24, ge=1, le=MAX_LIMIT)
    offset: int = Field(default=0, ge=0, le=MAX_OFFSET)
    facets: bool = True
    shopper_id: Id | None = None
    session_id: Id | None = None


class AnswerBody(Body):
    """A question about a product, or about the store where no product is named."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"question": "How long does delivery take?", "language": "en"}]}
    )

    question: str = Field(min_length=1, max_length=MAX_SAID)
    product_id: Id | None = None
    language: Language | None = None
    shopper_id: Id | None = None


class ChatBody(Body):
    """What the shopper says. Leave out `conversation_id` to begin; send it back to go on."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "送妈妈的保湿面霜，500 以内", "language": "zh", "stream": False}]}
    )

    text: str = Field(min_length=1, max_length=MAX_SAID)
    conversation_id: Id | None = None
    shopper_id: Id | None = None
    session_id: Id | None = None
    cart_id: Id | None = Field(default=None, description="The cart the conversation works on; its own where left out")
    product_id: Id | None = Field(default=None, description="The product page the shopper is on")
    language: Language | None = None
    stream: bool = Field(default=False, description="True: server-sent events, words as they come")


class WriteBody(Body):
    """Which text to write, for whom and for where."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "product_id": "skin-0001",
                    "kind": "marketing",
                    "audience": "students",
                    "channel": "wechat",
                    "language": "en",
                }
            ]
        }
    )

    product_id: Id
    kind: Literal["description", "marketing"] = "description"
    audience: str = Field(default="", max_length=200)
    channel: str = Field(default="", max_length=100)
    language: Language = "en"


class PriceBody(Body):
    """A price as a decimal string with its currency."""

    amount: str | float
    currency: str | None = Field(default=None, description="ISO 4217; the store's own where left out")


Price = PriceBody | str | float | None
AttributesBody = dict[str, str | list[str]]


class VariantBody(Body):
    """One thing that can be put in a cart."""

    id: Id
    title: str = ""
    attributes: AttributesBody = Field(default_factory=dict)
    price: Price = None
    list_price: Price = None
    availability: str = "in_stock"
    stock: int | None = None
    gtin: str | None = None
    image: str | None = None


class ProductBody(Body):
    """A product as a merchant sends it."""

    id: Id
    title: str = Field(min_length=1)
    description: str = ""
    brand: str = ""
    category: list[str] | str = Field(default_factory=list, description="A path, or `Shoes > Running shoes`")
    attributes: AttributesBody = Field(default_factory=dict)
    price: Price = None
    list_price: Price = None
    availability: str = "in_stock"
    stock: int | None = None
    images: list[str] = Field(default_factory=list)
    link: str | None = None
    gtin: str | None = None
    language: str = "en"
    translations: dict[str, dict[str, Any]] = Field(default_factory=dict)
    variants: list[VariantBody] = Field(default_factory=list)


class ProductsBody(Body):
    """Products to insert or replace by id: all of them, or none where one is wrong."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "products": [
                        {
                            "id": "api-example-1",
                            "title": "Trail bottle 0.7 l",
                            "description": "A steel bottle that keeps tea hot for eight hours.",
                            "brand": "Example",
                            "category": ["Outdoor", "Bottles"],
                            "attributes": {"capacity": "0.7 l", "material": ["steel"]},
                            "price": {"amount": "129.00", "currency": "CNY"},
                            "stock": 12,
                            "language": "en",
                            "translations": {"zh": {"title": "户外保温壶 0.7 升"}},
                        }
                    ]
                }
            ]
        }
    )

    products: list[ProductBody] = Field(min_length=1, max_length=MAX_BATCH)

    def records(self, currency: str) -> list[Product]:
        """The records they become. Raises RecordError naming the product's place, field, value and rule."""
        records = []
        for place, body in enumerate(self.products):
            try:
                records.append(_product(body, currency))
            except RecordError as failure:
                raise RecordError(
                    f"products.{place}.{failure.field}",
                    failure.value,
                    failure.rule,
                    next_step=f"Nothing was kept; mend product {body.id!r} and send all again.",
                ) from None
        return records


class CartItemBody(Body):
    """The quantity one line should have; 0 removes it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"product_id": "skin-0001", "quantity": 2}]})

    product_id: Id
    variant_id: Id | None = None
    quantity: int = Field(default=1, ge=0, le=999)
    shopper_id: Id | None = None
    language: Language | None = None


def _product(body: ProductBody, currency: str) -> Product:
    data = body.model_dump(exclude={"price", "list_price", "category", "variants"})
    category = body.category.split(">") if isinstance(body.category, str) else body.category
    data["category"] = [one.strip() for one in category if one.strip()]
    data["price"] = _money("price", body.price, currency)
    data["list_price"] = _money("list_price", body.list_price, currency)
    data["variants"] = [
        one.model_dump(exclude={"price", "list_price"})
        | {
            "price": _money(f"variants.{place}.price", one.price, currency),
            "list_price": _money(f"variants.{place}.list_price", one.list_price, currency),
        }
        for place, one in enumerate(body.variants)
    ]
    return Product.parse(data)


def _money(field: str, price: Price, currency: str) -> Money | None:
    if price is None:
        return None
    body = price if isinstance(price, PriceBody) else PriceBody(amount=price)
    try:
        return Money.of(body.amount, body.currency or currency)
    except RecordError as failure:
        raise RecordError(field, failure.value, failure.rule) from None
