"""Conversations from a vague wish to the cart, as a shopper would hold them. Half of them in Chinese.

A step is what the shopper says and what must then be true of the turn. What is in the store decides which products
come; the steps only say what any right answer has to satisfy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from daogou.guide import Guide
from daogou.records import Product, Turn

Holds = Callable[[Guide, Turn], None]


@dataclass(frozen=True)
class Journey:
    """`wants`: what must be true of the first product in the cart at the end."""

    name: str
    language: str
    steps: tuple[tuple[str, Holds], ...]
    wants: Callable[[Product], bool]
    page: str = field(default="")


def shown(condition: Callable[[Product], bool], least: int = 1, top: int = 3) -> Holds:
    """At least `least` products are shown and the first `top` of them satisfy the condition."""

    def check(guide: Guide, turn: Turn) -> None:
        found = guide.database.get_products([hit.product.id for hit in turn.hits])
        products = [found[hit.product.id] for hit in turn.hits]
        assert len(products) >= least, turn.text
        wrong = [one.title for one in products[:top] if not condition(one)]
        assert not wrong, f"{wrong} in {turn.text}"

    return check


def answers(guide: Guide, turn: Turn) -> None:
    assert turn.act == "answer", turn.text
    assert turn.text


def known(guide: Guide, turn: Turn) -> None:
    answers(guide, turn)
    assert turn.answer is not None
    assert turn.answer.known, turn.text
    assert turn.answer.evidence


def compares(guide: Guide, turn: Turn) -> None:
    assert turn.comparison is not None, turn.text
    assert len(turn.comparison.product_ids) >= 2
    assert turn.comparison.rows


def focuses(guide: Guide, turn: Turn) -> None:
    assert turn.state.focus, turn.text


def adds(guide: Guide, turn: Turn) -> None:
    """Added, or the variant is asked for: the runner then taps the first suggestion."""
    assert turn.act in {"cart", "ask"}, turn.text
    assert turn.suggestions if turn.act == "ask" else turn.cart.lines, turn.text


def talks(act: str) -> Holds:
    def check(guide: Guide, turn: Turn) -> None:
        assert turn.act == act, turn.text

    return check


def kind(leaf: str) -> Callable[[Product], bool]:
    return lambda one: leaf in one.category


def below(yuan: float) -> Callable[[Product], bool]:
    return lambda one: one.price is not None and one.price.minor <= yuan * 100


def both(*conditions: Callable[[Product], bool]) -> Callable[[Product], bool]:
    return lambda one: all(condition(one) for condition in conditions)


def without(value: str) -> Callable[[Product], bool]:
    return lambda one: value not in {held for values in one.attributes.values() for held in values}


def has(value: str) -> Callable[[Product], bool]:
    return lambda one: value in {held for values in one.attributes.values() for held in values}


CREAM, SHOE, PHONE = kind("面霜"), kind("跑步鞋"), kind("智能手机")
BEANS, CUP, TOY = kind("咖啡豆"), kind("保温杯"), kind("毛绒玩具")
LAPTOP, BAG, TEA = kind("笔记本电脑"), kind("背包"), kind("茶叶")
SCARF, VACUUM, TENT = kind("围巾"), kind("吸尘器"), kind("帐篷")

JOURNEYS = (
    Journey("妈妈的面霜", "zh", (
        ("你好", talks("greet")),
        ("送妈妈的保湿面霜，500 以内", shown(both(CREAM, below(500)))),
        ("第一款适合什么肤质", known),
        ("有便宜点的吗", shown(both(CREAM, below(500)))),
        ("对比前两款", compares),
        ("便宜的那个加入购物车", adds),
    ), both(CREAM, below(500))),
    Journey("学生买笔记本", "zh", (
        ("想买笔记本电脑", shown(LAPTOP)),
        ("5000 以内", shown(both(LAPTOP, below(5000)))),
        ("第二款多重", known),
        ("保修多久", answers),
        ("就要第二款", adds),
    ), both(LAPTOP, below(5000))),
    Journey("跑鞋改颜色", "zh", (
        ("跑步鞋 600 以内", shown(both(SHOE, below(600)))),
        ("要蓝色的", shown(both(SHOE, below(600), has("蓝色")), top=1)),
        ("还是要黑色的", shown(both(SHOE, below(600), has("黑色")), top=1)),
        ("第一款防水吗", known),
        ("买这个", adds),
    ), both(SHOE, has("黑色"))),
    Journey("咖啡豆", "zh", (
        ("推荐一下", talks("recommend")),
        ("咖啡豆", shown(BEANS)),
        ("要深烘的", shown(BEANS)),
        ("第一款是哪里产的", known),
        ("可以退货吗", known),
        ("第一款加入购物车", adds),
    ), BEANS),
    Journey("保温杯改预算", "zh", (
        ("保温杯", shown(CUP)),
        ("200 以内", shown(both(CUP, below(200)))),
        ("其实 120 以内", shown(both(CUP, below(120)))),
        ("最便宜的那个容量多大", known),
        ("包邮吗", known),
        ("加入购物车", adds),
    ), both(CUP, below(120))),
    Journey("先茶后围巾", "zh", (
        ("茶叶 300 以内", shown(both(TEA, below(300)))),
        ("今天天气怎么样", talks("decline")),
        ("想看看围巾", shown(SCARF)),
        ("第一款是什么材质", known),
        ("可以机洗吗", answers),
        ("就要第一款", adds),
    ), SCARF),
    Journey("running shoes", "en", (
        ("hi", talks("greet")),
        ("running shoes under $80, not black", shown(both(SHOE, below(560)))),
        ("is the second one waterproof?", known),
        ("compare the first two", compares),
        ("I'll take the cheaper one", adds),
    ), both(SHOE, below(560))),
    Journey("a phone", "en", (
        ("I want a smartphone", shown(PHONE)),
        ("under 2500 yuan", shown(both(PHONE, below(2500)))),
        ("how big is the battery of the first one?", known),
        ("something cheaper", shown(both(PHONE, below(2500)))),
        ("add the first one to my cart", adds),
    ), both(PHONE, below(2500))),
    Journey("a soft toy", "en", (
        ("a soft toy for my niece", shown(TOY)),
        ("under 150", shown(both(TOY, below(150)))),
        ("what age is it for?", answers),
        ("is it machine washable?", answers),
        ("add it to the cart", adds),
    ), both(TOY, below(150))),
    Journey("a backpack", "en", (
        ("backpack", shown(BAG)),
        ("only under 600", shown(both(BAG, below(600)))),
        ("something lighter", shown(BAG)),
        ("the first one", focuses),
        ("how much does it weigh?", known),
        ("put it in my cart", adds),
    ), both(BAG, below(600))),
    Journey("a quiet vacuum", "en", (
        ("vacuum cleaner under 1500", shown(both(VACUUM, below(1500)))),
        ("how loud is the first one?", known),
        ("what do people say about it?", answers),
        ("can I return it?", known),
        ("I'll take it", adds),
    ), both(VACUUM, below(1500))),
    Journey("a tent", "en", (
        ("tent", shown(TENT)),
        ("the cheapest one", focuses),
        ("how many people does it sleep?", known),
        ("do you have an invoice?", answers),
        ("add it to cart", adds),
    ), TENT),
)  # fmt: skip
