"""Variants as choices: which colours and sizes a product comes in, worded for the asker, and which can be ordered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from daogou.answer.asks import Asked
from daogou.answer.candidates import Candidate
from daogou.answer.evidence import Fact, aligned_attributes
from daogou.answer.text import contains
from daogou.answer.wording import Wording
from daogou.records import Availability, Evidence, Product, Variant, figures


@dataclass(frozen=True, slots=True)
class Choice:
    """One variant: its words for each choice in the asker's language, every way to say them, whether it can be
    ordered."""

    variant: Variant
    words: Mapping[str, str]
    ways: frozenset[str]
    buyable: bool

    @property
    def label(self) -> str:
        return " / ".join(self.words.values()) or self.variant.title or self.variant.id


_SIZE = re.compile(r"(?:eu|us|uk|cn)\s*(?P<before>\d{1,2}(?:\.5)?)|(?P<after>\d{2}(?:\.5)?)\s*码", re.IGNORECASE)


def choices(product: Product, language: str) -> tuple[Choice, ...]:
    """The variants of a product in the wording of `language`. Attributes all variants share are left out."""
    own = {name.lower(): one for one in aligned_attributes(product, language) for name in one.names}
    varying = [
        name
        for name in dict.fromkeys(name for variant in product.variants for name in variant.attributes)
        if len({variant.attributes.get(name) for variant in product.variants}) > 1
    ]
    made = []
    for variant in product.variants:
        worded: dict[str, str] = {}
        ways: set[str] = set()
        for name in varying:
            for value in variant.attributes.get(name, ()):
                aligned = own.get(name.lower())
                shown, also = value, frozenset({value.lower()})
                for one, others in zip(aligned.values, aligned.values_also, strict=True) if aligned else ():
                    if value.lower() in others:
                        shown, also = one, others
                worded[aligned.name if aligned else name] = shown
                ways |= also | {size for one in also if (size := bare_size(one))}
        made.append(Choice(variant, worded, frozenset(ways), variant_buyable(variant)))
    return tuple(made)


def bare_size(value: str) -> str:
    """'EU 41' and 「41 码」 -> '41', as a shopper says it; empty where the value is not a size in a size system."""
    found = _SIZE.fullmatch(value.strip())
    return (found["before"] or found["after"]) if found else ""


def variant_buyable(variant: Variant) -> bool:
    """Whether this variant can be ordered now."""
    return variant.availability is not Availability.out_of_stock and variant.stock != 0


def variant_candidates(question: str, asked: Asked, product: Product, say: Wording) -> list[Candidate]:
    """Answers about choices: 'what colours', 'do you have 42', 'is the blue one in stock'."""
    listed = choices(product, say.language)
    text = question.lower()
    groups = [(order, group) for order, group in enumerate(asked.groups) if group.kind == "variants"]
    stock = any(group.kind in {"stock", "price"} for group in asked.groups)
    if not listed:
        return []
    made: list[Candidate] = []
    named = [(way, one) for one in listed for way in one.ways if _says(text, way)]
    if named and (groups or stock or asked.form == "yes_no"):
        matching = [one for one in listed if {way for way, _ in named} & one.ways]
        every = [one for one in matching if {way for way, _ in named} <= one.ways | _synonyms(named, one)] or matching
        buyable = [one for one in every if one.buyable]
        chosen = (buyable or every)[0]
        name = _named_part(chosen, text)
        price = chosen.variant.price.format(say.language) if chosen.variant.price else ""
        fact = _fact(product, chosen, say.option(name, chosen.buyable, price), say.language)
        made.append(Candidate(fact.evidence.text, (fact,), 3.6))
        return made
    for order, group in groups:
        for name in dict.fromkeys(name for one in listed for name in one.words):
            wording = (
                next(one for one in aligned_attributes(product, say.language) if one.name == name)
                if any(one.name == name for one in aligned_attributes(product, say.language))
                else None
            )
            names = wording.names if wording else frozenset({name.lower()})
            if not names & set(group.fields):
                continue
            values = list(dict.fromkeys(one.words[name] for one in listed if name in one.words))
            available = [
                value for value in values if any(one.words.get(name) == value and one.buyable for one in listed)
            ]
            sold_out = [value for value in values if value not in available]
            numbers = [one for one in figures(question) if not one.unit]
            fact = _fact(product, None, say.options(name, available, sold_out), say.language)
            if numbers and asked.form == "yes_no":
                fact = _fact(product, None, say.no_option(numbers[0].text, name, values), say.language)
            made.append(Candidate(fact.evidence.text, (fact,), 3.4 - 0.4 * order))
    return made


def _says(text: str, way: str) -> bool:
    return contains(text, way) or (way.endswith("色") and len(way) > 1 and f"{way[:-1]}的" in text)


def _synonyms(named: list[tuple[str, Choice]], one: Choice) -> frozenset[str]:
    """Ways named that mean a value this choice has too (棕色 and brown are one value)."""
    return frozenset(way for way, other in named if other is one)


def _named_part(chosen: Choice, text: str) -> str:
    said = {name: shown for name, shown in chosen.words.items() if _says(text, shown.lower())} or dict(chosen.words)
    return " / ".join(f"{name} {shown}" if shown.replace(".", "").isdigit() else shown for name, shown in said.items())


def _fact(product: Product, chosen: Choice | None, text: str, language: str) -> Fact:
    identity = f"stock:{product.id}" + (f":{chosen.variant.id}" if chosen else "")
    return Fact(Evidence(id=identity, kind="stock", text=text, product_id=product.id, language=language))
