"""Recommendation: P(item | shopper) = softmax f(item, shopper), f blended from events, content and popularity."""

from daogou.recommend.blend import Blend, Example, known_bucket
from daogou.recommend.catalogue import Catalogue
from daogou.recommend.items import ItemIds
from daogou.recommend.offline import Case, Learner, OfflineRanker
from daogou.recommend.ranker import Ranked, Ranker
from daogou.recommend.service import RecommendService, new_ranker
from daogou.recommend.sources import Asked, Source, Why
from daogou.recommend.surfaces import SURFACES
from daogou.recommend.trails import Batch, Change, Kind, Trail, Trails

__all__ = [
    "SURFACES",
    "Asked",
    "Batch",
    "Blend",
    "Case",
    "Catalogue",
    "Change",
    "Example",
    "ItemIds",
    "Kind",
    "Learner",
    "OfflineRanker",
    "Ranked",
    "Ranker",
    "RecommendService",
    "Source",
    "Trail",
    "Trails",
    "Why",
    "known_bucket",
    "new_ranker",
]
