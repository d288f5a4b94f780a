"""Why a product is shown, in Chinese or English. Each sentence states only what the counts or the records hold."""

from __future__ import annotations

from dataclasses import dataclass, field

from daogou.recommend.trails import Kind
from daogou.records import Product, Reason

OFTEN = 3  # shoppers (or baskets) from which "often" is said
TOP_OF_CATEGORY = 10
TOP_OF_STORE = 20
MAX_NAME = 42
_PLAIN_NO = frozenset({"no", "false", "none", "否", "无", "没有", "0"})
_PLAIN_YES = frozenset({"yes", "true", "是", "有", "1"})

_DONE = {
    Kind.VIEW: ("looked at", "看过"),
    Kind.WISH: ("saved", "收藏"),
    Kind.CART: ("put in your cart", "加购"),
    Kind.LIKE: ("liked", "喜欢"),
    Kind.BUY: ("bought", "买过"),
}


@dataclass(frozen=True)
class Seen:
    """The product a reason refers to: its number and name, and what the shopper did with it (None: it is what the list
    is about)."""

    id: str
    name: str
    done: Kind | None = None


@dataclass(frozen=True)
class Words:
    """Writes the reasons of one answer in one language."""

    language: str = "en"
    chinese: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "chinese", self.language.split("-")[0] == "zh")

    def chosen_with(self, seen: Seen, shoppers: int) -> Reason:
        """`shoppers` chose both."""
        name = self._named(seen)
        if self.chinese:
            text = f"经常和{name}一起被选" if shoppers >= OFTEN else f"有 {shoppers} 位顾客同时选了它和{name}"
        elif shoppers >= OFTEN:
            text = f"Often chosen by shoppers who also chose {name}"
        else:
            text = f"Also chosen by {'one shopper' if shoppers == 1 else f'{shoppers} shoppers'} who chose {name}"
        return Reason(kind="history" if seen.done else "similar", text=text, product_ids=(seen.id,))

    def in_basket_with(self, seen: Seen, baskets: int) -> Reason:
        """Stood in `baskets` baskets together."""
        name = self._named(seen)
        if self.chinese:
            text = f"经常和{name}放进同一个购物车" if baskets >= OFTEN else f"有人把它和{name}放进同一个购物车"
        else:
            text = f"{'Often in' if baskets >= OFTEN else 'In'} one basket with {name}"
        return Reason(kind="together", text=text, product_ids=(seen.id,))

    def because_of(self, seen: Seen) -> Reason:
        """The model weighed the product because of this item of the history."""
        name = self._named(seen)
        text = f"因为{name}" if self.chinese else f"Because of {name}"
        return Reason(kind="history", text=text, product_ids=(seen.id,))

    def similar(self, seen: Seen, product: Product, other: Product) -> Reason | None:
        """What the two records share; None where they share nothing that can be named."""
        shared = self._shared(product, other)
        if not shared:
            return None
        name = self._named(seen)
        listed = ("、" if self.chinese else ", ").join(shared)
        text = f"和{name}相似：{listed}" if self.chinese else f"Similar to {name}: {listed}"
        return Reason(kind="similar", text=text, product_ids=(seen.id,))

    def near(self, seen: Seen) -> Reason:
        """The descriptions are close in meaning."""
        name = self._named(seen)
        text = f"描述和{name}相近" if self.chinese else f"Described much like {name}"
        return Reason(kind="similar", text=text, product_ids=(seen.id,))

    def popular(self, product: Product, in_category: int | None, in_store: int | None) -> Reason | None:
        """Its rank by recent choices, where that is high enough to be called popular."""
        if in_category is not None and in_category <= TOP_OF_CATEGORY and product.category:
            leaf = product.category[-1]
            return Reason(kind="popular", text=f"{leaf}类热门" if self.chinese else f"Popular in {leaf}")
        if in_store is not None and in_store <= TOP_OF_STORE:
            return Reason(kind="popular", text="店内热门" if self.chinese else "Popular in this store")
        return None

    def new(self) -> Reason:
        """It came into the catalogue lately."""
        return Reason(kind="new", text="最近上新" if self.chinese else "Added lately")

    def again(self) -> Reason:
        """Bought before, in a category where things are bought again."""
        return Reason(kind="history", text="你买过，可能又需要了" if self.chinese else "You bought this before")

    def from_range(self, product: Product) -> Reason:
        """Nothing but the catalogue speaks for it."""
        if product.category:
            leaf = product.category[-1]
            return Reason(kind="rule", text=f"来自{leaf}类" if self.chinese else f"From our {leaf} range")
        return Reason(kind="rule", text="本店商品" if self.chinese else "From our range")

    def _named(self, seen: Seen) -> str:
        name = seen.name if len(seen.name) <= MAX_NAME else f"{seen.name[: MAX_NAME - 1].rstrip()}…"
        if seen.done is None:
            return f"「{name}」" if self.chinese else name
        english, chinese = _DONE[seen.done]
        return f"你{chinese}的「{name}」" if self.chinese else f"{name}, which you {english}"

    def _shared(self, product: Product, other: Product) -> list[str]:
        found = []
        if product.category and product.category == other.category:
            found.append("同类" if self.chinese else "same category")
        if product.brand and product.brand.casefold() == other.brand.casefold():
            found.append("同品牌" if self.chinese else "same brand")
        for name, values in product.attributes.items():
            both = {value.casefold() for value in other.attributes.get(name, ())}
            value = next((value for value in values if value.casefold() in both - _PLAIN_NO and len(value) <= 30), None)
            if value is not None and len(found) < 4:
                found.append(name if value.casefold() in _PLAIN_YES else value)
        return found
