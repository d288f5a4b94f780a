"""Candidate sources: each scores every item for a history, in its own way."""

from daogou.recommend.sources.base import Asked, Scores, Source, Why
from daogou.recommend.sources.baskets import Baskets
from daogou.recommend.sources.content import Attributes, Meaning
from daogou.recommend.sources.cooccurrence import CoOccurrence
from daogou.recommend.sources.ease import Ease
from daogou.recommend.sources.neighbours import Neighbours
from daogou.recommend.sources.newest import Newest
from daogou.recommend.sources.popularity import Popularity

__all__ = [
    "Asked",
    "Attributes",
    "Baskets",
    "CoOccurrence",
    "Ease",
    "Meaning",
    "Neighbours",
    "Newest",
    "Popularity",
    "Scores",
    "Source",
    "Why",
]
