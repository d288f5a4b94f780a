"""Copy by the program: sentences that only say what the record says, each with the evidence that carries it."""

from __future__ import annotations

from collections.abc import Sequence

from daogou.records import Claim, Evidence, Product
from daogou.write.channels import Channel, matters_first


def template_claims(
    product: Product, evidence: Sequence[Evidence], *, kind: str, audience: str, channel: Channel, language: str
) -> list[Claim]:
    """The sentences of a text, in order. For marketing, what matters to the audience comes first."""
    zh = language == "zh"
    shown = product.in_language(language)
    said = [one for one in evidence if one.kind == "description"]
    attributes = [one for one in evidence if one.kind == "attribute" and not one.id.endswith(":brand")]
    if kind == "marketing":
        first = matters_first(audience)
        attributes = sorted(attributes, key=lambda one: not any(name in one.text.lower() for name in first))
    claims = []
    if kind == "marketing":
        opening = f"{_hook(audience, zh)}{shown.title}{'。' if zh else '.'}"
        claims.append(Claim(text=opening, evidence_id=f"title:{product.id}"))
    elif shown.brand and shown.category:
        opening = (
            f"{shown.title}，{shown.brand}出品的{shown.category[-1]}。"
            if zh
            else f"{shown.title}, {shown.category[-1].lower()} by {shown.brand}."
        )
        claims.append(Claim(text=opening, evidence_id=f"attr:{product.id}:brand"))
    sentences = [Claim(text=one.text, evidence_id=one.id) for one in said]
    facts = [Claim(text=fact_sentence(one, zh), evidence_id=one.id) for one in attributes[: channel.facts]]
    claims += [*sentences, *facts] if kind == "description" else [*facts[:3], *sentences[:2], *facts[3:]]
    return claims


def fact_sentence(evidence: Evidence, zh: bool) -> str:
    """'材质：棉。' / 'Material: cotton.'"""
    name, _, value = evidence.text.partition(":")
    return f"{name}：{value.strip()}。" if zh else f"{name[:1].upper()}{name[1:]}: {value.strip()}."


def _hook(audience: str, zh: bool) -> str:
    """Names the audience and claims nothing."""
    if not audience:
        return ""
    return f"给{audience}：" if zh else f"For {audience}: "


def price_claim(product: Product, language: str) -> Claim | None:
    """The price, from the record."""
    if product.price is None:
        return None
    price = product.price.format(language)
    return Claim(text=f"价格 {price}。" if language == "zh" else f"Price {price}.", evidence_id=f"price:{product.id}")


def fit(claims: Sequence[Claim], limit: int, language: str, *, last: Claim | None = None) -> list[Claim]:
    """The first claims that fit into `limit` characters together with `last`; a claim too long is passed over."""
    space = 0 if language == "zh" else 1
    left = limit - (len(last.text) + space if last else 0)
    kept: list[Claim] = []
    for claim in claims:
        if len(claim.text) <= left:
            kept.append(claim)
            left -= len(claim.text) + space
    return [*kept, *([last] if last else [])]
