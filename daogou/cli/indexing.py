"""`daogou index` and `daogou train`: what is computed ahead of the first question."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import typer

from daogou.cli.common import Home, Set, learned_blend, say, settings_of
from daogou.cli.progress import progress
from daogou.cli.running import refuse_if_served

if TYPE_CHECKING:
    from daogou.settings import Settings

train_app = typer.Typer(
    help="Train what learns from events. Nothing needs it: recommendations count new events at once.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)


def index(home: Home = None, more: Set = None) -> None:
    """Build a new version of the index and switch to it in one step. Searches go on with the old one meanwhile.

    Examples:

        daogou index

        daogou index --home ~/.daogou/demo
    """
    settings = settings_of(home, "none", more)
    refuse_if_served(settings)
    build(settings)


@train_app.command()
def recommend(home: Home = None, more: Set = None) -> None:
    """Learn the weights of the recommendations from the events so far; serve them if they are no worse.

    Both the weights that serve now and the learned ones are measured on cases the learning did not see. The gate
    decides; what it refused is kept, with its figures and the reason, and does not serve.

    Example:

        daogou train recommend --home ~/.daogou/demo
    """
    import json
    from dataclasses import asdict

    from daogou.evaluate import Rule, judge
    from daogou.recommend import Learner
    from daogou.stores import open_database
    from daogou.train import Registry, train_recommend

    settings = settings_of(home, "none", more)
    registry = Registry(settings.home / "models")
    with (
        closing(open_database(settings.database_address)) as database,
        progress("train recommend", unit="percent") as report,
    ):
        learner = Learner(database, current=learned_blend(settings))
        record = train_recommend(learner, registry, progress=lambda stage, done: report(round(done * 100), 100, stage))
    before = {name: record.metrics[f"{name}_before"] for name in ("ndcg10", "recall10")}
    verdict = judge(record.metrics, before, [Rule("ndcg10"), Rule("recall10", slack=0.01)])
    if verdict.promote:
        registry.publish("recommend", record.version)
    outcome = asdict(record) | {"promoted": verdict.promote, "reasons": verdict.reasons}
    print(json.dumps(outcome, ensure_ascii=False, indent=1, default=str))


def build(settings: Settings) -> None:
    """Builds the index of the store, with progress."""
    from daogou.index import build_index
    from daogou.models import open_encoder
    from daogou.stores import open_database, open_index

    key = settings.api_key.get_secret_value() or None
    with (
        closing(open_database(settings.database_address)) as database,
        closing(open_index(settings.index_address)) as indexes,
        closing(open_encoder(settings.encoder, settings.weights, key)) as encoder,
        progress("index") as report,
    ):
        meta = build_index(database, indexes, encoder, progress=report)
    say(f"index {meta.version}: {meta.products:,} products")
