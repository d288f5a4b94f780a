"""What is written about products and the store: reviews, and policies with frequently asked questions."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from daogou.records.base import Id, Language, Record, Text, UtcTime


class Review(Record):
    """One shopper's review of one product."""

    id: Id
    product_id: Id
    text: Text
    title: Text = ""
    rating: float | None = Field(default=None, ge=0, le=5, description="Stars, 5 is best; None is unknown")
    author: str = Field(default="", max_length=200)
    language: Language = "en"
    time: UtcTime | None = None


class Policy(Record):
    """A rule of the store (shipping, returns, …) or one question with its answer, worded in one or more languages."""

    id: Id
    kind: Literal["policy", "faq"] = "faq"
    topic: str = Field(default="", max_length=120, description="shipping, returns, payment, warranty, invoice, …")
    question: Text = ""
    text: Text = Field(min_length=1)
    language: Language = "en"
    product_id: Id | None = Field(default=None, description="Set where the entry is about one product only")
