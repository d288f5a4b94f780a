"""Shopify's product exports: CSV of both generations, and JSON as its API and `products.json` give it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from daogou.errors import RecordError
from daogou.intake.money import parse_price
from daogou.intake.options import ImportOptions, Row
from daogou.intake.products import category_path, finished, variant_id
from daogou.intake.synonyms import compact
from daogou.intake.values import gtin_of, guess_language, number_text, parse_count, parse_time, pictures, plain_text
from daogou.records import Availability, Product

# The new generation's headers, compact, by the old generation's.
_OLD_NAMES = {
    "handle": "urlhandle",
    "bodyhtml": "description",
    "variantsku": "sku",
    "variantprice": "price",
    "variantcompareatprice": "compareatprice",
    "variantinventoryqty": "inventoryquantity",
    "variantinventorypolicy": "continuesellingwhenoutofstock",
    "variantbarcode": "barcode",
    "imagesrc": "productimageurl",
    "variantimage": "variantimageurl",
    "published": "publishedononlinestore",
}
_PLAIN = ("title", "default title")


def shopify_row(data: Mapping[str, Any]) -> dict[str, str]:
    """One CSV row under the new generation's names, compact ("Compare-at price / CN" keeps its market)."""
    names = {column: compact(column) for column in data}
    return {_OLD_NAMES.get(name, name): str(data[column] or "").strip() for column, name in names.items()}


def shopify_handle(data: Mapping[str, Any]) -> str:
    """The handle of a CSV row, which all rows of one product share."""
    return shopify_row(data).get("urlhandle", "")


class ShopifyProduct:
    """Gathers the rows of one handle. `add` raises RecordError for a row that is wrong by itself."""

    def __init__(self, first: Row, options: ImportOptions) -> None:
        self._options = options
        self._first = shopify_row(first.data)
        self.line = first.line
        self.variants: list[dict[str, Any]] = []
        self._images: list[str] = []
        self._names: list[str] = []
        self.notes: list[str] = []

    def add(self, row: Row) -> None:
        """A variant, a picture, or both."""
        cells = shopify_row(row.data)
        variant = self._variant(cells)
        self._images += [address for address, _ in pictures(cells.get("productimageurl"))]
        if variant is not None:
            self.variants.append(variant)

    def _variant(self, cells: Mapping[str, str]) -> dict[str, Any] | None:
        values = [cells.get(f"option{number}value", "") for number in (1, 2, 3)]
        if not any(values) and not cells.get("price") and not cells.get("sku"):
            return None
        if not self._names:
            self._names = [self._first.get(f"option{number}name", "") for number in (1, 2, 3)]
        attributes = {
            name or f"option {number}": [plain_text(value)]
            for number, (name, value) in enumerate(zip(self._names, values, strict=True), start=1)
            if value and value.lower() not in _PLAIN
        }
        spelled = " / ".join(value for value in values if value)
        return self.made(
            variant_id_given=cells.get("sku", ""),
            spelled=spelled,
            attributes=attributes,
            price=cells.get("price"),
            listed=cells.get("compareatprice"),
            stock=cells.get("inventoryquantity"),
            goes_on=cells.get("continuesellingwhenoutofstock", "").lower() in ("continue", "true", "yes"),
            barcode=cells.get("barcode", ""),
            image=cells.get("variantimageurl"),
        )

    def made(self, *, variant_id_given: str, spelled: str, goes_on: bool, **cells: Any) -> dict[str, Any]:
        """A variant of its raw cells: attributes, price, listed, stock, barcode, image."""
        currency = self._options.currency
        minor = self._options.price_unit == "minor"
        gtin, note = gtin_of(cells["barcode"])
        self.notes += [note] if note else []
        stock = parse_count(cells["stock"])
        if stock is not None and stock < 0:
            self.notes.append("stock is below 0 (oversold): read as 0")
            stock = 0
        stock = self._options.default_stock if stock is None else stock
        out = Availability.backorder if goes_on else Availability.out_of_stock
        image = pictures(cells["image"])
        handle = self._first.get("urlhandle", "")
        taken = {one["id"] for one in self.variants}
        own_id = variant_id_given if variant_id_given and variant_id_given not in taken else ""
        return {
            "id": own_id or variant_id(handle, spelled or str(len(taken))),
            "title": spelled if spelled.lower() not in _PLAIN else "",
            "attributes": cells["attributes"],
            "price": parse_price(cells["price"], currency=currency, minor=minor),
            "list_price": parse_price(cells["listed"], currency=currency, minor=minor, field="list_price"),
            "availability": out if stock == 0 else Availability.in_stock,
            "stock": stock,
            "gtin": gtin,
            "image": image[0][0] if image else None,
        }

    def finish(self) -> tuple[Product, tuple[str, ...]]:
        """The product of all rows added. Raises RecordError."""
        cells = self._first
        _require_live(cells.get("status", ""), cells.get("publishedononlinestore", ""))
        title, description = plain_text(cells.get("title")), plain_text(cells.get("description"))
        category, _ = category_path(cells.get("productcategory") or cells.get("type"), self._options.category_separator)
        found = {
            "id": cells.get("urlhandle") or None,
            "title": title or None,
            "description": description,
            "brand": plain_text(cells.get("vendor")),
            "category": category,
            "attributes": _attributes(cells.get("type", ""), cells.get("tags", ""), category) | _options(self.variants),
            "images": tuple(dict.fromkeys(self._images)),
            "language": self._options.language or guess_language(title, description),
        }
        product = finished(found, self.variants, stock=None, availability=None, notes=self.notes)
        return product, tuple(dict.fromkeys(self.notes))


def _options(variants: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """All values the variants offer, by option, so that the product is found by any of them."""
    out: dict[str, list[str]] = {}
    for one in variants:
        for name, values in one["attributes"].items():
            kept = out.setdefault(name, [])
            kept += [value for value in values if value not in kept]
    return out


def _attributes(kind: str, tags: str | Sequence[str], category: Sequence[str]) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    if kind.strip() and kind.strip() not in category:
        out["type"] = [plain_text(kind)]
    listed = tags.split(",") if isinstance(tags, str) else tags
    kept = [plain_text(tag) for tag in listed if str(tag).strip()]
    if kept:
        out["tags"] = kept
    return out


def _require_live(status: str, published: str) -> None:
    if status.lower() in ("draft", "archived", "unlisted"):
        raise RecordError(
            "Status", status, "means the product is not for sale", next_step="Set it to active to import it."
        )
    if published.lower() in ("false", "no"):
        raise RecordError(
            "Published", published, "means the product is not for sale", next_step="Publish it to import it."
        )


def shopify_json_product(data: Mapping[str, Any], options: ImportOptions) -> tuple[Product, tuple[str, ...]]:
    """One product of Shopify's JSON. Its id is the numeric one. Raises RecordError."""
    _require_live(str(data.get("status") or ""), "")
    handle = number_text(data.get("id") or data.get("handle") or "")
    gathered = ShopifyProduct(Row(0, 0, {"URL handle": handle}), options)
    rows = data.get("variants")
    names = [str(one.get("name", "")) if isinstance(one, Mapping) else str(one) for one in _list(data.get("options"))]
    images = {
        one.get("id"): address
        for one in _list(data.get("images"))
        if isinstance(one, Mapping)
        for address, _ in pictures(one)
    }
    variants: list[dict[str, Any]] = []
    for number, row in enumerate(_list(rows)):
        if not isinstance(row, Mapping):
            raise RecordError(f"variants.{number}", row, "is not an object")
        values = [number_text(row.get(f"option{place}") or "") for place in (1, 2, 3)]
        attributes = {
            (names[place] if place < len(names) and names[place] else f"option {place + 1}"): [plain_text(value)]
            for place, value in enumerate(values)
            if value and value.lower() not in _PLAIN
        }
        price = row.get("price")
        made = gathered.made(
            variant_id_given=number_text(row.get("id") or row.get("sku") or ""),
            spelled=" / ".join(value for value in values if value),
            attributes=attributes,
            price=price.get("amount") if isinstance(price, Mapping) else price,
            listed=row.get("compare_at_price"),
            stock=row.get("inventory_quantity"),
            goes_on=row.get("inventory_policy") == "continue",
            barcode=row.get("barcode") or "",
            image=row.get("featured_image") or images.get(row.get("image_id")),
        )
        if row.get("available") is False and made["stock"] is None:
            made["availability"] = Availability.out_of_stock
        variants.append(made)
        gathered.variants.append(made)
    title, description = plain_text(data.get("title")), plain_text(data.get("body_html"))
    kind = str(data.get("product_type") or "")
    category, _ = category_path(kind, options.category_separator)
    pictured = pictures([data.get("image") or "", *_list(data.get("images"))], options.image_base)
    found = {
        "id": handle or None,
        "title": title or None,
        "description": description,
        "brand": plain_text(data.get("vendor")),
        "category": category,
        "attributes": _attributes(kind, data.get("tags") or "", category) | _options(variants),
        "images": tuple(dict.fromkeys(address for address, _ in pictured)),
        "language": options.language or guess_language(title, description),
        "created": parse_time(data.get("published_at") or data.get("created_at"), field="created"),
    }
    product = finished(found, variants, stock=None, availability=None, notes=gathered.notes)
    return product, tuple(dict.fromkeys(gathered.notes))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
