from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daogou.models import detect_language, lexical_tokens
from daogou.models.han import _PAIRS, to_simplified

CODES = st.from_regex(r"[a-z]{1,8}[0-9]{1,4}[a-z]{0,3}", fullmatch=True)


@pytest.mark.parametrize(
    ("query", "document"),
    [
        ("iphone 15", "iPhone15"),
        ("iPhone15", "Apple iPhone 15 Pro"),
        ("iphone-15", "IPHONE15 手机壳"),
        ("wh1000xm4", "Sony WH-1000XM4 头戴式耳机"),
        ("WH-1000XM4", "sony wh1000xm4"),
        ("running shoe", "Shoes for runs"),
        ("保濕面霜", "清爽保湿面霜"),
        ("ｉＰｈｏｎｅ１５", "iphone 15"),
        ("women's dress", "Dresses, women"),
        ("5.5 inch", "屏幕 5.5 Inches"),
    ],
)
def test_every_word_of_the_query_is_in_the_document_or_shares_its_atoms(query: str, document: str) -> None:
    asked, held = set(lexical_tokens(query, query=True)), set(lexical_tokens(document))
    whole = {token for token in asked if any(c.isdigit() for c in token) and any(c.isalpha() for c in token)}
    assert asked - whole <= held
    assert asked & held


@given(CODES)
def test_a_code_meets_its_split_writing_both_ways(code: str) -> None:
    first_digit = next(i for i, c in enumerate(code) if c.isdigit())
    split = f"{code[:first_digit]} {code[first_digit:]}".upper()
    for query, document in ((code, split), (split, code)):
        asked = lexical_tokens(query, query=True, stop_words=False)
        held = set(lexical_tokens(document, stop_words=False))
        assert any(token in held for token in asked)


@given(st.text(alphabet=st.characters(), max_size=200))
def test_any_unicode_is_tokenised(text: str) -> None:
    for query in (False, True):
        tokens = lexical_tokens(text, query=query)
        assert all(token and not token.isspace() for token in tokens)
        assert all(" " not in token for token in tokens)
    assert detect_language(text) in {"zh", "en"}


@given(st.text(alphabet="保湿面霜手机的电脑 ,。", min_size=1, max_size=30))
def test_chinese_words_come_back_from_their_own_tokens(text: str) -> None:
    tokens = lexical_tokens(text, stop_words=False)
    assert set(tokens) <= set(lexical_tokens(" ".join(tokens), stop_words=False))


@given(st.text(max_size=60))
def test_case_and_width_do_not_matter(text: str) -> None:
    if text.isascii():
        wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
        assert lexical_tokens(wide) == lexical_tokens(text) == lexical_tokens(text.upper())


def test_stop_words_go_unless_they_are_all_there_is() -> None:
    assert lexical_tokens("the best shoes for my mother") == ["best", "shoe", "mother"]
    assert lexical_tokens("送妈妈的面霜") == ["送", "妈妈", "面霜"]
    assert lexical_tokens("的") == ["的"]
    assert "的" in lexical_tokens("妈妈的面霜", stop_words=False)


def test_single_characters_on_request() -> None:
    assert set("面霜") <= set(lexical_tokens("面霜", characters=True))
    assert lexical_tokens("面霜") == ["面霜"]


def test_negation_survives() -> None:
    assert "not" in lexical_tokens("running shoes, not black", query=True)
    assert {"不要", "不"} & set(lexical_tokens("不要黑色", query=True))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("送妈妈的保湿面霜", "zh"),
        ("iPhone 15 Pro Max 手机壳 透明", "zh"),
        ("running shoes under $80", "en"),
        ("Sony WH-1000XM4 wireless noise cancelling headphones 黑", "en"),
        ("", "en"),
        ("12345", "en"),
        ("貴", "zh"),
    ],
)
def test_language(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_the_table_of_characters_is_sound() -> None:
    pairs = _PAIRS.split()
    assert all(len(pair) == 2 and pair[0] != pair[1] for pair in pairs)
    assert len({pair[0] for pair in pairs}) == len(pairs)
    assert not {pair[0] for pair in pairs} & {pair[1] for pair in pairs}
    assert to_simplified("保濕乳液適合乾燥肌膚") == "保湿乳液适合干燥肌肤"
