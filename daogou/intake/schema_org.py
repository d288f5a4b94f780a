"""schema.org Product and ProductGroup (JSON-LD) to a product, https://schema.org/Product."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daogou.intake.money import parse_price
from daogou.intake.options import ImportOptions
from daogou.intake.products import category_path, finished, named_values, variant_id
from daogou.intake.values import (
    gtin_of,
    guess_language,
    number_text,
    parse_availability,
    parse_count,
    parse_time,
    pictures,
    plain_text,
)
from daogou.records import Availability, Money, Product

_ATTRIBUTES = ("color", "material", "size", "pattern", "model", "audience", "countryOfOrigin", "itemCondition")


def schema_org_id(data: Mapping[str, Any]) -> str:
    """productGroupID or sku, else productID, mpn, gtin, @id, url."""
    names = ("productGroupID", "sku", "productID", "mpn", "gtin13", "gtin", "gtin14", "gtin12", "gtin8", "@id", "url")
    return next((text for name in names if (text := _words(data.get(name)))), "")


def schema_org_product(data: Mapping[str, Any], options: ImportOptions) -> tuple[Product, tuple[str, ...]]:
    """(product, notes). Raises RecordError."""
    notes: list[str] = []
    product_id = schema_org_id(data)
    title, description = plain_text(_words(data.get("name"))), plain_text(_words(data.get("description")))
    language = options.language or _words(data.get("inLanguage")) or guess_language(title, description)
    variants = [
        _variant(one, product_id, options, notes) for one in _listed(data.get("hasVariant")) if isinstance(one, Mapping)
    ]
    price, listed, availability, stock = _offer(data.get("offers"), options)
    category, _ = category_path(_category(data.get("category")), options.category_separator)
    gtin = _gtin(data, notes)
    attributes = _attributes(data)
    for one in variants:
        for name, values in one["attributes"].items():
            kept = attributes.setdefault(name, [])
            kept += [value for value in values if value not in kept]
    found = {
        "id": product_id or None,
        "title": title or None,
        "description": description,
        "brand": plain_text(_words(data.get("brand")) or _words(data.get("manufacturer"))),
        "category": category,
        "attributes": attributes,
        "price": price,
        "list_price": listed,
        "images": tuple(dict.fromkeys(address for address, _ in pictures(data.get("image"), options.image_base))),
        "link": _words(data.get("url")) or _link(data.get("offers")),
        "gtin": gtin,
        "language": language.replace("_", "-"),
        "created": parse_time(_words(data.get("releaseDate")), timezone=options.timezone, field="releaseDate"),
    }
    product = finished(found, variants, stock=stock, availability=availability, notes=notes)
    return product, tuple(dict.fromkeys(notes))


def _variant(data: Mapping[str, Any], product_id: str, options: ImportOptions, notes: list[str]) -> dict[str, Any]:
    attributes = _attributes(data)
    values = " / ".join(value for several in attributes.values() for value in several)
    price, listed, availability, stock = _offer(data.get("offers"), options)
    picture = pictures(data.get("image"), options.image_base)
    title = plain_text(_words(data.get("name"))) or values
    return {
        "id": schema_org_id(data) or variant_id(product_id, values or title),
        "title": title,
        "attributes": attributes,
        "price": price,
        "list_price": listed,
        "availability": availability or Availability.in_stock,
        "stock": stock,
        "gtin": _gtin(data, notes),
        "image": picture[0][0] if picture else None,
    }


def _offer(
    offers: object, options: ImportOptions
) -> tuple[Money | None, Money | None, Availability | None, int | None]:
    """(price, list price, availability, stock) of the cheapest offer that can be bought, else of the cheapest."""
    read: list[tuple[Money | None, Money | None, Availability | None, int | None]] = []
    for one in _listed(offers):
        if not isinstance(one, Mapping):
            continue
        inner = [nested for nested in _listed(one.get("offers")) if isinstance(nested, Mapping)]
        if inner and one.get("lowPrice") is None:
            read += [_offer(nested, options) for nested in inner]
            continue
        read.append(_one_offer(one, options))
    if not read:
        return None, None, None, None
    return min(
        read, key=lambda one: (one[2] is Availability.out_of_stock, one[0] is None, one[0].minor if one[0] else 0)
    )


def _one_offer(
    offer: Mapping[str, Any], options: ImportOptions
) -> tuple[Money | None, Money | None, Availability | None, int | None]:
    specs = [one for one in _listed(offer.get("priceSpecification")) if isinstance(one, Mapping)]
    listed = next(
        (one for one in specs if "ListPrice" in str(one.get("priceType")) or "Strike" in str(one.get("priceType"))),
        None,
    )
    asked = next((one for one in specs if one is not listed), {})
    currency = _words(offer.get("priceCurrency")) or _words(asked.get("priceCurrency")) or options.currency
    minor = options.price_unit == "minor"
    amount = next(
        (one for one in (offer.get("price"), offer.get("lowPrice"), asked.get("price")) if one is not None), None
    )
    level = offer.get("inventoryLevel")
    return (
        parse_price(amount, currency=currency, minor=minor),
        parse_price(listed.get("price") if listed else None, currency=currency, minor=minor, field="list_price"),
        parse_availability(_words(offer.get("availability"))),
        parse_count(level.get("value") if isinstance(level, Mapping) else level),
    )


def _attributes(data: Mapping[str, Any]) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for name in _ATTRIBUTES:
        values = [
            plain_text(_words(one).rpartition("/")[2] if name == "itemCondition" else _words(one))
            for one in _listed(data.get(name))
        ]
        if any(values):
            out["condition" if name == "itemCondition" else name] = [value for value in values if value]
    for one in _listed(data.get("additionalProperty")):
        if isinstance(one, Mapping):
            unit = _words(one.get("unitText"))
            for name, value in named_values({"name": _words(one.get("name")), "value": one.get("value")}):
                texts = [plain_text(number_text(part)) for part in _listed(value) if part not in (None, "")]
                out.setdefault(name, []).extend(f"{text} {unit}".strip() for text in texts)
    out.pop("", None)
    return out


def _gtin(data: Mapping[str, Any], notes: list[str]) -> str | None:
    value = next((data[name] for name in ("gtin13", "gtin14", "gtin12", "gtin8", "gtin") if data.get(name)), "")
    gtin, note = gtin_of(value)
    notes += [note] if note else []
    return gtin


def _category(value: object) -> object:
    if isinstance(value, list) and len(value) == 1:
        return _category(value[0])
    return _words(value) if isinstance(value, Mapping) else value


def _link(offers: object) -> str | None:
    return next(
        (_words(one.get("url")) for one in _listed(offers) if isinstance(one, Mapping) and one.get("url")), None
    )


def _words(value: object) -> str:
    """A text, a {"@value"}, a thing with a name, or the first of several of them."""
    if isinstance(value, list):
        return next((text for one in value if (text := _words(one))), "")
    if isinstance(value, Mapping):
        return next((_words(value[key]) for key in ("@value", "name", "value", "@id") if value.get(key)), "")
    return "" if value is None else number_text(value).strip()


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
