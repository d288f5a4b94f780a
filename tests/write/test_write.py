"""Copy: every claim is the record's, restricted words are taken out with the reason, channels keep their length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_shop import PRODUCTS, SayingModel

from daogou.answer import product_evidence, unsupported
from daogou.errors import ModelTimeout, NotFound, QueryError
from daogou.write import CHANNELS, WriteService, restricted


@pytest.fixture
def open_writer(small_database):
    def make(language_model=None):
        return WriteService(small_database, language_model, evidence=product_evidence, unsupported=unsupported)

    return make


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("channel", sorted(CHANNELS))
@pytest.mark.parametrize("kind", ["description", "marketing"])
def test_every_claim_has_its_evidence_and_the_text_fits(open_writer, kind, channel, language):
    copy = open_writer().write("cream-1", kind=kind, audience="妈妈", channel=channel, language=language)
    assert copy.text
    assert len(copy.text) <= CHANNELS[channel].limit(language)
    assert all(one.evidence_id for one in copy.claims)
    assert all(one.text in copy.text for one in copy.claims)
    assert bool(copy.title) is CHANNELS[channel].titled
    if kind == "marketing":
        assert "¥268" in copy.text


def test_what_matters_to_the_audience_comes_first(open_writer):
    runner = open_writer().write("shoe-2", kind="marketing", audience="跑步爱好者", channel="sms", language="zh").text
    assert "防水：IPX4" in runner
    assert "颜色" not in runner
    assert runner.startswith("给跑步爱好者：")


@pytest.mark.parametrize("audience", ["最好的人", "前100名顾客", "number one fans"])
def test_the_audience_can_not_smuggle_in_a_claim(open_writer, audience):
    copy = open_writer().write("cream-1", kind="marketing", audience=audience, language="zh")
    assert audience not in copy.text
    assert copy.audience == ""


def test_the_models_sentences_are_held_to_the_record_and_the_law(open_writer):
    said = "这款面霜适合干性皮肤和敏感肌。它是最好的面霜。含玻尿酸。净含量 80 g。含神经酰胺，质地柔润。"
    copy = open_writer(SayingModel(said)).write("cream-1", kind="marketing", language="zh")
    assert copy.model == "saying"
    assert [one.text for one in copy.claims] == [
        "这款面霜适合干性皮肤和敏感肌。",
        "含神经酰胺，质地柔润。",
        "价格 ¥268。",
    ]
    assert len(copy.removed) == 3
    assert "广告法" in copy.removed[0]
    assert "玻尿酸" in copy.removed[1]
    assert "80 g" in copy.removed[2]


def test_restricted_words_of_the_merchant_are_taken_out_too(open_writer, small_database):
    bad = PRODUCTS[4].model_copy(update={"description": "全网最低价，销量第一。质地柔润。", "translations": {}})
    small_database.put_products([bad])
    copy = open_writer().write("cream-1", language="zh")
    assert "第一" not in copy.text
    assert "质地柔润" in copy.text
    assert copy.removed


@pytest.mark.parametrize("model", [SayingModel("全球第一！"), SayingModel("x", fails=ModelTimeout("8 s passed"))])
def test_without_a_usable_sentence_the_program_writes(open_writer, model):
    copy = open_writer(model).write("cream-1", language="zh")
    assert "适合肤质：干性皮肤、敏感肌" in copy.text
    assert copy.model == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("最好的面霜", ["最"]),
        ("最近上新，最后补水", []),
        ("100% 棉", []),
        ("100%有效", ["100%"]),
        ("第一次尝试", []),
        ("销量第一", ["第一"]),
        ("国家级品质", ["国家级"]),
        ("可以治疗湿疹", ["治疗"]),
        ("the best cream", ["best"]),
        ("best before May", []),
        ("guaranteed to cure", ["guaranteed", "cure"]),
        ("limited time only", ["limited time"]),
        ("质地柔润", []),
    ],
)
def test_restricted_words(text, words):
    assert [one.word for one in restricted(text)] == words
    assert all(one.reason for one in restricted(text, "en"))


@given(st.text(max_size=60))
def test_any_text_can_be_checked(text):
    assert all(one.word for one in restricted(text))


@pytest.mark.parametrize(
    ("product_id", "options", "error"),
    [
        ("none", {}, NotFound),
        ("cream-1", {"kind": "poem"}, QueryError),
        ("cream-1", {"channel": "tv"}, QueryError),
        ("cream-1", {"audience": "x" * 61}, QueryError),
    ],
)
def test_what_cannot_be_written_is_refused(open_writer, product_id, options, error):
    with pytest.raises(error):
        open_writer().write(product_id, **options)
