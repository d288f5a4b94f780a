"""Search: understand, retrieve, fuse, filter, rank, explain."""

from daogou.search.fuse import fuse
from daogou.search.retrieve import Candidates, query_tokens, retrieve
from daogou.search.service import SearchService
from daogou.search.understand import Boost, Understanding
from daogou.search.weights import WEIGHTS, Weights

__all__ = [
    "WEIGHTS",
    "Boost",
    "Candidates",
    "SearchService",
    "Understanding",
    "Weights",
    "fuse",
    "query_tokens",
    "retrieve",
]
