"""What the program itself says in a conversation, in Chinese and in English. Names and prices come from the records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from daogou.answer import aligned_attributes
from daogou.records import Cart, Constraint, Product, Reason

_SHOWN_ATTRIBUTES = 3


@dataclass(frozen=True, slots=True)
class Phrases:
    """Sentences in one language."""

    language: str
    store: str = ""

    @property
    def zh(self) -> bool:
        return self.language == "zh"

    def pick(self, zh: str, en: str) -> str:
        return zh if self.zh else en

    def name(self, product: Product) -> str:
        title = product.in_language(self.language).title
        return f"「{title}」" if self.zh else title

    def priced(self, product: Product) -> str:
        """Name with price: 「保湿面霜」（¥299）."""
        if product.price is None:
            return self.name(product)
        price = product.price.format(self.language)
        return f"{self.name(product)}（{price}）" if self.zh else f"{self.name(product)} ({price})"

    def labels(self, constraints: Sequence[Constraint]) -> str:
        listed = (one.label or ", ".join(one.values) for one in constraints)
        return self.pick("、", ", ").join(dict.fromkeys(one.rsplit(" > ", 1)[-1] for one in listed))

    # small talk
    def greet(self) -> str:
        return self.pick(
            f"您好，我是{self.store}的导购。想找什么商品？可以告诉我用途、预算或喜欢的样子。",
            f"Hello, I am the guide of {self.store}. What are you looking for? "
            "Tell me the use, the budget or what you like.",
        )

    def thanks(self) -> str:
        return self.pick("不客气，随时可以再问我。", "You're welcome. Ask me any time.")

    def help(self) -> str:
        return self.pick(
            "我是自动导购，不是真人：可以帮您找商品、推荐、回答商品和店铺的问题、对比，并把选好的放进购物车。",
            "I am an automatic guide, not a person: I find products, recommend, answer questions about "
            "products and the "
            "store, compare, and put what you choose into the cart.",
        )

    def human(self) -> str:
        return self.pick(
            "我是自动导购，不能转接真人。请通过店铺的客服方式联系工作人员。",
            "I am an automatic guide and cannot put you through to a person. Please use the store's contact page.",
        )

    def order(self) -> str:
        return self.pick(
            "我看不到您的订单。请在店铺的订单页面查看，或联系客服。",
            "I cannot see your orders. Please look at the store's order page or contact customer service.",
        )

    def decline(self) -> str:
        return self.pick(
            "这个我帮不上忙，我只负责这家店的商品。需要找什么商品吗？",
            "I cannot help with that; I look after this store's products. Can I find you something?",
        )

    def restart(self) -> str:
        return self.pick("好的，重新开始。想找什么？", "All right, we start over. What are you looking for?")

    # search
    def found(self, total: int, constraints: Sequence[Constraint]) -> str:
        labels = self.labels(constraints)
        if self.zh:
            return f"找到 {total} 款符合「{labels}」的商品。" if labels else f"找到 {total} 款相关商品。"
        noun = "product" if total == 1 else "products"
        return f"I found {total} {noun} for: {labels}." if labels else f"I found {total} matching {noun}."

    def relaxed(self, relaxed: Sequence[Constraint]) -> str:
        labels = self.labels(relaxed)
        return self.pick(
            f"没有商品同时满足所有条件，下面放宽了「{labels}」。",
            f"Nothing meets every condition; these give up: {labels}.",
        )

    def nothing(self, constraints: Sequence[Constraint]) -> str:
        labels = self.labels(constraints)
        if labels:
            return self.pick(
                f"没有找到符合「{labels}」的商品，可以放宽一个条件试试。",
                f"I found nothing for: {labels}. Try giving up one condition.",
            )
        return self.pick("没有找到相关商品，换个说法试试？", "I found nothing for that. Could you put it another way?")

    def none_further(self, what: str) -> str:
        return self.pick(
            f"没有{what}的了，刚才看到的已经是最接近的。", f"There is nothing {what}; those already shown come closest."
        )

    def top(self, products: Sequence[Product]) -> str:
        """The first product with what its record says, and the next ones by name and price."""
        parts = (self.lead(products), self.details(products), self.others(products))
        return self.pick("", " ").join(part for part in parts if part)

    def lead(self, products: Sequence[Product]) -> str:
        """The first product by name and price."""
        first = self.priced(products[0])
        return self.pick(f"首选{first}。", f"First choice: {first}.")

    def details(self, products: Sequence[Product]) -> str:
        """What the record says of the first product."""
        facts = self.facts(products[0])
        return f"{facts[:1].upper()}{facts[1:]}{self.pick('。', '.')}" if facts else ""

    def others(self, products: Sequence[Product]) -> str:
        """The next products by name and price."""
        if len(products) < 2:
            return ""
        named = self.pick("、", "; ").join(self.priced(one) for one in products[1:3])
        return self.pick(f"也可以看看{named}。", f"Also: {named}.")

    def facts(self, product: Product) -> str:
        listed = [one for one in aligned_attributes(product, self.language) if len(", ".join(one.values)) <= 40]
        return self.pick("；", "; ").join(
            f"{one.name}{self.pick('：', ': ')}{self.pick('、', ', ').join(one.values)}"
            for one in listed[:_SHOWN_ATTRIBUTES]
        )

    def named(self, products: Sequence[Product]) -> str:
        return self.pick("", " ").join(f"{self.priced(one)}{self.pick('。', '.')}" for one in products)

    def more(self) -> str:
        return self.pick("再看这几款：", "Here are some more:")

    def no_more(self) -> str:
        return self.pick("符合条件的都给您看过了。", "You have seen everything that fits.")

    def question(self, label: str, choices: Sequence[str]) -> str:
        listed = self.pick("、", ", ").join(choices)
        return self.pick(
            f"您对{label}有要求吗？比如：{listed}。",
            f"Do you have a preference? {label[:1].upper()}{label[1:]}: {listed}.",
        )

    def reasons(self, reasons: Sequence[Reason]) -> str:
        return reasons[0].text if reasons else ""

    def shelf(self, surface: str, product: Product | None) -> str:
        name = self.name(product) if product else ""
        return {
            "similar": self.pick(f"和{name}相似的有：", f"Similar to {name}:"),
            "together": self.pick(f"可以和{name}一起看看：", f"These go with {name}:"),
        }.get(surface, self.pick("给您推荐几款：", "Some suggestions for you:"))

    def nothing_to_recommend(self) -> str:
        return self.pick(
            "暂时没有可以推荐的商品。想找什么类型的？",
            "I have nothing to recommend yet. What kind of thing are you after?",
        )

    def ask_need(self) -> str:
        return self.pick(
            "是送人还是自己用？告诉我用途或预算，我可以挑得更准。",
            "Is it for you or a gift? Tell me the use or the budget and I can choose better.",
        )

    # compare, look, refer
    def comparing(self, products: Sequence[Product]) -> str:
        listed = self.pick("、", "; ").join(self.priced(one) for one in products)
        return self.pick(f"对比{listed}。", f"Comparing {listed}.")

    def cheapest(self, product: Product) -> str:
        return self.pick(f"其中最便宜的是{self.priced(product)}。", f"The lowest price is {self.priced(product)}.")

    def compare_what(self) -> str:
        return self.pick(
            "想对比哪几款？比如说：对比第一款和第二款。",
            "Which ones shall I compare? Say for example 'the first and the second'.",
        )

    def look(self, product: Product) -> str:
        facts = self.facts(product)
        return self.pick(
            f"{self.priced(product)}{'：' + facts if facts else ''}。",
            f"{self.priced(product)}{': ' + facts if facts else ''}.",
        )

    def which(self, missing: str) -> str:
        return self.pick(
            "没有看到您说的那一款，请从列表里选一款。", "I do not see that one; please choose one from the list."
        )

    def about(self, product: Product, text: str) -> str:
        """An answer, with the product it is about."""
        return f"{self.name(product)}{self.pick('：', ': ')}{text}"

    # cart
    def added(self, product: Product, label: str, quantity: int) -> str:
        name = f"{self.name(product)}{f'（{label}）' if self.zh else f' ({label})'}" if label else self.name(product)
        count = self.pick(f" × {quantity}", f" × {quantity}") if quantity > 1 else ""
        return self.pick(f"已把{name}{count}放进购物车。", f"{name}{count} is in your cart.")

    def removed(self, product: Product) -> str:
        return self.pick(f"已从购物车移除{self.name(product)}。", f"{self.name(product)} is out of your cart.")

    def emptied(self) -> str:
        return self.pick("购物车已清空。", "Your cart is empty now.")

    def cart(self, cart: Cart, products: dict[str, Product]) -> str:
        if not cart.lines:
            return self.pick("购物车是空的。", "Your cart is empty.")
        lines = []
        for line in cart.lines:
            name = self.name(products[line.product_id]) if line.product_id in products else line.title
            price = f" {line.price.format(self.language)}" if line.price else ""
            lines.append(f"{name}{price} × {line.quantity}")
        return self.pick("购物车：", "In your cart: ") + self.pick("；", "; ").join(lines) + self.pick("。", ".")

    def total(self, cart: Cart) -> str:
        if cart.total is None:
            return ""
        return self.pick(f"合计 {cart.total.format('zh')}。", f"Total {cart.total.format('en')}.")

    def checkout(self) -> str:
        return self.pick("请在购物车页面完成结账。", "Please finish on the cart page.")

    def choose_variant(self, product: Product, choices: Sequence[str]) -> str:
        listed = self.pick("、", ", ").join(choices)
        return self.pick(
            f"{self.name(product)}要哪一种？可选：{listed}。",
            f"Which one of {self.name(product)}? You can choose: {listed}.",
        )

    def sold_out(self, product: Product, label: str) -> str:
        name = f"{self.name(product)}{f'（{label}）' if self.zh else f' ({label})'}" if label else self.name(product)
        return self.pick(f"{name}已售完，暂时不能下单。", f"{name} is sold out and cannot be ordered now.")

    def too_many(self, product: Product, left: int) -> str:
        return self.pick(
            f"{self.name(product)}只剩 {left} 件，没有改动购物车。",
            f"Only {left} of {self.name(product)} are left; the cart is unchanged.",
        )

    def quantity_limit(self, limit: int) -> str:
        return self.pick(
            f"每种商品最多 {limit} 件，没有改动购物车。", f"At most {limit} of one product; the cart is unchanged."
        )

    def add_what(self) -> str:
        return self.pick("想把哪一款放进购物车？", "Which one shall I put in the cart?")

    def not_in_cart(self) -> str:
        return self.pick("购物车里没有这件商品。", "That is not in your cart.")

    # notes
    def no_model(self) -> str:
        return self.pick(
            "语言模型没有及时回应，这一句由程序写成。",
            "The language model did not answer in time; the program worded this turn.",
        )
