"""What personal data look like, in Chinese and English: a pattern, and a test that tells them from a shop's numbers.

A detector without a test of its own (a checksum, a valid date) asks for a word before the number that says what it is
(护照, passport), so that prices, sizes, model numbers and the bar codes of products stay as they are.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple


class Span(NamedTuple):
    """Characters `start` to `end` (exclusive) of a text are personal data of this kind."""

    start: int
    end: int
    kind: str


class Detector(NamedTuple):
    """`group` is the part of the match that is personal; `holds` tells it from what only looks alike."""

    kind: str
    pattern: re.Pattern[str]
    holds: Callable[[str], bool]
    group: int = 0

    def spans(self, text: str) -> Iterator[Span]:
        """Every place in the text."""
        for match in self.pattern.finditer(text):
            if self.holds(match.group(self.group)):
                yield Span(*match.span(self.group), self.kind)


def digits(text: str) -> str:
    """Only the digits."""
    return "".join(char for char in text if char.isascii() and char.isdigit())


def luhn(text: str) -> bool:
    """ISO/IEC 7812 check digit."""
    numbers = [int(char) for char in reversed(digits(text))]
    doubled = (number * 2 - 9 * (number > 4) for number in numbers[1::2])
    return bool(numbers) and (sum(numbers[::2]) + sum(doubled)) % 10 == 0


def resident_id(text: str) -> bool:
    """GB 11643: province, a date of birth that exists, three digits of order, a check digit.

    The check digit is not asked for: people mistype it, and the rest is telling enough for 18 digits."""
    if int(text[:2]) not in _PROVINCE_CODES:
        return False
    try:
        return 1880 <= date(int(text[6:10]), int(text[10:12]), int(text[12:14])).year <= 2100
    except ValueError:
        return False


def resident_id_check(text: str) -> str:
    """The check digit of 17 digits: ISO 7064, MOD 11-2."""
    return "10X98765432"[sum(int(char) * 2 ** (17 - place) for place, char in enumerate(text[:17])) % 11]


def _bank_card(text: str) -> bool:
    number = digits(text)
    return 15 <= len(number) <= 19 and bool(_ISSUERS.match(number)) and luhn(number)


def _any_card(text: str) -> bool:
    return 12 <= len(digits(text)) <= 19


def _phone(text: str) -> bool:
    return 7 <= len(digits(text)) <= 15


def _international(text: str) -> bool:
    return 8 <= len(digits(text)) <= 15


def _iban(text: str) -> bool:
    packed = text.replace(" ", "").upper()
    if not _IBAN_COUNTRIES.match(packed):
        return False
    turned = packed[4:] + packed[:4]
    return 15 <= len(packed) <= 34 and int("".join(str(int(char, 36)) for char in turned)) % 97 == 1


def _ip(text: str) -> bool:
    try:
        return not ipaddress.ip_address(text).is_unspecified
    except ValueError:
        return False


def _always(text: str) -> bool:
    return True


_PROVINCE_CODES = frozenset(
    [*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83]
)
_IBAN_COUNTRIES = re.compile(
    "A[DELTZ]|B[AEGHRY]|C[HRYZ]|D[EKO]|E[EGS]|F[IOR]|G[BEILRT]|H[RU]|I[ELQST]|JO|K[WZ]|L[BCITUV]|M[CDEKRTU]|N[LO]|"
    "P[KLST]|QA|R[OS]|S[ACEIKMTV]|T[LNR]|UA|V[AG]|XK"
)
_ISSUERS = re.compile(r"3[47]\d{13}$|(?:2131|1800)\d{11}$|(?:4|5[0-9]|2[2-7]|35|6)\d{13,17}$")
_GAP = r"[ \-.·]?"
_SAYS = r"\s{0,2}(?:号码|号|number|no\.?|#)?\s{0,2}(?:是|为|is)?\s{0,2}[:：]?\s{0,3}"
_LOOSE = r"\+?\(?\d(?:[\d\-–. ()/]{5,22})\d"

EMAIL = Detector("email", re.compile(r"[A-Za-z0-9][\w.+'-]{0,63}[@＠][A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.A), _always)
ID_CARD = Detector("id_card", re.compile(r"(?<!\d)\d{17}[\dXx](?![\dA-Za-z])"), resident_id)
IBAN = Detector(
    "bank_account",
    re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,3})?(?![A-Za-z0-9])"),
    _iban,
)
BANK_CARD = Detector(
    "bank_card",
    re.compile(
        r"(?<![\d.-])(?:\d{15,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{3,4}(?:\1\d{1,3})?|\d{4}[ -]\d{6}[ -]\d{5})(?![\d-])"
    ),
    _bank_card,
)
SAID_CARD = Detector(
    "bank_card",
    re.compile(
        rf"(?:银行卡|信用卡|储蓄卡|借记卡|卡号|(?:credit|debit|bank|my) card|(?<![A-Za-z0-9])cc){_SAYS}"
        rf"(\d(?:{_GAP}\d){{11,18}})(?!\d)",
        re.I,
    ),
    _any_card,
    1,
)
MOBILE = Detector(
    "phone", re.compile(r"(?<![\d.])(?:(?:\+|00)?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d|\.\d)"), _always
)
LANDLINE = Detector(
    "phone",
    re.compile(r"(?<![A-Za-z0-9.-])(?:[(（]0\d{2,3}[)）][- ]?|0\d{2,3}[- ])\d{7,8}(?:[-转]\d{1,5})?(?![\d-])"),
    _always,
)
AMERICAN = Detector(
    "phone", re.compile(r"(?<![\w.-])(?:1[-. ])?(?:\([2-9]\d\d\) ?|[2-9]\d\d[-. ])[2-9]\d\d[-.]\d{4}(?![\w-])"), _always
)
INTERNATIONAL = Detector("phone", re.compile(r"(?<![\w+])\+\d{1,3}(?:[ .-]?\(?\d{1,5}\)?){2,6}(?!\d)"), _international)
SAID_PHONE = Detector(
    "phone",
    re.compile(
        rf"(?:电话|手机|座机|联系方式|微信|(?<![A-Za-z])(?:phone|tel|telephone|mobile|cell|fax|whatsapp)(?![A-Za-z]))"
        rf"{_SAYS}({_LOOSE})",
        re.I,
    ),
    _phone,
    1,
)
PASSPORT = Detector(
    "passport",
    re.compile(rf"(?:护照|港澳通行证|通行证|passport){_SAYS}([A-Za-z]{{0,2}}\d{{6,9}})(?![A-Za-z0-9])", re.I),
    _always,
    1,
)
SOCIAL_SECURITY = Detector(
    "id_card", re.compile(r"(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])"), _always
)
IPV4 = Detector(
    "ip",
    re.compile(
        r"(?<![\w.])(?<!v )(?<!v\.)(?<!version )(?<!firmware )(?<!版本)(?<!版本 )(?<!固件)"
        r"\d{1,3}(?:\.\d{1,3}){3}(?![\w.]*\d)",
        re.I,
    ),
    _ip,
)
IPV6 = Detector(
    "ip", re.compile(r"(?<![\w:.])(?=[0-9A-Fa-f:]*[0-9A-Fa-f])(?:[0-9A-Fa-f]{0,4}:){3,7}[0-9A-Fa-f]{0,4}(?![\w:])"), _ip
)

NUMBERS: tuple[Detector, ...] = (
    ID_CARD,
    IBAN,
    BANK_CARD,
    SAID_CARD,
    MOBILE,
    LANDLINE,
    INTERNATIONAL,
    AMERICAN,
    SAID_PHONE,
    PASSPORT,
    SOCIAL_SECURITY,
    IPV4,
    IPV6,
)
