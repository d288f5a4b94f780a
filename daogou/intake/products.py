"""One row of a table (CSV, JSON, Parquet, a Google feed) to a product, by the fields its columns stand for."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from daogou.errors import RecordError
from daogou.intake.columns import Columns, attribute_columns, attribute_name
from daogou.intake.money import parse_price
from daogou.intake.options import ImportOptions, shortened
from daogou.intake.values import (
    gtin_of,
    guess_language,
    number_text,
    parse_availability,
    parse_count,
    parse_json_cell,
    parse_time,
    pictures,
    plain_text,
)
from daogou.records import Availability, Money, Product, now

MAX_VALUE = 2_000
"""Characters of one attribute value (the record's limit): a longer one is a list, and cut at its commas."""
_LIST = re.compile(r"\s*(?:[,;、；，\n]|\\n)\s*")  # a line break may have been escaped twice
_YES_NO = {"zh": ("是", "否"), "en": ("yes", "no")}
_ROOTS = frozenset({"default category", "root catalog", "all products", "全部分类"})
_PLAIN_VARIANTS = frozenset({"", "default", "default title", "标准", "默认"})
OTHER_CATEGORIES = {"zh": "其他类目", "en": "other categories"}


class TableProducts:
    """Reads rows of one file as products. `columns` say which column is which field."""

    def __init__(self, columns: Columns, options: ImportOptions) -> None:
        self._options = options
        self._fields = columns.by_field()
        self._attributes = dict(columns.attributes)
        self._known = {*columns.fields, *columns.attributes, *columns.left}

    def id_of(self, data: Mapping[str, Any]) -> str:
        """The product the row belongs to: its group where it has one, itself otherwise; "" where it has no id."""
        return self.group_of(data) or _id(self._get(data, "id"))

    def group_of(self, data: Mapping[str, Any]) -> str:
        """The id shared by the variants of one product, or ""."""
        return _id(self._get(data, "group"))

    def read(self, data: Mapping[str, Any]) -> tuple[Product, tuple[str, ...]]:
        """(product, notes on what was left out). Raises RecordError."""
        notes: list[str] = []
        if str(self._get(data, "hidden")).lower() in ("true", "1"):
            raise RecordError("hidden", self._get(data, "hidden"), "marks the product as not for sale")
        title, description = self._words(data)
        language = self._options.language or _tag(self._get(data, "language")) or guess_language(title, description)
        attributes = self._all_attributes(data, language)
        category, others = self._category(data)
        if others:
            attributes.setdefault(OTHER_CATEGORIES.get(language, OTHER_CATEGORIES["en"]), others)
        price, list_price = self._prices(data, notes)
        images = [*pictures(self._get(data, "image"), self._options.image_base)]
        for column in self._fields.get("images", ()):
            images += pictures(data.get(column), self._options.image_base)
        colours = list(dict.fromkeys(colour for _, colour in images if colour))
        if colours and not any(name.lower() in ("color", "colour", "颜色") for name in attributes):
            attributes["颜色" if language == "zh" else "color"] = colours
        gtin, note = gtin_of(self._get(data, "gtin"))
        if note:
            notes.append(note)
        own_id = _id(self._get(data, "id"))
        variants = self._variants(data, own_id, language)
        if not variants:
            attributes = _options_of(parse_json_cell(self._get(data, "options"))) | attributes
        stock = self._stock(self._get(data, "stock"), notes)
        availability = parse_availability(self._get(data, "availability"))
        found: dict[str, Any] = {
            "id": own_id or None,
            "title": title or None,
            "description": description,
            "brand": plain_text(number_text(self._get(data, "brand") or "")),
            "category": category,
            "attributes": attributes,
            "price": price,
            "list_price": list_price,
            "images": tuple(dict.fromkeys(address for address, _ in images)),
            "link": str(self._get(data, "link") or "").strip() or None,
            "gtin": gtin,
            "language": language,
            "created": parse_time(self._get(data, "created"), timezone=self._options.timezone, field="created"),
        }
        product = finished(found, variants, stock=stock, availability=availability, notes=notes)
        return product, tuple(notes)

    def _get(self, data: Mapping[str, Any], field: str) -> Any:
        for column in self._fields.get(field, ()):
            value = data.get(column)
            if value is not None and value != "":
                return value
        return ""

    def _words(self, data: Mapping[str, Any]) -> tuple[str, str]:
        title = plain_text(_worded(self._get(data, "title")) or _content(self._get(data, "structured_title")))
        body = plain_text(
            _worded(self._get(data, "description")) or _content(self._get(data, "structured_description"))
        )
        summary = plain_text(_worded(self._get(data, "summary")))
        highlights = self._get(data, "highlights")
        parts = [summary] if summary and summary not in body else []
        parts += [body] if body else []
        parts += [text for one in _listed(highlights) if (text := plain_text(one)) and text not in body]
        return title, "\n".join(parts)

    def _all_attributes(self, data: Mapping[str, Any], language: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for column, value in data.items():
            name = self._attributes.get(column)
            if name is None and column not in self._known:
                name = self._late(column)
            if name:
                self._add(found, name, value, language)
        nested = parse_json_cell(self._get(data, "attributes"))
        for name, value in named_values(nested):
            self._add(found, attribute_name(name), value, language)
        return found

    def _late(self, column: str) -> str | None:
        """A column first seen after the sample: an attribute where a pattern asks for it, unused otherwise."""
        found = attribute_columns([column], self._options)
        self._known.add(column)
        self._attributes |= found
        return found.get(column)

    def _add(self, found: dict[str, list[str]], name: str, value: Any, language: str) -> None:
        kept = found.setdefault(name, [])
        for one in _listed(value):
            if one is None or one == "":
                continue
            if isinstance(one, bool):
                kept.append(_YES_NO.get(language, _YES_NO["en"])[0 if one else 1])
                continue
            if isinstance(one, Mapping):
                one = one.get("value", one.get("name", ""))
            text = number_text(one)
            if self._options.value_separator and isinstance(one, str):
                parts = re.split(rf"{re.escape(self._options.value_separator)}|[\r\n]+", text)
                kept += [part for each in parts if (part := plain_text(each))]
            elif text := plain_text(text):
                kept += [text] if len(text) <= MAX_VALUE else _LIST.split(text)
        if not kept:
            del found[name]

    def _category(self, data: Mapping[str, Any]) -> tuple[tuple[str, ...], list[str]]:
        value = self._get(data, "category") or self._get(data, "google_category")
        return category_path(parse_json_cell(value), self._options.category_separator)

    def _prices(self, data: Mapping[str, Any], notes: list[str]) -> tuple[Money | None, Money | None]:
        currency = str(self._get(data, "currency") or "").strip() or self._options.currency
        minor = self._options.price_unit == "minor"
        price, listed, sale = (
            parse_price(self._get(data, name), currency=currency, minor=minor, field=name)
            for name in ("price", "list_price", "sale_price")
        )
        if sale is not None and not _in_window(self._get(data, "sale_window"), self._options.timezone):
            notes.append("sale_price is outside its effective dates: left out")
            sale = None
        if sale is not None and price is not None and sale.currency == price.currency:
            if sale.minor < price.minor:
                return sale, listed or price
            notes.append("sale_price is not below price: left out")
        elif sale is not None and price is None:
            return sale, listed
        return price, listed

    def _stock(self, value: Any, notes: list[str]) -> int | None:
        stock = parse_count(value)
        if stock is not None and stock < 0:
            notes.append("stock is below 0 (oversold): read as 0")
            return 0
        return self._options.default_stock if stock is None else stock

    def _variants(self, data: Mapping[str, Any], product_id: str, language: str) -> list[dict[str, Any]]:
        rows = parse_json_cell(self._get(data, "variants"))
        if not isinstance(rows, list) or not product_id:
            return []
        owner = dict(_options_pairs(parse_json_cell(self._get(data, "options"))))
        currency = str(self._get(data, "currency") or "").strip() or self._options.currency
        minor = self._options.price_unit == "minor"
        out = []
        for number, row in enumerate(rows):
            if not isinstance(row, Mapping):
                raise RecordError(f"variants.{number}", row, "is not an object")
            where = f"variants.{number}"
            spec = parse_json_cell(row.get("spec") or row.get("options") or row.get("attributes") or row.get("option"))
            attributes = _spec(spec, owner)
            given = _id(
                row.get("id") or row.get("sku") or row.get("sku_id") or row.get("skuId") or row.get("code") or ""
            )
            values = " / ".join(value for several in attributes.values() for value in several)
            stock_cell = next(
                (row[key] for key in ("stock", "quantity", "inventory", "qty") if row.get(key) is not None), None
            )
            stock = parse_count(stock_cell, f"{where}.stock")
            picture = pictures(row.get("image") or row.get("img") or row.get("url"), self._options.image_base)
            out.append(
                {
                    "id": given or variant_id(product_id, values or str(number)),
                    "title": plain_text(row.get("title") or row.get("name") or values),
                    "attributes": attributes,
                    "price": parse_price(row.get("price"), currency=currency, minor=minor, field=f"{where}.price"),
                    "list_price": parse_price(
                        row.get("list_price") or row.get("market_price") or row.get("compare_at_price"),
                        currency=currency, minor=minor, field=f"{where}.list_price",
                    ),
                    "stock": None if stock is None else max(0, stock),
                    "image": picture[0][0] if picture else None,
                }
            )  # fmt: skip
        return out


def finished(
    found: dict[str, Any],
    variants: list[dict[str, Any]],
    *,
    stock: int | None,
    availability: Availability | None,
    notes: list[str],
) -> Product:
    """The product of its fields and variants: lowest price, whole stock, availability. Raises RecordError.

    A single variant that names nothing ("Default Title") is the product itself. A list price not above the price
    is left out."""
    for name in ("id", "title"):
        if not found[name]:
            raise RecordError(name, None, "is required")
    if len(variants) == 1 and _nameless(variants[0]):
        only = variants.pop()
        found["price"] = found.get("price") or only.get("price")
        found["list_price"] = found.get("list_price") or only.get("list_price")
        found["gtin"] = found.get("gtin") or only.get("gtin")
        stock = only.get("stock") if stock is None else stock
        availability = availability or only.get("availability")
    for one in variants:
        one["availability"] = one.get("availability") or (
            Availability.out_of_stock if one.get("stock") == 0 else Availability.in_stock
        )
        _drop_low_list_price(one, notes)
    prices = [one["price"] for one in variants if one.get("price") is not None]
    if prices and len({price.currency for price in prices}) == 1:
        cheapest = min(variants, key=lambda one: one["price"].minor if one.get("price") else float("inf"))
        own = found.get("list_price")
        found["price"] = cheapest["price"]
        found["list_price"] = own if own is not None else cheapest.get("list_price")
    stocks = [one.get("stock") for one in variants]
    if variants and None not in stocks:
        stock = sum(one for one in stocks if one is not None)
    if availability is None:
        if variants:
            sold = all(one["availability"] is Availability.out_of_stock for one in variants)
            availability = Availability.out_of_stock if sold else Availability.in_stock
        else:
            availability = Availability.out_of_stock if stock == 0 else Availability.in_stock
    _drop_low_list_price(found, notes)
    return Product.parse(found | {"variants": tuple(variants), "stock": stock, "availability": availability})


def _drop_low_list_price(found: dict[str, Any], notes: list[str]) -> None:
    price, listed = found.get("price"), found.get("list_price")
    if price is not None and listed is not None and price.currency == listed.currency and listed.minor <= price.minor:
        found["list_price"] = None
        if listed.minor < price.minor:
            notes.append("list_price is below price: left out")


def _nameless(variant: Mapping[str, Any]) -> bool:
    values = [value for several in variant["attributes"].values() for value in several]
    return all(value.lower() in _PLAIN_VARIANTS for value in values)


def variant_id(product_id: str, values: str) -> str:
    """A stable id for a variant without one: the product's and its values', hashed where that is too long."""
    whole = f"{product_id}:{values}"
    return whole if len(whole) <= 100 else f"{product_id[:60]}:{hashlib.sha256(values.encode()).hexdigest()[:16]}"


def named_values(nested: object) -> Iterable[tuple[str, Any]]:
    """{name: value}, [{name, value}], Google's product_detail, "name: value; name: value" -> (name, value) pairs."""
    if isinstance(nested, Mapping):
        if "attribute_name" in nested:
            return [(str(nested["attribute_name"]), nested.get("attribute_value"))]
        if set(nested) <= {"name", "value", "unit", "section_name", "key"} and "value" in nested:
            return [(str(nested.get("name") or nested.get("key") or ""), nested["value"])]
        return [(str(name), value) for name, value in nested.items()]
    if isinstance(nested, list | tuple):
        return [pair for one in nested for pair in named_values(one) if pair[0].strip()]
    if isinstance(nested, str):
        return _written_pairs(nested)
    return ()


def _written_pairs(text: str) -> list[tuple[str, str]]:
    """ "General:Material:Cotton,General:Fit:Slim" (Google TSV) and "材质:棉;颜色:白"."""
    out = []
    for part in re.split(r"[;；\n]|,(?=[^,:]+:[^,:]+:)", text):
        pieces = [piece.strip() for piece in re.split(r"[:：=]", part)]
        if len(pieces) >= 3:
            out.append((pieces[1], ":".join(pieces[2:])))
        elif len(pieces) == 2 and all(pieces):
            out.append((pieces[0], pieces[1]))
    return out


def category_path(value: object, separator: str | None) -> tuple[tuple[str, ...], list[str]]:
    """(path from the widest, last steps of any further paths)."""
    if isinstance(value, Mapping):
        value = value.get("name") or value.get("title") or ""
    if isinstance(value, list | tuple):
        steps = [str(one.get("name", "") if isinstance(one, Mapping) else one).strip() for one in value if one]
        if not _are_paths(steps, separator):
            return _unrooted([plain_text(step) for step in steps if step]), []
        paths = [_unrooted(_split_path(step, separator, sure=True)) for step in steps]
        paths = [path for path in paths if path]
        first = paths[0] if paths else ()
        return first, list(dict.fromkeys(path[-1] for path in paths[1:] if path[-1] not in first))
    return _unrooted(_split_path(plain_text(value), separator, sure=False)), []


def _are_paths(steps: list[str], separator: str | None) -> bool:
    """["Men/Tops/Hoodies", "Men/New"] are paths; ["Kitchen", "Tea / parts"] are the steps of one."""
    if separator:
        return any(separator in step for step in steps)
    if not steps:
        return False
    if all(">" in step for step in steps):
        return True
    heads = {step.split("/", 1)[0] for step in steps}
    slashed = all("/" in step for step in steps)
    return slashed and ((len(steps) > 1 and len(heads) == 1) or any(step.count("/") > 1 for step in steps))


def _split_path(text: str, separator: str | None, *, sure: bool) -> list[str]:
    if separator:
        parts = text.split(separator)
    elif ">" in text or "›" in text or "»" in text:
        parts = re.split(r"[>›»]", text)
    elif sure or " / " in text or text.count("/") > 1:
        parts = text.split("/")
    else:
        parts = [text]
    return [part.strip() for part in parts if part.strip()]


def _unrooted(steps: list[str]) -> tuple[str, ...]:
    """Shop systems begin every path with the same technical root; it says nothing."""
    return tuple(steps[1:] if len(steps) > 1 and steps[0].lower() in _ROOTS else steps)


def _in_window(window: object, timezone: str) -> bool:
    """Google's sale_price_effective_date, "start/end"; always where none is given."""
    if not window:
        return True
    start, _, end = str(window).partition("/")
    begins = _moment(start, timezone)
    ends = _moment(end, timezone)
    return (begins is None or begins <= now()) and (ends is None or now() <= ends)


def _moment(text: str, timezone: str) -> datetime | None:
    return parse_time(text, timezone=timezone, field="sale_price_effective_date")


def _spec(spec: object, owner: Mapping[str, str]) -> dict[str, list[str]]:
    """A variant's options: named, or bare values whose names the product's specifications give."""
    if isinstance(spec, Mapping) or (isinstance(spec, list) and spec and isinstance(spec[0], Mapping)):
        return {name: [plain_text(number_text(value))] for name, value in named_values(spec) if value not in (None, "")}
    values = spec if isinstance(spec, list) else ([spec] if spec else [])
    out: dict[str, list[str]] = {}
    for number, one in enumerate(values, start=1):
        text = plain_text(number_text(one))
        if text:
            out.setdefault(owner.get(text, f"option {number}"), []).append(text)
    return out


def _options_pairs(options: object) -> list[tuple[str, str]]:
    """value -> name of each specification."""
    return [
        (plain_text(number_text(value)), name) for name, several in named_values(options) for value in _listed(several)
    ]


def _options_of(options: object) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for value, name in _options_pairs(options):
        if value.lower() not in _PLAIN_VARIANTS:
            out.setdefault(name, []).append(value)
    return out


def _worded(value: object) -> object:
    """{"zh": …, "en": …} or {"@value": …} -> text."""
    if isinstance(value, Mapping):
        return value.get("@value") or next((one for one in value.values() if isinstance(one, str)), "")
    if isinstance(value, list):
        return next((text for one in value if (text := _worded(one))), "")
    return value


def _content(value: object) -> object:
    """Google's structured_title: {digital_source_type, content}, or "trained_algorithmic_media:\"…\"" in TSV."""
    if isinstance(value, Mapping):
        return value.get("content", "")
    return re.sub(r'^\s*\w+:\s*"?(.*?)"?\s*$', r"\1", str(value or ""), flags=re.DOTALL)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _id(value: object) -> str:
    if isinstance(value, list | Mapping):
        raise RecordError("id", shortened(value), "is not one value")
    return "" if value is None or value == "" else number_text(value).strip()


def _tag(value: object) -> str:
    """zh_CN, ZH-cn, "zh" -> a BCP 47 tag."""
    text = str(value or "").strip().replace("_", "-")
    return f"{text[:2].lower()}{text[2:]}" if re.fullmatch(r"[A-Za-z]{2}(-.+)?", text) else text.lower()
