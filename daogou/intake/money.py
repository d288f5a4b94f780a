"""Prices as merchants write them: "15.00 USD", "¥1,299.00", "1.299,00 EUR", "US$80", 4995 cents."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from daogou.errors import RecordError
from daogou.records import CURRENCIES, Money, exponent

_SIGNS = {
    "US$": "USD", "USD$": "USD", "HK$": "HKD", "NT$": "TWD", "C$": "CAD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD",
    "S$": "SGD", "SG$": "SGD", "NZ$": "NZD", "R$": "BRL", "MX$": "MXN", "CN¥": "CNY", "JP¥": "JPY", "RMB": "CNY",
    "€": "EUR", "£": "GBP", "₩": "KRW", "₹": "INR", "₽": "RUB", "₫": "VND", "฿": "THB", "₺": "TRY", "₱": "PHP",
    "₴": "UAH", "₪": "ILS", "zł": "PLN", "元": "CNY", "块": "CNY", "圆": "CNY", "人民币": "CNY", "人民币元": "CNY",
    "美元": "USD", "欧元": "EUR", "英镑": "GBP", "港元": "HKD", "港币": "HKD", "日元": "JPY", "韩元": "KRW",
    "新台币": "TWD", "yuan": "CNY",
}  # fmt: skip
_SIGNS_UPPER = {sign.upper(): code for sign, code in _SIGNS.items()}
# Signs that several currencies share: the one meant unless the merchant's own currency is another of them.
_SHARED = {
    "$": ("USD", frozenset(["USD", "AUD", "CAD", "HKD", "SGD", "NZD", "TWD", "MXN", "ARS", "CLP", "COP"])),
    "¥": ("CNY", frozenset({"CNY", "JPY"})),
    "KR": ("SEK", frozenset({"SEK", "NOK", "DKK", "ISK"})),
}
_NUMBER = re.compile(r"[-+−(]?\s*(?:\d|[.,](?=\d))[\d.,'’\s]*\)?")
_SPACED = re.compile(r"\d{1,3}(?:[\s'’]\d{3})+(?:[.,]\d*)?")


def parse_price(value: object, *, currency: str | None, minor: bool = False, field: str = "price") -> Money | None:
    """A price, or None where nothing is written. `currency`: of a bare number.

    Raises RecordError on what is no price, is negative, has an unknown or no currency, or can be read in two ways
    ("1.299" is 1299 in Berlin and 1.299 in London)."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise RecordError(field, value, "is not a price", next_step='Write it as "15.00 USD".')
    if not isinstance(value, str):
        return _money(Decimal(str(value)), _need(currency, value, field), value, minor, field)
    text = unicodedata.normalize("NFKC", value).strip()
    found = _NUMBER.search(text)
    if found is None:
        raise RecordError(field, value, "is not a price", next_step='Write it as "15.00 USD".')
    before, after = (
        text[: found.start()].strip(),
        re.sub(r"[/起].*", "", text[found.end() :]).strip(),
    )  # "80元/件", "80元起"
    if before in ("-", "−", "+"):
        before, found_text = "", before + found.group()
    elif before.endswith(("-", "−")):
        before, found_text = before[:-1].strip(), "-" + found.group()
    elif before.startswith(("-", "−")):  # "-$5"
        before, found_text = before[1:].strip(), "-" + found.group()
    else:
        found_text = found.group()
    code = _currency(before, after, currency, value, field)
    return _money(_decimal(found_text, code, value, field), code, value, minor, field)


def _need(currency: str | None, value: object, field: str) -> str:
    if currency is None:
        raise RecordError(
            field, value, "has no currency", next_step="Say it with --currency, for example --currency CNY."
        )
    return currency


def _currency(before: str, after: str, default: str | None, value: object, field: str) -> str:
    codes = {code for part in (before, after) if part for code in (_code(part, default, value, field),)}
    if len(codes) > 1:
        raise RecordError(field, value, f"names two currencies, {' and '.join(sorted(codes))}")
    return codes.pop() if codes else _need(default, value, field)


def _code(part: str, default: str | None, value: object, field: str) -> str:
    name = part.upper().strip(" .:")
    if name in CURRENCIES:
        return name
    if name in _SIGNS_UPPER:
        return _SIGNS_UPPER[name]
    if name in _SHARED:
        usual, sharing = _SHARED[name]
        return default if default in sharing else usual
    raise RecordError(
        field, value, f"has no known currency: {part!r}", next_step="Use an ISO 4217 code such as CNY or USD."
    )


def _decimal(text: str, code: str, value: object, field: str) -> Decimal:
    negative = text.lstrip().startswith(("-", "−", "("))
    digits = re.sub(r"[-+−()]", "", text).strip()
    if re.search(r"[\s'’]", digits):
        if not _SPACED.fullmatch(digits):
            raise RecordError(field, value, "is not one number")
        digits = re.sub(r"[\s'’]", "", digits)
    dot, comma = digits.rfind("."), digits.rfind(",")
    if dot >= 0 and comma >= 0:
        point = max(dot, comma)
    elif dot >= 0 or comma >= 0:
        point = _point(digits, "." if dot >= 0 else ",", code, value, field)
    else:
        point = -1
    whole = digits if point < 0 else digits[:point]
    grouped = re.split(r"[.,]", whole)
    if len(grouped) > 1 and not _well_grouped(grouped, code):
        raise RecordError(field, value, "is not a number")
    number = "".join(grouped) + (f".{digits[point + 1 :]}" if point >= 0 and digits[point + 1 :] else "")
    try:
        amount = Decimal(number)
    except InvalidOperation:
        raise RecordError(field, value, "is not a number") from None
    return -amount if negative else amount


def _well_grouped(groups: list[str], code: str) -> bool:
    """Thousands in threes; in rupees (1,29,900) only the last group is."""
    sizes = (2, 3) if code in ("INR", "PKR", "BDT", "NPR") else (3,)
    return 1 <= len(groups[0]) <= 3 and len(groups[-1]) == 3 and all(len(one) in sizes for one in groups[1:-1])


def _point(digits: str, mark: str, code: str, value: object, field: str) -> int:
    """Where the decimal point is, -1 where the mark only groups thousands."""
    at = digits.rfind(mark)
    if digits.count(mark) > 1:
        return -1
    behind = len(digits) - at - 1
    certain = digits[:at] in ("", "0") or at > 3
    if behind != 3 or certain:
        return at
    if mark == "," and exponent(code) != 3:
        return -1
    other = f"{digits[:at]}{digits[at + 1 :]}"
    rule = f"can be read as {other} or as {digits[:at]}.{digits[at + 1 :]}"
    raise RecordError(field, value, rule, next_step=f"Write {other}.00 or {digits[:at]}.{digits[at + 1 :]}0.")


def _money(amount: Decimal, code: str, value: object, minor: bool, field: str) -> Money:
    if not minor:
        try:
            return Money.of(amount, code)
        except RecordError as failure:
            name = field if failure.field == "price" else failure.field
            raise RecordError(name, value, failure.rule, next_step=failure.next_step) from None
    if not amount.is_finite():
        raise RecordError(field, value, "is not a finite number")
    if amount != amount.to_integral_value():
        raise RecordError(
            field, value, "is not a whole number of minor units", next_step="Leave out --price-unit minor."
        )
    if amount < 0:
        raise RecordError(field, value, "is negative; a price is 0 or more")
    return Money.of(amount.scaleb(-exponent(code)), code)
