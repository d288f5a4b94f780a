"""How the program words an answer, in Chinese and in English. Facts are put in as they stand in the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from daogou.answer.asks import Ask
from daogou.answer.evidence import Fact

_VALUE_ZH = {"yes": "是", "no": "否", "true": "是", "false": "否", "none": "无", "not supported": "不支持"}
_VALUE_EN = {
    "是": "yes",
    "否": "no",
    "无": "none",
    "有": "yes",
    "支持": "supported",
    "不支持": "not supported",
    "true": "yes",
    "false": "no",
}
NOT_KNOWN = {"zh": "商品资料里没有提到。", "en": "The product information does not say."}
STORE_NOT_KNOWN = {"zh": "店铺说明里没有提到。", "en": "The store's information does not say."}


@dataclass(frozen=True, slots=True)
class Wording:
    """Sentences in one language."""

    language: str

    @property
    def zh(self) -> bool:
        return self.language == "zh"

    def label(self, group: Ask | None, fact: Fact) -> str:
        """The attribute's own name where it is in the asker's language, else the group's label."""
        if group and (fact.evidence.language.split("-")[0] != self.language or fact.field == "brand"):
            return group.label[0 if self.zh else 1]
        return fact.field if self.zh else fact.field[:1].upper() + fact.field[1:]

    def values(self, values: Sequence[str]) -> str:
        table = _VALUE_ZH if self.zh else _VALUE_EN
        return ("、" if self.zh else ", ").join(table.get(value.lower(), value) for value in values)

    def value(self, label: str, values: Sequence[str]) -> str:
        return f"{label}：{self.values(values)}。" if self.zh else f"{_capital(label)}: {self.values(values)}."

    def verdict(self, verdict: str, label: str, values: Sequence[str]) -> str:
        first = {"yes": ("是的", "Yes"), "no": ("不是", "No"), "partly": ("部分是", "Partly")}[verdict][
            0 if self.zh else 1
        ]
        if self.zh and verdict == "no":
            first = "没有" if any("无" in one or "没" in one for one in values) else "不"
            return f"{first}，{label}：{self.values(values)}。"
        return (
            f"{first}，{label}：{self.values(values)}。"
            if self.zh
            else f"{first}. {_capital(label)}: {self.values(values)}."
        )

    def not_listed(self, asked: str, label: str, values: Sequence[str]) -> str:
        if self.zh:
            return f"资料里没有写{asked}；{label}：{self.values(values)}。"
        return f"{_capital(asked)} is not listed. {_capital(label)}: {self.values(values)}."

    def price(self, text: str) -> str:
        return f"价格：{text}。" if self.zh else f"Price: {text}."

    def stock(self, text: str) -> str:
        return f"{text}。" if self.zh else f"{text}."

    def options(self, label: str, available: Sequence[str], sold_out: Sequence[str]) -> str:
        """The choices that can be ordered, and those that are sold out."""
        joint = "、" if self.zh else ", "
        parts = []
        if available:
            parts.append(
                f"{label}可选：{joint.join(available)}"
                if self.zh
                else f"{_capital(label)} in stock: {joint.join(available)}"
            )
        if sold_out:
            parts.append(f"已售完：{joint.join(sold_out)}" if self.zh else f"sold out: {joint.join(sold_out)}")
        return ("；" if self.zh else "; ").join(parts) + ("。" if self.zh else ".")

    def option(self, name: str, available: bool, price: str) -> str:
        if self.zh:
            return f"{name}有货" + (f"，{price}。" if price else "。") if available else f"{name}已售完。"
        return (
            f"{_capital(name)} is in stock" + (f" at {price}." if price else ".")
            if available
            else f"{_capital(name)} is sold out."
        )

    def no_option(self, name: str, label: str, options: Sequence[str]) -> str:
        joint = "、" if self.zh else ", "
        if self.zh:
            return f"没有{name}；{label}可选：{joint.join(options)}。"
        return f"There is no {name}. {_capital(label)}: {joint.join(options)}."

    def quote(self, fact: Fact) -> str:
        text = fact.evidence.text
        if fact.evidence.kind == "review":
            return f"有顾客评价说：「{text}」" if self.zh else f"A reviewer says: “{text}”"
        if fact.evidence.language.split("-")[0] != self.language:
            return f"商品说明写着：「{text}」" if self.zh else f"The description says: “{text}”"
        return text

    def counted(self, group: Ask, spoken: int, well: int, badly: int, quoted: Sequence[Fact]) -> str:
        label = group.label[0 if self.zh else 1]
        if self.zh:
            text = f"{spoken} 位顾客提到{label}：{well} 位说好，{badly} 位不满意。"
            return text + "".join(f"「{one.evidence.text}」" for one in quoted)
        who = "reviewer mentions" if spoken == 1 else "reviewers mention"
        text = f"{spoken} {who} {label}: {well} positive, {badly} negative. "
        return text + " ".join(f"“{one.evidence.text}”" for one in quoted)

    def overall(self, mean: float, count: int, quoted: Sequence[Fact]) -> str:
        if self.zh:
            return f"{count} 条评价，平均 {mean:.1f} 分（满分 5 分）。" + "".join(
                f"「{one.evidence.text}」" for one in quoted
            )
        of = "1 review" if count == 1 else f"{count} reviews"
        return f"Rated {mean:.1f} out of 5 in {of}. " + " ".join(f"“{one.evidence.text}”" for one in quoted)

    def not_known(self, about_product: bool) -> str:
        return (NOT_KNOWN if about_product else STORE_NOT_KNOWN)["zh" if self.zh else "en"]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
