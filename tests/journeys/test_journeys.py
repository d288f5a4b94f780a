"""From a vague wish to the cart on the demo store: without a model, with a scripted one, and four with the real one."""

from __future__ import annotations

import re

import pytest
from conversations import JOURNEYS, Journey

from daogou.models import ScriptedModel

_PRICE = re.compile(r"¥\s?(\d[\d,]*(?:\.\d+)?)")
_QUOTED = re.compile(r"「([^」]+)」")


def walk(guide, journey: Journey) -> None:
    """Says every step, checks what it must give, and at the end what is in the cart."""
    turn, conversation, said = None, None, []
    for utterance, holds in journey.steps:
        turn = guide.chat(utterance, conversation_id=conversation, shopper_id="traveller")
        conversation = turn.conversation_id
        said.append(utterance)
        assert turn.language == journey.language
        holds(guide, turn)
        grounded(guide, turn, said)
    if not guide.cart(turn.state.cart_id).lines:
        turn = guide.chat(turn.suggestions[0].text, conversation_id=conversation)
        grounded(guide, turn, said)
    cart = guide.cart(turn.state.cart_id)
    assert len(cart.lines) == 1, turn.text
    product = guide.product(cart.lines[0].product_id)
    assert journey.wants(product), product.title
    variant = product.variant(cart.lines[0].variant_id) if cart.lines[0].variant_id else None
    assert cart.total == (variant.price if variant else product.price)
    assert product.buyable


def grounded(guide, turn, said) -> None:
    """Every price and every quoted name in a text is a record's, or was said by the shopper, or stands in evidence."""
    evidence = " ".join(one.text for one in turn.answer.evidence) if turn.answer else ""
    labels = " ".join(one.label for one in (*turn.state.constraints, *(turn.plan.constraints if turn.plan else ())))
    allowed = {price.replace(",", "") for price in _PRICE.findall(f"{evidence} {labels}")}
    titles = set()
    lines = turn.cart.lines if turn.cart else ()
    ids = {*turn.state.shown, *turn.state.seen, *(hit.product.id for hit in turn.hits), turn.state.focus}
    for product in guide.database.get_products(
        [one for one in (*ids, *(line.product_id for line in lines)) if one]
    ).values():
        allowed |= {f"{money.minor / 100:.2f}".removesuffix(".00") for money in product.all_prices}
        titles |= {one.title for one in product.wordings()}
    if turn.cart and turn.cart.total:
        allowed.add(f"{turn.cart.total.minor / 100:.2f}".removesuffix(".00"))
    for price in _PRICE.findall(turn.text):
        assert price.replace(",", "") in allowed, f"¥{price} in {turn.text}"
    for name in _QUOTED.findall(turn.text):
        known = name in titles or name in evidence or name in labels or all(part in labels for part in name.split("、"))
        assert known, f"{name} in {turn.text}"
    assert not re.search(r"https?:|www\.|\{|\}", turn.text)


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda one: one.name)
def test_without_a_model(demo_guide, journey):
    walk(demo_guide, journey)


def scripted() -> ScriptedModel:
    """A model that tries hard to invent, and now and then says something plain."""
    return ScriptedModel(
        [
            (lambda request: request.schema is not None, {"intent": "search", "query": "礼物"}),
            (r"的资料", "{1}今天只要九块九，全国包邮。{1}是销量冠军！"),
            (r"Facts of", "{1} costs only $1 and is the best. Visit www.example.com."),
            (r".", "Everything is free at $0."),
        ]
    )


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda one: one.name)
def test_with_a_scripted_model_that_invents(demo_guide_with, journey):
    guide = demo_guide_with(scripted())
    walk(guide, journey)
    assert guide.language_model.calls


@pytest.fixture(scope="module")
def embedded(weights):
    """The real model, opened once."""
    from daogou.errors import WeightsMissing
    from daogou.models import open_language_model

    try:
        model = open_language_model("embedded", weights)
    except WeightsMissing as missing:
        pytest.skip(str(missing))
    yield model
    model.close()


@pytest.mark.llm
@pytest.mark.parametrize("journey", [JOURNEYS[0], JOURNEYS[2], JOURNEYS[6], JOURNEYS[10]], ids=lambda one: one.name)
def test_with_the_embedded_model(demo_guide_with, embedded, journey):
    walk(demo_guide_with(embedded), journey)
