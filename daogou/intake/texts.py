"""Rows to reviews and to policies (rules of the store, questions with their answers)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from daogou.errors import RecordError
from daogou.intake.columns import Columns
from daogou.intake.options import ImportOptions
from daogou.intake.values import guess_language, number_text, parse_json_cell, parse_number, parse_time, plain_text
from daogou.records import Policy, Review


def _hashed(mark: str, *parts: object) -> str:
    text = "\x1f".join(str(one) for one in parts)
    return f"{mark}-{hashlib.sha256(text.encode()).hexdigest()[:24]}"


class _Table:
    def __init__(self, columns: Columns, options: ImportOptions) -> None:
        self._options = options
        self._fields = columns.by_field()

    def _get(self, data: Mapping[str, Any], field: str) -> Any:
        return next(
            (data[column] for column in self._fields.get(field, ()) if data.get(column) not in (None, "")), None
        )

    def _text(self, data: Mapping[str, Any], field: str) -> str:
        value = self._get(data, field)
        if isinstance(value, Mapping):  # schema.org nests: author{name}, reviewRating{ratingValue}
            value = next((value[key] for key in ("ratingValue", "name", "@value") if key in value), "")
        return "" if value is None else plain_text(number_text(value))


class TableReviews(_Table):
    """Reads rows of one table as reviews."""

    def read(self, data: Mapping[str, Any]) -> Review:
        """Raises RecordError. An id is made from the content where the row has none."""
        text, title = self._text(data, "text"), self._text(data, "title")
        rating = parse_number(self._text(data, "rating"), "rating")
        if not text and not title and rating is None:
            raise RecordError("text", None, "is required where there is no rating either")
        product, author = self._text(data, "product_id"), self._text(data, "author")
        if not product:
            raise RecordError("product_id", None, "is required")
        time = parse_time(self._get(data, "time"), timezone=self._options.timezone)
        found = {
            "id": self._text(data, "id") or _hashed("r", product, text, title, rating, author, time),
            "product_id": product or None,
            "text": text,
            "title": title,
            "rating": rating,
            "author": author,
            "language": self._options.language or self._text(data, "language") or guess_language(title, text),
            "time": time,
        }
        return Review.parse(found)


class TablePolicies(_Table):
    """Reads rows of one table as policies and frequently asked questions."""

    def read(self, data: Mapping[str, Any]) -> Policy:
        """Raises RecordError. A row without a question is a policy, one with a question is an FAQ entry."""
        question, text = self._text(data, "question"), self._text(data, "text")
        if not text:
            raise RecordError("text", None, "is required")
        language = self._options.language or self._text(data, "language") or guess_language(question, text)
        kind = self._text(data, "kind").lower()
        product = self._text(data, "product_id") or None
        found = {
            "id": self._text(data, "id") or _hashed("p", question, text, language, product),
            "kind": kind if kind in ("policy", "faq") else ("faq" if question else "policy"),
            "topic": self._text(data, "topic"),
            "question": question,
            "text": text,
            "language": language,
            "product_id": product,
        }
        return Policy.parse(found)


def nested_reviews(data: Mapping[str, Any], product_id: str) -> Iterator[Mapping[str, Any]]:
    """The reviews a product carries with it, each with the product's id."""
    for column in ("reviews", "review", "comments"):
        several = parse_json_cell(data.get(column))
        for one in several if isinstance(several, list) else [several] if isinstance(several, Mapping) else []:
            if isinstance(one, Mapping):
                rating = one.get("reviewRating")
                flat = {"rating": rating.get("ratingValue")} if isinstance(rating, Mapping) else {}
                yield {
                    "product_id": product_id,
                    **{key: value for key, value in one.items() if key != "reviewRating"},
                    **flat,
                }
