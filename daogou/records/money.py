"""Money: integer minor units and an ISO 4217 currency inside, a decimal string outside."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Annotated, Self

from pydantic import AfterValidator, Field

from daogou.errors import RecordError
from daogou.records.base import Record

# ISO 4217 active codes; the exponent is 2 unless named below.
CURRENCIES = frozenset(
    """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF
    CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD
    HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD
    MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN
    PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY
    TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
    """.split()
)
_EXPONENTS = dict.fromkeys(
    ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"], 0
) | dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3)
_SYMBOLS = {
    "CNY": "¥",
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "JPY": "¥",
    "HKD": "HK$",
    "TWD": "NT$",
    "KRW": "₩",
    "INR": "₹",
}
MAX_MINOR = 10**13


def _known(code: str) -> str:
    if code.upper() not in CURRENCIES:
        raise ValueError("is not an ISO 4217 currency code")
    return code.upper()


Currency = Annotated[str, AfterValidator(_known)]


def exponent(currency: str) -> int:
    """Digits after the point: 2 for CNY, 0 for JPY."""
    return _EXPONENTS.get(currency, 2)


class Money(Record):
    """An amount in minor units (fen, cents), never negative."""

    minor: int = Field(ge=0, le=MAX_MINOR, description="Minor units: 4990 is 49.90 CNY")
    currency: Currency

    @classmethod
    def of(cls, amount: str | int | float | Decimal, currency: str) -> Self:
        """A decimal amount -> Money. Digits beyond the minor unit round half up. Raises RecordError."""
        code = currency.upper()
        if code not in CURRENCIES:
            raise RecordError("currency", currency, "is not an ISO 4217 currency code")
        try:
            value = Decimal(str(amount).strip())
        except InvalidOperation:
            raise RecordError("price", amount, "is not a decimal number") from None
        if not value.is_finite():
            raise RecordError("price", amount, "is not a finite number")
        if value < 0:
            raise RecordError("price", amount, "is negative; a price is 0 or more")
        minor = value.scaleb(exponent(code))
        if minor > MAX_MINOR:
            raise RecordError("price", amount, f"is more than {Decimal(MAX_MINOR).scaleb(-exponent(code)):f} {code}")
        return cls(minor=int(minor.quantize(Decimal(1), ROUND_HALF_UP)), currency=code)

    @property
    def decimal(self) -> str:
        """'49.90'."""
        return f"{Decimal(self.minor).scaleb(-exponent(self.currency)):f}"

    def format(self, language: str = "en") -> str:
        """As a shopper reads it: ¥49.90, $1,299.00; the code in front where the symbol is not known."""
        number = f"{Decimal(self.minor).scaleb(-exponent(self.currency)):,f}"
        if number.endswith(".00"):
            number = number[:-3]
        symbol = _SYMBOLS.get(self.currency)
        return f"{symbol}{number}" if symbol else f"{self.currency} {number}"
