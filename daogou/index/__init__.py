"""Builds retrieval indexes, publishes a finished version in one step, and keeps the current one in step."""

from daogou.index.build import build_index
from daogou.index.entry import dense_text, facets, numbers, to_entries, token_fields
from daogou.index.keeper import Keeper

__all__ = ["Keeper", "build_index", "dense_text", "facets", "numbers", "to_entries", "token_fields"]
