"""Product and variant: what the merchant sells. Field names follow Google Merchant and schema.org."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator

from daogou.records.base import Id, Language, Record, Text, Title, UtcTime, Value
from daogou.records.money import Money


class Availability(StrEnum):
    """Google Merchant's four states."""

    in_stock = "in_stock"
    out_of_stock = "out_of_stock"
    preorder = "preorder"
    backorder = "backorder"


Attributes = dict[Annotated[str, Field(min_length=1, max_length=120)], tuple[Value, ...]]
Gtin = Annotated[str, Field(pattern=r"^\d{8}$|^\d{12,14}$")]


def _tuples(value: Any) -> Any:
    """Attributes may be given as one value or a list of values; inside they are always a tuple without repeats."""
    if not isinstance(value, Mapping):
        return value
    out: dict[Any, Any] = {}
    for name, values in value.items():
        listed = values if isinstance(values, list | tuple) else (values,)
        kept = [str(one).strip() for one in listed if one is not None and str(one).strip()]
        if kept:
            out[name] = tuple(dict.fromkeys(kept))
    return out


class Variant(Record):
    """One thing that can be put in a cart: a size, a colour."""

    id: Id
    title: Text = ""
    attributes: Attributes = Field(default_factory=dict)
    price: Money | None = None
    list_price: Money | None = None
    availability: Availability = Availability.in_stock
    stock: int | None = Field(default=None, ge=0, description="Units; None is unknown")
    gtin: Gtin | None = None
    image: str | None = None

    _attributes = field_validator("attributes", mode="before")(_tuples)


class Translation(Record):
    """A product's wording in another language. Empty fields fall back to the product's own."""

    title: Text = ""
    description: Text = ""
    brand: Text = ""
    category: tuple[Value, ...] = ()
    attributes: Attributes = Field(default_factory=dict)

    _attributes = field_validator("attributes", mode="before")(_tuples)


class Product(Record):
    """What a shopper sees as one product. `language` is that of title, description, category and attributes.

    `price` is the lowest price of its variants where there are variants; None where the merchant gives no price."""

    id: Id
    title: Title
    description: Text = ""
    brand: Annotated[str, Field(max_length=200)] = ""
    category: tuple[Value, ...] = Field(default=(), description="Path from the widest: ('Shoes', 'Running shoes')")
    attributes: Attributes = Field(default_factory=dict)
    price: Money | None = None
    list_price: Money | None = None
    availability: Availability = Availability.in_stock
    stock: int | None = Field(default=None, ge=0, description="Units over all variants; None is unknown")
    images: tuple[str, ...] = ()
    link: str | None = None
    gtin: Gtin | None = None
    language: Language = "en"
    translations: dict[Language, Translation] = Field(default_factory=dict)
    variants: tuple[Variant, ...] = ()
    created: UtcTime | None = None

    _attributes = field_validator("attributes", mode="before")(_tuples)

    @model_validator(mode="after")
    def _consistent(self) -> Product:
        ids = [variant.id for variant in self.variants]
        if len(ids) != len(set(ids)):
            twice = next(one for one in ids if ids.count(one) > 1)
            raise ValueError(f"variant id {twice!r} stands twice")
        currencies = {money.currency for money in self.all_prices}
        if len(currencies) > 1:
            raise ValueError(f"prices are in several currencies: {', '.join(sorted(currencies))}")
        return self

    @property
    def all_prices(self) -> tuple[Money, ...]:
        own = (self.price, self.list_price)
        theirs = (money for variant in self.variants for money in (variant.price, variant.list_price))
        return tuple(money for money in (*own, *theirs) if money is not None)

    @property
    def buyable(self) -> bool:
        """Can be ordered now (in stock, or on preorder or backorder)."""
        return self.availability is not Availability.out_of_stock and self.stock != 0

    def variant(self, variant_id: str) -> Variant | None:
        """The variant of that id, or None."""
        return next((variant for variant in self.variants if variant.id == variant_id), None)

    def in_language(self, language: str) -> Product:
        """The same product worded in `language` as far as it is translated; facts (price, stock, id) never change."""
        wording = self.translations.get(language)
        if language == self.language or wording is None:
            return self
        return self.model_copy(
            update={
                "title": wording.title or self.title,
                "description": wording.description or self.description,
                "brand": wording.brand or self.brand,
                "category": wording.category or self.category,
                "attributes": wording.attributes or self.attributes,
                "variants": self._variants_as(wording),
                "language": language,
            }
        )

    def _variants_as(self, wording: Translation) -> tuple[Variant, ...]:
        """Variants have no wording of their own: their values are worded as the product's parallel attributes are."""
        if not self.variants or len(wording.attributes) != len(self.attributes):
            return self.variants
        names: dict[str, str] = {}
        values: dict[tuple[str, str], str] = {}
        both = zip(self.attributes.items(), wording.attributes.items(), strict=True)
        for (name, own), (other, theirs) in both:
            if len(own) == len(theirs):
                names[name] = other
                values |= {(name, one): word for one, word in zip(own, theirs, strict=True)}
        return tuple(_variant_as(variant, names, values) for variant in self.variants)

    def wordings(self) -> tuple[Product, ...]:
        """The product in its own language, then in each language it is translated into."""
        return (self, *(self.in_language(tag) for tag in sorted(self.translations) if tag != self.language))


def _variant_as(variant: Variant, names: Mapping[str, str], values: Mapping[tuple[str, str], str]) -> Variant:
    attributes = {
        names.get(name, name): tuple(values.get((name, one), one) for one in kept)
        for name, kept in variant.attributes.items()
    }
    title = variant.title
    for (_, own), word in sorted(values.items(), key=lambda item: -len(item[0][1])):
        if own and own in title and own in {one for kept in variant.attributes.values() for one in kept}:
            title = title.replace(own, word)
    return variant.model_copy(update={"attributes": attributes, "title": title})
