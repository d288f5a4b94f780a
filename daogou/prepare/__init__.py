"""Prepare: what is learned from the records before anything is indexed or trained."""

from daogou.prepare.duplicates import DuplicateGroup, duplicates, normal_title
from daogou.prepare.sessions import Session, TimeSplit, sessions, split_by_time
from daogou.prepare.vocabulary import Vocabulary, brand_surfaces

__all__ = [
    "DuplicateGroup",
    "Session",
    "TimeSplit",
    "Vocabulary",
    "brand_surfaces",
    "duplicates",
    "normal_title",
    "sessions",
    "split_by_time",
]
