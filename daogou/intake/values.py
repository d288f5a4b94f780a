"""Cells to values: text out of HTML, numbers, times, lists, availability. Everything here raises RecordError."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from html import unescape
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import orjson

from daogou.errors import InputError, RecordError
from daogou.intake.options import shortened
from daogou.records import Availability

_TAG = re.compile(r"<(?:[a-zA-Z/][^<>]*|!--.*?--)>", re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_BLOCKS = frozenset(
    {"p", "div", "br", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article"}
    | {"header", "footer", "dl", "dt", "dd", "hr"}
)
_HIDDEN = frozenset({"script", "style", "noscript", "template", "head"})


class _Stripper(HTMLParser):
    """Collects the text of a fragment, a line break at each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._hidden += tag in _HIDDEN
        if tag in _BLOCKS:
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append(" ")

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in _HIDDEN))
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def plain_text(value: object) -> str:
    """HTML to text, entities decoded, blanks made single, blank lines dropped. Without tags a `<` stays."""
    if value is None:
        return ""
    text = str(value)
    if _TAG.search(text):
        stripper = _Stripper()
        stripper.feed(text)
        stripper.close()
        text = "".join(stripper.parts)
    elif _ENTITY.search(text):
        text = unescape(text)
    if "\n" not in text and "\r" not in text and "\x00" not in text:
        return " ".join(text.split())
    lines = (" ".join(line.split()) for line in re.split(r"[\r\n]+", text.replace("\x00", "")))
    return "\n".join(line for line in lines if line)


def number_text(value: object) -> str:
    """A cell as the text of a value: 6.0 is "6", True is "yes"."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            raise RecordError("attribute", value, "is not a finite number")
        return format(Decimal(repr(value)).normalize(), "f")
    return str(value)


def parse_count(value: object, field: str = "stock") -> int | None:
    """A whole number, None where nothing is written. "1,200" and "12.0" are counts, "12.5" is none."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    number = parse_number(value, field)
    if number is None or number != int(number):
        raise RecordError(field, value, "is not a whole number")
    return int(number)


def parse_number(value: object, field: str) -> float | None:
    """A finite number, None where nothing is written."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise RecordError(field, value, "is not a number")
    text = unicodedata.normalize("NFKC", str(value)).strip()
    if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise RecordError(field, value, "is not a number") from None
    if not number.is_finite():
        raise RecordError(field, value, "is not a finite number")
    return float(number)


_CHINESE_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日?\s*(.*)")
_LOOSE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]+(\d{1,2}:\d{2}(?::\d{2})?.*))?")


def timezone_of(name: str) -> ZoneInfo:
    """The named time zone. Raises InputError where there is none of that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise InputError(f"There is no time zone {name!r}.", next_step="For example UTC or Asia/Shanghai.") from None


def parse_time(value: object, *, timezone: str = "UTC", field: str = "time") -> datetime | None:
    """A time in UTC, None where nothing is written: ISO 8601, 2018/02/01, 2018年2月1日, RFC 2822, Unix s, ms, µs.

    `timezone` is that of times that name none."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool):
        raise RecordError(field, value, "is not a time")
    if isinstance(value, datetime):
        found: datetime | None = value
    elif isinstance(value, date):
        found = datetime(value.year, value.month, value.day)
    elif isinstance(value, int | float):
        found = _unix(float(value))
    else:
        found = _written_time(str(value).strip())
    if found is None:
        raise RecordError(field, value, "is not a time that can be read", next_step="Write it as 2026-11-23T08:00:00Z.")
    if found.tzinfo is None:
        found = found.replace(tzinfo=timezone_of(timezone))
    try:
        found = found.astimezone(UTC)
    except OverflowError:
        found = datetime.min.replace(tzinfo=UTC)
    if not 1970 <= found.year <= 2100:
        raise RecordError(field, value, "is not between the years 1970 and 2100")
    return found


def _written_time(text: str) -> datetime | None:
    if re.fullmatch(r"\d{8}", text) and text[:2] in ("19", "20"):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    elif re.fullmatch(r"-?\d+(\.\d+)?", text):
        return _unix(float(text))
    for pattern in (_CHINESE_DATE, _LOOSE):
        if match := pattern.fullmatch(text):
            year, month, day, rest = match.groups()
            rest = (rest or "").strip()
            rest = f"0{rest}" if re.match(r"\d:", rest) else rest
            text = f"{year}-{int(month):02}-{int(day):02}" + (f"T{rest.replace(' ', '')}" if rest else "")
    try:
        return datetime.fromisoformat(text.removesuffix(" UTC"))
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None


def _unix(number: float) -> datetime | None:
    """Seconds, milliseconds, microseconds or nanoseconds, told by size: in seconds 2100 is below 5e9."""
    for limit, factor in ((5e9, 1.0), (5e12, 1e3), (5e15, 1e6), (5e18, 1e9)):
        if 0 <= number < limit:
            return datetime.fromtimestamp(number / factor, tz=UTC)
    return None


_AVAILABILITY = {
    Availability.in_stock: "instock available yes true 1 有货 现货 在售 上架 limitedavailability "
    "onlineonly instoreonly onsale",
    Availability.out_of_stock: "outofstock soldout unavailable no false 0 discontinued 无货 缺货 售罄 下架 已下架 停售",
    Availability.preorder: "preorder presale 预售 预订 预定",
    Availability.backorder: "backorder 补货中 到货通知",
}
_AVAILABLE = {word: state for state, words in _AVAILABILITY.items() for word in words.split()}


def parse_availability(value: object) -> Availability | None:
    """Google's and schema.org's words, and Chinese ones; None where nothing is written."""
    if value is None or value == "":
        return None
    word = re.sub(r"[\s_-]", "", str(value).rstrip("/").rpartition("/")[2]).lower()
    if not word:
        return None
    if word not in _AVAILABLE:
        states = ", ".join(state.value for state in Availability)
        raise RecordError("availability", value, "is unknown", next_step=f"Use one of {states}.")
    return _AVAILABLE[word]


def parse_json_cell(value: object) -> object:
    """A cell that holds a JSON list or object as text, parsed; anything else as it is."""
    if isinstance(value, str) and value[:1] in "[{" and value[-1:] in "]}" and len(value) > 1:
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            return value
    return value


def pictures(value: object, base: str = "") -> list[tuple[str, str]]:
    """(address, colour) of each picture in a cell: a list, JSON text, mappings with src or url, or joined text."""
    value = parse_json_cell(value)
    found: list[tuple[str, str]] = []
    if value is None or value == "":
        return []
    if isinstance(value, Mapping):
        address = next(
            (value[key] for key in ("src", "url", "contentUrl", "file", "link", "href", "@id") if value.get(key)), ""
        )
        colour = value.get("color") or value.get("colour") or ""
        return [(joined, str(colour)) for joined, _ in pictures(str(address), base)] if isinstance(address, str) else []
    if isinstance(value, Iterable) and not isinstance(value, str):
        for one in value:
            found += pictures(one, base)
        return found
    text = str(value)
    # An address may hold commas itself (…/w_200,h_200/…), so between addresses they only count before the next one.
    commas = r",(?=\s*(?:https?:)?//)" if "//" in text else ","
    for part in re.split(rf"[\s|;]+|{commas}", text):
        address = part.strip(" ,")
        if address:
            relative = base and not re.match(r"[a-z][a-z0-9+.-]*:|//", address, re.IGNORECASE)
            found.append((f"{base.rstrip('/')}/{address.lstrip('/')}" if relative else address, ""))
    return found


def gtin_of(value: object) -> tuple[str | None, str]:
    """(number, note): the first well-formed GTIN of a cell, and what to say where something else stood in it."""
    values = value if isinstance(value, list | tuple) else re.split(r"[,;|\s]+", str(value or ""))
    written = [re.sub(r"[\s-]", "", number_text(one)) for one in values if one not in (None, "")]
    for one in written:
        if re.fullmatch(r"\d{8}|\d{12,14}", one):
            return one, ""
    return None, f"gtin {shortened(written[0], 40)!r} is not 8, 12, 13 or 14 digits" if written else ""


_HAN = re.compile(r"[㐀-䶿一-鿿]")
_KANA = re.compile(r"[぀-ヿ]")
_WORD = re.compile(r"[A-Za-zÀ-ɏ]{2,}")


def guess_language(*texts: str) -> str:
    """By script: "zh" where there are at least as many Han characters as Latin words, "ja" with kana, else "en"."""
    text = " ".join(texts)[:2000]
    han = len(_HAN.findall(text))
    if _KANA.search(text) and len(_KANA.findall(text)) * 5 > han:
        return "ja"
    return "zh" if han and han >= len(_WORD.findall(text)) else "en"
