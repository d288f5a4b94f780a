"""Prepare: what is learned from the records before anything is indexed or trained."""

from daogou.prepare.vocabulary import Vocabulary, brand_surfaces

__all__ = ["Vocabulary", "brand_surfaces"]
