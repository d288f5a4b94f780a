from __future__ import annotations

import io
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from daogou.errors import BenchError, InputError
from daogou.evaluate import BENCHMARKS, BenchOptions, Rule, Services, available, ci, judge, machine, run_benchmark
from daogou.evaluate.baselines import Scorer, als, ease, itemknn
from daogou.evaluate.bench_recommend import read
from daogou.recommend import OfflineRanker


def write_sequences(folder: Path, *, name: str = "tiny", users: int = 120, items: int = 40) -> None:
    """Shoppers walk round a ring of items: what comes next is certain, and popularity says nothing."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    listed = [
        {"id": k + 1, "title": f"Thing {k}", "categories": [["All", f"C{k % 4}"]], "keywords": ""} for k in range(items)
    ]
    (folder / f"{name}_items.jsonl").write_text("\n".join(json.dumps(one) for one in listed), encoding="utf-8")
    lines = []
    for user in range(users):
        start, length = int(rng.integers(items)), int(rng.integers(5, 9))
        lines.append(" ".join(str(one) for one in [user + 1, *((start + step) % items + 1 for step in range(length))]))
    (folder / f"{name}_sequences.txt").write_text("\n".join(lines), encoding="utf-8")


def options(data: Path, **more: object) -> BenchOptions:
    return BenchOptions(data=data, json_only=True, services=Services(new_ranker=OfflineRanker), **more)  # type: ignore[arg-type]


def test_the_last_line_holds_all_the_contract_asks(tmp_path: Path) -> None:
    write_sequences(tmp_path / "amazon_sequences")
    out = io.StringIO()
    run_benchmark("recommend", options(tmp_path, limit=60, seed=3), out=out)
    line = json.loads(out.getvalue().splitlines()[-1])
    assert set(line) >= {"benchmark", "dataset", "seed", "version", "machine", "seconds", "baselines"}
    assert set(line) >= {"recall5", "recall10", "ndcg5", "ndcg10", "refit", "train_seconds", "serve_p50_ms"}
    assert set(line) >= {"serve_p95_ms", "rss_mb", "coverage10", "ece", "shuffled3", "ci"}
    assert (line["benchmark"], line["dataset"], line["seed"]) == ("recommend", "tiny", 3)
    assert set(line["baselines"]) == {"popularity", "itemknn", "als", "ease"}
    assert line["recall5"] > 0.9 > 0.5 > line["baselines"]["popularity"]["recall5"]
    assert line["refit"]["recall5"] > 0.9
    assert line["ci"]["recall10"][0] <= line["recall10"] <= line["ci"]["recall10"][1]


def test_it_learns_from_the_folder_it_is_given(tmp_path: Path) -> None:
    write_sequences(tmp_path / "reserved" / "amazon_sequences", name="other", users=80)
    write_sequences(tmp_path / "open" / "amazon_sequences")
    given = options(tmp_path / "reserved", limit=20, train_data=tmp_path / "open")
    (line,) = run_benchmark("recommend", given, out=io.StringIO())
    assert line["learned_from"] == "the training folder"
    assert line["recall10"] > 0.9


def test_item_numbers_are_dealt_anew_by_the_seed(tmp_path: Path) -> None:
    write_sequences(tmp_path / "x")
    one, same, other = (read(tmp_path / "x", "tiny", seed) for seed in (0, 0, 1))
    assert [p.title for p in one.products] == [p.title for p in same.products]
    assert [p.title for p in one.products] != [p.title for p in other.products]
    titles = [[data.products[k].title for k in data.sequences[5]] for data in (one, other)]
    assert titles[0] == titles[1]


@pytest.mark.parametrize("make", [itemknn, partial(als, factors=2), ease], ids=["itemknn", "als", "ease"])
def test_a_baseline_finds_the_square_held_out_of_the_chequerboard(make: Callable[..., Scorer]) -> None:
    n = 12
    boards = [np.array([item for item in range(n) if item % 2 == user % 2 and item != user]) for user in range(n)]
    scorer = make(boards, n, 0)
    for user, history in enumerate(boards):
        scores = np.array(scorer(history), float)
        scores[history] = -np.inf
        assert int(np.argmax(scores)) == user


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("nothing", None, "There is no benchmark 'nothing'"),
        ("recommend", None, "The benchmark needs the dataset 'amazon_sequences'"),
        ("recommend", "empty", "There is no dataset 'amazon_sequences' in"),
    ],
)
def test_what_cannot_run_says_why_and_exits_with_2(tmp_path: Path, name: str, data: str | None, message: str) -> None:
    with pytest.raises(BenchError, match=message) as failure:
        run_benchmark(name, BenchOptions(data=None if data is None else tmp_path), out=io.StringIO())
    assert failure.value.exit_status == 2
    assert failure.value.next_step


def test_broken_files_and_missing_services_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "amazon_sequences"
    write_sequences(folder)
    with pytest.raises(BenchError, match="new_ranker"):
        run_benchmark("recommend", BenchOptions(data=tmp_path, json_only=True), out=io.StringIO())
    (folder / "tiny_sequences.txt").write_text("1 2 3 999\n", encoding="utf-8")
    with pytest.raises(BenchError, match="not in the list: 999"):
        run_benchmark("recommend", options(tmp_path), out=io.StringIO())
    (folder / "tiny_items.jsonl").unlink()
    with pytest.raises(BenchError, match=r"There is no file tiny_items\.jsonl"):
        run_benchmark("recommend", options(tmp_path), out=io.StringIO())


def test_machine_and_interval() -> None:
    assert machine()["cores"] >= 1
    assert set(available()) == set(BENCHMARKS)
    assert available()["recommend"]
    low, high = ci([0.0, 1.0] * 50)
    assert 0.3 < low < 0.5 < high < 0.7


def test_the_gate_lets_through_what_is_no_worse() -> None:
    rules = [Rule("ndcg10", slack=0.01, floor=0.05), Rule("p95_ms", larger_is_better=False, floor=10.0)]
    before = {"ndcg10": 0.2, "p95_ms": 5.0}
    assert judge({"ndcg10": 0.195, "p95_ms": 4.0}, before, rules).promote
    assert judge({"ndcg10": 0.3, "p95_ms": 9.0}, None, rules).promote
    for worse in (
        {"ndcg10": 0.18, "p95_ms": 4.0},
        {"ndcg10": 0.2, "p95_ms": 6.0},
        {"ndcg10": float("nan"), "p95_ms": 4.0},
        {"p95_ms": 4.0},
    ):
        verdict = judge(worse, before, rules)
        assert not verdict.promote
        assert any("refused" in line for line in verdict.reasons)
    assert not judge({"ndcg10": 0.04, "p95_ms": 4.0}, None, rules).promote
    assert not judge({"ndcg10": 0.3, "p95_ms": 11.0}, None, rules).promote
    with pytest.raises(InputError):
        judge({}, {}, [])
