from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daogou.privacy import find, mask
from daogou.privacy.detectors import luhn, resident_id_check

PERSONAL = [
    ("打我电话13812345678", "打我电话[phone]"),
    ("手机 138 1234 5678，谢谢", "手机 [phone]，谢谢"),
    ("+86 138-1234-5678", "[phone]"),
    ("座机 0571-88776655 转 2", "座机 [phone] 转 2"),
    ("call +44 20 7946 0958 please", "call [phone] please"),
    ("my number is 415-555-2671.", "my number is [phone]."),
    ("phone: 020 7946 0958", "phone: [phone]"),
    ("写信到 li.na+shop@mail.example.cn。", "写信到 [email]。"),
    ("mail me: JANE_doe@example.co.uk, ok", "mail me: [email], ok"),
    ("身份证 11010519491231002X", "身份证 [id_card]"),
    ("SSN 536-90-4399", "SSN [id_card]"),
    ("卡 4111 1111 1111 1111 付款", "卡 [bank_card] 付款"),
    ("card 4111111111111111 expired", "card [bank_card] expired"),
    ("银行卡号：6222021234567890", "银行卡号：[bank_card]"),
    ("IBAN GB29 NWBK 6016 1331 9268 19", "IBAN [bank_account]"),
    ("护照号 E12345678", "护照号 [passport]"),
    ("passport no. 533380006", "passport no. [passport]"),
    ("请寄到杭州市西湖区文三路128号3幢502室，谢谢", "请寄到[address]，谢谢"),
    ("我住在上海市浦东新区世纪大道100号", "我住在[address]"),
    ("Ship to 221B Baker Street, thanks", "Ship to [address], thanks"),
    ("I live at 1600 Amphitheatre Parkway, Mountain View, CA 94043.", "I live at [address]."),
    ("PO Box 1234", "[address]"),
    ("from 192.168.1.10 and 2001:db8::ff00:42:8329", "from [ip] and [ip]"),
    ("我叫王小明，想买鞋", "我叫[name]，想买鞋"),
    ("收件人：欧阳娜娜 13812345678", "收件人：[name] [phone]"),
    ("Hi, my name is Jane Doe and", "Hi, my name is [name] and"),
]
SHOP = [
    "送妈妈的保湿面霜，500 以内",
    "running shoes under $80, not black",
    "¥12999.00 / $1,299.00 / 1299元",
    "4006381333931",  # EAN-13
    "04006381333931",  # GTIN-14
    "iPhone 15 Pro Max 256GB A3108",
    "Xerox 006R90321 toner, WH-1000XM4, SM-S918BZKH",
    '2560x1440, 27 inch, 43.2 cm (17"), 1920*1080*60',
    "尺码 37-38-39-40，40000mAh，10-15 小时",
    "订单 20261123104500123",
    "驱动版本 10.0.19041.1, firmware 1.2.3.4, v4.5.2.1",
    "2026-11-23 10:45:00, 12:30:45",
    "口红 88号色，五号电池，味道 3号",
    "Dr. Martens 1460, Mr. Coffee, Mrs. Meyer's, Dr Pepper",
    "500 GB Hard Drive, 1 TB Flash Drive, 2 Way Radio, 4 Port USB Switch",
    "1 of 3 items, 100% cotton, 3/4 sleeve, ISO 9001:2015",
    "HP PSC 1510, 1610, Office Jet 6110",
    "适合女士和先生，适用于男士",
    "我叫外卖了，这款叫什么名字",
    "part 006-543-12, model 1-800-X",
    "从北京发货吗？上海有门店吗",
]


@pytest.mark.parametrize(("text", "masked"), PERSONAL, ids=[text for text, _ in PERSONAL])
def test_personal_data_are_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize("text", SHOP)
def test_the_words_of_a_shop_stay(text: str) -> None:
    assert mask(text) == text


def test_spans_are_in_order_and_apart() -> None:
    text = "王小明 13812345678, wang@example.com, 卡 4111 1111 1111 1111"
    found = find(text)
    assert [one.kind for one in found] == ["phone", "email", "bank_card"]
    assert [text[one.start : one.end] for one in found] == ["13812345678", "wang@example.com", "4111 1111 1111 1111"]


@settings(deadline=None)
@given(st.text(max_size=200))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    once = mask(text)
    assert mask(once) == once


alphabet = st.text(alphabet="0123456789-. +()@:号路街市ABCdef中 ", max_size=60)


@settings(deadline=None)
@given(alphabet)
def test_spans_never_overlap(text: str) -> None:
    found = find(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(0 <= one.start < one.end <= len(text) for one in found)


@settings(deadline=None)
@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["打{}给我", "tel {}", "({})", "{}", "电话:{}。"])
)
def test_any_mobile_number_is_found(number: str, around: str) -> None:
    assert number not in mask(around.format(number))


@settings(deadline=None)
@given(
    st.sampled_from(["110105", "330106", "510107", "440305"]),
    st.dates(min_value=date(1920, 1, 1), max_value=date(2030, 1, 1)),
    st.integers(0, 999),
)
def test_any_resident_id_is_found(place: str, born: date, order: int) -> None:
    number = f"{place}{born:%Y%m%d}{order:03}"
    assert mask(f"身份证{number}{resident_id_check(number)}") == "身份证[id_card]"


@settings(deadline=None)
@given(st.from_regex(r"(4[0-9]{14}|5[1-5][0-9]{13}|62[0-9]{13})", fullmatch=True))
def test_cards_are_told_by_their_check_digit(start: str) -> None:
    right = next(f"{start}{digit}" for digit in range(10) if luhn(f"{start}{digit}"))
    wrong = f"{start}{(int(right[-1]) + 1) % 10}"
    assert mask(right) == "[bank_card]"
    assert "[bank_card]" not in mask(wrong)
