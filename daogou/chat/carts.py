"""Carts: what is in them is kept, what it costs is read from the records each time."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock

from daogou.answer import choices, variant_buyable
from daogou.errors import NotFound, QueryError
from daogou.records import Cart, CartLine, Money, Product, Variant, now
from daogou.stores import Database

MAX_QUANTITY = 99
MAX_LINES = 100


class VariantNeeded(QueryError):
    """The product comes in variants and none was chosen."""

    def __init__(self, product: Product) -> None:
        listed = ", ".join(variant.id for variant in product.variants[:12])
        super().__init__(
            f"{product.id} comes in {len(product.variants)} variants and none was chosen.",
            next_step=f"Give variant_id, one of: {listed}.",
        )
        self.product = product


class SoldOut(QueryError):
    """It cannot be ordered now."""


class Carts:
    """Reads and writes carts. Thread-safe: two writes to one cart follow each other."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()

    def get(self, cart_id: str) -> Cart:
        """The cart priced from the records; an unknown id is an empty cart. Products that are gone are left out."""
        kept = self._database.get_cart(cart_id)
        return self._priced(cart_id, kept.lines if kept else ())

    def put(
        self,
        cart_id: str,
        product_id: str,
        *,
        variant_id: str | None = None,
        quantity: int = 1,
        shopper_id: str | None = None,
    ) -> Cart:
        """Sets the quantity of one line; 0 removes it (every variant of the product where none is named).

        Raises NotFound, VariantNeeded, SoldOut, and QueryError on a quantity that is out of bounds."""
        if not 0 <= quantity <= MAX_QUANTITY:
            raise QueryError(
                f"A quantity of {quantity} cannot be ordered; 0 to {MAX_QUANTITY} can.",
                next_step="Give a quantity within these bounds, 0 to remove the line.",
            )
        with self._lock:
            kept = self._database.get_cart(cart_id)
            lines = list(kept.lines) if kept else []
            if quantity == 0:
                lines = [line for line in lines if not _is(line, product_id, variant_id)]
            else:
                product, variant = self._chosen(product_id, variant_id)
                _check_stock(product, variant, quantity)
                lines = _with_line(lines, product, variant, quantity)
            cart = self._priced(cart_id, lines)
            self._database.put_cart(cart, shopper_id=shopper_id)
            return cart

    def quantity(self, cart_id: str, product_id: str, variant_id: str | None = None) -> int:
        """How many are in the cart now."""
        return sum(line.quantity for line in self.get(cart_id).lines if _is(line, product_id, variant_id))

    def _chosen(self, product_id: str, variant_id: str | None) -> tuple[Product, Variant | None]:
        product = self._database.get_product(product_id)
        if product is None:
            raise NotFound("product", product_id)
        if variant_id is not None:
            variant = product.variant(variant_id)
            if variant is None:
                raise NotFound("variant", variant_id, next_step=f"See the variants of product {product_id!r}.")
            return product, variant
        if len(product.variants) > 1:
            raise VariantNeeded(product)
        return product, product.variants[0] if product.variants else None

    def _priced(self, cart_id: str, lines: Iterable[CartLine]) -> Cart:
        listed = list(lines)
        products = self._database.get_products([line.product_id for line in listed])
        priced = []
        for line in listed:
            product = products.get(line.product_id)
            variant = product.variant(line.variant_id) if product and line.variant_id else None
            if product is None or (line.variant_id and variant is None):
                continue
            price = (variant.price if variant and variant.price else None) or product.price
            priced.append(line.model_copy(update={"title": _title(product, variant), "price": price}))
        return Cart(id=cart_id, lines=tuple(priced), total=_total(priced), updated=now())


def _is(line: CartLine, product_id: str, variant_id: str | None) -> bool:
    return line.product_id == product_id and variant_id in (None, line.variant_id)


def _check_stock(product: Product, variant: Variant | None, quantity: int) -> None:
    buyable = variant_buyable(variant) if variant else product.buyable
    if not buyable or not product.buyable:
        raise SoldOut(
            f"{_title(product, variant)} is sold out.", next_step="Choose another variant or a similar product."
        )
    stock = variant.stock if variant else product.stock
    if stock is not None and quantity > stock and product.availability == "in_stock":
        raise SoldOut(
            f"{quantity} of {_title(product, variant)} cannot be ordered; {stock} are left.",
            next_step=f"Order {stock} or fewer.",
        )


def _with_line(lines: list[CartLine], product: Product, variant: Variant | None, quantity: int) -> list[CartLine]:
    variant_id = variant.id if variant else None
    new = CartLine(product_id=product.id, variant_id=variant_id, quantity=quantity)
    same = [line for line in lines if line.product_id == product.id and line.variant_id == variant_id]
    if same:
        return [new if line is same[0] else line for line in lines]
    if len(lines) >= MAX_LINES:
        raise QueryError(f"The cart holds {len(lines)} lines, which is its limit.", next_step="Remove a line first.")
    return [*lines, new]


def _title(product: Product, variant: Variant | None) -> str:
    if variant is None:
        return product.title
    label = next((one.label for one in choices(product, product.language) if one.variant.id == variant.id), "")
    return f"{product.title} ({label})" if label and label != variant.id else product.title


def _total(lines: Iterable[CartLine]) -> Money | None:
    """The sum; None where a price is unknown, currencies differ, or there is nothing."""
    listed = list(lines)
    prices = [line.price for line in listed]
    if not listed or any(price is None for price in prices):
        return None
    currencies = {price.currency for price in prices if price}
    if len(currencies) != 1:
        return None
    minor = sum(line.price.minor * line.quantity for line in listed if line.price)
    return Money(minor=minor, currency=currencies.pop())
