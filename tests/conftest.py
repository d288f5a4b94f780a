"""Fixtures shared by the rooms' tests."""

from __future__ import annotations

import pytest


@pytest.fixture
def small_database(tmp_path):
    """A SQLite database with the products, reviews and policies of `small_shop`."""
    from small_shop import POLICIES, PRODUCTS, REVIEWS

    from daogou.stores import open_database

    database = open_database(f"sqlite:///{tmp_path / 'small.sqlite3'}")
    database.put_products(PRODUCTS)
    database.put_reviews(REVIEWS)
    database.put_policies(POLICIES)
    yield database
    database.close()
