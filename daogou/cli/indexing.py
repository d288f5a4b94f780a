"""`daogou index` and `daogou train`: what is computed ahead of the first question."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import typer

from daogou.cli.common import Home, Set, say, settings_of
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
    """Learn the weights of the recommendations from the events so far, and keep them as a new version.

    The figures say whether they are better than the weights set by hand, on cases the learning did not see.

    Example:

        daogou train recommend --home ~/.daogou/demo
    """
    import json
    from dataclasses import asdict

    from daogou.recommend import Learner
    from daogou.stores import open_database
    from daogou.train import Registry, train_recommend

    settings = settings_of(home, "none", more)
    database = open_database(settings.database_address)
    try:
        with progress("train recommend", unit="percent") as report:
            learner: Any = Learner(database)
            record = train_recommend(
                learner,
                Registry(settings.home / "models"),
                progress=lambda stage, done: report(round(done * 100), 100, stage),
            )
    finally:
        database.close()
    print(json.dumps(asdict(record), ensure_ascii=False, indent=1, default=str))


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
