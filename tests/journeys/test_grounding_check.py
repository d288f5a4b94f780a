"""The benchmark's own checker catches inventions, and lets the record's words pass."""

from __future__ import annotations

import pytest
from small_shop import PRODUCTS

from daogou.evaluate.bench_grounding import measure
from daogou.evaluate.grounding_check import InPlay, inventions
from daogou.models import Generation

PLAY = InPlay(products=list(PRODUCTS[4:6]), said="满 99 元包邮。 under 300", numbers={"1", "2"})


@pytest.mark.parametrize(
    "text",
    [
        "「玉兰保湿面霜」（¥268）适合干性皮肤，净含量 50 g。",
        "Magnolia Moisturising Cream (¥268) and Clear Dew Oil Control Cream (¥158).",
        "满 99 元包邮。",
        "「清露控油面霜」有货。",
    ],
)
def test_the_records_words_pass(text):
    assert inventions(text, PLAY) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("「玉兰保湿面霜」只要 ¥99.50。", "price"),
        ("现在 88 元。", "price"),
        ("能用 30 天。", "number"),
        ("「金萃紧致面霜」也不错。", "name"),
        ("The Golden Aurora Cream is nice.", "name"),
        ("See www.example.com.", "link"),
        ("「玉兰保湿面霜」已售完。", "stock"),
        ("全场打折。", "discount"),
        ("次日达。", "delivery"),
    ],
)
def test_inventions_are_named(text, kind):
    assert any(one.startswith(kind) for one in inventions(text, PLAY))


class _Inventing:
    """Says only things that are not true, in both languages."""

    name = "inventing"

    def stream(self, request):
        yield "{1}全网最低只要 ¥9.9，销量 30000 件！"
        yield "{1} costs $9.99 at www.cheap.example. The Aurora 9000 is in stock. "

    def generate(self, request):
        return Generation("Everything costs ¥1.", output_tokens=5)

    def warm(self, messages) -> None:
        pass


def test_the_benchmark_runs_and_finds_nothing_invented(demo_guide_with):
    figures = measure(demo_guide_with(_Inventing()), wanted=18, seed=3)
    assert figures["turns"] == 18
    assert figures["invented"] == 0, figures["invented_examples"]
    assert figures["withheld"] == 1.0
    assert figures["over_refused"] <= 0.35, figures["over_refused_examples"]
    assert figures["tokens_per_s_4"] > 0
