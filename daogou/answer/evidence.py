"""C of P(a | q, C): everything the record says about one product, or about the store, one piece at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from daogou.answer.text import clean, gives_orders, sentences
from daogou.records import Availability, Evidence, Policy, Product, Review

_MAX_REVIEWS = 60


@dataclass(frozen=True, slots=True)
class Fact:
    """One piece of evidence and what the program needs to reason with it.

    field, values: of an attribute, as worded for the asker; names, also: its names and its values in every wording,
    lower case. rating: stars of the review it stands in; source: the review or policy id; topic: of a policy."""

    evidence: Evidence
    field: str = ""
    values: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()
    also: frozenset[str] = frozenset()
    rating: float | None = None
    source: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class AlignedAttribute:
    """One attribute in the asker's wording, with its names and values in every wording (lower case)."""

    name: str
    values: tuple[str, ...]
    names: frozenset[str]
    values_also: tuple[frozenset[str], ...]


def aligned_attributes(product: Product, language: str) -> tuple[AlignedAttribute, ...]:
    """A product's attributes worded for `language`. Wordings are matched by position, which holds where a translation
    lists the same attributes in the same order; where it does not, only its own wording is used."""
    shown = product.in_language(language).attributes
    others = [one.attributes for one in product.wordings() if len(one.attributes) == len(shown)]
    aligned = []
    for at, (name, values) in enumerate(shown.items()):
        names, also = {name.lower()}, [{value.lower()} for value in values]
        for other in others:
            other_name, other_values = list(other.items())[at]
            if len(other_values) != len(values):
                continue
            names.add(other_name.lower())
            for kept, value in zip(also, other_values, strict=True):
                kept.add(value.lower())
        aligned.append(AlignedAttribute(name, values, frozenset(names), tuple(frozenset(one) for one in also)))
    return tuple(aligned)


def product_facts(product: Product, reviews: Sequence[Review], language: str) -> list[Fact]:
    """Price, stock, attributes, sentences of the description and of reviews. A sentence that gives orders is no
    evidence."""
    shown = product.in_language(language)
    facts = [*_price(product, language), _stock(product, language)]
    if shown.brand:
        text = f"{'品牌' if language == 'zh' else 'brand'}: {shown.brand}"
        names = frozenset({"品牌", "brand"})
        also = frozenset(one.brand.lower() for one in product.wordings())
        facts.append(
            Fact(
                _evidence(f"attr:{product.id}:brand", "attribute", text, product, language),
                "brand",
                (shown.brand,),
                names,
                also,
            )
        )
    for one in aligned_attributes(product, language):
        if any(gives_orders(value) for value in one.values):
            continue
        text = f"{one.name}: {('、' if shown.language == 'zh' else ', ').join(one.values)}"
        evidence = _evidence(f"attr:{product.id}:{one.name}", "attribute", text, product, shown.language)
        also = frozenset(value for values in one.values_also for value in values)
        facts.append(Fact(evidence, one.name, one.values, one.names, also))
    for at, sentence in enumerate(sentences(shown.description)):
        if not gives_orders(sentence) and (text := clean(sentence)):
            evidence = _evidence(f"desc:{product.id}:{at}", "description", text, product, shown.language)
            facts.append(Fact(evidence))
    facts.extend(_reviews(product, reviews))
    return facts


def policy_facts(policies: Iterable[Policy], product_id: str | None, language: str) -> list[Fact]:
    """Rules of the store and frequently asked questions: those in the asker's language, and for a topic that has
    none, the others."""
    kept = [one for one in policies if one.product_id in (None, product_id) and not gives_orders(one.text)]
    mine = [one for one in kept if one.language.split("-")[0] == language]
    covered = {one.topic for one in mine}
    mine += [one for one in kept if one not in mine and one.topic not in covered]
    facts = []
    for one in mine:
        evidence = Evidence(
            id=f"policy:{one.id}", kind="policy", text=clean(one.text), product_id=one.product_id, language=one.language
        )
        facts.append(Fact(evidence, field=one.question, source=one.id, topic=one.topic.lower()))
    return facts


def _reviews(product: Product, reviews: Sequence[Review]) -> Iterable[Fact]:
    seen: set[str] = set()
    for review in reviews[:_MAX_REVIEWS]:
        if gives_orders(f"{review.title}\n{review.text}"):  # whoever writes orders is no witness for the rest either
            continue
        for at, sentence in enumerate(sentences(f"{review.title}\n{review.text}" if review.title else review.text)):
            text = clean(sentence)
            if not text or text.lower() in seen:
                continue
            seen.add(text.lower())
            evidence = Evidence(
                id=f"review:{review.id}:{at}", kind="review", text=text, product_id=product.id, language=review.language
            )
            yield Fact(evidence, rating=review.rating, source=review.id)


def _price(product: Product, language: str) -> list[Fact]:
    prices = sorted({one.price.minor: one.price for one in product.variants if one.price}.items())
    low = product.price or (prices[0][1] if prices else None)
    if low is None:
        return []
    text = low.format(language)
    if len(prices) > 1:
        text = f"{prices[0][1].format(language)} – {prices[-1][1].format(language)}"
    if product.list_price and product.list_price.minor > low.minor:
        was = product.list_price.format(language)
        text += f"（原价 {was}）" if language == "zh" else f" (list price {was})"
    return [Fact(_evidence(f"price:{product.id}", "price", text, product, language))]


def _stock(product: Product, language: str) -> Fact:
    zh = language == "zh"
    if not product.buyable:
        text = "缺货" if zh else "Out of stock"
    elif product.availability is Availability.preorder:
        text = "可预订" if zh else "Can be preordered"
    elif product.availability is Availability.backorder:
        text = "暂时缺货，可先下单" if zh else "On backorder: it can be ordered and is sent later"
    elif product.stock is not None and product.stock <= 5:
        text = f"有货，只剩 {product.stock} 件" if zh else f"In stock, only {product.stock} left"
    else:
        text = "有货" if zh else "In stock"
    return Fact(_evidence(f"stock:{product.id}", "stock", text, product, language))


def _evidence(identity: str, kind: str, text: str, product: Product, language: str) -> Evidence:
    return Evidence.parse({"id": identity, "kind": kind, "text": text, "product_id": product.id, "language": language})


def product_evidence(product: Product, language: str) -> tuple[Evidence, ...]:
    """What the record itself says of a product: brand, attributes and sentences of the description, without reviews,
    price and stock. This is what copy may rest on."""
    kept = {"attribute", "description"}
    return tuple(fact.evidence for fact in product_facts(product, (), language) if fact.evidence.kind in kept)
