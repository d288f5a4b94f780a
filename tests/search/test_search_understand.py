from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daogou.records import Constraint, Plan, Query
from daogou.search import SearchService
from daogou.search.lexicon import Lexicon, read_lexicon
from daogou.search.money import Prices
from daogou.search.understand import Understander


def _plan(service: SearchService, text: str, **more: object) -> Plan:
    return service.plan(Query(text=text, **more))


def _has(plan: Plan, field: str, *, negated: bool = False) -> set[str]:
    return {
        value
        for one in plan.constraints
        if one.field == field and one.negated is negated
        for value in one.values
    }  # fmt: skip


def test_the_sentence_of_the_design(service: SearchService) -> None:
    plan = _plan(service, "送妈妈的保湿面霜，500 以内")
    assert plan.language == "zh"
    assert _has(plan, "category") == {"护肤 > 面霜"}
    (price,) = [one for one in plan.constraints if one.field == "price"]
    assert (price.low, price.high, price.label, price.source) == (None, 50_000, "¥500 以内", "500 以内")
    assert plan.text == "送妈妈的保湿面霜"


def test_the_english_sentence_of_the_design(service: SearchService) -> None:
    plan = _plan(service, "running shoes under $80, not black")
    assert plan.language == "en"
    assert _has(plan, "category") == {"鞋靴 > 跑鞋"}
    assert _has(plan, "attr:颜色", negated=True) == {"黑色", "哑光黑"}
    assert plan.text == "running shoes"
    assert {one.label for one in plan.constraints} == {"under $80 (≈ ¥560)", "not black", "Running shoes"}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("不要黑色", {"黑色"}), ("不要黑色和白色的跑鞋", {"黑色", "白色"}), ("黑色的不要", {"黑色"}),
        ("除了红色", {"红色"}),
        ("shoes, not white or red", {"白色", "红色"}), ("shoes without white", {"白色"}), ("不要黑的", {"黑色"}),
    ],
)  # fmt: skip
def test_negation(service: SearchService, text: str, values: set[str]) -> None:
    plan = _plan(service, text)
    assert values <= _has(plan, "attr:颜色", negated=True)
    assert not _has(plan, "attr:颜色")


def test_a_negated_ingredient_becomes_the_value_that_says_it_is_absent(service: SearchService) -> None:
    assert _has(_plan(service, "face cream without fragrance"), "attr:香味") == {"无香"}


def test_the_head_of_the_phrase_is_the_category(service: SearchService) -> None:
    assert _has(_plan(service, "laptop"), "category") == {"电脑 > 笔记本电脑"}
    assert _has(_plan(service, "laptop bag"), "category") == {"配件 > 电脑包"}
    assert _has(_plan(service, "laptop stand"), "category") == set()
    assert _has(_plan(service, "stand for laptops"), "category") == set()
    assert _has(_plan(service, "手机壳"), "category") == set()


def test_brands_in_both_scripts_and_alternatives(service: SearchService) -> None:
    assert _has(_plan(service, "nexing shoes"), "brand") == {"耐行"}
    assert _has(_plan(service, "耐行或者山岚的跑鞋"), "brand") == {"耐行", "山岚"}
    assert _has(_plan(service, "shoes except Nexing"), "brand", negated=True) == {"耐行"}


def test_numbers_with_units(service: SearchService) -> None:
    (memory,) = [one for one in _plan(service, "laptop with at least 16 GB memory").constraints if one.op == "range"]
    assert (memory.field, memory.low, memory.high) == ("attr:内存", 16, None)
    (weight,) = [one for one in _plan(service, "3斤以下的笔记本电脑").constraints if one.op == "range"]
    assert (weight.field, weight.low, weight.high) == ("attr:重量", None, 1500)


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("最便宜的手机", "price_asc"), ("cheapest phone", "price_asc"), ("newest laptop", "newest"),
        ("评分最高的面霜", "rating"), ("best rated face cream", "rating"), ("cheap phone", "relevance"),
        ("便宜点的手机", "relevance"), ("别太贵的手机", "relevance"),
    ],
)  # fmt: skip
def test_sort_wishes(service: SearchService, text: str, sort: str) -> None:
    assert _plan(service, text).sort == sort


def test_cheap_is_a_leaning_not_a_limit(service: SearchService) -> None:
    understood = service.understand(Query(text="cheap running shoes"))
    assert understood.cheap
    assert not [one for one in understood.plan.constraints if one.field == "price"]
    assert understood.plan.text == "running shoes"


def test_undo_takes_a_constraint_back(service: SearchService) -> None:
    plan = _plan(service, "running shoes under 300")
    (price,) = [one.key for one in plan.constraints if one.field == "price"]
    again = _plan(service, "running shoes under 300", undo=(price,))
    assert again.undone == (price,)
    assert not [one for one in again.constraints if one.field == "price"]


def test_chosen_facets_join_the_text(service: SearchService) -> None:
    chosen = Constraint(field="attr:颜色", values=("红色",), label="red")
    assert chosen in _plan(service, "running shoes", constraints=(chosen,)).constraints


def test_a_soft_value_lifts_and_does_not_filter(service: SearchService) -> None:
    understood = service.understand(Query(text="leather running shoes"))
    assert not [one for one in understood.plan.constraints if one.field == "attr:材质"]
    assert "皮革" in {boost.value for boost in understood.boosts}


def test_an_unknown_rate_is_said(service: SearchService) -> None:
    understood = service.understand(Query(text="shoes under £80"))
    assert not [one for one in understood.plan.constraints if one.field == "price"]
    assert "GBP" in understood.notes[0]


def test_the_last_word_of_the_vocabulary_is_not_needed() -> None:
    plan = Understander(Lexicon(), Prices("CNY", {})).read(Query(text="红色跑鞋 300以内")).plan
    assert plan.text == "红色跑鞋"
    assert [one.field for one in plan.constraints] == ["price"]


_PIECES = (
    "不要 not 黑色 black 500 以内 under $80 laptop 跑鞋 面霜 and 或 - 到 最便宜 cheapest 千 万 "
    "两 三百 ， . 无 without 的 16 GB 内存 耐行 for 色 "
    "$ ¥ 元 - about 左右 ~ 1e9 9999999999999999 0 ½ ² ﷺ İ ﬁ \u200b \x00"
)
_WORDS = st.lists(st.sampled_from(_PIECES.split(" ")), max_size=12)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=500), _WORDS.map("".join), _WORDS.map(" ".join)))
def test_no_query_raises(service: SearchService, text: str) -> None:
    plan = _plan(service, text[:500])
    assert len({one.key for one in plan.constraints}) == len(plan.constraints)
    for one in plan.constraints:
        assert one.low is None or one.high is None or one.low <= one.high
        assert Constraint.model_validate(one.model_dump()) == one
    Plan.model_validate(plan.model_dump())


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        st.one_of(st.none(), st.integers(), st.text(max_size=5)),
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=9), inner, max_size=3)),
        max_leaves=12,
    )
)
def test_a_malformed_vocabulary_is_read_as_far_as_it_goes(data: object) -> None:
    for name in ("brands", "categories", "values", "numeric", "labels", "fields"):
        read_lexicon({name: data})
