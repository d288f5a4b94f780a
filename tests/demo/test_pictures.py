from __future__ import annotations

import io
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from daogou.demo import DEFAULT_SEED
from daogou.demo.pictures import SHAPES, draw_picture
from daogou.demo.pictures.canvas import SIZE
from daogou.demo.products import DemoItem
from daogou.demo.tables import load_tables

LIMIT = 15 * 1024


@pytest.fixture(scope="session")
def drawn(items: list[DemoItem]) -> dict[str, bytes]:
    """Three products of each kind; all of them are compared when the whole demo is built."""
    kinds: dict[str, int] = defaultdict(int)
    chosen: list[DemoItem] = []
    for item in items:
        kinds[item.kind.key] += 1
        if kinds[item.kind.key] <= 3:
            chosen.append(item)
    return {item.product.id: draw_picture(item, DEFAULT_SEED) for item in chosen}


def _small(picture: bytes) -> NDArray[np.float64]:
    with Image.open(io.BytesIO(picture)) as image:
        return np.asarray(image.convert("RGB").resize((24, 24), Image.Resampling.BOX), dtype=np.float64)


def test_every_kind_has_a_shape() -> None:
    assert {kind.shape for kind in load_tables().kinds} <= SHAPES.keys()


def test_pictures_are_webp_of_the_right_size(drawn: dict[str, bytes]) -> None:
    for product_id, picture in drawn.items():
        assert len(picture) <= LIMIT, product_id
        with Image.open(io.BytesIO(picture)) as image:
            assert image.format == "WEBP"
            assert image.size == (SIZE, SIZE)


def test_no_two_pictures_look_the_same(items: list[DemoItem], drawn: dict[str, bytes]) -> None:
    assert len(set(drawn.values())) == len(drawn)
    kinds: dict[str, list[NDArray[np.float64]]] = defaultdict(list)
    for item in items:
        if item.product.id in drawn:
            kinds[item.kind.key].append(_small(drawn[item.product.id]))
    for kind, pictures in kinds.items():
        for one, other in combinations(pictures, 2):
            assert np.abs(one - other).mean() > 1.0, kind


def test_a_picture_shows_the_colour_of_the_product(items: list[DemoItem]) -> None:
    """The first colour on offer covers a visible part of the picture."""
    colours = load_tables().colours
    for item in items:
        if item.kind.key not in ("sport.run", "phone.case", "outdoor.jacket", "fashion.tee", "kitchen.mug"):
            continue
        picture = _small(draw_picture(item, DEFAULT_SEED))
        wanted = np.array(colours[item.values["color"][0].en][1], dtype=np.float64)
        near = np.abs(picture - wanted).max(axis=2) < 26
        assert near.mean() > 0.02, (item.product.id, item.values["color"][0])


def test_the_same_product_is_drawn_the_same(items: list[DemoItem], drawn: dict[str, bytes]) -> None:
    for item in items[::60]:
        assert draw_picture(item, DEFAULT_SEED) == draw_picture(item, DEFAULT_SEED)


def test_the_pictures_are_named_by_the_records(items: list[DemoItem]) -> None:
    for item in items:
        assert item.product.images == (f"images/{item.product.id}.webp",)
        assert Path(item.product.images[0]).suffix == ".webp"
