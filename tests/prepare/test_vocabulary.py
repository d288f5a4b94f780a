"""The vocabulary: every way to write a value leads to the value the index keeps."""

from __future__ import annotations

import json

import pytest

from daogou.prepare import Vocabulary, brand_surfaces
from daogou.records import Product

CREAM = {
    "language": "zh",
    "title": "面霜",
    "brand": "岚溪",
    "category": ["护肤", "面霜"],
    "translations": {
        "en": {
            "title": "Cream",
            "brand": "Lanxi",
            "category": ["Skin care", "Face cream"],
            "attributes": {"color": "white", "weight": "50 g"},
        }
    },
}


@pytest.fixture
def products() -> list[Product]:
    return [
        Product.parse(CREAM | {"id": f"c{size}", "attributes": {"颜色": "白色", "重量": f"{size} g"}})
        for size in (30, 50, 1000)
    ]


def test_every_language_leads_to_the_value_the_index_keeps(products: list[Product]) -> None:
    data = Vocabulary.build(products).to_json()
    assert data["brands"] == {"lanxi": ["岚溪"], "岚溪": ["岚溪"]}
    assert data["categories"]["face cream"] == data["categories"]["面霜"] == ["护肤 > 面霜"]
    assert data["values"]["white"] == data["values"]["白色"] == [["attr:颜色", "白色"]]
    assert data["fields"]["color"] == ["attr:颜色"]
    assert data["labels"]["en"]["护肤 > 面霜"] == "Skin care > Face cream"
    assert data["labels"]["en"]["attr:颜色"] == "color"


def test_an_attribute_of_figures_is_numeric_in_its_base_unit(products: list[Product]) -> None:
    numeric = Vocabulary.build(products).to_json()["numeric"]
    assert numeric == {"attr:重量": {"unit": "g", "low": 30.0, "high": 1000.0, "count": 3}}


def test_it_grows_after_a_round_trip_as_if_it_had_never_been_written(products: list[Product]) -> None:
    whole = Vocabulary.build(products)
    half = Vocabulary.build(products[:1])
    again = Vocabulary.from_json(json.loads(json.dumps(half.to_json())))
    again.add(products[1:])
    assert again.to_json() == whole.to_json()


def test_a_brand_in_two_scripts_is_found_by_either() -> None:
    assert list(brand_surfaces("Julius/聚利时")) == ["julius/聚利时", "julius", "聚利时"]
    assert "小米" in list(brand_surfaces("小米 (Xiaomi)"))
