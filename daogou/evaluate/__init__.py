"""Metrics, benchmarks and the gate that promotes. Imports no service: what is measured arrives as an argument."""

from daogou.evaluate.bench import (
    BENCHMARKS,
    BenchOptions,
    Figures,
    Services,
    available,
    ci,
    machine,
    rss_mb,
    run_benchmark,
)
from daogou.evaluate.gate import Rule, Verdict, judge
from daogou.evaluate.metrics import (
    bootstrap,
    calibration_error,
    coverage,
    gains_at,
    hits_at,
    ndcg,
    precision,
    rank_of,
    recall,
    reciprocal_at,
    reciprocal_rank,
)

__all__ = [
    "BENCHMARKS",
    "BenchOptions",
    "Figures",
    "Rule",
    "Services",
    "Verdict",
    "available",
    "bootstrap",
    "calibration_error",
    "ci",
    "coverage",
    "gains_at",
    "hits_at",
    "judge",
    "machine",
    "ndcg",
    "precision",
    "rank_of",
    "recall",
    "reciprocal_at",
    "reciprocal_rank",
    "rss_mb",
    "run_benchmark",
]
