from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pytest

from daogou.errors import ModelUnavailable
from daogou.index import build_index
from daogou.models import Vectors, lexical_tokens
from daogou.records import Money, Product, Review, Translation
from daogou.search import SearchService
from daogou.stores import Database, IndexStore, open_database, open_index


class WordEncoder:
    """Texts to unit vectors without weights: texts that share words lie close. `down` makes it fail."""

    name = "words"
    dim = 64

    def __init__(self) -> None:
        self.down = False

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        if self.down:
            raise ModelUnavailable("The encoder is down.")
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in lexical_tokens(text) or [text]:
                row[blake2b(word.encode(), digest_size=2).digest()[0] % self.dim] += 1.0
            row += 1e-3
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)

    def close(self) -> None: ...


COLOURS = {"黑色": "black", "白色": "white", "红色": "red", "哑光黑": "matte black"}
BRANDS = {"耐行": "Nexing", "山岚": "Shanlan", "云步": "Yunbu"}


def _product(
    number: int, zh: str, en: str, category: tuple[tuple[str, str], ...], price: int, **attributes: tuple[str, str]
):
    brand = list(BRANDS)[number % 3]
    colour = list(COLOURS)[number % 4]
    own = {"颜色": (colour,)} | {name: (pair[0],) for name, pair in attributes.items()}
    names = {"材质": "material", "内存": "memory", "香味": "scent", "重量": "weight", "适合": "suitable for"}
    other = {"color": (COLOURS[colour],)} | {names[name]: (pair[1],) for name, pair in attributes.items()}
    return Product(
        id=f"p{number:03}",
        title=f"{brand} {zh} {number}",
        description=f"{zh}，日常使用。",
        brand=brand,
        category=tuple(pair[0] for pair in category),
        attributes=own,
        price=Money(minor=price, currency="CNY"),
        stock=0 if number % 10 == 9 else 5,
        availability="out_of_stock" if number % 10 == 9 else "in_stock",
        language="zh",
        created=f"2026-01-{number % 28 + 1:02}T00:00:00Z",
        translations={
            "en": Translation(
                title=f"{BRANDS[brand]} {en} {number}",
                brand=BRANDS[brand],
                category=tuple(pair[1] for pair in category),
                attributes=other,
            )
        },
    )


def catalogue() -> list[Product]:
    """60 products on 5 shelves, worded in Chinese and English."""
    found: list[Product] = []
    shoes = (("鞋靴", "Shoes"), ("跑鞋", "Running shoes"))
    creams = (("护肤", "Skin care"), ("面霜", "Face cream"))
    laptops = (("电脑", "Computers"), ("笔记本电脑", "Laptops"))
    bags = (("配件", "Accessories"), ("电脑包", "Laptop bags"))
    phones = (("电脑", "Computers"), ("手机", "Phones"))
    for at in range(12):
        leather = ("皮革", "leather") if at % 2 else ("网布", "mesh")
        found.append(_product(at, "轻量跑鞋", "light running shoes", shoes, 19900 + at * 5000, 材质=leather))
        scent = ("无香", "fragrance-free") if at % 2 else ("花香", "floral")
        who = ("女士", "women") if at % 3 else ("男士", "men")
        found.append(
            _product(12 + at, "保湿面霜", "moisturising face cream", creams, 9900 + at * 6000, 香味=scent, 适合=who)
        )
        memory = (f"{4 * 2 ** (at % 4)} GB",) * 2
        weight = (f"{1 + at / 10:.1f} kg",) * 2
        found.append(_product(24 + at, "笔记本电脑", "laptop", laptops, 299900 + at * 50000, 内存=memory, 重量=weight))
        found.append(_product(36 + at, "笔记本电脑包", "laptop bag", bags, 8900 + at * 1000, 材质=leather))
        found.append(_product(48 + at, "智能手机", "smartphone", phones, 99900 + at * 20000, 内存=memory))
    return found


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, IndexStore, WordEncoder]]:
    home: Path = tmp_path_factory.mktemp("shop")
    database = open_database(f"sqlite:///{home / 'store.sqlite3'}")
    database.put_products(catalogue())
    database.put_reviews(
        [Review(id=f"r{at}", product_id=f"p{at:03}", text="ok", rating=at % 5 + 1) for at in range(0, 12)]
    )
    indexes = open_index(f"edge:{home / 'index'}")
    encoder = WordEncoder()
    build_index(database, indexes, encoder)
    yield database, indexes, encoder
    indexes.close()
    database.close()


@pytest.fixture(scope="session")
def service(shop: tuple[Database, IndexStore, WordEncoder]) -> SearchService:
    database, indexes, encoder = shop
    return SearchService(database, indexes, encoder, currency="CNY", rates={"USD": 7.0})
