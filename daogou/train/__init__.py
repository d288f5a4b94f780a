"""Training: one readable file per thing trained, run records, and the registry of versions."""

from daogou.train.recommend import FILE, Learnable, train_recommend
from daogou.train.registry import Registry, RunRecord

__all__ = ["FILE", "Learnable", "Registry", "RunRecord", "train_recommend"]
