"""Products that are entered twice: same words in the title, same brand, same price, same GTIN where both have one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from daogou.prepare.vocabulary import brand_surfaces
from daogou.records import Product

_SIGNS = re.compile(r"[^\w.+]+|(?<!\d)\.|\.(?!\d)|_")
# Letters and digits part where they meet, so that "iPhone15" and "iPhone 15" are the same words.
_PARTS = re.compile(r"[^\W\d_]+|\d+(?:\.\d+)?|\+")


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Ids of products that are the same thing, the first entered (by creation, then id) first."""

    product_ids: tuple[str, ...]

    @property
    def keep(self) -> str:
        """The one the others would be merged into."""
        return self.product_ids[0]


class _Member(NamedTuple):
    created: str
    product_id: str
    gtin: str | None
    facts: tuple[tuple[str, str], ...]


def normal_title(title: str) -> str:
    """A title as it is compared: NFKC, lower case, no signs, letters and digits parted. "+" stays (Plus models)."""
    text = _SIGNS.sub(" ", unicodedata.normalize("NFKC", title).casefold())
    return " ".join(_PARTS.findall(text))


def duplicates(products: Iterable[Product]) -> list[DuplicateGroup]:
    """Groups of two or more, by id of the first. Memory: one short key a product.

    Products whose GTINs differ are never one, nor those that differ in variants or in an attribute that both have: two
    colours of a shirt have one title and one price."""
    groups: dict[tuple[str, str, int | None, str], list[_Member]] = {}
    for product in products:
        title = normal_title(product.title)
        if not title:
            continue
        price = product.price
        key = (title, _brand(product.brand), price.minor if price else None, price.currency if price else "")
        created = product.created.isoformat() if product.created else "9999"
        groups.setdefault(key, []).append(_Member(created, product.id, product.gtin, _facts(product)))
    found = [
        DuplicateGroup(tuple(same))
        for members in groups.values()
        for same in _compatible(sorted(members, key=lambda one: one[:2]))
        if len(same) > 1
    ]
    return sorted(found, key=lambda group: group.keep)


def _compatible(members: list[_Member]) -> list[list[str]]:
    """Members split where a GTIN or a fact contradicts; each joins the first group it agrees with."""
    groups: list[_Group] = []
    for member in members:
        group = next((one for one in groups if one.agrees(member)), None)
        if group is None:
            group = _Group()
            groups.append(group)
        group.join(member)
    return [group.ids for group in groups]


class _Group:
    def __init__(self) -> None:
        self.ids: list[str] = []
        self._gtins: set[str] = set()
        self._facts: dict[str, str] = {}

    def agrees(self, member: _Member) -> bool:
        if member.gtin is not None and self._gtins and member.gtin not in self._gtins:
            return False
        return all(self._facts.get(name, value) == value for name, value in member.facts)

    def join(self, member: _Member) -> None:
        self.ids.append(member.product_id)
        self._facts.update(member.facts)
        if member.gtin is not None:
            self._gtins.add(member.gtin)


def _facts(product: Product) -> tuple[tuple[str, str], ...]:
    """Attributes and variants, comparable: name -> its values in one order."""
    pairs = [(name.casefold(), "\n".join(sorted(values)).casefold()) for name, values in product.attributes.items()]
    if product.variants:
        offered = sorted(str(sorted(one.attributes.items())) for one in product.variants)
        pairs.append(("", "\n".join(offered)))
    return tuple(pairs)


def _brand(written: str) -> str:
    """Any of a brand's two scripts: "Julius/聚利时" and "JULIUS" are one, told by the first of its sorted parts."""
    whole, *parts = [*brand_surfaces(written)] if written else [""]
    return min(parts, default=whole)
