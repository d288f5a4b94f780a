from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from daogou.errors import InputError, NotFound, WeightsCorrupt
from daogou.recommend import Learner, RecommendService
from daogou.records import Event, EventItem, EventName, Product
from daogou.stores import Database, open_database
from daogou.train import FILE, Registry, RunRecord, train_recommend

START = datetime(2026, 9, 1, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Shoppers walk round a ring of 30 products, two months long."""
    opened = open_database(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    opened.put_products([Product(id=f"p{k:02}", title=f"Product {k}", category=("All",)) for k in range(30)])
    rng, events = np.random.default_rng(0), []
    for shopper in range(400):
        at, moment = int(rng.integers(30)), START + timedelta(hours=float(rng.random() * 24 * 60))
        for step in range(6):
            item = EventItem(product_id=f"p{(at + step) % 30:02}")
            time = moment + timedelta(days=2 * step)
            events.append(
                Event(
                    id=f"e{shopper}-{step}",
                    name=EventName.view_item,
                    time=time,
                    shopper_id=f"u{shopper}",
                    items=(item,),
                )
            )
    opened.put_events(events)
    yield opened
    opened.close()


def test_a_run_learns_measures_and_keeps_what_it_was_made_of(database: Database, tmp_path: Path) -> None:
    registry = Registry(tmp_path / "registry")
    stages: list[tuple[str, float]] = []
    record = train_recommend(
        Learner(database), registry, share=0.3, progress=lambda stage, done: stages.append((stage, done))
    )
    assert record.metrics["ndcg10"] >= record.metrics["ndcg10_before"] - 0.02
    assert record.metrics["recall10"] > 0.5  # newcomers can only be guessed at: one in three
    assert record.data["events"] == 2_400
    assert record.data["learning_cases"] >= 50
    assert [done for _, done in stages] == sorted(done for _, done in stages)
    assert stages[-1] == ("done", 1.0)
    assert registry.versions("recommend") == [record]
    assert registry.published("recommend") is None
    registry.publish("recommend", record.version)
    path = registry.file("recommend", FILE)
    assert path is not None
    again = train_recommend(Learner(database, current=path), registry, share=0.3)
    assert again.metrics["ndcg10_before"] == pytest.approx(record.metrics["ndcg10"])
    trained, by_hand = RecommendService(database, artefact=path), RecommendService(database)
    one, other = trained.recommend("for_you", shopper_id="u1"), by_hand.recommend("for_you", shopper_id="u1")
    assert one.hits
    assert [hit.probability for hit in one.hits] != [hit.probability for hit in other.hits]


def test_nothing_after_the_cut_is_fitted_on(database: Database) -> None:
    learner = Learner(database)
    learner.read()
    learner.split(share=0.3, seed=0, limit=1_000)
    learner.fit_before_cut()
    popularity = learner.offline.ranker.sources["popularity"]
    fitted = popularity.save()["days_weights"].sum() / 4096
    before = sum(1 for _, event in database.events() if event.time.timestamp() <= learner.cut)
    assert fitted == before < 2_400
    for case in learner.learning:
        assert (case.history.times <= learner.cut).all()
        assert case.wanted not in case.history.items


def test_too_few_events_keep_nothing(tmp_path: Path) -> None:
    empty = open_database(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    registry = Registry(tmp_path / "registry")
    with pytest.raises(InputError, match="0 cases are too few"):
        train_recommend(Learner(empty), registry)
    assert registry.versions("recommend") == []
    empty.close()


def make(registry: Registry, text: str) -> RunRecord:
    version, folder = registry.start("thing")
    (folder / "a.txt").write_text(text, encoding="utf-8")
    return registry.finish(RunRecord("thing", version, "2026-09-01", "0.1.0", metrics={"ndcg10": 0.5}))


def test_publishing_switches_and_rolling_back_returns(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    one, two = make(registry, "one"), make(registry, "two")
    assert registry.published("thing") is None
    assert registry.file("thing", "a.txt") is None
    registry.publish("thing", one.version)
    registry.publish("thing", two.version)
    assert registry.published("thing") == two
    assert registry.rollback("thing") == one
    kept = registry.file("thing", "a.txt")
    assert kept is not None
    assert kept.read_text(encoding="utf-8") == "one"
    assert registry.rollback("thing") is None
    with pytest.raises(NotFound):
        registry.rollback("thing")
    with pytest.raises(NotFound):
        registry.publish("thing", "never")


def test_a_version_without_its_manifest_is_not_there(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    version, folder = registry.start("thing")
    with pytest.raises(InputError, match="holds no files"):
        registry.finish(RunRecord("thing", version, "2026-09-01", "0.1.0"))
    (folder / "a.txt").write_text("half", encoding="utf-8")
    assert registry.versions("thing") == []
    with pytest.raises(NotFound):
        registry.publish("thing", version)


def test_a_changed_file_is_neither_published_nor_served(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    one, two = make(registry, "one"), make(registry, "two")
    registry.publish("thing", one.version)
    for record in (one, two):
        (tmp_path / "thing" / record.version / "a.txt").write_text("0ne", encoding="utf-8")
    with pytest.raises(WeightsCorrupt, match=r"a\.txt is not the file"):
        registry.publish("thing", two.version)
    with pytest.raises(WeightsCorrupt):
        registry.file("thing", "a.txt")
    assert registry.published("thing") == one


def test_what_serves_is_not_dropped(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    one, two = make(registry, "one"), make(registry, "two")
    registry.publish("thing", one.version)
    registry.publish("thing", two.version)
    with pytest.raises(InputError, match="is published"):
        registry.drop("thing", two.version)
    registry.drop("thing", one.version)
    assert registry.versions("thing") == [two]
    assert registry.rollback("thing") is None


def test_the_manifest_is_plain_and_complete(tmp_path: Path) -> None:
    record = make(Registry(tmp_path), "one")
    told = json.loads((tmp_path / "thing" / record.version / "manifest.json").read_text(encoding="utf-8"))
    assert set(told) == {
        "name", "version", "created", "code", "seconds", "seed", "data", "parameters", "metrics", "files",
    }  # fmt: skip
    assert told["files"]["a.txt"]["size"] == 3
    assert len(told["files"]["a.txt"]["sha256"]) == 64
