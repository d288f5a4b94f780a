"""Words that mean two things: what they must not be taken for."""

from __future__ import annotations

import pytest

from daogou.chat.lexicon import says


@pytest.mark.parametrize(
    ("act", "text", "meant"),
    [
        ("remove", "What is the drop of this one?", False),
        ("remove", "drop it from my cart", True),
        ("remove", "remove the second one", True),
        ("compare", "比较第一个和第二个", True),
        ("compare", "比较适合油皮的面霜", False),
    ],
)
def test_a_word_is_read_by_its_sentence(act: str, text: str, meant: bool) -> None:
    assert says(act, text) is meant
